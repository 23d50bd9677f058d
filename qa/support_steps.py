"""Whether a sentence goes from clause to clause of a window without joining what is apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from qa.support_layout import Layout, clauses
from qa.support_moves import is_verb
from qa.support_terms import Term


def steps_hold(one: Layout) -> bool:
    """Whether each step into another clause begins where that clause does, and «و» is kept."""
    inside = one.inside()
    runs = list(clauses(one.window))
    home = {place: n for n, run in enumerate(runs) for place in run}
    for before, i in pairwise(inside):
        here, there = one.at[before], one.at[i]
        same_part = one.said[i].clause == one.said[before].clause
        if home[here] == home[there]:
            if one.said[i].tied and not (is_verb(one.said[i]) or same_part):
                return False
        elif one.window[here].sentence != one.window[there].sentence:
            if same_part or not _opens_sentence(one.window, runs[home[there]].start):
                return False
        elif there > here and not _step_holds(one, runs[home[here] : home[there] + 1], i):
            return False
    return True


def _opens_sentence(window: Sequence[Term], start: int) -> bool:
    """Whether a clause is the first of its sentence: a later one leans on what is before it."""
    return start == 0 or window[start - 1].sentence != window[start].sentence


def _step_holds(one: Layout, way: Sequence[range], i: int) -> bool:
    """Whether a sentence may go from the first clause of ``way`` on to the last, at its term i."""
    place, run, chosen = one.at[i], way[-1], set(one.at)
    there = one.window[place]
    over = [one.window[run.start] for run in way[1:-1] if chosen.isdisjoint(run)]
    if over and not (is_verb(there) or all(map(_has_no_verb, over))):
        return False
    if one.said[i - 1].clause != one.said[i].clause:
        return True
    if one.window[run.start].tied and place - 1 in chosen:  # its «و» was left out
        return False
    start = place == run.start and not there.placed
    return start or there.that or all(other in chosen for other in run)


def _has_no_verb(term: Term) -> bool:
    """Whether a clause that begins so surely has no verb of its own there."""
    return term.number is not None or term.placed or term.word.startswith(("ال", "وال"))
