"""The terms of a word index, looked up on disk, so that a large vocabulary opens at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.disk import load_array, save_array

_LETTERS, _STARTS = "letters.npy", "letter_starts.npy"


class Vocabulary:
    """Terms in the order of their UTF-8 bytes; a term's number is its place."""

    def __init__(self, letters: NDArray[np.uint8], starts: NDArray[np.int64]) -> None:
        self._letters, self._starts = letters, starts

    @classmethod
    def of(cls, terms: Sequence[str]) -> Self:
        """Of different terms that are in order already; see ``in_order``."""
        encoded = [_bytes(term) for term in terms]
        starts = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), starts)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Map a saved vocabulary into memory; raises OSError or ValueError when it is damaged."""
        return cls(mapped(folder / _LETTERS), mapped(folder / _STARTS))

    def save(self, folder: Path) -> None:
        """Write into ``folder``."""
        save_array(folder / _LETTERS, self._letters)
        save_array(folder / _STARTS, self._starts)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[str]:
        """The terms, in order."""
        return (self._at(i).decode("utf-8", "surrogatepass") for i in range(len(self)))

    def number(self, term: str) -> int | None:
        """The term's number, or None where it is unknown."""
        wanted = _bytes(term)
        place = bisect_left(range(len(self)), wanted, key=self._at)
        return place if place < len(self) and self._at(place) == wanted else None

    def _at(self, number: int) -> bytes:
        return self._letters[self._starts[number] : self._starts[number + 1]].tobytes()


def in_order(terms: Sequence[str]) -> NDArray[np.int64]:
    """Places of the terms in the order of their UTF-8 bytes, shape ``(n,)``."""
    encoded = [_bytes(term) for term in terms]
    return np.array(sorted(range(len(terms)), key=encoded.__getitem__), dtype=np.int64)


def mapped(path: Path) -> Any:
    """A saved array, mapped into memory."""
    # A plain view: slices of numpy's own class for maps are several times slower.
    return np.asarray(load_array(path, mapped=True))


def _bytes(term: str) -> bytes:
    return term.encode("utf-8", "surrogatepass")
