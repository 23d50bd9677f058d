"""A second opinion on written sentences: do the cited words bear them out?

Simple and strict, and apart from ``qa.support``, which decides what is shown: its own folding and
word forms, no network. It can not see who did what to whom (the same words in another order), a lie
in words that the question brought («من اخترع كذا؟»), which of some figures is whose,
or anything that takes more than words to understand; and it calls some true sentences unsupported
whose words stand far apart or are not the text's. How far it agrees with people is measured by
``python -m evals.agreement``. No network for textual entailment that knows Arabic can be had from
the package index alone, so none sits beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from corpus.calendar import one_month_name
from corpus.document import Document
from evals.judge_words import (
    DECISIVE,
    DENIALS,
    FUNCTION,
    LIGHT,
    NEGATORS,
    QUALIFIERS,
    forms,
    with_figures,
)
from evals.letters import bare, words
from qa.answer import Citation

Why = Literal["", "citation", "form", "numbers", "words", "polarity", "order"]
NEAR = 5
"""Words that say something between two neighbours of a sentence in the quote, at most."""
_GAP = "|"
_CLAUSE = re.compile(r"(?:[^.!?؟؛،:\n]|[.:،](?=\d))+")
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_MARKUP = re.compile(r"</?[a-z!]|\]\(|https?://|javascript:|\[\s*-?\d+\s*\]|<\|", re.IGNORECASE)
_HUNDREDTHS = re.compile(r"[%٪]|(?:في |ب)الم(?:ائ|ئ)ة|per ?cent")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence is borne out, and if not, what it fails by."""

    borne_out: bool
    why: Why = ""


def verified(citation: Citation, document: Document) -> bool:
    """Whether the quote stands in the document's raw text, letter by letter, where it says."""
    text = document.text
    return (
        citation.document_id == document.id
        and 0 <= citation.start < citation.end <= len(text)
        and len(citation.quote) == citation.end - citation.start
        and all(text[citation.start + n] == letter for n, letter in enumerate(citation.quote))
    )


def bears_out(
    sentence: str, quotes: Sequence[str], heading: str = "", question: str = ""
) -> Verdict:
    """Whether ``quotes`` together say what ``sentence`` says.

    Figures, negation, and words that decide (all, only, before, the most) must stand in the
    quotes; its other words that say something in quotes, heading or question, and half of them in
    quotes or heading; and what stands side by side in it must stand near in the quotes, but for
    what the question or the heading speaks of.
    """
    if _HIDDEN.search(sentence) or _MARKUP.search(sentence):
        return Verdict(False, "form")
    why = _lack(_read(bare(sentence)), quotes, _read(heading), _read(question))
    return Verdict(not why, why)


def _lack(said: list[str], quotes: Sequence[str], heading: list[str], question: list[str]) -> Why:
    quoted = [word for quote in quotes for word in [*_read(quote), *[_GAP] * NEAR]]
    if _telling(said) and _word_by_word(said, quoted):
        return ""
    if not _figures(said) <= _figures(quoted):
        return "numbers"
    if not _worded(said, quoted, heading, question):
        return "words"
    if not _same_polarity(said, [_read(c) for quote in quotes for c in _CLAUSE.findall(quote)]):
        return "polarity"
    return "" if _neighbours(said, quoted, _all_forms([*heading, *question])) else "order"


def _read(text: str) -> list[str]:
    """Folded words with months under one name, numbers in digits, and ``%`` for hundredths."""
    return with_figures(words(_HUNDREDTHS.sub(" percent ", one_month_name(text))))


def _content(of: Sequence[str]) -> list[str]:
    return [word for word in of if word not in FUNCTION and word not in NEGATORS]


def _telling(of: Sequence[str]) -> list[str]:
    return [word for word in _content(of) if word not in LIGHT and word not in QUALIFIERS]


def _figures(of: Sequence[str]) -> set[str]:
    return {word for word in of if word[0].isdigit() or word == "percent"}


def _worded(said: list[str], quoted: list[str], heading: list[str], question: list[str]) -> bool:
    strict = _all_forms(quoted)
    own = strict | _all_forms(heading)
    known = own | _all_forms(question)
    telling = [word for word in _telling(said) if word not in _figures(said)]
    if any(word in DECISIVE and not forms(word) & strict for word in said):
        return False
    inside = sum(bool(forms(word) & own) for word in telling)
    return (
        (bool(_figures(said)) or any(forms(word) & strict for word in telling))
        and all(forms(word) & known for word in telling)
        and 2 * inside >= len(telling)
    )


def _all_forms(of: Sequence[str]) -> set[str]:
    return {form for word in of for form in forms(word)}


def _neighbours(said: list[str], quoted: list[str], spoken_of: set[str]) -> bool:
    there = [forms(word) for word in _content(quoted)]
    told = [word for word in _telling(said) if not forms(word) & spoken_of]
    found = [[n for n, other in enumerate(there) if forms(word) & other] for word in told]
    return all(
        any(abs(one - other) <= NEAR for one in first for other in second)
        for first, second in pairwise(filter(None, found))
    )


def _same_polarity(said: list[str], clauses: list[list[str]]) -> bool:
    """Whether the sentence denies what the quotes deny, and is as sure as they are."""
    every = _all_forms([word for clause in clauses for word in clause])
    if any(word in DENIALS and not forms(word) & every for word in said):
        return False
    denied, _ = _behind(said, NEGATORS)
    if not all(any(_stands(word, _behind(c, NEGATORS)[0]) for c in clauses) for word in denied):
        return False
    return not any(
        _stands(word, _behind(clause, signs)[0])
        for signs in (NEGATORS, QUALIFIERS)
        for word in _behind(said, signs)[1]
        if (clause := _nearest(word, said, clauses))
    )


def _nearest(word: str, said: list[str], clauses: list[list[str]]) -> list[str]:
    """Of the clauses that have ``word``, the one with most words of the sentence."""
    having = [clause for clause in clauses if word in clause]
    having = having or [clause for clause in clauses if _stands(word, clause)]
    return max(having, key=lambda clause: sum(_stands(w, clause) for w in said), default=[])


def _word_by_word(said: list[str], quoted: list[str]) -> bool:
    """Whether the sentence stands in the quotes as it is, and nothing before it takes it back."""
    for place in range(len(quoted) - len(said) + 1):
        if quoted[place : place + len(said)] == said:
            before = set(quoted[max(0, place - 3) : place])
            return not before & (NEGATORS | QUALIFIERS | DENIALS)
    return False


def _stands(word: str, among: Sequence[str]) -> bool:
    return any(forms(word) & forms(other) for other in among)


def _behind(of: Sequence[str], signs: frozenset[str]) -> tuple[list[str], list[str]]:
    """The first word that says something behind each of ``signs``, and all the others."""
    behind = set()
    for place, word in enumerate(of):
        if word in signs:
            after = range(place + 1, min(place + 4, len(of)))
            behind |= set([n for n in after if of[n] not in signs and _content([of[n]])][:1])
    return (
        [of[n] for n in sorted(behind)],
        [word for n, word in enumerate(of) if n not in behind and _content([word])],
    )
