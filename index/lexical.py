"""Word search: BM25 over light stems, with a lesser weight for the exact folded forms."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from corpus.errors import DalilError
from corpus.terms import stem, words

Scores = NDArray[np.float32]

Stemmer = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Bm25Settings:
    """BM25's saturation and length parameters, and the weight of exact forms beside stems.

    Chosen on ARCD-train and XQuAD-ar with ``python -m evals.retrieval``.
    """

    k1: float = 1.5
    b: float = 0.75
    exact: float = 0.4


STANDARD = Bm25Settings()


class LexicalIndex(Protocol):
    """BM25 scores of every passage for a query."""

    def __len__(self) -> int: ...

    def scores(self, query: str) -> Scores:
        """One score for each passage, shape ``(n,)``; zero where no word is shared."""

    def rarity(self, stem: str) -> float:
        """How telling a stem is: BM25's inverse document frequency, above zero."""


class Bm25Index:
    """Two bm25s indexes over the same passages: stems, and exact folded words."""

    def __init__(
        self,
        stems: Any,
        exact: Any,
        count: int,
        stemmer: Stemmer = stem,
        settings: Bm25Settings = STANDARD,
    ) -> None:
        self._stems, self._exact, self._count = stems, exact, count
        self._stem, self._settings = stemmer, settings

    @classmethod
    def build(
        cls,
        texts: Iterable[str],
        done: Callable[[int], None] | None = None,
        stemmer: Stemmer = stem,
        settings: Bm25Settings = STANDARD,
    ) -> Self:
        """Index the texts in order; ``done`` is told the number of texts tokenised."""
        exact: list[list[str]] = []
        for count, text in enumerate(texts, start=1):
            exact.append(words(text))
            if done:
                done(count)
        stems = [[stemmer(word) for word in row] for row in exact]
        fitted = _fit(stems, settings), _fit(exact, settings)
        return cls(*fitted, len(exact), stemmer, settings)

    @classmethod
    def open(cls, folder: Path, count: int) -> Self:
        """Map a saved index into memory; raises DalilError when it is damaged."""
        import bm25s

        try:
            parts = [bm25s.BM25.load(folder / name, mmap=True) for name in ("stems", "exact")]
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise DalilError(
                f"The word index in {folder} cannot be read: {error}",
                "Build the index again: dalil index --rebuild",
            ) from error
        return cls(parts[0], parts[1], count)

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        self._stems.save(folder / "stems")
        self._exact.save(folder / "exact")

    def __len__(self) -> int:
        return self._count

    def scores(self, query: str) -> Scores:
        """BM25 of stems plus the weighted BM25 of exact forms, shape ``(n,)``."""
        exact = words(query)
        by_stem = _scores(self._stems, [self._stem(word) for word in exact], self._count)
        by_form = _scores(self._exact, exact, self._count)
        return np.asarray(by_stem + self._settings.exact * by_form, dtype=np.float32)

    def rarity(self, stem: str) -> float:
        """``log(1 + (n - df + 0.5) / (df + 0.5))`` with ``df`` passages that hold the stem."""
        token = self._stems.vocab_dict.get(stem)
        pointers = self._stems.scores["indptr"]
        found = 0 if token is None else int(pointers[token + 1] - pointers[token])
        return math.log(1 + (self._count - found + 0.5) / (found + 0.5))


def _fit(rows: Sequence[list[str]], settings: Bm25Settings) -> Any:
    import bm25s

    index = bm25s.BM25(method="lucene", k1=settings.k1, b=settings.b)
    # bm25s cannot index a corpus without a single word; a word that no query holds stands in.
    padded = rows if any(rows) else [["\0"] for _ in rows]
    index.index(list(padded), show_progress=False)
    return index


def _scores(index: Any, terms: list[str], count: int) -> Scores:
    known = [term for term in terms if term in index.vocab_dict]
    if not known:
        return np.zeros(count, dtype=np.float32)
    return np.asarray(index.get_scores(known), dtype=np.float32)
