"""Turn the words of passages into postings with BM25 scores, a block of passages at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.disk import array_on_disk, flush
from index.postings import ROWS, SCORES, Postings
from index.tokenised import Numbers, Starts, Tokenised
from index.vocabulary import Vocabulary, in_order

_BLOCK = 8_192  # passages; about 200 MB of memory for parts of words

Allocate = Callable[[str, type[np.generic], int], NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Field:
    """The terms that each word stands for: ``terms[starts[w]:starts[w + 1]]`` for word ``w``."""

    vocabulary: Vocabulary
    terms: Numbers
    starts: Starts

    @classmethod
    def of(cls, terms_by_word: Iterable[Sequence[str]]) -> Self:
        """A field from the terms of each word, in the order of the words."""
        numbers: dict[str, int] = {}
        flat: list[int] = []
        starts = [0]
        for terms in terms_by_word:
            flat.extend(numbers.setdefault(term, len(numbers)) for term in terms)
            starts.append(len(flat))
        names = list(numbers)
        order = in_order(names)
        places = np.zeros(len(names), dtype=np.int32)
        places[order] = np.arange(len(names), dtype=np.int32)
        found = places[np.array(flat, dtype=np.int64)]
        return cls(Vocabulary.of([names[i] for i in order]), found, np.array(starts))

    def expand(self, words: Numbers, passages: NDArray[np.int64]) -> tuple[Numbers, Any]:
        """Terms of ``words``, each with the passage of its word, both of shape ``(terms,)``."""
        first = self.starts[words]
        counts = self.starts[words + 1] - first
        ends = np.cumsum(counts)
        places = np.repeat(first - (ends - counts), counts) + np.arange(counts.sum())
        return self.terms[places], np.repeat(passages, counts)


def invert(
    tokenised: Tokenised, field: Field, k1: float, b: float, folder: Path | None = None
) -> Postings:
    """Postings of ``field`` with BM25 scores as Lucene counts them, which are above zero.

    With ``folder`` the large arrays are written there as they grow and never lie in memory.
    Scores: ``log(1 + (n - df + 0.5) / (df + 0.5)) * tf / (tf + k1 * (1 - b + b * length / mean))``.
    """
    size = len(field.vocabulary)
    frequencies = np.zeros(size, dtype=np.int64)
    lengths = np.zeros(len(tokenised), dtype=np.int64)
    for block in _blocks(tokenised, field):
        frequencies += block.frequencies(size)
        lengths[block.first : block.first + len(block.lengths)] = block.lengths
    starts = np.concatenate(([0], np.cumsum(frequencies)))
    allocate = _on_disk(folder) if folder else _in_memory
    rows = allocate(ROWS, np.int32, int(starts[-1]))
    scores = allocate(SCORES, np.float32, int(starts[-1]))
    highest = np.zeros(size, dtype=np.float32)
    idf = _idf(frequencies, len(tokenised))
    norms = k1 * ((1 - b) + b * lengths / (lengths.mean() if lengths.any() else 1.0))
    free = starts[:-1].copy()
    for block in _blocks(tokenised, field):
        counts = block.frequencies(size)
        places = np.arange(len(block.terms)) + np.repeat(
            free - (np.cumsum(counts) - counts), counts
        )
        passages = block.first + block.passages
        given = idf[block.terms] * (block.counts / (norms[passages] + block.counts))
        rows[places] = passages
        scores[places] = given
        np.maximum.at(highest, block.terms, given.astype(np.float32))
        free += counts
    flush(rows)
    flush(scores)
    return Postings(field.vocabulary, starts, rows, scores, highest)


@dataclass(frozen=True, slots=True)
class _Block:
    """Different pairs of term and passage of neighbouring passages, by term and then passage.

    ``passages`` count from the block's ``first``; ``counts`` say how often the term stands there,
    ``lengths`` how many terms each passage has.
    """

    first: int
    terms: Numbers
    passages: NDArray[np.int64]
    counts: NDArray[np.float32]
    lengths: NDArray[np.int64]

    def frequencies(self, terms: int) -> NDArray[np.int64]:
        """How many passages of the block hold each term, shape ``(terms,)``."""
        return np.bincount(self.terms, minlength=terms)


def _blocks(tokenised: Tokenised, field: Field) -> Iterator[_Block]:
    for first in range(0, len(tokenised), _BLOCK):
        starts = tokenised.starts[first : first + _BLOCK + 1]
        words = tokenised.numbers[starts[0] : starts[-1]]
        size = len(starts) - 1
        terms, passages = field.expand(words, np.repeat(np.arange(size), np.diff(starts)))
        # One number for each pair: sorting numbers is far faster than sorting pairs.
        pairs, counts = np.unique(terms * np.int64(size) + passages, return_counts=True)
        yield _Block(
            first,
            (pairs // size).astype(np.int32),
            pairs % size,
            counts.astype(np.float32),
            np.bincount(passages, minlength=size),
        )


def _idf(frequencies: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    different, places = np.unique(frequencies, return_inverse=True)
    found = [math.log(1 + (count - df + 0.5) / (df + 0.5)) for df in different.tolist()]
    return np.array(found, dtype=np.float32)[places]


def _in_memory(name: str, dtype: type[np.generic], size: int) -> NDArray[Any]:  # noqa: ARG001
    return np.empty(size, dtype=dtype)


def _on_disk(folder: Path) -> Allocate:
    folder.mkdir(parents=True, exist_ok=True)
    return lambda name, dtype, size: array_on_disk(folder / f"{name}.npy", dtype, (size,))
