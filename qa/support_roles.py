"""Whether a name that only the heading has is put where it did or suffered what the text says."""

from __future__ import annotations

from collections.abc import Sequence

from qa import support_words as known
from qa.support_layout import OUTSIDE, Layout, begins, named_in
from qa.support_moves import is_verb
from qa.support_terms import Term

_PRONOUNS = ("ه", "ها", "هم")
_LEAST = 4


def lost_pronoun(one: Layout, i: int) -> bool:
    """Whether a term lacks the pronoun that its word has in the window: «هزم» for «هزمه»."""
    return _has_pronoun(one.window[one.at[i]]) and not _has_pronoun(one.said[i])


def objects_hold(one: Layout) -> bool:
    """Whether a name for the one in «هزمه الزمالك» stands behind «الزمالك», who did it.

    It may stand first where the pronoun is kept: «الأهلي هزمه الزمالك».
    """
    return all(
        i > doer
        or (i < verb and not lost_pronoun(one, verb))
        or said.placed
        or said.clause != one.said[verb].clause
        for verb, doer in _doers(one)
        for i, said in enumerate(one.said)
        if one.at[i] == OUTSIDE
    )


def may_be_named(one: Layout, i: int) -> bool:
    """Whether a name from outside may stand where it does, behind a term of the window.

    Behind the verb, whose doer it is; in «طول النهر» for «طوله», in «مكتبة الواحة» for «المكتبة»,
    behind a title, in the heading's own words, or behind the doer of «هزمه».
    """
    said, window, before = one.said, one.window, i - 1
    place = one.at[before]
    if said[i].placed or lost_pronoun(one, before) or _is_title_of_doer(window, place):
        return True
    if begins(window, place) or is_verb(said[before]):
        return not _moved_before(one, before)
    if _definite(window[place]) and not _definite(said[before]):
        return True
    return named_in(said[i], said[before], one.around) or any(
        _unbroken(one, verb, before) for verb, _ in _doers(one)
    )


def _doers(one: Layout) -> list[tuple[int, int]]:
    """Each verb that has a pronoun, with its doer behind it; past the end where he is unsaid."""
    return [
        (i, one.at.index(place + 1) if place + 1 in one.at else len(one.said))
        for i, place in enumerate(one.at)
        if place != OUTSIDE
        and _has_pronoun(one.window[place])
        and _is_deed(one, i)
        and _has_doer(one, place)
    ]


def _has_pronoun(term: Term) -> bool:
    return term.word.endswith(_PRONOUNS) and not term.feminine and term.number is None


def _is_title_of_doer(window: Sequence[Term], place: int) -> bool:
    """Whether a title is no other's: in «نشرت الشاعرة», not in «قتل الأمير», who may be killed."""
    if window[place].word not in known.TITLES:
        return False
    verb = window[place - 1] if window[place].joined else None
    if verb is None or not (begins(window, place - 1) or is_verb(verb)):
        return True
    return verb.word in known.DOINGS or verb.word.removeprefix("و") in known.DOINGS


def _is_deed(one: Layout, i: int) -> bool:
    if _is_noun(one.said[i]):
        return False
    return _leads(one.window, one.at[i]) or is_verb(one.said[i])


def _leads(window: Sequence[Term], place: int) -> bool:
    """Whether a word begins its clause, or stands there behind adverbials alone."""
    start = place
    while not begins(window, start):
        start -= 1
    before = window[start:place]
    return not before or (before[0].placed and not any(map(is_verb, before)))


def _has_doer(one: Layout, place: int) -> bool:
    after = place + 1
    if after == len(one.window) or begins(one.window, after):
        return False
    return one.window[after].joined and one.window[after].number is None


def _is_noun(term: Term) -> bool:
    """Whether a word is surely no verb: «عاصمة», «مؤسس», «لون»."""
    word = term.word.removeprefix("و")
    if term.feminine or word in known.OWNED:
        return True
    made = word.startswith("م") and not word.endswith("ت") and word not in known.VERBS_WITH_MIM
    return len(word) >= _LEAST and (made or word.endswith("ات"))


def _moved_before(one: Layout, verb: int) -> bool:
    """Whether what the window has behind a verb stands before it: «الزمالك هزم»."""
    return any(
        one.at[i] > one.at[verb] and not one.said[i].placed
        for i in range(verb)
        if one.said[i].clause == one.said[verb].clause
    )


def _unbroken(one: Layout, first: int, last: int) -> bool:
    """Whether the terms from one to another stand side by side in the window too."""
    return first < last and all(
        one.at[i] == one.at[first] + i - first for i in range(first, last + 1)
    )


def _definite(term: Term) -> bool:
    return term.word.startswith(("ال", "لل", "بال", "وال"))
