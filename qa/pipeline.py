"""Question in, answer with verified citations out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Lock

from corpus.document import Document
from index.hit import Hit
from index.search import Rows, SearchIndex
from qa.answer import Answer, Citation, Exchange
from qa.choosing import choose, text_of, together
from qa.citations import cite
from qa.context import Context, Summary
from qa.dialogue import standalone
from qa.examples import examples_for
from qa.generator import Generator, never
from qa.original import unchanged_bytes
from qa.parts import parts_of
from qa.question import check_question
from qa.reader import Reader, Reading
from qa.rewriting import Rewriter
from qa.suggestions import confirmed, suggested
from qa.support import SupportCheck
from qa.writer import Writer, passages_for

CANDIDATES = 10
"""Passages that the reader is given."""

_SHOWN_HITS = 5


class Pipeline:
    """Search, read, cite, or abstain. ``index`` is called for each question, so that it may follow
    a rebuild; ``reader`` makes the reader for the index that it is given; ``generator`` words
    answers where there is one, and ``rewriter`` takes the place of the rules for questions.
    """

    def __init__(
        self,
        index: Callable[[], SearchIndex],
        reader: Callable[[SearchIndex], Reader],
        threshold: float,
        candidates: int = CANDIDATES,
        moods: Mapping[str, float] | None = None,
        generator: Generator | None = None,
        rewriter: Rewriter | None = None,
    ) -> None:
        self._open = index
        self._make_reader = reader
        self._threshold = threshold
        self._candidates = candidates
        self._moods = moods or {}
        self._generator = generator
        self._standalone = rewriter.standalone if rewriter else standalone
        self._parts_of = rewriter.parts if rewriter else parts_of
        self._reader: tuple[SearchIndex, Reader] | None = None
        self._examples: tuple[SearchIndex, tuple[str, ...]] | None = None
        self._examples_lock = Lock()

    def ask(
        self,
        question: str,
        among: Rows | None = None,
        history: Sequence[Exchange] = (),
        mood: str | None = None,
    ) -> Answer:
        """Answer ``question``, or abstain with the nearest passages.

        A question that leans on those before it, in ``history``, is made to stand alone first. One
        for several things is answered part by part, as far as the texts go. ``among`` are the rows
        of the only passages to look in; None looks in all. ``mood`` says how sure an answer must
        be, where not as the settings say. Raises DalilError when the question is empty or over
        ``MAX_QUESTION`` characters.
        """
        checked = check_question(question)
        if self._generator:
            self._generator.prepare()
        query = self._standalone(checked, history)
        index = self._open()
        hits = index.search(query, self._candidates, among=among)
        reader = self._reader_for(index)
        threshold = self._moods.get(mood or "", self._threshold)
        chosen: list[Reading] = []
        order: list[Reading] = []
        for part in self._parts_of(query):
            several = [reader.read(asked, hits) for asked in part]
            found = _choose(part, several, threshold)
            chosen += [one for one in found if one not in chosen]
            order = sorted([*order, *several[0]], key=lambda one: -one.score)
        citations = cite(chosen, index.document)
        return Answer(
            question=question,
            query=query,
            text=text_of(chosen) if citations else "",
            abstained=not citations,
            confidence=_surest([*chosen, *order]),
            citations=tuple(citations),
            hits=tuple(_distinct(_ranked(hits, order))[:_SHOWN_HITS]),
        )

    @property
    def writes(self) -> bool:
        """Whether a language model words answers."""
        return self._generator is not None

    def write(self, answer: Answer, stopped: Callable[[], bool] = never) -> Iterator[Answer]:
        """``answer`` with more and more of what the language model writes.

        Each sentence comes once its citations are verified and bear it out; the last answer's
        ``written`` is no longer "writing". Nothing where ``answer`` abstains or no model is set.
        Raises DalilError when a passage of it is gone, and nothing for what the model does.
        """
        if self._generator is None or answer.abstained:
            return
        index = self._open()

        def hit_of(citation: Citation) -> Hit:
            passage = index.passage(citation.passage_id)
            return Hit(passage, citation.source, score=0.0, dense=0.0, lexical=0.0)

        check = SupportCheck(self._reader_for(index), index.document)
        writer = Writer(self._generator, check, index.document)
        yield from writer.write(answer, passages_for(answer, hit_of), stopped)

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

    def original(self, document_id: str) -> bytes | None:
        """The bytes of a file that the document was read from, while a file still holds them.

        At most ``corpus.readers.MAX_FILE_BYTES``. None when each such file is gone or has changed:
        it would prove nothing.
        """
        files = self._open().generation.store.files_of(document_id)
        return next(filter(None, map(unchanged_bytes, files)), None)

    def describe(self) -> Summary:
        """What the index holds."""
        index = self._open()
        return Summary(
            documents=index.generation.manifest.documents,
            passages=index.generation.manifest.passages,
            titles=tuple(d.title or d.source for d in self._documents(index)),
        )

    def examples(self, wait: bool = True) -> tuple[str, ...]:
        """Questions that the texts answer, to begin with; worked out once for each generation.

        That takes some questions' time. Where they are not ready, ``wait=False`` gives none at once
        and leaves the work to a call that waits.
        """
        if not wait and self._examples is None:
            return ()
        index = self._open()
        if not wait:
            return self._remembered(index) or ()
        with self._examples_lock:
            found = self._remembered(index)
            if found is None:
                found = self._find_examples(index)
                self._examples = (index, found)
            return found

    def _remembered(self, index: SearchIndex) -> tuple[str, ...] | None:
        kept = self._examples
        return kept[1] if kept is not None and kept[0] is index else None

    def _find_examples(self, index: SearchIndex) -> tuple[str, ...]:
        bundled = examples_for(document.source for document in self._documents(index))
        return bundled or confirmed(suggested(self._documents(index)), self.ask)

    def _documents(self, index: SearchIndex) -> Iterator[Document]:
        return (index.document(i) for i in index.generation.store.document_ids()[:200])

    def _reader_for(self, index: SearchIndex) -> Reader:
        kept = self._reader  # read once: another thread may put that of another generation there
        if kept is None or kept[0] is not index:
            kept = self._reader = (index, self._make_reader(index))
        return kept[1]


def _choose(
    part: Sequence[str], several: Sequence[Sequence[Reading]], threshold: float
) -> list[Reading]:
    """What answers one part: the best readings, or what one passage says to all it asks."""
    if len(part) == 1:
        return choose(part[0], several[0], threshold)
    found = together(several)
    return found if _surest(found) >= threshold else []


def _surest(readings: Sequence[Reading]) -> float:
    return readings[0].confidence if readings else 0.0


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
