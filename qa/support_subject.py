"""Whether a sentence that leans on its question would be taken to tell of something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa import support_words as known
from qa.leaning import asks
from qa.question import is_telling
from qa.support_layout import fits
from qa.support_terms import Term

_PRONOUNS = ("ه", "ها", "هم", "هما")
_LEAST = 4


def of_another(
    said: Sequence[Term], asked: Sequence[Term], passage: Sequence[Term], around: Sequence[Term]
) -> bool:
    """Whether the question names what the passage does not, and the sentence names nothing.

    «طوله 318 كيلومترًا» from a passage on one river answers no question about another. ``around``
    are the terms of the passage's heading and of its document's title.
    """
    if any(_in(term, said) and not _in(term, asked) for term in around if term.number is None):
        return False
    there = [*around, *passage]
    names = list(_names(asked))
    missing = [term for term in names if not _in(term, there)]
    if missing and not any(_named(term, said) for term in names if term not in missing):
        return True
    return any(
        _of_other(first, second, said, there, around, lacking=second in missing)
        for first, second in pairwise(asked)
        if second in names
    )


def _of_other(
    first: Term,
    second: Term,
    said: Sequence[Term],
    there: Sequence[Term],
    around: Sequence[Term],
    *,
    lacking: bool,
) -> bool:
    """Whether «مكتبة النهضة» or «رحل فلان» of the question is another's here, left unsaid.

    ``lacking`` says that the passage has not the second word.
    """
    if _in(second, said):
        return False
    if lacking and (_verbal_in(first, said) or (second.joined and _has_other(first, said, there))):
        return True
    whose = second.joined and not _in(second, around)
    leaning = whose and any(fits(first, one) and _suffixed(one) for one in said)
    return leaning or (
        whose and not _definite(first) and _suffixes(said) and _has_other(first, said, around)
    )


def _in(term: Term, terms: Sequence[Term]) -> bool:
    return any(fits(term, one) for one in terms)


def _named(term: Term, said: Sequence[Term]) -> bool:
    """Whether the sentence names it, not by a pronoun: «طول النهر», not «طوله»."""
    return any(fits(term, one) and not _suffixed(one) for one in said)


def _suffixes(said: Sequence[Term]) -> bool:
    return any(map(_suffixed, said))


def _verbal_in(first: Term, said: Sequence[Term]) -> bool:
    """Whether the sentence has the question's verb, and nobody beside it."""
    return not _definite(first) and any(
        _one_deed(first, one) and not (one.joined or _has_doer(after))
        for one, after in zip(said, [*said[1:], None], strict=True)
    )


def _has_doer(after: Term | None) -> bool:
    if after is None or not after.joined or after.number is not None:
        return False
    return not _definite(after)


def _one_deed(one: Term, other: Term) -> bool:
    """«انتقل» and «انتقلت», «يعيش» and «تعيش»."""
    if fits(one, other) or one.word.removesuffix("ت") == other.word.removesuffix("ت"):
        return True
    return {one.word[0], other.word[0]} == {"ي", "ت"} and one.word[1:] == other.word[1:]


def _suffixed(term: Term) -> bool:
    return not term.feminine and any(
        term.word.endswith(one) and len(term.word) - len(one) >= _LEAST - 1 for one in _PRONOUNS
    )


def _names(asked: Sequence[Term]) -> Iterator[Term]:
    """What a question is about: no question word, no verb, no number and no unit."""
    for place, term in enumerate(asked):
        behind_asking = place > 0 and asks(asked[place - 1].word) and not _definite(term)
        other = term.number is not None or known.unit(term.word) is not None
        if asks(term.word) or not is_telling(term.word) or behind_asking or _verbal(term) or other:
            continue
        yield term


def _verbal(term: Term) -> bool:
    """Whether it looks like a verb: «يعمل», «استوردت»."""
    if term.feminine or _definite(term) or len(term.word) < _LEAST:
        return False
    return term.word[0] in "يت" or (term.word.endswith("ت") and not term.word.endswith("ات"))


def _definite(term: Term) -> bool:
    return term.word.startswith(("ال", "لل", "بال", "وال"))


def _has_other(head: Term, said: Sequence[Term], there: Sequence[Term]) -> bool:
    """Whether the passage has another «مكتبة كذا» than the one asked for, left unsaid."""
    if _definite(head):
        return False
    others = [
        second
        for first, second in pairwise(there)
        if second.joined and second.number is None and not _definite(first) and fits(head, first)
    ]
    return bool(others) and not any(_in(other, said) for other in others)
