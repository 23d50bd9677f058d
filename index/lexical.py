"""Word search: BM25 over light stems, with lesser weights for exact forms and parts of words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from corpus.terms import stem, words
from index.best_rows import best_rows
from index.damage import damaged
from index.inverting import Field, invert
from index.postings import Posting, Postings, Scores
from index.tokenised import Tokenised, tokenise

Rows = NDArray[np.int64]
Stemmer = Callable[[str], str]
Reading = Callable[[], AbstractContextManager[None]]


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

    @property
    def weights(self) -> dict[str, float]:
        """The weight of each field's BM25 in the sum."""
        return {"stems": 1.0, "exact": self.exact, "parts": self.parts}


STANDARD = Bm25Settings()
_FIELDS = ("stems", "exact", "parts")
_TOKENS = "tokens"
_EVERY = 40
"""From one passage in so many on, adding every score up is faster than looking each up."""


class LexicalIndex(Protocol):
    """BM25 scores of passages for a query."""

    def __len__(self) -> int: ...

    def scores(self, query: str) -> Scores:
        """One score for each passage, shape ``(n,)``; zero where nothing is shared."""

    def scores_of(self, query: str, rows: Rows) -> Scores:
        """``scores(query)[rows]``, without the other passages' scores where they are many."""

    def best(self, query: str, limit: int) -> Rows:
        """The ``limit`` passages of highest scores above zero, and those equal to the last."""

    def rarity(self, stem: str) -> float:
        """How telling a stem is: BM25's inverse document frequency, above zero."""

    def coverage(self, query: str) -> float:
        """The share of the query's words that stand in any passage, 0..1; 1 without words."""


class Bm25Index:
    """BM25 over three fields of the same passages: stems, exact folded words, parts of words.

    Parts forgive typing errors and endings that the stemmer leaves.
    """

    def __init__(
        self,
        fields: Mapping[str, Postings],
        count: int,
        stemmer: Stemmer = stem,
        settings: Bm25Settings = STANDARD,
        reading: Reading = nullcontext,
    ) -> None:
        """``reading`` is entered wherever the fields are read."""
        self._fields, self._count, self._reading = fields, count, reading
        self._stem, self._weights = stemmer, settings.weights
        self._matching = lru_cache(maxsize=8)(self._found)

    @classmethod
    def build(
        cls,
        texts: Iterable[str],
        done: Callable[[int], None] | None = None,
        stemmer: Stemmer = stem,
        settings: Bm25Settings = STANDARD,
    ) -> Self:
        """Index the texts in order, in memory; ``done`` is told the number of texts tokenised."""
        return cls.of(tokenise(texts, done), stemmer, settings)

    @classmethod
    def of(
        cls,
        tokenised: Tokenised,
        stemmer: Stemmer = stem,
        settings: Bm25Settings = STANDARD,
        folder: Path | None = None,
    ) -> Self:
        """Index texts by their words; with ``folder`` it is written there as it grows."""
        fields = {}
        for name in _FIELDS:
            field = Field.of(_terms(word, stemmer)[name] for word in tokenised.vocabulary)
            place = folder / name if folder else None
            fields[name] = invert(tokenised, field, settings.k1, settings.b, place)
        index = cls(fields, len(tokenised), stemmer, settings)
        if folder:
            tokenised.save(folder / _TOKENS)
            index.save(folder)
        return index

    @classmethod
    def open(cls, folder: Path, count: int, reading: Reading = nullcontext) -> Self:
        """Map a saved index into memory; raises DamageError when it is damaged."""
        with _readable(folder):
            fields = {name: Postings.open(folder / name) for name in _FIELDS}
            return cls(fields, count, reading=reading)

    @staticmethod
    def tokens(folder: Path) -> Tokenised:
        """The words that a saved index was built from; raises DamageError when it is damaged."""
        with _readable(folder):
            return Tokenised.open(folder / _TOKENS)

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        for name, field in self._fields.items():
            field.save(folder / name)

    def __len__(self) -> int:
        return self._count

    def scores(self, query: str) -> Scores:
        """BM25 of stems plus the weighted BM25 of exact forms and of parts, shape ``(n,)``."""
        total = np.zeros(self._count, dtype=np.float32)
        for name, postings in self._matching(query).items():
            field = np.zeros(self._count, dtype=np.float32)
            for posting in postings:
                posting.add_to(field)
            total += np.float32(self._weights[name]) * field
        return total

    def scores_of(self, query: str, rows: Rows) -> Scores:
        """``scores(query)[rows]``, equal to the last bit."""
        if len(rows) * _EVERY > self._count:
            return self.scores(query)[rows]
        total = np.zeros(len(rows), dtype=np.float32)
        for name, postings in self._matching(query).items():
            field = np.zeros(len(rows), dtype=np.float32)
            for posting in postings:
                field += posting.at(rows)
            total += np.float32(self._weights[name]) * field
        return total

    def best(self, query: str, limit: int) -> Rows:
        """The ``limit`` passages of highest scores above zero, and those equal to the last."""
        weighted = [
            (self._weights[name], posting)
            for name, postings in self._matching(query).items()
            for posting in postings
        ]
        rows = best_rows(weighted, self._count, limit)
        if len(rows) <= limit:
            return rows
        scores = self.scores_of(query, rows)
        least = np.partition(scores, len(rows) - limit)[len(rows) - limit]
        return np.compress(scores >= least, rows)

    def rarity(self, stem: str) -> float:
        """``log(1 + (n - df + 0.5) / (df + 0.5))`` with ``df`` passages that hold the stem."""
        with self._reading():
            found = self._fields["stems"].frequency(stem)
            return math.log(1 + (self._count - found + 0.5) / (found + 0.5))

    def coverage(self, query: str) -> float:
        """The share of the query's words whose stem stands in any passage, 0..1."""
        stems = [self._stem(word) for word in words(query)]
        known = sum(self._fields["stems"].frequency(stem) > 0 for stem in stems)
        return known / len(stems) if stems else 1.0

    def _found(self, query: str) -> dict[str, list[Posting]]:
        """The postings of the query's terms, as often as a term stands in it."""
        found: dict[str, list[Posting]] = {name: [] for name in _FIELDS}
        for word in words(query):
            for name, terms in _terms(word, self._stem).items():
                postings = map(self._fields[name].posting, terms)
                found[name].extend(posting for posting in postings if posting is not None)
        return found


def parts_of(stem: str) -> list[str]:
    """Runs of three letters of a stem, its ends marked; numbers have none."""
    if stem[0].isdigit():
        return []
    marked = f"_{stem}_"
    return [marked[i : i + 3] for i in range(len(marked) - 2)]


def _terms(word: str, stemmer: Stemmer) -> dict[str, list[str]]:
    """What a folded word stands for in each field."""
    root = stemmer(word)
    # «للغة» may be «لل» and «غة», or «ل» and «اللغة».
    own = [stemmer("ال" + word[1:])] if word.startswith("لل") else []
    return {"stems": [root, *own], "exact": [word], "parts": parts_of(root) if root else []}


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    """Say of a damaged index what to do about it."""
    try:
        yield
    except (OSError, ValueError, EOFError) as error:
        raise damaged(folder, error) from error
