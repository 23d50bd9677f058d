"""A question that asks for several things, taken apart."""

from __future__ import annotations

import re

from corpus.dialect import in_written_words
from corpus.terms import words
from qa.leaning import asks, says_where
from qa.question import QUOTED, SUBJECT, understand

_ASKS = (
    "من|متى|متي|أين|اين|كم|كيف|لماذا|لم|ما|ماذا|ماهو|ماهي|هل|أي|اي|أية|اية|بكم|"
    "who|when|where|how|why|what|which"
)
# «ولم» denies, and «ما بعد» is a thing.
_SECOND = _ASKS.replace("|لم|", "|").replace(
    "|ما|", r"|ما(?!\s+(?:بعد|قبل|وراء|بين|حول|فوق|تحت|دون)\b)|"
)
_AND = r"(?:و\s*|and\s+)"
_JOINT = re.compile(rf"(?:[،,؛;؟?]\s*{_AND}?|\s+{_AND})(?=(?:{_SECOND})\b)", re.IGNORECASE)
_ONE_BREATH = re.compile(rf"(?P<one>{_ASKS})\s+(?:و\s*|and\s+)(?P<other>{_ASKS})\s+", re.IGNORECASE)
_MOST_PARTS = 3


def parts_of(question: str) -> list[tuple[str, ...]]:
    """The questions joined in ``question``, each as what it asks about one thing.

    «من ترأسه، وكم حضره؟» is two questions. «متى وأين عُقد؟» is one, which asks twice about the same
    event: ``("متى عُقد؟", "أين عُقد؟")``. A part has a telling word of its own.
    """
    asked, mark, subject = question.partition(SUBJECT)
    parts = [part.strip(" ؟?،,") for part in _split(in_written_words(asked))]
    whole = all(understand(part).stems for part in parts) and not _is_lead(parts[0])
    if not (2 <= len(parts) <= _MOST_PARTS and whole):
        return [_one_breath(question)]
    return [_one_breath(f"{part}{mark}{subject.rstrip('؟')}؟") for part in parts]


def _split(asked: str) -> list[str]:
    """The text between its joints, none of which stands in a title or saying."""
    quoted = [found.span() for found in QUOTED.finditer(asked)]
    joints = [
        found.span()
        for found in _JOINT.finditer(asked)
        if not any(start < found.start() < end for start, end in quoted)
    ]
    starts, ends = [0, *(end for _, end in joints)], [*(start for start, _ in joints), len(asked)]
    return [asked[start:end] for start, end in zip(starts, ends, strict=True)]


def _is_lead(part: str) -> bool:
    """Whether it only says when or where: «بعد وفاة الرشيد، من تولى الخلافة؟» is one question."""
    said = words(part)
    return bool(said) and says_where(said[0]) and not any(map(asks, said))


def _one_breath(question: str) -> tuple[str, ...]:
    written = in_written_words(question)
    found = _ONE_BREATH.match(written)
    if not found:
        return (question,)
    rest = written[found.end() :]
    return f"{found['one']} {rest}", f"{found['other']} {rest}"
