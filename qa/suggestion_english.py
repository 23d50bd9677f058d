"""Questions that an English sentence answers, by a few rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.suggestion_subjects import Asking

_WORD = r"[A-Za-zÀ-ÿ0-9'-]+"
_SUBJECT = rf"(?P<x>[A-ZÀ-Ý]{_WORD}(?: {_WORD}){{0,6}}?)"
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_FOUNDED = re.compile(
    rf"^{_SUBJECT} (?P<be>was|were) (?:officially |originally |first )?"
    r"(?P<v>founded|established|built|created|launched|opened|born|signed|adopted|published)"
    r" (?:[^,;]{0,60} )?(?:in|on) (?:\w+ )?(?:\d{1,2},? )?(?:\w+ )?\d{4}(?!\d)"
)
_PLACED = re.compile(
    rf"^{_SUBJECT} (?P<be>is|are) (?P<v>located|situated|headquartered|based) (?:in|on)\b"
)
_IS_A = re.compile(rf"^{_SUBJECT} (?P<be>is|was) an? (?P<rest>\w+(?: \w+){{0,5}})")
_PEOPLE = re.compile(
    r"\b(?:scientist|physicist|chemist|mathematician|astronomer|physician|doctor|poet|writer|"
    r"author|novelist|philosopher|historian|king|queen|president|politician|engineer|inventor|"
    r"explorer|actor|actress|singer|composer|painter|artist|architect|player|leader|general|"
    r"journalist|scholar|theologian|businessman|director|economist|programmer|biologist)\b"
)
# Words that open no name, those that point out of the question, and those of a clause.
_OPENS_NO_NAME = re.compile(
    r"(?:there|here|we|you|i|our|my|what|who|when|where|how|why|if|as|in|on|at|by|for|from|with|"
    r"after|before|during|since|while|although|however|and|but|or|so|some|many|most|each|every|"
    r"one|another|such|other|all|both|several)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|he|she|they|this|that|these|those|which|whom|whose|his|her|its|their|is|was|are|were|"
    r"has|had|have|be|been|will|would|can|could|may|might|must)\b",
    re.IGNORECASE,
)


def english_askings(sentence: str) -> Iterator[Asking]:
    """What an English sentence answers: when, where, who or what."""
    bare = " ".join(_PARENTHESES.sub("", sentence).split()).rstrip(".")
    for lead, pattern in (("When", _FOUNDED), ("Where", _PLACED)):
        if (found := pattern.match(bare)) and _names(found["x"]):
            subject = _inside(found["x"])
            yield Asking(f"{lead} {found['be']} {subject} {found['v']}?", subject, lead)
    if (found := _IS_A.match(bare)) and _names(found["x"]):
        lead = "Who" if _PEOPLE.search(found["rest"]) else "What"
        subject = _inside(found["x"])
        yield Asking(f"{lead} {found['be']} {subject}?", subject, lead)


def _names(subject: str) -> bool:
    parts = subject.split()
    vague = parts[0] == "The" and len(parts) < 3 and parts[-1].islower()
    return not (vague or _OPENS_NO_NAME.match(subject) or _POINTS.search(subject))


def _inside(subject: str) -> str:
    """A subject that opened its sentence, as it stands within one."""
    first, _, rest = subject.partition(" ")
    return f"{first.lower()} {rest}" if first in {"The", "A", "An"} and rest else subject
