"""Word search: BM25 over light stems, with lesser weights for exact forms and parts of words."""

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
    """BM25's saturation and length parameters, and the weights of exact forms and of parts of
    words beside stems.

    Chosen on ARCD-train and XQuAD-ar with ``python -m evals.retrieval``.
    """

    k1: float = 1.5
    b: float = 0.75
    exact: float = 0.1
    parts: float = 0.3


STANDARD = Bm25Settings()
_FIELDS = ("stems", "exact", "parts")


class LexicalIndex(Protocol):
    """BM25 scores of every passage for a query."""

    def __len__(self) -> int: ...

    def scores(self, query: str) -> Scores:
        """One score for each passage, shape ``(n,)``; zero where nothing is shared."""

    def rarity(self, stem: str) -> float:
        """How telling a stem is: BM25's inverse document frequency, above zero."""

    def coverage(self, query: str) -> float:
        """The share of the query's words that stand in any passage, 0..1; 1 without words."""


class Bm25Index:
    """Three bm25s indexes over the same passages: stems, exact folded words, and parts of words.

    Parts forgive typing errors and endings that the stemmer leaves.
    """

    def __init__(
        self,
        fields: dict[str, Any],
        count: int,
        stemmer: Stemmer = stem,
        settings: Bm25Settings = STANDARD,
    ) -> None:
        self._fields, self._count = fields, count
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
        rows: dict[str, list[list[str]]] = {name: [] for name in _FIELDS}
        for count, text in enumerate(texts, start=1):
            for name, terms in _terms(text, stemmer).items():
                rows[name].append(terms)
            if done:
                done(count)
        fields = {name: _fit(some, settings) for name, some in rows.items()}
        return cls(fields, len(rows["stems"]), stemmer, settings)

    @classmethod
    def open(cls, folder: Path, count: int) -> Self:
        """Map a saved index into memory; raises DalilError when it is damaged."""
        import bm25s

        try:
            fields = {name: bm25s.BM25.load(folder / name, mmap=True) for name in _FIELDS}
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise DalilError(
                f"The word index in {folder} cannot be read: {error}",
                "Build the index again: dalil index --rebuild",
                arabic="فهرس هذه المجموعة تالف لا تُقرأ كلماته. أعد بناءها في هذه الصفحة، "
                "أو في نافذة الأوامر: dalil index --rebuild",
            ) from error
        return cls(fields, count)

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        for name, field in self._fields.items():
            field.save(folder / name)

    def __len__(self) -> int:
        return self._count

    def scores(self, query: str) -> Scores:
        """BM25 of stems plus the weighted BM25 of exact forms and of parts, shape ``(n,)``."""
        weights = {"stems": 1.0, "exact": self._settings.exact, "parts": self._settings.parts}
        total = np.zeros(self._count, dtype=np.float32)
        for name, terms in _terms(query, self._stem).items():
            total += np.float32(weights[name]) * _scores(self._fields[name], terms, self._count)
        return total

    def rarity(self, stem: str) -> float:
        """``log(1 + (n - df + 0.5) / (df + 0.5))`` with ``df`` passages that hold the stem."""
        field = self._fields["stems"]
        token = field.vocab_dict.get(stem)
        pointers = field.scores["indptr"]
        found = 0 if token is None else int(pointers[token + 1] - pointers[token])
        return math.log(1 + (self._count - found + 0.5) / (found + 0.5))

    def coverage(self, query: str) -> float:
        """The share of the query's words whose stem stands in any passage, 0..1."""
        stems = [self._stem(word) for word in words(query)]
        known = sum(stem in self._fields["stems"].vocab_dict for stem in stems)
        return known / len(stems) if stems else 1.0


def parts_of(stem: str) -> list[str]:
    """Runs of three letters of a stem, its ends marked; numbers have none."""
    if stem[0].isdigit():
        return []
    marked = f"_{stem}_"
    return [marked[i : i + 3] for i in range(len(marked) - 2)]


def _terms(text: str, stemmer: Stemmer) -> dict[str, list[str]]:
    exact = words(text)
    stems = [stemmer(word) for word in exact]
    parts = [part for stem in stems if stem for part in parts_of(stem)]
    return {"stems": stems, "exact": exact, "parts": parts}


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
