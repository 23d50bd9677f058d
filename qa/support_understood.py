"""Subjects that a clause leaves to the one before it: «وُلدت سعاد في حلب، وتوفيت في بيروت»."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa import support_roles as roles
from qa.support_layout import OUTSIDE, Layout, begins, fits
from qa.support_terms import Term
from qa.support_words import TITLES


def carried_terms(said: Sequence[Term], window: Sequence[Term]) -> set[int]:
    """The terms of a sentence that repeat the subject of a clause of the window.

    Such a subject stands right behind the verb that begins its clause, and beside the verb that
    begins a clause of the sentence.
    """
    found: set[int] = set()
    for first in _subjects(window):
        for i, term in enumerate(said):
            second = i > 0 and begins(said, i - 1) and term.clause == said[i - 1].clause
            if (second or begins(said, i)) and fits(term, window[first]):
                found.update(range(i, i + _shared(said, i, window, first)))
    return found


def understood_holds(one: Layout) -> bool:
    """Whether what stands outside has room in the window: a subject understood, or a name."""
    said, at = one.said, one.at
    for i, place in enumerate(at):
        within = i > 0 and said[i].clause == said[i - 1].clause
        if place != OUTSIDE or (within and at[i - 1] == OUTSIDE):
            continue
        stop = next((n for n in range(i, len(at)) if at[n] != OUTSIDE), len(at))
        if any(fits(said[i], there) for there in one.window):
            if not _is_carried(one, range(i, stop)):
                return False
        elif within and not (_has_room(one, i - 1) and roles.may_be_named(one, i)):
            return False
    return roles.objects_hold(one)


def _has_room(one: Layout, i: int) -> bool:
    """Whether nothing that was left out stands behind a term: its clause ends or goes on so."""
    window, place = one.window, one.at[i]
    after = place + 1
    if after == len(window) or begins(window, after) or after in one.at:
        return True
    return roles.lost_pronoun(one, i)


def _is_carried(one: Layout, run: range) -> bool:
    """Whether the terms of ``run`` name the nearest subject before the clause of their verb.

    That clause begins with the verb and has no subject of its own.
    """
    said, window, at = one.said, one.window, one.at
    start = run.start
    beside = start if begins(said, start) else start - 1
    verb = at[run.stop] if beside == start and run.stop < len(at) else at[beside]
    if verb < 0 or not begins(window, verb) or window[verb].number is not None:
        return False
    after = verb + 1
    own = after < len(window) and window[after].joined and window[after].number is None
    if own and after not in at:
        return False
    before = [first for first in _subjects(window) if first < verb]
    if not before or window[before[-1]].sentence != window[verb].sentence:
        return False
    nearest = [first for first in before if window[first].clause == window[before[-1]].clause]
    return any(_shared(said, start, window, first) >= len(run) for first in nearest)


def _subjects(window: Sequence[Term]) -> Iterator[int]:
    """Where something stands right behind a word that begins its clause and is no number.

    A name behind its title counts too.
    """
    for place in range(1, len(window)):
        term, verb = window[place], window[place - 1]
        plain = term.number is None and verb.number is None and not verb.placed
        if plain and term.joined and begins(window, place - 1):
            yield place
            if term.word in TITLES and place + 1 < len(window) and window[place + 1].joined:
                yield place + 1


def _shared(said: Sequence[Term], i: int, window: Sequence[Term], first: int) -> int:
    """How many terms from both places on are the same, with nothing between."""
    count = 0
    while i + count < len(said) and first + count < len(window):
        one, other = said[i + count], window[first + count]
        if (count and not (one.joined and other.joined)) or not fits(one, other):
            break
        count += 1
    return count
