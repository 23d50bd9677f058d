"""Which passages a build can take over from the generation before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reuse:
    """Rows of passages with equal vector keys, before and now; -1 where there is none.

    ``taken[row]`` is a row before for each row now. ``moved[row]`` is the row now for each row
    before, and no row is given twice.
    """

    taken: Rows
    moved: Rows

    @classmethod
    def of(cls, before: Sequence[str], now: Sequence[str]) -> Self:
        """From the vector keys of the rows."""
        row_of = {key: row for row, key in enumerate(before)}
        taken = np.array([row_of.get(key, -1) for key in now], dtype=np.int64)
        rows_of: dict[str, list[int]] = {}
        for row in reversed(range(len(now))):
            rows_of.setdefault(now[row], []).append(row)
        free = (rows_of.get(key) for key in before)
        moved = np.array([rows.pop() if rows else -1 for rows in free], dtype=np.int64)
        return cls(taken, moved)

    @property
    def new(self) -> Rows:
        """Rows now that no row before has moved to."""
        return np.setdiff1d(np.arange(len(self.taken)), self.moved)
