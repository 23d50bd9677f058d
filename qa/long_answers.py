"""Answers that want more than a few words: whole sentences, and lists to their last item."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.document import Span
from qa.question import Expects

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_ITEM = re.compile(
    r"[ \t\u200e\u200f]*(?:[-*•·▪◦–—+●○■□◆❖✓➢◄٭ـ][ \t]|\(?\d{1,3}[.)\-–]|"
    r"\d{1,3} ?[-–ـ/.)][ \t]|\(?\w[.)][ \t])"
)
_FRAGMENT = 4
"""Words below which a reason or a meaning is a clipped one."""


def whole_answer(expects: Expects, text: str, answer: Span, quote: Span) -> Span:
    """The answer as long as the question wants it, all offsets into ``text``, a passage.

    A question for several things whose answer stands in a list has the whole list; a question for
    a reason, a way or a meaning whose answer is a fragment has the sentences in ``quote``.
    """
    if expects is Expects.LIST:
        return list_around(text, answer) or answer
    fragment = len(text[slice(*answer)].split()) < _FRAGMENT
    return quote if expects is Expects.EXPLANATION and fragment else answer


def list_around(text: str, span: Span) -> Span | None:
    """The items of the list that ``span`` lies in, one to a line; None outside of lists."""
    lines = [found.span() for found in _LINE.finditer(text)]
    inside = [n for n, (start, end) in enumerate(lines) if start < span[1] and span[0] < end]
    if not inside or not all(_is_item(text, lines[n]) for n in inside):
        return None
    first, last = inside[0], inside[-1]
    while first > 0 and _is_item(text, lines[first - 1]):
        first -= 1
    while last + 1 < len(lines) and _is_item(text, lines[last + 1]):
        last += 1
    return lines[first][0], lines[last][1]


def on_lines(text: str) -> str:
    """Words on one line, or the items of a list on a line each."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    items: Sequence[str] = lines if all(map(_ITEM.match, lines)) else [" ".join(lines)]
    return "\n".join(items)


def _is_item(text: str, line: Span) -> bool:
    return _ITEM.match(text, line[0]) is not None
