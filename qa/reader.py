"""What a reader is: it points at the words of passages that answer a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.document import Span
from index.hit import Hit


@dataclass(frozen=True, slots=True)
class Reading:
    """Words of one passage that may answer the question.

    ``start`` and ``end`` are offsets into the document's raw text: the words to quote, a sentence
    or more. ``answer`` is the short answer inside them, None when the quote itself is the answer.
    ``score`` orders readings of one question, higher is better. ``confidence`` is the probability,
    in 0..1, that the words answer it. ``covers`` are the question's stems that the quote holds.
    """

    hit: Hit
    start: int
    end: int
    score: float
    confidence: float
    covers: frozenset[str] = frozenset()
    answer: Span | None = None


class Reader(Protocol):
    """Reads the passages that a search found."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Readings over all ``hits``, best first, no two of the same words; may be empty."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a network says of one passage.

    ``relevance`` is the log odds that the passage answers the question. ``start`` and ``end`` are
    raw offsets of the likeliest answer in the passage, ``span`` the log probability of those two
    among the passage's tokens. An empty passage has ``start == end`` and relevance ``-inf``.
    """

    relevance: float
    start: int
    end: int
    span: float


class PassageReader(Protocol):
    """A network that reads passages one by one, whichever way it runs."""

    @property
    def fingerprint(self) -> str:
        """Equal for equal weights, different for any others."""

    def read(self, question: str, passages: Sequence[str]) -> list[Read]:
        """One reading for each passage, in the order given."""
