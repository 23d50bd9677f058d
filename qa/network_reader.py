"""Reads passages with a network, on whichever engine it runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.document import Span
from qa.pairs import Ints, Pair, PairEncoder, pad
from qa.reader import Read

Floats = NDArray[np.float32]

MAX_ANSWER_TOKENS = 32
_TOKENS_PER_BATCH = 1_024  # more take longer: what the layers hand on leaves the processor's cache
_PUNCTUATION = " \n\t.,،؛;:!؟?…\"'«»“”()[]-–"
_MINUS = re.compile(r"(?:^|[(\[]|(?<![\d\s])\s+)[-–−]$")
"""A sign before a number, where no number stands before it: «1990 -1995» is a range."""
_OPENERS = {")": "(", "]": "[", "»": "«", "”": "“"}
_NOTHING = Read(float("-inf"), 0, 0, float("-inf"))


class Engine(Protocol):
    """Runs the network."""

    def __call__(self, ids: Ints, mask: Ints, types: Ints) -> tuple[Floats, Floats]:
        """Start and end scores ``(batch, tokens, 2)`` and log odds ``(batch,)``.

        Inputs have the shape ``(batch, tokens)``; ``mask`` is 1 on tokens and 0 on padding, and
        ``types`` 1 from the passage on.
        """


class NetworkReader:
    """A passage reader: tokens in, the network's readings out."""

    def __init__(self, engine: Engine, encoder: PairEncoder, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self._engine, self._encoder = engine, encoder

    def read(self, question: str, passages: Sequence[str]) -> list[Read]:
        """One reading for each passage, in the order given; a long passage's best window's."""
        asked = self._encoder.question(question)
        owned = [
            (number, pair)
            for number, passage in enumerate(passages)
            if passage.strip()
            for pair in self._encoder.windows(asked, passage)
        ]
        best = [_NOTHING] * len(passages)
        readings = self.read_pairs([pair for _, pair in owned])
        for (owner, _), reading in zip(owned, readings, strict=True):
            if reading.relevance > best[owner].relevance:
                start, end = trimmed(passages[owner], reading.start, reading.end)
                best[owner] = Read(reading.relevance, start, end, reading.span)
        return best

    def read_pairs(self, pairs: Sequence[Pair]) -> list[Read]:
        """Readings of encoded pairs; those of like length share a batch."""
        found = [_NOTHING] * len(pairs)
        order = sorted(
            (i for i, pair in enumerate(pairs) if pair.spans), key=lambda i: len(pairs[i].ids)
        )
        while order:
            size = max(1, _TOKENS_PER_BATCH // len(pairs[order[-1]].ids))
            batch, order = order[-size:], order[:-size]
            inputs = pad([pairs[i] for i in batch], self._encoder.padding)
            scores, relevance = self._engine(*inputs)
            for row, i in enumerate(batch):
                found[i] = _reading(scores[row], float(relevance[row]), pairs[i])
        return found


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without punctuation at its ends, but with the closer of a bracket in it, and the
    sign of a number below nought.

    As it was when there is nothing but punctuation.
    """
    words = text[start:end]
    first = len(words) - len(words.lstrip(_PUNCTUATION))
    last = len(words.rstrip(_PUNCTUATION))
    if first >= last:
        return start, end
    inside, after = words[first:last], words[last : last + 1]
    if after in _OPENERS and inside.count(_OPENERS[after]) > inside.count(after):
        last += 1
    first, last = start + first, start + last
    return first - bool(_MINUS.search(text[:first]) and text[first].isdigit()), last


def _reading(scores: Floats, relevance: float, pair: Pair) -> Read:
    """The best span that begins before it ends and is not too long."""
    inside = scores[pair.first : pair.first + len(pair.spans)].astype(np.float64)
    logs = inside - np.logaddexp.reduce(inside, axis=0)
    both = logs[:, 0, None] + logs[None, :, 1]
    allowed = np.tril(np.triu(np.ones(both.shape, dtype=bool)), MAX_ANSWER_TOKENS - 1)
    flat = int(np.where(allowed, both, -np.inf).argmax())
    first, last = divmod(flat, len(pair.spans))
    start, end = pair.spans[first][0], pair.spans[last][1]
    return Read(relevance, start, max(start, end), float(both[first, last]))
