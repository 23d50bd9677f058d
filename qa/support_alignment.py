"""Where each term of a sentence may stand in a window of a passage, and whether that says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa import support_words as known
from qa.support_layout import OUTSIDE, Layout, fits
from qa.support_left_out import may_be_left_out
from qa.support_moves import in_order
from qa.support_steps import steps_hold
from qa.support_terms import Term
from qa.support_understood import carried_terms, understood_holds

_MOST_LAYOUTS = 100
_MOST_STEPS = 4_000
_MOST_PLACES = 8
"""Words that come again and again must not make a check long; what is not found so is refused."""


def agrees(said: Term, there: Term) -> bool:
    """Whether both stand under the same negations, hedges and conditions."""
    return said.marks == there.marks


def layouts(
    said: Sequence[Term], window: Sequence[Term], around: Sequence[Term]
) -> Iterator[Layout]:
    """Ways to lay the sentence over the window, the straightest first; no more than some hundred.

    ``around`` are terms of the heading and the title.
    """
    choices = _places(said, window, around)
    left, steps = _MOST_LAYOUTS, _MOST_STEPS
    if not all(choices):
        return

    def lay(at: list[int]) -> Iterator[Layout]:
        nonlocal left, steps
        steps -= 1
        if left <= 0 or steps <= 0:
            return
        if len(at) == len(said):
            left -= 1
            yield Layout(said, window, tuple(at), around)
            return
        before = next((place for place in reversed(at) if place != OUTSIDE), OUTSIDE)

        def distance(place: int) -> tuple[bool, bool, int]:
            return place == OUTSIDE, place < before, abs(place - before - 1)

        for place in sorted(choices[len(at)], key=distance):
            if place == OUTSIDE or place not in at:
                yield from lay([*at, place])

    yield from lay([])


def _places(
    said: Sequence[Term], window: Sequence[Term], around: Sequence[Term]
) -> list[list[int]]:
    """For each term the places where it may stand."""
    found = []
    carried = carried_terms(said, window)
    for i, term in enumerate(said):
        inside = [
            place
            for place, there in enumerate(window)
            if fits(term, there) and agrees(term, there) and _governed_alike(term, there)
        ]
        plain = not term.marks or (i > 0 and said[i - 1].marks == term.marks)
        missing = not any(fits(term, there) for there in window)
        named = i in carried or (missing and any(fits(term, there) for there in around))
        outside = [OUTSIDE] if named and plain and not term.tag else []
        found.append([*inside[:_MOST_PLACES], *outside])
    return found


def _governed_alike(said: Term, there: Term) -> bool:
    """Whether the same preposition stands before both; a doer's «على يد» is looked at later."""
    return said.tag == there.tag or known.AGENT in (said.tag, there.tag)


def says_it(one: Layout, asked: Sequence[Term]) -> bool:
    """Whether, laid out so, the window says what the sentence says.

    ``asked`` are the question's terms: they may be left out.
    """
    return (
        in_order(one.said, one.window, one.at)
        and may_be_left_out(one, asked)
        and steps_hold(one)
        and understood_holds(one)
    )


def numbers_hold(one: Layout) -> bool:
    """Whether each number stands with what it counts, and each year with its month."""
    return all(_number_holds(one, i) for i, term in enumerate(one.said) if term.number is not None)


def _number_holds(one: Layout, i: int) -> bool:
    said, window, place = one.said, one.window, one.at[i]
    right = i + 1 if i + 1 < len(said) and said[i + 1].joined else None
    left = i - 1 if i and said[i].joined else None
    if place == OUTSIDE:
        return left is not None and one.at[left] == OUTSIDE
    after = window[place + 1] if place + 1 < len(window) else None
    counted = after.word if after is not None and after.joined and after.number is None else None
    before = left is not None and one.at[left] == place - 1 and window[place].joined
    behind = right is not None and one.at[right] == place + 1 and counted is not None
    if counted in known.ERAS or (right is not None and said[right].word in known.MONTHS):
        return behind
    if left is not None and said[left].word in known.MONTHS:
        return before
    if said[i].dated:
        return _is_date(window, place) or counted is None
    post_noun = left is not None and _is_ordinal(said[i])
    if right is not None and said[right].number is None and not post_noun:
        return behind or (before and counted is None)
    return (left is None or before) and (post_noun or known.unit(counted or "") is None)


def _is_date(window: Sequence[Term], place: int) -> bool:
    """Whether «عام» or a month's name stands before a number."""
    in_month = place > 0 and window[place].joined and window[place - 1].word in known.MONTHS
    return window[place].dated or in_month


def _is_ordinal(term: Term) -> bool:
    return term.number is not None and term.number.ordinal is True
