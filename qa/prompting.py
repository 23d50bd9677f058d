"""What a language model is asked, from a text file and the passages of an answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from qa.generator import Message

_HEAD = re.compile(r"^\[(system|user|assistant)\]\n", re.MULTILINE)
_MARK = re.compile(r"\[\s*([\d٠-٩۰-۹][^\]\n]{0,12})\]")
_STEERING = {"Cc", "Cf", "Cs"}
TURN = re.compile(
    r"<[|｜][^<>\s]{1,40}[|｜]>|<(?:end|start)_of_turn>|</?s>|\[/?INST\]|<</?SYS>>", re.IGNORECASE
)
"""What parts one speaker from another in the forms that models know."""
ASKING_LABELS = ("المقاطع", "السؤال")
"""What lines of a prompt begin with: a model that writes one has begun to ask itself."""
ANSWER_LABELS = ("الجواب الموجز", "الجواب")


def prompt(name: str, last: dict[str, str]) -> tuple[Message, ...]:
    """The messages of ``qa/prompts/<name>.txt``; ``last`` fills the places in its last one."""
    *before, asked = _messages(name)
    filled = re.sub(r"\{(\w+)\}", lambda place: last[place[1]], asked.content)
    return (*before, Message(asked.role, filled))


def numbered(passages: Sequence[str]) -> str:
    """Passages as the prompts show them: numbered from 1, each on a line of its own."""
    lines = (f"[{number}] «{plain(text)}»" for number, text in enumerate(passages, start=1))
    return "\n".join(lines)


def plain(text: str) -> str:
    """``text`` on one line without what could pass for a part of the prompt around it.

    Brackets around numbers become round ones, and the signs that steer a line's direction go, as
    do those by which a model knows who speaks: a document must not be able to number a passage of
    its own, nor to speak as anybody.
    """
    kept = (c for c in " ".join(text.split()) if unicodedata.category(c) not in _STEERING)
    own = TURN.sub(" ", "".join(kept))
    return _MARK.sub(r"(\1)", own).replace("«", "“").replace("»", "”")


@cache
def _messages(name: str) -> tuple[Message, ...]:
    text = files("qa").joinpath("prompts", f"{name}.txt").read_text("utf-8")
    _, *pieces = _HEAD.split(text)
    pairs = zip(pieces[::2], pieces[1::2], strict=True)
    return tuple(Message(role, content.strip()) for role, content in pairs)  # type: ignore[arg-type]
