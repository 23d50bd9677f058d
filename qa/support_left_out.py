"""Whether what a sentence leaves out of a clause changes what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa import support_words as known
from qa.support_layout import OUTSIDE, Layout, clauses, fits
from qa.support_likeness import names_deed
from qa.support_moves import is_verb
from qa.support_terms import Term

_BETWEEN = "بين"
_LIMITED = {"no", "may", "but"}
"""What is denied or allowed is so only with all that stands behind it in its clause."""
_EXCEPTED = "but"
_WHAT = "ما"
_PRONOUNS = ("ه", "ها", "هم")


def may_be_left_out(one: Layout, asked: Sequence[Term]) -> bool:
    """Whether it does not, in every clause of the window that the sentence takes from."""
    chosen = {place for place in one.at if place != OUTSIDE}
    runs = list(clauses(one.window))
    return all(
        _clause_holds(one, run, chosen, asked)
        and not _restricted_beside(one.window, runs, n, chosen)
        for n, run in enumerate(runs)
        if not chosen.isdisjoint(run)
    )


def _restricted_beside(
    window: Sequence[Term], runs: Sequence[range], n: int, chosen: set[int]
) -> bool:
    """Whether «، إلا خالدًا» or «باستثناء خالد،» stands beside a clause and is left out."""
    start = window[runs[n].start]
    before = runs[n - 1 : n] if not start.tied else []
    return any(
        window[other.start].sentence == start.sentence
        and chosen.isdisjoint(other)
        and _restricts(window, other)
        for other in (*before, *runs[n + 1 : n + 2])
    )


def _restricts(window: Sequence[Term], run: range) -> bool:
    first = run.start + (window[run.start].word == _WHAT and len(run) > 1)
    return window[first].word.removeprefix("و") in known.APART or _EXCEPTED in window[first].marks


def _clause_holds(one: Layout, run: range, chosen: set[int], asked: Sequence[Term]) -> bool:
    window = one.window
    taken = [place for place in run if place in chosen]
    left = [place for place in run if place not in chosen]
    first, last = taken[0], taken[-1]
    between = [place for place in left if first < place < last]
    behind = [place for place in left if place > last]
    limited = any(_LIMITED & set(window[place].marks) for place in taken)

    def excused(place: int) -> bool:
        if _adverbial(window, run, place) or _is_title(one, place, chosen, asked):
            return True
        return any(fits(term, window[place]) for term in asked)

    return not (
        any(_changes(window, place, chosen) for place in left if place < last)
        or any(_specifies(window, place, chosen) for place in left if place > first)
        or any(window[place].word in known.RESTRICTING for place in behind)
        or any(_EXCEPTED in window[place].marks for place in left if place > first)
        or _leaves_object(one, run, chosen)
        or (limited and (between or behind))
        or (window[last].tag == _BETWEEN and not _pair_is_whole(window, run, chosen))
        or not (window[first].that or all(excused(place) for place in left if place < first))
        or (first + 1 in between and not excused(first + 1))
        or (_crosses(one, run) and not all(map(excused, between)))
    )


def _changes(window: Sequence[Term], place: int, chosen: set[int]) -> bool:
    """Whether it changes what follows: «نائب», «معظم», «ثاني», «14 نوعًا», «مساحة الأراضي»."""
    term, after = window[place], window[place + 1]
    if term.number is None and term.word.removeprefix("و") in known.CHANGING:
        return term.word != _WHAT or not term.pivot  # «وهو ما أدى إلى كذا» denies nothing
    if not after.joined or place + 1 not in chosen:
        return False
    if term.number is not None:
        return after.word not in known.MONTHS and after.number is None and not term.dated
    loose = _definite(term) or (term.word.endswith(_PRONOUNS) and not term.feminine)
    return not (loose or after.number is not None or is_verb(after) or is_verb(term))


def _is_title(one: Layout, place: int, chosen: set[int], asked: Sequence[Term]) -> bool:
    """Whether it is the title of the known one who did it: «أسس القاضي إبراهيم المكتبة».

    Not so in «سلّم الرئيس محمدًا الجائزة», where the president is another.
    """
    window, name = one.window, place + 1
    if window[place].word not in known.TITLES or name not in chosen or place == 0:
        return False
    verb, there = window[place - 1].word, window[name]
    if not {verb, verb.removeprefix("و")} & known.DOINGS or there.number is not None:
        return False
    named = any(term.word == there.word for term in (*one.around, *asked))
    return window[place].joined and there.joined and named


def _leaves_object(one: Layout, run: range, chosen: set[int]) -> bool:
    """Whether «إقامة خالد» stands for «أقام خالد المعرض»."""
    return any(
        place in run
        and names_deed(term, one.window[place])
        and not chosen.issuperset(_beside(one.window, run, place))
        for term, place in zip(one.said, one.at, strict=True)
    )


def _beside(window: Sequence[Term], run: range, place: int) -> Iterator[int]:
    """What stands right behind a term, with nothing between, up to a number."""
    for after in range(place + 1, run.stop):
        if not window[after].joined or window[after].number is not None:
            return
        yield after


def _specifies(window: Sequence[Term], place: int, chosen: set[int]) -> bool:
    """Whether it tells one of several apart: «الجرعة الأولى», «المقراب الرئيس» beside another."""
    term, before = window[place], window[place - 1]
    if not term.joined or place - 1 not in chosen or before.number is not None:
        return False
    if term.number is not None and term.number.ordinal:
        return True
    return term.number is None and any(
        other != place - 1 and fits(before, window[other]) for other in range(len(window))
    )


def _pair_is_whole(window: Sequence[Term], run: range, chosen: set[int]) -> bool:
    """Whether «بين أ» has its «وب»."""
    second = run.stop
    if second == len(window) or not window[second].tied:
        return True
    return second in chosen or window[second].sentence != window[run.start].sentence


def _definite(term: Term) -> bool:
    return term.word.startswith(("ال", "لل", "بال", "وال"))


def _adverbial(window: Sequence[Term], run: range, place: int) -> bool:
    """Whether a term belongs to «في القرن العاشر» or its like."""
    while place > run.start and window[place].joined and not window[place].placed:
        term = window[place]
        bound = _definite(term) or term.number is not None or term.word in known.MONTHS
        if not (bound or window[place - 1].placed):
            return False
        place -= 1
    return window[place].placed


def _crosses(one: Layout, run: range) -> bool:
    """Whether the sentence has a name in this clause that the window has not there."""
    parts = {one.said[i].clause for i, place in enumerate(one.at) if place in run}
    return any(place == OUTSIDE and one.said[i].clause in parts for i, place in enumerate(one.at))
