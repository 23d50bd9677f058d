"""Which passages hold a term and what BM25 gives each for it, mapped from disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.disk import save_array
from index.vocabulary import Vocabulary, mapped

Scores = NDArray[np.float32]

ROWS, SCORES = "rows", "scores"
_STARTS, _HIGHEST = "starts", "highest"


@dataclass(frozen=True, slots=True)
class Posting:
    """The passages that hold one term.

    ``rows`` ascend, shape ``(n,)``; ``scores`` are their BM25 scores for the term, above zero, the
    ``highest`` among them.
    """

    rows: NDArray[np.int32]
    scores: Scores
    highest: float

    def add_to(self, totals: Scores) -> None:
        """Add every score to its passage's total; ``totals`` has shape ``(passages,)``."""
        np.add.at(totals, self.rows, self.scores)

    def at(self, rows: NDArray[np.int64]) -> Scores:
        """The scores of the passages ``rows``, zero where the term is not, shape ``(n,)``."""
        places = np.searchsorted(self.rows, rows.astype(np.int32))
        places[places == len(self.rows)] = 0
        return np.where(self.rows[places] == rows, self.scores[places], np.float32(0))


@dataclass(frozen=True, slots=True)
class Postings:
    """Every term of one field; those of term ``t`` lie at ``starts[t]:starts[t + 1]``."""

    vocabulary: Vocabulary
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    scores: Scores
    highest: Scores

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Map into memory; raises OSError or ValueError when it is damaged."""
        names = (_STARTS, ROWS, SCORES, _HIGHEST)
        arrays = [mapped(folder / f"{name}.npy") for name in names]
        return cls(Vocabulary.open(folder), *arrays)

    def save(self, folder: Path) -> None:
        """Write into ``folder``, which is made; what was written there as it was built stays."""
        folder.mkdir(parents=True, exist_ok=True)
        self.vocabulary.save(folder)
        arrays: dict[str, NDArray[Any]] = {_STARTS: self.starts, _HIGHEST: self.highest}
        if not isinstance(self.rows, np.memmap):
            arrays |= {ROWS: self.rows, SCORES: self.scores}
        for name, values in arrays.items():
            save_array(folder / f"{name}.npy", values)

    def frequency(self, term: str) -> int:
        """In how many passages the term stands."""
        number = self.vocabulary.number(term)
        return 0 if number is None else int(self.starts[number + 1] - self.starts[number])

    def posting(self, term: str) -> Posting | None:
        """The passages that hold the term; None where none does."""
        number = self.vocabulary.number(term)
        if number is None:
            return None
        place = slice(self.starts[number], self.starts[number + 1])
        return Posting(self.rows[place], self.scores[place], float(self.highest[number]))
