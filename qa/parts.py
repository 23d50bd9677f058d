"""A question that asks for several things, taken apart."""

from __future__ import annotations

import re

from qa.question import understand

_ASKS = (
    "من|متى|متي|أين|اين|كم|كيف|لماذا|لم|ما|ماذا|ماهو|ماهي|هل|أي|اي|أية|اية|بكم|"
    "who|when|where|how|why|what|which"
)
_JOINT = re.compile(rf"(?:[،,؛;]\s*(?:و|and\s+)?|\s+(?:و|and\s+))(?=(?:{_ASKS})\b)", re.IGNORECASE)
_MOST_PARTS = 3


def parts_of(question: str) -> list[str]:
    """The questions joined in ``question``, or the question alone.

    «متى وأين عُقد المنتدى؟» stays whole: it asks two things in one breath, and both answers stand
    together. A part has a telling word of its own.
    """
    parts = [part.strip(" ؟?،,") for part in _JOINT.split(question)]
    if not 2 <= len(parts) <= _MOST_PARTS or not all(understand(part).stems for part in parts):
        return [question]
    return [f"{part}؟" for part in parts]
