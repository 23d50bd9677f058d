"""The default reader: a trained network points at the answer, and says how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Span
from corpus.sentences import sentences_within
from corpus.terms import stem, words
from index.hit import Hit
from index.search import SearchIndex
from qa.calibration import Calibration, Signs
from qa.question import Expects, Query, meets, understand
from qa.reader import PassageReader, Read, Reading

_MOST_LEAD = 5.0


@dataclass(frozen=True, slots=True)
class Found:
    """One passage as the network read it, with the sentence or sentences around the answer."""

    hit: Hit
    read: Read
    quote: Span
    score: float

    @property
    def answer(self) -> Span:
        """The short answer's raw offsets in the document."""
        start = self.hit.passage.start
        return start + self.read.start, start + self.read.end


class TrainedReader:
    """Reads every hit it is given; one reading for each passage."""

    def __init__(
        self, index: SearchIndex, network: PassageReader, calibration: Calibration
    ) -> None:
        self._index, self._network, self._calibration = index, network, calibration

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Readings best first; the same words in overlapping passages count once."""
        query = understand(question)
        found = self.find(question, hits)
        return [
            Reading(
                hit=one.hit,
                start=one.quote[0],
                end=one.quote[1],
                score=one.score,
                confidence=self._calibration.probability(self.signs(query, found, place)),
                covers=self._covers(query, one),
                answer=one.answer,
            )
            for place, one in enumerate(found)
        ]

    def order(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """The hits by the reader's score, best first."""
        reads = self._network.read(question, [hit.passage.text for hit in hits])
        scored = [(self._score(hit, read), hit) for hit, read in zip(hits, reads, strict=True)]
        return [hit for _, hit in sorted(scored, key=lambda one: (-one[0], one[1].passage.id))]

    def find(self, question: str, hits: Sequence[Hit]) -> list[Found]:
        """What the network finds, best first, without what a better reading already holds."""
        reads = self._network.read(question, [hit.passage.text for hit in hits])
        found = [
            Found(hit, read, self._quote(hit, read), self._score(hit, read))
            for hit, read in zip(hits, reads, strict=True)
            if read.end > read.start
        ]
        found.sort(key=lambda one: (-one.score, one.hit.passage.id))
        return list(_different(found))

    def signs(self, query: Query, found: Sequence[Found], place: int) -> Signs:
        """What speaks for one of the readings of a question."""
        one = found[place]
        others = [other.read.relevance for i, other in enumerate(found) if i != place]
        lead = one.read.relevance - max(others, default=one.read.relevance - _MOST_LEAD)
        said = words(self._text(one.hit, one.quote))
        return Signs(
            relevance=one.read.relevance,
            lead=max(-_MOST_LEAD, min(_MOST_LEAD, lead)),
            span=one.read.span,
            fused=one.hit.score,
            dense=one.hit.dense,
            lacks=float(query.expects is not Expects.ANY and not meets(query.expects, said)),
            shared=self._shared(query, one.hit),
        )

    def _score(self, hit: Hit, read: Read) -> float:
        return self._calibration.order(read.relevance, hit.score)

    def _quote(self, hit: Hit, read: Read) -> Span:
        """The sentences of the passage that the answer touches."""
        passage = hit.passage
        document = self._index.document(passage.document_id)
        start, end = passage.start + read.start, passage.start + read.end
        touched = [
            span
            for span in sentences_within(document, (passage.start, passage.end))
            if span[0] < end and start < span[1]
        ]
        return (min(start, touched[0][0]), max(end, touched[-1][1])) if touched else (start, end)

    def _text(self, hit: Hit, span: Span) -> str:
        start = hit.passage.start
        return hit.passage.text[span[0] - start : span[1] - start]

    def _covers(self, query: Query, one: Found) -> frozenset[str]:
        held = {stem(word) for word in words(self._text(one.hit, one.quote))}
        return frozenset(held.intersection(query.stems))

    def _shared(self, query: Query, hit: Hit) -> float:
        """The share of the question's stems that the passage holds, each weighted by rarity."""
        held = {stem(word) for word in words(hit.passage.text)}
        weights = {term: self._index.words.rarity(term) for term in query.stems}
        total = sum(weights.values())
        return sum(w for term, w in weights.items() if term in held) / total if total else 0.0


def _different(found: Sequence[Found]) -> list[Found]:
    """Without readings whose answer overlaps that of a better one in the same document."""
    kept: list[Found] = []
    for one in found:
        if not any(
            other.hit.passage.document_id == one.hit.passage.document_id
            and other.answer[0] < one.answer[1]
            and one.answer[0] < other.answer[1]
            for other in kept
        ):
            kept.append(one)
    return kept
