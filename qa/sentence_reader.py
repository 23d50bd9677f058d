"""The reader that needs no training: the sentence nearest to the question in meaning and words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from corpus.document import Span
from corpus.sentences import sentences_within
from corpus.terms import stem, words
from index.embedder import Vectors
from index.hit import Hit
from index.search import SearchIndex
from qa.question import Expects, Query, meets, share, understand
from qa.reader import Reading

PASSAGES_READ = 8
THRESHOLDS = {"cautious": 0.4, "balanced": 0.2, "eager": 0.1}
"""Least confidence of an answer, by mood; from ``python -m evals.fit_sentence_reader``."""

_VECTORS_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one sentence: cosines and shares in 0..1, ``lacks`` 0 or 1.

    ``meaning`` is the cosine of question and sentence; ``words`` the share of the question's stems
    in it, weighted by rarity; ``around`` the same for its whole passage; ``fused`` and ``dense``
    the passage's search scores; ``lacks`` says that a number or date is asked for and missing.
    """

    meaning: float
    words: float
    around: float
    fused: float
    dense: float
    lacks: float


# Logistic models fitted by ``python -m evals.fit_sentence_reader`` on ARCD-train and XQuAD-ar:
# the first on every sentence (does it hold the answer?), the second on the best sentence of each
# question, with its answering paragraph there and, once more, taken away.
_RANK = Evidence(meaning=32.2, words=2.04, around=0.0, fused=11.4, dense=-31.0, lacks=-1.57)
_TRUST = Evidence(meaning=31.0, words=1.33, around=1.71, fused=0.0, dense=-16.4, lacks=-0.79)
_TRUST_BIAS = -14.8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit's passage with its folded words."""

    hit: Hit
    span: Span
    words: tuple[str, ...]

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the sentence."""
        return frozenset(stem(word) for word in self.words)


class SentenceReader:
    """Ranks the sentences of the best passages."""

    def __init__(self, index: SearchIndex, passages_read: int = PASSAGES_READ) -> None:
        self._index = index
        self._passages_read = passages_read
        self._kept: dict[str, Vectors] = {}

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Readings of whole sentences, best first."""
        query = understand(question)
        found = self.weigh(query, hits)
        readings = [
            Reading(
                hit=candidate.hit,
                start=candidate.span[0],
                end=candidate.span[1],
                score=_weighted(_RANK, evidence),
                confidence=_logistic(_weighted(_TRUST, evidence) + _TRUST_BIAS),
                covers=candidate.stems.intersection(query.stems),
            )
            for candidate, evidence in found
        ]
        return sorted(readings, key=lambda r: (-r.score, r.hit.passage.document_id, r.start))

    def weigh(self, query: Query, hits: Sequence[Hit]) -> list[tuple[Candidate, Evidence]]:
        """Every sentence of the best hits, each once, with the evidence for it."""
        candidates = self._candidates(hits[: self._passages_read])
        if not candidates:
            return []
        vectors = self._vectors(candidates)
        meaning = vectors @ self._index.model.embed_queries([query.text])[0]
        rarity = {term: self._index.words.rarity(term) for term in query.stems}
        around = {
            hit.passage.id: share(rarity, frozenset(map(stem, words(hit.passage.text))))
            for hit in hits[: self._passages_read]
        }
        return [
            (
                candidate,
                Evidence(
                    meaning=float(cosine),
                    words=share(rarity, candidate.stems),
                    around=around[candidate.hit.passage.id],
                    fused=candidate.hit.score,
                    dense=candidate.hit.dense,
                    lacks=float(
                        query.expects is not Expects.ANY
                        and not meets(query.expects, list(candidate.words))
                    ),
                ),
            )
            for candidate, cosine in zip(candidates, meaning, strict=True)
        ]

    def _candidates(self, hits: Sequence[Hit]) -> list[Candidate]:
        """Sentences that lie in the hits' passages; in overlapping passages the better hit's."""
        seen: set[tuple[str, int]] = set()
        found = []
        for hit in hits:
            document = self._index.document(hit.passage.document_id)
            for span in sentences_within(document, (hit.passage.start, hit.passage.end)):
                key = (hit.passage.document_id, span[0])
                text = tuple(words(document.text[span[0] : span[1]]))
                if key not in seen and text:
                    seen.add(key)
                    found.append(Candidate(hit, span, text))
        return found

    def _vectors(self, candidates: Sequence[Candidate]) -> Vectors:
        texts = [
            self._index.document(c.hit.passage.document_id).text[c.span[0] : c.span[1]]
            for c in candidates
        ]
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if len(self._kept) + len(new) > _VECTORS_KEPT:
            self._kept, new = {}, list(dict.fromkeys(texts))
        if new:
            self._kept |= dict(zip(new, self._index.model.embed_passages(new), strict=True))
        return np.stack([self._kept[text] for text in texts])


def _weighted(weights: Evidence, evidence: Evidence) -> float:
    pairs = zip(astuple(weights), astuple(evidence), strict=True)
    return float(sum(weight * value for weight, value in pairs))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))
