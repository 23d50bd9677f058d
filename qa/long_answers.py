"""Answers that want more than a few words: whole sentences, and lists to their last item."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.document import Span
from corpus.normalise import fold
from qa.question import Expects

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_ITEM = re.compile(
    r"[ \t\u200e\u200f]*(?:[-*•·▪◦–—+●○■□◆❖✓➢◄٭ـ][ \t]|\(?\d{1,3}[.)\-–]|"
    r"\d{1,3} ?[-–ـ/.)][ \t]|\(?\w[.)][ \t])"
)
_PIECE = re.compile(r"،?[^،]*")
_SENTENCE_END = re.compile(r"[.!?؟؛\n](?:\s|$)")
_NO_ITEM = frozenset(
    fold("وهو وهي وهم وقد وكان وكانت ولا ولم ولن وإن وأن وفي وعلى ومن وذلك").split()
)
"""Folded words that go on with a sentence and name no further item."""
_LONGEST_ITEM = 8  # words
_FEWEST_ITEMS = 3
_NEAR_COMMA = 2  # characters
_FRAGMENT = 4
"""Words below which a reason or a meaning is a clipped one."""


def whole_answer(expects: Expects, text: str, answer: Span, quote: Span) -> Span:
    """The answer as long as the question wants it, all offsets into ``text``, a passage.

    A question for several things whose answer stands in a list has the whole list, also one within
    its sentence; a question for a reason, a way or a meaning whose answer is a fragment has the
    sentences in ``quote``.
    """
    if expects is Expects.LIST:
        return list_around(text, answer) or _named_with(text, answer, quote) or answer
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


def _named_with(text: str, answer: Span, quote: Span) -> Span | None:
    """The items named one after the other in a sentence, of which the answer is one: «العطش، وكثرة
    التبول، والتعب». Where it is not the first, the sentence: the first one has no clear beginning.
    """
    sentence = text[answer[1] : quote[1]]
    pieces = _PIECE.findall(_SENTENCE_END.split(sentence, maxsplit=1)[0])
    reached = length = 0
    count = 1
    for place, piece in enumerate(pieces):
        words = piece.strip("، \n\t").split()
        begins = bool(words) and words[0].startswith("و")
        if len(words) > _LONGEST_ITEM or (begins and fold(words[0]) in _NO_ITEM):
            break
        length += len(piece)
        if place and begins:
            reached, count = length, place + 1
    before = text[quote[0] : answer[0]].rstrip()
    inner = before.endswith("،") or (text[answer[0]] == "و" and "،" in before[-_NEAR_COMMA:])
    if inner and (reached or "،" in before[:-1]):
        return quote
    return (answer[0], answer[1] + reached) if count >= _FEWEST_ITEMS else None


def on_lines(text: str) -> str:
    """Words on one line, or the items of a list on a line each."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    items: Sequence[str] = lines if all(map(_ITEM.match, lines)) else [" ".join(lines)]
    return "\n".join(items)


def _is_item(text: str, line: Span) -> bool:
    return _ITEM.match(text, line[0]) is not None
