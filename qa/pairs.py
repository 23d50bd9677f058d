"""Question and passage as one input of the reader's network, and the way back to raw letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.document import Span
from corpus.errors import DalilError
from corpus.normalise import plain
from index.tokens import TextTokenizer

MAX_TOKENS = 512
_QUESTION_TOKENS = 96
_STRIDE = 128

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pair:
    """One input: ``<s> question </s></s> passage </s>``.

    ``spans`` are raw character spans of the passage's tokens, the first of which is at ``first``.
    """

    ids: list[int]
    first: int
    spans: list[Span]


class PairEncoder:
    """Makes token ids of questions and passages in the spelling that the embedder uses."""

    def __init__(self, tokenizer: TextTokenizer) -> None:
        self._tokenizer = tokenizer
        self._open = _special(tokenizer, "<s>")
        self._close = _special(tokenizer, "</s>")
        self.padding = _special(tokenizer, "<pad>")

    def question(self, text: str) -> list[int]:
        """Token ids of a question, cut where it is absurdly long."""
        return self._tokenizer(plain(text), ends=False).ids[:_QUESTION_TOKENS]

    def passage(self, text: str) -> tuple[list[int], list[Span]]:
        """Token ids of a passage and, for each, the raw characters it came from."""
        spelling = plain_with_spans(text)
        tokens = self._tokenizer(spelling.text, ends=False)
        return tokens.ids, [spelling.raw_span(*span) for span in tokens.spans]

    def pair(self, question: Sequence[int], ids: Sequence[int], spans: Sequence[Span]) -> Pair:
        """One input of the network."""
        head = [self._open, *question, self._close, self._close]
        return Pair([*head, *ids, self._close], len(head), list(spans))

    def windows(self, question: Sequence[int], passage: str, limit: int = MAX_TOKENS) -> list[Pair]:
        """The passage as inputs of ``limit`` tokens at most; long ones overlap by 128 tokens."""
        ids, spans = self.passage(passage)
        room = limit - len(question) - 4
        step = max(room - _STRIDE, 1)
        starts = range(0, max(len(ids) - _STRIDE, 1), step) if len(ids) > room else [0]
        return [self.pair(question, ids[i : i + room], spans[i : i + room]) for i in starts]


@dataclass(frozen=True, slots=True)
class PlainSpelling:
    """``plain`` text and the raw span behind each of its characters."""

    text: str
    spans: list[Span]

    def raw_span(self, start: int, end: int) -> Span:
        """The raw span behind ``text[start:end]``, without white space at either end."""
        while start < end and self.text[start].isspace():
            start += 1
        while start < end and self.text[end - 1].isspace():
            end -= 1
        if start >= end:
            at = self.spans[min(start, len(self.spans) - 1)][0] if self.spans else 0
            return at, at
        return self.spans[start][0], self.spans[end - 1][1]


def plain_with_spans(text: str) -> PlainSpelling:
    """``corpus.normalise.plain`` letter by letter; marks belong to the letter before them."""
    pieces: list[str] = []
    spans: list[Span] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and unicodedata.combining(text[end]):
            continue
        piece = plain(text[start:end])
        pieces.append(piece)
        spans += [(start, end)] * len(piece)
        start = end
    return PlainSpelling("".join(pieces), spans)


def pad(pairs: Sequence[Pair], padding: int) -> tuple[Ints, Ints, Ints]:
    """Ids, mask and types of shape ``(len(pairs), longest)``; types are 1 from the passage on."""
    longest = max(len(pair.ids) for pair in pairs)
    ids = np.full((len(pairs), longest), padding, dtype=np.int64)
    mask, types = np.zeros_like(ids), np.zeros_like(ids)
    for row, pair in enumerate(pairs):
        ids[row, : len(pair.ids)] = pair.ids
        mask[row, : len(pair.ids)] = 1
        types[row, pair.first : len(pair.ids)] = 1
    return ids, mask, types


def _special(tokenizer: TextTokenizer, token: str) -> int:
    number = tokenizer.special(token)
    if number is None:
        raise DalilError(
            f"The tokenizer has no {token}.",
            "The reader needs an XLM-R tokenizer.",
            arabic="مقسّم الكلمات في هذا النموذج لا يصلح للقارئ. عيّن نموذجًا آخر في الإعدادات.",
        )
    return number
