"""An answer worded by a language model, of which only what the texts bear out is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from corpus.normalise import fold
from index.hit import Hit
from qa.answer import Answer, Citation, Sentence, Written
from qa.citations import cite
from qa.draft import Drafted, drafted
from qa.generator import Generator, GeneratorError, never
from qa.prompting import numbered, plain, prompt
from qa.reader import Reading
from qa.support import SupportCheck

if TYPE_CHECKING:
    from collections.abc import Generator as Stream

    from corpus.document import Document

MAX_PASSAGES = 3
"""Passages that the model is given: those that are cited, and the nearest."""
_MOST_CITED = 2


class _Stopped(Exception):  # noqa: N818
    """The model was stopped, and its last sentence with it."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Lets ``generator`` write, and ``check`` what it writes; ``document`` gives the raw texts."""

    generator: Generator
    check: SupportCheck
    document: Callable[[str], Document]

    def write(
        self, answer: Answer, hits: Sequence[Hit], stopped: Callable[[], bool] = never
    ) -> Iterator[Answer]:
        """``answer`` with more and more of what the model writes from ``hits``.

        A sentence comes only with citations that bear it out, whatever passages the model named:
        those it named are tried first. Ends with a state other than "writing", and raises nothing
        for what the model does.
        """
        yield (answer := replace(answer, written=Written()))
        messages = prompt(
            "answer",
            {
                "passages": numbered([hit.passage.text for hit in hits]),
                "question": plain(answer.query),
                "short": plain("؛ ".join(answer.text.split("\n"))),
            },
        )
        try:
            # It has a close(), which its protocol need not know.
            pieces = cast("Stream[str]", self.generator.write(messages, stopped))
            with closing(pieces):
                for sentence in drafted(_unless(stopped, pieces)):
                    changed = self._with(answer, sentence, hits)
                    if changed is not answer:
                        yield (answer := changed)
            state = _now(answer, state="done")
        except _Stopped:
            state = _now(answer, state="stopped")
        except GeneratorError as error:
            said = f"{error.message} {error.hint}".strip()
            state = _now(answer, state="failed", trouble=said, trouble_arabic=error.arabic)
        yield replace(answer, written=state)

    def _with(self, answer: Answer, sentence: Drafted, hits: Sequence[Hit]) -> Answer:
        """``answer`` with ``sentence`` if it is borne out and new."""
        written = _now(answer)
        if fold(sentence.text) in {fold(one.text) for one in written.sentences}:
            return answer
        numbers: list[int] = []
        citations = list(answer.citations)
        for citation in self._borne_out(sentence, answer.query, hits):
            numbers.append(_number_in(citations, citation))
        if not numbers:
            return replace(answer, written=replace(written, removed=written.removed + 1))
        borne = Sentence(sentence.text, tuple(dict.fromkeys(numbers)))
        sentences = (*written.sentences, borne)
        return replace(
            answer, citations=tuple(citations), written=replace(written, sentences=sentences)
        )

    def _borne_out(self, sentence: Drafted, question: str, hits: Sequence[Hit]) -> list[Citation]:
        """Verified citations for the sentence: of the passages that it names, else of any other."""
        named = [hits[number - 1] for number in sentence.cited if 1 <= number <= len(hits)]
        found = [c for hit in named for c in self._citation(sentence.text, question, hit)]
        if found:
            return found[:_MOST_CITED]
        others = (hit for hit in hits if hit not in named)
        return next(
            (c for hit in others if (c := self._citation(sentence.text, question, hit))), []
        )

    def _citation(self, sentence: str, question: str, hit: Hit) -> list[Citation]:
        support = self.check.check(sentence, question, hit)
        if support.place is None:
            return []
        start, end = support.place
        return cite([Reading(hit, start, end, score=0.0, confidence=0.0)], self.document)


def _unless(stopped: Callable[[], bool], pieces: Iterator[str]) -> Iterator[str]:
    yield from pieces
    if stopped():
        raise _Stopped


def _number_in(citations: list[Citation], new: Citation) -> int:
    """The number of the citation that holds ``new``; it is put at the end where none does."""
    for known in citations:
        if known.document_id == new.document_id and known.start <= new.start < new.end <= known.end:
            return known.number
    citations.append(replace(new, number=len(citations) + 1))
    return citations[-1].number


def _now(answer: Answer, **changes: object) -> Written:
    return replace(answer.written or Written(), **changes)  # type: ignore[arg-type]


def passages_for(answer: Answer, hit_of: Callable[[Citation], Hit]) -> list[Hit]:
    """The passages that the model is given: those cited, then the nearest, each once."""
    known = {hit.passage.id: hit for hit in answer.hits}
    cited = [known.get(c.passage_id) or hit_of(c) for c in answer.citations]
    every = {hit.passage.id: hit for hit in [*cited, *answer.hits]}
    return list(every.values())[: max(MAX_PASSAGES, len({hit.passage.id for hit in cited}))]
