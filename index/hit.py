"""The third stage: a passage with the scores that a search gave it."""

from dataclasses import dataclass

from corpus.document import Passage


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query. Every score is higher-is-better.

    ``score`` is the fused score in 0..1; ``dense`` the cosine of query and passage vectors;
    ``lexical`` the BM25 score. ``source`` names the passage's file.
    """

    passage: Passage
    source: str
    score: float
    dense: float
    lexical: float
