"""Answers for a terminal: safe, wrapped, and right to left also where the terminal is not."""

from __future__ import annotations

import os
import re
import textwrap
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from qa.answer import Answer, Citation, Sentence
from ui.strings import ARABIC
from ui.worded import notes, own_citations

# Terminals known to lay out right-to-left text themselves.
_BIDI_MARKS = ("VTE_VERSION", "KONSOLE_VERSION", "MLTERM")
_BIDI_PROGRAMS = ("Apple_Terminal", "iTerm.app")

# Arabic marks with what stands behind them.
_MARKED = re.compile(
    "([\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u08ca-\u08e1\u08e3-\u08ff]+)(.)"
)

_ABSTAINED = "لا تجيب النصوص عن هذا السؤال."
_NEAREST = "أقرب ما فيها:"
_SOURCES = "المصادر"
_PAGE = "ص"
_CONFIDENCE = "الثقة"


def safe(text: str) -> str:
    """``text`` on one line without characters that could steer a terminal or turn text about.

    U+FFFD stands for one that this Python does not know: who could tell where it runs.
    """
    kinds = ((c, unicodedata.category(c)) for c in " ".join(text.split()))
    return "".join(
        "\ufffd" if kind == "Cn" else c for c, kind in kinds if kind not in {"Cc", "Cf", "Cs"}
    )


def safe_lines(text: str) -> str:
    """``text`` line by line as ``safe`` makes each, with the white space that they begin with."""
    lines = text.splitlines()
    return "\n".join(line[: len(line) - len(line.lstrip(" "))] + safe(line) for line in lines)


def lays_out_bidi(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this terminal turns Arabic round by itself, as far as its variables tell."""
    return any(mark in environment for mark in _BIDI_MARKS) or (
        environment.get("TERM_PROGRAM") in _BIDI_PROGRAMS
    )


def render(answer: Answer, width: int, visual: bool) -> str:
    """The answer as lines of at most ``width`` columns, then what a language model made of it.

    ``visual`` lines are reordered and set to the right edge, for terminals that do not do so.
    """
    bare = replace(answer, citations=own_citations(answer), written=None)
    lines = _abstention(answer) if answer.abstained else _answered(bare)
    shown = "\n".join(_lay_out(line, width, visual) for line in lines)
    return "\n".join(filter(None, (shown, added(answer, bare, width, visual))))


def added(answer: Answer, before: Answer, width: int, visual: bool) -> str:
    """What a language model has written since ``before``, as lines like those of ``render``.

    Its sentences; once it has ended, the sources that only they need, and what is to be noted.
    """
    written = answer.written
    if written is None:
        return ""
    said = len(before.written.sentences) if before.written else 0
    lines = [_sentence(one) for one in written.sentences[said:]]
    if lines and not said:
        lines = ["", f"{ARABIC.worded}:", *lines]
    if written.state != "writing":
        own = own_citations(answer)
        lines += [_source(citation) for citation in answer.citations[len(own) :]]
        lines += [safe(note) for note in notes(written, ARABIC)]
    return "\n".join(_lay_out(line, width, visual) for line in lines)


def _answered(answer: Answer) -> list[str]:
    marks = [f"[{citation.number}]" for citation in answer.citations]
    body = [safe(line) for line in answer.text.split("\n")]
    if len(body) == len(marks):
        body = [f"{line} {mark}" for line, mark in zip(body, marks, strict=True)]
    else:
        body[-1] = " ".join((body[-1], *marks))
    sources = [_source(citation) for citation in answer.citations]
    return [*body, "", f"{_SOURCES} ({_CONFIDENCE} {answer.confidence:.0%}):", *sources]


def _sentence(sentence: Sentence) -> str:
    marks = "".join(f"[{number}]" for number in sentence.citations)
    return f"{safe(sentence.text)} {marks}"


def _source(citation: Citation) -> str:
    page = f"، {_PAGE} {citation.page}" if citation.page else ""
    heading = f"، {safe(citation.heading)}" if citation.heading else ""
    return f"[{citation.number}] {safe(citation.source)}{page}{heading}: «{safe(citation.quote)}»"


def _abstention(answer: Answer) -> list[str]:
    nearest = [
        f"- {safe(hit.source)}: {textwrap.shorten(safe(hit.passage.text), 140, placeholder='…')}"
        for hit in answer.hits[:3]
    ]
    return [_ABSTAINED, "", _NEAREST, *nearest] if nearest else [_ABSTAINED]


def _lay_out(line: str, width: int, visual: bool) -> str:
    wrapped = textwrap.wrap(line, max(20, width), break_long_words=True) or [""]
    if not visual:
        return "\n".join(wrapped)
    from bidi.algorithm import get_display  # this one mirrors brackets
    from rich.cells import cell_len

    turned = (_with_marks(str(get_display(part, base_dir="R"))) for part in wrapped)
    return "\n".join(" " * max(0, width - cell_len(part)) + part for part in turned)


def _with_marks(line: str) -> str:
    """A reordered ``line`` with the marks of each turned letter behind it again, in their order.

    Letter by letter, they are turned too; those of what was not turned stand behind it as ever.
    """

    def behind(found: re.Match[str]) -> str:
        marks, letter = found.groups()
        turned = unicodedata.bidirectional(letter) in {"AL", "R"}
        return letter + marks[::-1] if turned else found[0]

    return _MARKED.sub(behind, line)
