"""A sentence laid over a window of a passage, term by term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.support_likeness import alike
from qa.support_terms import Term

OUTSIDE = -1
"""Where a term stands that only the heading or the title has, or a subject understood."""


@dataclass(frozen=True, slots=True)
class Layout:
    """For each term ``said`` its place in ``window``, or ``OUTSIDE``.

    ``around`` are the terms of the heading and the title.
    """

    said: Sequence[Term]
    window: Sequence[Term]
    at: Sequence[int]
    around: Sequence[Term] = ()

    def inside(self) -> list[int]:
        """Which terms stand in the window, in the sentence's order."""
        return [i for i, place in enumerate(self.at) if place != OUTSIDE]


def fits(said: Term, there: Term) -> bool:
    """Whether both are the same number or the same word."""
    if said.number is not None and there.number is not None:
        return said.number.same(there.number)
    return said.number is None and there.number is None and alike(said, there)


def named_in(term: Term, before: Term | None, terms: Sequence[Term]) -> bool:
    """Whether ``terms`` have a word, right behind ``before`` where that is given."""
    return any(
        fits(term, one)
        and (before is None or (n > 0 and one.joined and fits(before, terms[n - 1])))
        for n, one in enumerate(terms)
    )


def clause_of(term: Term) -> tuple[int, int]:
    """Which clause of the window a term stands in."""
    return term.sentence, term.clause


def begins(terms: Sequence[Term], place: int) -> bool:
    """Whether a term is the first of its clause."""
    return place == 0 or clause_of(terms[place - 1]) != clause_of(terms[place])


def clauses(window: Sequence[Term]) -> Iterator[range]:
    """The clauses of a window, as places."""
    starts = [place for place in range(len(window)) if begins(window, place)]
    for start, stop in zip(starts, [*starts[1:], len(window)], strict=True):
        yield range(start, stop)
