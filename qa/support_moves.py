"""Whether the words of a sentence keep the order that tells who did what to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from qa import support_words as known
from qa.support_layout import begins, clause_of
from qa.support_likeness import alike
from qa.support_terms import Term

_VERBS = tuple(Term(verb) for verb in known.VERBS)


def in_order(said: Sequence[Term], window: Sequence[Term], at: Sequence[int]) -> bool:
    """Whether the terms follow each other as in the window, or moved as Arabic lets them.

    ``at`` holds each term's place in the window, below 0 for none. An adverbial may move within its
    clause, a verb before or behind its subject, and a doer where «على يد» or «مؤسسه هو» names it.
    """
    order = [i for i, place in enumerate(at) if place >= 0]
    doer = next(
        (i for i in order if _names_doer(said, window, at, i) != _is_agent(window[at[i]])), None
    )
    if doer is not None:
        return _doer_moved(said, window, at, order, doer)
    if _increasing(at, order) or _turned(said, window, at, order):
        return True
    return any(
        _increasing(at, rest) or _verb_moved(said, window, at, rest)
        for rest in _without_adverbial(said, window, at, order)
    )


def _increasing(at: Sequence[int], order: Sequence[int]) -> bool:
    return all(at[a] < at[b] for a, b in pairwise(order))


def _is_agent(term: Term) -> bool:
    return term.tag == known.AGENT


def _names_doer(said: Sequence[Term], window: Sequence[Term], at: Sequence[int], i: int) -> bool:
    """Whether «على يد» stands before it, or «مؤسسه هو» where the window has the deed."""
    if _is_agent(said[i]) or not said[i].pivot:
        return _is_agent(said[i])
    first = next(n for n, term in enumerate(said) if term.clause == said[i].clause)
    if first == i or at[first] < 0:
        return False
    maker = said[first].word in known.MAKERS or said[first].word.startswith("م")
    return maker and window[at[first]].word[0] != "م"


def _doer_moved(
    said: Sequence[Term], window: Sequence[Term], at: Sequence[int], order: list[int], doer: int
) -> bool:
    """«أسس أ ب» for «تأسس ب على يد أ», the other way round, and «مؤسس ب هو أ» for each.

    Where no «على يد» names the doer, he stands right behind the verb that begins the clause.
    """
    block = [doer]
    while block[-1] + 1 in order and at[block[-1] + 1] == at[block[-1]] + 1:
        if said[block[-1] + 1].clause != said[doer].clause or not said[block[-1] + 1].joined:
            break
        block.append(block[-1] + 1)
    rest = [i for i in order if i not in block]
    if not rest or not _increasing(at, rest) or rest[0] > doer:
        return False
    if _is_agent(window[at[doer]]):  # and the sentence has it right behind its verb
        behind = doer == rest[0] + 1 and begins(said, rest[0])
        return behind and len(rest) > 1 and all(at[i] < at[doer] for i in rest[1:2])
    verb = at[doer] - 1
    return verb == at[rest[0]] and begins(window, verb) and window[verb + 1].joined


def _turned(
    said: Sequence[Term], window: Sequence[Term], at: Sequence[int], order: list[int]
) -> bool:
    """«ب هو أ» for «أ هو ب»."""
    cut = next((n for n, i in enumerate(order) if n and said[i].pivot), None)
    if cut is None:
        return False
    first, second = order[:cut], order[cut:]
    one_clause = len({clause_of(window[at[i]]) for i in order}) == 1
    return (
        one_clause
        and _increasing(at, second + first)
        and window[at[first[0]]].pivot
        and at[first[0]] == at[second[-1]] + 1
    )


def _without_adverbial(
    said: Sequence[Term], window: Sequence[Term], at: Sequence[int], order: list[int]
) -> Iterator[list[int]]:
    """The order as it is, then without each adverbial that may have moved."""
    yield order
    for start, i in enumerate(order):
        if not (said[i].placed and window[at[i]].placed):
            continue
        for end in range(start + 1, len(order) + 1):
            block, rest = order[start:end], order[:start] + order[end:]
            if end - start > 1 and at[block[-1]] != at[block[-2]] + 1:
                break
            if rest and _stays_within(said, window, at, block, rest):
                yield rest


def _stays_within(
    said: Sequence[Term],
    window: Sequence[Term],
    at: Sequence[int],
    block: list[int],
    rest: list[int],
) -> bool:
    """Whether the block stayed in its clause of the window, or is all of one."""
    home = clause_of(window[at[block[0]]])
    near = [clause_of(window[at[i]]) for i in _near(said, block, rest)]
    whole = {n for n, term in enumerate(window) if clause_of(term) == home}
    if whole <= {at[i] for i in block}:
        return bool(near) and all(sentence == home[0] for sentence, _ in near)
    return all(clause == home for clause in near)


def _near(said: Sequence[Term], block: list[int], rest: list[int]) -> list[int]:
    """The terms that a block goes with: those of its part of the sentence, or of the next one."""
    part = said[block[0]].clause
    if not any(said[i].clause == part for i in rest):
        part = min((said[i].clause for i in rest if i > block[0]), default=said[rest[-1]].clause)
    return [i for i in rest if said[i].clause == part]


def _verb_moved(
    said: Sequence[Term], window: Sequence[Term], at: Sequence[int], order: list[int]
) -> bool:
    """Whether the order is kept but for one verb that begins its clause here or there."""
    falls = next((n for n, (a, b) in enumerate(pairwise(order)) if at[a] > at[b]), None)
    if falls is None:
        return False
    for n in (falls, falls + 1):  # without one of the two it rises, or never does
        i, rest = order[n], order[:n] + order[n + 1 :]
        leads = begins(said, i) or begins(window, at[i])
        if leads and is_verb(said[i]) and _increasing(at, rest):
            near = [
                clause_of(window[place])
                for o, place in enumerate(at)
                if place >= 0 and o != i and said[o].clause == said[i].clause
            ]
            home = [clause_of(window[at[o]]) for o in order]
            if near and set(near) == {clause_of(window[at[i]])} and home == sorted(home):
                return True
    return False


def is_verb(term: Term) -> bool:
    """Whether a term surely is a verb: one of the present, or a frequent one of the past."""
    if term.number is not None or term.placed or term.feminine:
        return False
    return _looks_like_verb(term.word)


@lru_cache(maxsize=1 << 14)
def _looks_like_verb(word: str) -> bool:
    word = word.removeprefix("و") if len(word) > 4 else word
    if word[0] in "يت" and len(word) >= 4 and not word.endswith(("ات", "ه")):
        return True
    bare = Term(word.removesuffix("ت") if len(word) > 3 else word)
    return any(alike(bare, verb) for verb in _VERBS)
