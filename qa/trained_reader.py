"""The default reader: a trained network points at the answer, and says how sure it is."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.document import Span
from corpus.normalise import fold
from corpus.sentences import sentences_within
from corpus.terms import stem, words
from index.hit import Hit
from index.search import SearchIndex
from index.text import indexed_text
from qa.calibration import Calibration, Signs
from qa.long_answers import whole_answer
from qa.question import Query, meets, share, understand
from qa.reader import PassageReader, Read, Reading

_MOST_LEAD = 5.0
_FIRST = 3
ENOUGH = 0.4
"""Where the first passages hold an answer this probable, the others are not read: it costs nothing
on the development sets, and more than halves what is read (docs/evals.md)."""


@dataclass(frozen=True, slots=True)
class Found:
    """One passage as the network read it.

    ``quote`` are the sentences around the answer, and ``stems`` theirs.
    """

    hit: Hit
    read: Read
    quote: Span
    stems: frozenset[str]
    signs: Signs
    score: float = 0.0

    @property
    def answer(self) -> Span:
        """The short answer's raw offsets in the document."""
        start = self.hit.passage.start
        return start + self.read.start, start + self.read.end


class TrainedReader:
    """Reads the hits it is given, the first ones first; one reading for each passage.

    ``enough`` is the probability at which it stops after the first, above 1 for never.
    """

    def __init__(
        self,
        index: SearchIndex,
        network: PassageReader,
        calibration: Calibration,
        enough: float = ENOUGH,
    ) -> None:
        self._index, self._network, self._calibration = index, network, calibration
        self._enough = enough

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Readings best first; the same words in overlapping passages count once."""
        query = understand(question)
        return [self._reading(query, one) for one in _different(self.find(question, hits))]

    def _reading(self, query: Query, found: Found) -> Reading:
        """What was found, with as long an answer as the question wants."""
        passage = found.hit.passage
        inside = (_shifted(found.answer, -passage.start), _shifted(found.quote, -passage.start))
        answer = _shifted(whole_answer(query.expects, passage.text, *inside), passage.start)
        return Reading(
            hit=found.hit,
            start=min(found.quote[0], answer[0]),
            end=max(found.quote[1], answer[1]),
            score=found.score,
            confidence=self._calibration.probability(found.signs),
            covers=found.stems & frozenset(query.stems),
            answer=answer,
        )

    def find(self, question: str, hits: Sequence[Hit]) -> list[Found]:
        """What the network finds in each passage that has a word, best first.

        Later hits are left unread where the first ones hold a sure answer.
        """
        query = understand(question)
        first = self._read(query, hits[:_FIRST])
        found = self._ordered(first)
        if len(hits) <= _FIRST or (found and self._sure(found[0])):
            return found
        return self._ordered([*first, *self._read(query, hits[_FIRST:])])

    def _sure(self, found: Found) -> bool:
        return self._calibration.probability(found.signs) >= self._enough

    def _ordered(self, found: list[Found]) -> list[Found]:
        """By score, with the signs that come from comparing them."""
        scored = [
            replace(one, score=self._calibration.score(one.signs)) for one in _compared(found)
        ]
        return sorted(scored, key=lambda one: (-one.score, one.hit.passage.id))

    def _read(self, query: Query, hits: Sequence[Hit]) -> list[Found]:
        reads = self._network.read(query.text, [hit.passage.text for hit in hits])
        pairs = [
            (hit, whole_words(hit.passage.text, read))
            for hit, read in zip(hits, reads, strict=True)
            if read.end > read.start
        ]
        if not pairs:
            return []
        quotes = [self._quote(hit, read) for hit, read in pairs]
        meanings = self._meanings(
            query, [_text(hit, quote) for (hit, _), quote in zip(pairs, quotes, strict=True)]
        )
        rarity = {term: self._index.words.rarity(term) for term in query.stems}
        return [
            self._found(query, rarity, hit, read, quote, meaning)
            for (hit, read), quote, meaning in zip(pairs, quotes, meanings, strict=True)
        ]

    def _found(
        self,
        query: Query,
        rarity: dict[str, float],
        hit: Hit,
        read: Read,
        quote: Span,
        meaning: float,
    ) -> Found:
        said, around = words(_text(hit, quote)), words(indexed_text(hit.passage))
        held = frozenset(map(stem, said))
        signs = Signs(
            relevance=read.relevance,
            span=read.span,
            fused=hit.score,
            dense=hit.dense,
            meaning=meaning,
            lacks=float(not meets(query.expects, said)),
            words=share(rarity, held),
            around=share(rarity, frozenset(map(stem, around))),
            numbers=float(len(_numbers(words(query.text)) - _numbers(around))),
        )
        return Found(hit, read, quote, held, signs)

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

    def _meanings(self, query: Query, texts: list[str]) -> list[float]:
        """Cosines of the question and each text."""
        asked = self._index.model.embed_queries([query.text])[0]
        different = list(dict.fromkeys(texts))
        vectors = self._index.model.embed_passages(different)
        near = dict(zip(different, np.asarray(vectors @ asked).tolist(), strict=True))
        return [near[text] for text in texts]


def whole_words(text: str, read: Read) -> Read:
    """The reading with both ends moved out to where words end: «للاتحاد», not «اتحاد» alone."""
    start, end = read.start, read.end
    while start > 0 and _in_word(text[start - 1]) and _in_word(text[start]):
        start -= 1
    while end < len(text) and _in_word(text[end]) and _in_word(text[end - 1]):
        end += 1
    return replace(read, start=start, end=end)


def _in_word(char: str) -> bool:
    return char.isalnum() or bool(unicodedata.combining(char)) or char == "ـ"


def _shifted(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by


def _numbers(found: Sequence[str]) -> set[str]:
    return {word for word in found if word[0].isdigit()}


def _text(hit: Hit, span: Span) -> str:
    start = hit.passage.start
    return hit.passage.text[span[0] - start : span[1] - start]


def _compared(found: list[Found]) -> list[Found]:
    """With the signs that come from the other readings: lead and echo."""
    if not found:
        return []
    ranked = sorted((one.read.relevance for one in found), reverse=True)
    second = ranked[1] if len(ranked) > 1 else ranked[0] - _MOST_LEAD
    said = [fold(_text(one.hit, one.answer)) for one in found]

    def lead(relevance: float) -> float:
        other = second if relevance == ranked[0] else ranked[0]
        return max(-_MOST_LEAD, min(_MOST_LEAD, relevance - other))

    def echo(one: Found, words: str) -> float:
        same = (
            1 / (1 + math.exp(-other.read.relevance))
            for other, other_words in zip(found, said, strict=True)
            if other_words == words and not _overlap(one, other)
        )
        return max(same, default=0.0)

    return [
        replace(one, signs=replace(one.signs, lead=lead(one.read.relevance), echo=echo(one, words)))
        for one, words in zip(found, said, strict=True)
    ]


def _overlap(one: Found, other: Found) -> bool:
    """Whether both answers are the same words of the same document, or share some."""
    return (
        other.hit.passage.document_id == one.hit.passage.document_id
        and other.answer[0] < one.answer[1]
        and one.answer[0] < other.answer[1]
    )


def _different(found: Sequence[Found]) -> list[Found]:
    """Without readings whose answer overlaps that of a better one in the same document."""
    kept: list[Found] = []
    for one in found:
        if not any(_overlap(one, other) for other in kept):
            kept.append(one)
    return kept
