"""A question that asks for several things, taken apart."""

from __future__ import annotations

import re

from corpus.dialect import in_written_words
from qa.question import SUBJECT, understand

_ASKS = (
    "من|متى|متي|أين|اين|كم|كيف|لماذا|لم|ما|ماذا|ماهو|ماهي|هل|أي|اي|أية|اية|بكم|"
    "who|when|where|how|why|what|which"
)
_JOINT = re.compile(rf"(?:[،,؛;]\s*(?:و|and\s+)?|\s+(?:و|and\s+))(?=(?:{_ASKS})\b)", re.IGNORECASE)
_ONE_BREATH = re.compile(rf"(?P<one>{_ASKS})\s+(?:و\s*|and\s+)(?P<other>{_ASKS})\s+", re.IGNORECASE)
_MOST_PARTS = 3


def parts_of(question: str) -> list[tuple[str, ...]]:
    """The questions joined in ``question``, each as what it asks about one thing.

    «من ترأسه، وكم حضره؟» is two questions. «متى وأين عُقد؟» is one, which asks twice about the same
    event: ``("متى عُقد؟", "أين عُقد؟")``. A part has a telling word of its own.
    """
    asked, mark, subject = question.partition(SUBJECT)
    parts = [part.strip(" ؟?،,") for part in _JOINT.split(in_written_words(asked))]
    if not 2 <= len(parts) <= _MOST_PARTS or not all(understand(part).stems for part in parts):
        return [_one_breath(question)]
    return [_one_breath(f"{part}{mark}{subject.rstrip('؟')}؟") for part in parts]


def _one_breath(question: str) -> tuple[str, ...]:
    found = _ONE_BREATH.match(question)
    if not found:
        return (question,)
    rest = question[found.end() :]
    return f"{found['one']} {rest}", f"{found['other']} {rest}"
