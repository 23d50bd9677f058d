"""Question in, answer with verified citations out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus.document import Document
from index.hit import Hit
from index.search import Rows, SearchIndex
from qa.answer import Answer
from qa.citations import cite
from qa.context import Context, Summary
from qa.examples import examples_for
from qa.question import check_question, understand
from qa.reader import Reader, Reading

THRESHOLD = 0.2
"""Answers less probable than this become abstentions; ``python -m evals.fit_sentence_reader``."""

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
        threshold: float = THRESHOLD,
        candidates: int = 10,
    ) -> None:
        self._open = index
        self._make_reader = reader
        self._threshold = threshold
        self._candidates = candidates
        self._reader: tuple[SearchIndex, Reader] | None = None

    def ask(self, question: str, among: Rows | None = None) -> Answer:
        """Answer ``question``, or abstain with the nearest passages.

        ``among`` are the rows of the only passages to look in; None looks in all. Raises DalilError
        when the question is empty or over ``MAX_QUESTION`` characters.
        """
        query = check_question(question)
        index = self._open()
        hits = index.search(query, self._candidates, among=among)
        readings = self._reader_for(index).read(query, hits)
        chosen = self._choose(query, readings)
        citations = cite(chosen, index.document)
        confidence = readings[0].confidence if readings else 0.0
        return Answer(
            question=question,
            query=query,
            text="\n".join(" ".join(citation.quote.split()) for citation in citations),
            abstained=not citations,
            confidence=confidence,
            citations=tuple(citations),
            hits=tuple(_distinct(hits)[:_SHOWN_HITS]),
        )

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
        """The best reading, and those that hold what the question names and it does not."""
        if not readings or readings[0].confidence < self._threshold:
            return []
        chosen = [readings[0]]
        missing = set(understand(query).stems) - readings[0].covers
        least = max(self._threshold, _FURTHER_CONFIDENCE * readings[0].confidence)
        for reading in readings[1:]:
            if len(chosen) == _MAX_CITATIONS or not missing:
                break
            if reading.confidence >= least and reading.covers & missing:
                chosen.append(reading)
                missing -= reading.covers
        return chosen


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
