"""What a reader is: it points at the words of passages that answer a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.hit import Hit


@dataclass(frozen=True, slots=True)
class Reading:
    """Words of one passage that may answer the question.

    ``start`` and ``end`` are offsets into the document's raw text. ``score`` orders readings of one
    question, higher is better. ``confidence`` is the probability, in 0..1, that the words answer
    it. ``covers`` are the question's stems that the words hold.
    """

    hit: Hit
    start: int
    end: int
    score: float
    confidence: float
    covers: frozenset[str] = frozenset()


class Reader(Protocol):
    """Reads the passages that a search found."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Readings over all ``hits``, best first, no two of the same words; may be empty."""
