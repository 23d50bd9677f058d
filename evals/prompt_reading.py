"""What a language model is shown, read from its prompt: the question and the numbered passages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_NUMBERED = re.compile(
    r"^[^\w\[(【\n]{0,4}(?:[^\W\d_]+\s+){0,2}[\[(【]\s*(\d{1,2})\s*[\])】]\s*[:.\-–]?", re.MULTILINE
)
_ASKED = re.compile(r"^\W{0,3}(?:السؤال|سؤال|Question)\s*[::]?\s*(.+)$", re.MULTILINE)
_AROUND = " \t\n«»\"'“”"
_ENDS = re.compile(r"(?<=[.!?؟؛…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a prompt shows: ``passages`` are numbered from 1 in it, and none may be there."""

    system: str
    question: str
    passages: tuple[str, ...]

    def sentences(self, number: int) -> list[str]:
        """The sentences of passage ``number``, without white space around them."""
        parts = (part.strip() for part in _ENDS.split(self.passages[number - 1]))
        return [part for part in parts if len(part.split()) >= 3]


def read_prompt(messages: Sequence[Mapping[str, object]]) -> Seen:
    """Read OpenAI-style messages, whatever stands around the passages of the last user's.

    Examples before the passages that count may be numbered too: the last ``[1]`` begins them.
    """
    last = next((_text(m) for m in reversed(messages) if m.get("role") == "user"), "")
    system = "\n".join(_text(m) for m in messages if m.get("role") == "system")
    asked = list(_ASKED.finditer(last))
    every = list(_NUMBERED.finditer(last))
    marks = every[max((n for n, mark in enumerate(every) if int(mark[1]) == 1), default=0) :]
    passages = []
    for mark in marks:
        places = [one.start() for one in (*asked, *marks)]
        end = min((place for place in places if place > mark.start()), default=len(last))
        passages.append(last[mark.end() : end].strip(_AROUND))
    return Seen(system, asked[-1][1].strip() if asked else "", tuple(passages))


def _text(message: Mapping[str, object]) -> str:
    content = message.get("content")
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else ()
    return "\n".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))
