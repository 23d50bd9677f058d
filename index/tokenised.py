"""The words of every passage as numbers: made once, and taken over by the next build."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.terms import words
from index.disk import save_array
from index.vocabulary import Vocabulary, in_order, mapped

Numbers = NDArray[np.int32]
Starts = NDArray[np.int64]

_NUMBERS, _STARTS = "numbers.npy", "starts.npy"


@dataclass(frozen=True, slots=True)
class Tokenised:
    """The folded words of passage ``i`` are ``numbers[starts[i]:starts[i + 1]]``, in order.

    A number is the word's place in ``vocabulary``, whose every word stands in some passage.
    """

    vocabulary: Vocabulary
    numbers: Numbers
    starts: Starts

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Map into memory; raises OSError or ValueError when it is damaged."""
        numbers, starts = mapped(folder / _NUMBERS), mapped(folder / _STARTS)
        return cls(Vocabulary.open(folder), numbers, starts)

    def save(self, folder: Path) -> None:
        """Write into ``folder``, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        self.vocabulary.save(folder)
        save_array(folder / _NUMBERS, self.numbers)
        save_array(folder / _STARTS, self.starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, passage: int) -> Numbers:
        """The words of one passage."""
        return self.numbers[self.starts[passage] : self.starts[passage + 1]]


class _Numbering(dict[str, int]):
    """Gives a word that it does not know the next number."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def tokenise(
    texts: Iterable[str | int],
    done: Callable[[int], None] | None = None,
    earlier: Tokenised | None = None,
) -> Tokenised:
    """The words of ``texts`` in order; a number stands for the passage of ``earlier`` with it.

    ``done`` is told the number of texts so far.
    """
    known = _Numbering(
        (word, number) for number, word in enumerate(earlier.vocabulary if earlier else ())
    )
    numbers, starts = array("i"), array("q", [0])
    for count, text in enumerate(texts, start=1):
        if isinstance(text, str):
            numbers.extend(map(known.__getitem__, words(text)))
        elif earlier is not None:
            numbers.frombytes(earlier.of(text).tobytes())
        starts.append(len(numbers))
        if done:
            done(count)
    found: Numbers = np.frombuffer(numbers, dtype=np.int32)
    return _ordered(list(known), found, np.frombuffer(starts, dtype=np.int64))


def _ordered(known: list[str], numbers: Numbers, starts: Starts) -> Tokenised:
    """With the words that are used alone, in order."""
    used = np.flatnonzero(np.bincount(numbers, minlength=len(known)))
    names = [known[number] for number in used]
    order = in_order(names)
    places = np.zeros(len(known), dtype=np.int32)
    places[used[order]] = np.arange(len(used), dtype=np.int32)
    return Tokenised(Vocabulary.of([names[i] for i in order]), places[numbers], starts)
