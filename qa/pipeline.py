"""Question in, answer with verified citations out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus.document import Document
from corpus.normalise import fold
from index.hit import Hit
from index.search import Rows, SearchIndex
from qa.answer import Answer
from qa.citations import cite
from qa.context import Context, Summary
from qa.examples import examples_for
from qa.parts import parts_of
from qa.question import check_question, understand
from qa.reader import Reader, Reading

CANDIDATES = 10
"""Passages that the reader is given."""

_SHOWN_HITS = 5
_MAX_CITATIONS = 3
# A further sentence must be nearly as probable as the first, and say what the first does not.
_FURTHER_CONFIDENCE = 0.6


class Pipeline:
    """Search, read, cite, or abstain. ``index`` is called for each question, so that it may follow
    a rebuild; ``reader`` makes the reader for the index that it is given.
    """

    def __init__(
        self,
        index: Callable[[], SearchIndex],
        reader: Callable[[SearchIndex], Reader],
        threshold: float,
        candidates: int = CANDIDATES,
    ) -> None:
        self._open = index
        self._make_reader = reader
        self._threshold = threshold
        self._candidates = candidates
        self._reader: tuple[SearchIndex, Reader] | None = None

    def ask(self, question: str, among: Rows | None = None) -> Answer:
        """Answer ``question``, or abstain with the nearest passages.

        A question for several things is answered part by part, as far as the texts go. ``among``
        are the rows of the only passages to look in; None looks in all. Raises DalilError when the
        question is empty or over ``MAX_QUESTION`` characters.
        """
        query = check_question(question)
        index = self._open()
        hits = index.search(query, self._candidates, among=among)
        chosen: list[Reading] = []
        confidences: list[float] = []
        for part in parts_of(query):
            readings = self._reader_for(index).read(part, hits)
            found = self._choose(part, readings)
            chosen += [one for one in found if one not in chosen]
            confidences.append(readings[0].confidence if readings else 0.0)
        citations = cite(chosen, index.document)
        return Answer(
            question=question,
            query=query,
            text=_text(chosen) if citations else "",
            abstained=not citations,
            confidence=max(confidences),
            citations=tuple(citations),
            hits=tuple(_distinct(_ranked(hits, readings))[:_SHOWN_HITS]),
        )

    def search(self, query: str, limit: int, among: Rows | None = None) -> list[Hit]:
        """The ``limit`` best passages, the first of them in the reader's order."""
        index = self._open()
        hits = index.search(query, max(limit, self._candidates), among=among)
        read = hits[: self._candidates]
        ranked = _ranked(read, self._reader_for(index).read(query, read))
        return [*ranked, *hits[self._candidates :]][:limit]

    def context(self, passage_id: str, around: int = 1) -> Context:
        """A passage with its neighbours and its document; raises DalilError when it is gone."""
        index = self._open()
        passage = index.passage(passage_id)
        siblings = index.passages_of(passage.document_id)
        first = max(0, passage.position - around)
        near = tuple(siblings[first : passage.position + around + 1])
        return Context(index.document(passage.document_id), near)

    def describe(self) -> Summary:
        """What the index holds."""
        index = self._open()
        return Summary(
            documents=index.generation.manifest.documents,
            passages=index.generation.manifest.passages,
            titles=tuple(d.title or d.source for d in self._documents(index)),
        )

    def examples(self) -> tuple[str, ...]:
        """Questions that the texts answer, to begin with."""
        return examples_for([document.source for document in self._documents(self._open())])

    def _documents(self, index: SearchIndex) -> list[Document]:
        return [index.document(i) for i in index.generation.store.document_ids()[:200]]

    def _reader_for(self, index: SearchIndex) -> Reader:
        if self._reader is None or self._reader[0] is not index:
            self._reader = (index, self._make_reader(index))
        return self._reader[1]

    def _choose(self, query: str, readings: Sequence[Reading]) -> list[Reading]:
        """The best reading, those that say the same elsewhere, and those that hold what the
        question names and it does not.
        """
        if not readings or readings[0].confidence < self._threshold:
            return []
        chosen = [readings[0]]
        said = _short(readings[0])
        missing = set(understand(query).stems) - readings[0].covers
        least = max(self._threshold, _FURTHER_CONFIDENCE * readings[0].confidence)
        for reading in readings[1:]:
            if len(chosen) == _MAX_CITATIONS:
                break
            same = reading.answer is not None and _short(reading) == said
            adds = reading.answer is None and bool(reading.covers & missing)
            if reading.confidence >= least and (same or adds):
                chosen.append(reading)
                missing -= reading.covers
        return chosen


def _span(reading: Reading) -> tuple[int, int]:
    return reading.answer or (reading.start, reading.end)


def _words(reading: Reading) -> str:
    """The reading's short answer, or its quote, as it stands in the passage."""
    start, end = _span(reading)
    first = reading.hit.passage.start
    return " ".join(reading.hit.passage.text[start - first : end - first].split())


def _short(reading: Reading) -> str:
    return fold(_words(reading))


def _text(chosen: Sequence[Reading]) -> str:
    """Each different short answer on a line of its own, the best first."""
    different: dict[str, str] = {}
    for reading in chosen:
        different.setdefault(_short(reading), _words(reading))
    return "\n".join(different.values())


def _ranked(hits: Sequence[Hit], readings: Sequence[Reading]) -> list[Hit]:
    """Hits in the order of their best readings, then those without one."""
    order = list(dict.fromkeys([reading.hit for reading in readings]))
    return [*order, *(hit for hit in hits if hit not in order)]


def _distinct(hits: Sequence[Hit]) -> list[Hit]:
    """Hits without those that overlap a better one."""
    kept: list[Hit] = []
    for hit in hits:
        p = hit.passage
        if not any(
            k.passage.document_id == p.document_id
            and k.passage.start < p.end
            and p.start < k.passage.end
            for k in kept
        ):
            kept.append(hit)
    return kept
