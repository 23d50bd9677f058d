"""Have answers worded by a language model, and judge every sentence that it wrote."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.normalise import fold
from evals.datasets import Question
from evals.dialogues import asked_of
from evals.judge import Verdict, bears_out, verified
from index.hit import Hit
from index.search import SearchIndex
from qa.answer import Answer, Citation, Exchange, Sentence
from qa.draft import drafted
from qa.generator import Generator, Message, never
from qa.pipeline import Pipeline
from qa.reader import Reader
from qa.support import Lack, SupportCheck
from qa.writer import passages_for


class Tap:
    """The same generator; ``raw`` is what it wrote since the last ``write`` began."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self.raw = ""

    @property
    def name(self) -> str:
        """What the generator is called."""
        return self._generator.name

    def prepare(self) -> None:
        """As the generator does."""
        self._generator.prepare()

    def write(
        self, messages: Sequence[Message], stopped: Callable[[], bool] = never
    ) -> Iterator[str]:
        """As the generator does."""
        self.raw = ""
        for piece in self._generator.write(messages, stopped):
            self.raw += piece
            yield piece


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence that was shown, and what the judge says.

    ``true`` is how many of its ``citations`` stand in the raw text; ``useful`` holds 1 for each
    citation that bears it out or without which the others do not, else 0 (as ALCE counts; Gao and
    others 2023).
    """

    text: str
    citations: tuple[Citation, ...]
    verdict: Verdict
    true: int
    useful: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """A sentence that the model wrote and nobody saw, and what it lacked.

    ``hit`` is the passage that it was held against here: the first that it names, else the first.
    """

    text: str
    lack: Lack | None
    hit: Hit | None


@dataclass(frozen=True, slots=True)
class Worded:
    """One answer with what became of it: ``short`` is the extractive one.

    ``first`` is the seconds until the first sentence stood there, None without one; ``whole`` those
    until the end.
    """

    question: Question
    short: Answer
    answer: Answer
    raw: str
    shown: tuple[Judged, ...]
    removed: tuple[Removed, ...]
    first: float | None
    whole: float

    @property
    def text(self) -> str:
        """The sentences shown."""
        return " ".join(one.text for one in self.shown)


@dataclass(frozen=True, slots=True)
class Bench:
    """Texts and a reader to ask, whatever model words the answers."""

    index: SearchIndex
    reader: Reader
    threshold: float
    candidates: int

    def word(
        self, questions: Iterable[Question], generator: Generator, wanted: int | None = None
    ) -> Iterator[Worded]:
        """Ask each question after its history, and have what is answered worded.

        Until ``wanted`` answers were worded, however well; None takes all.
        """
        tap = Tap(generator)
        pipeline = Pipeline(
            lambda: self.index,
            lambda _: self.reader,
            self.threshold,
            self.candidates,
            generator=tap,
        )
        check = SupportCheck(self.reader, self.index.document)
        done = 0
        for question in questions:
            if done == wanted:
                return
            before: list[Exchange] = []
            for earlier in question.history:
                before.append(asked_of(pipeline)(earlier, before))
            short = pipeline.ask(question.text, history=before)
            if short.abstained:
                continue
            done += 1
            answer, first, whole = _timed(pipeline, short)
            shown = tuple(judged(one, answer, pipeline) for one in _sentences(answer))
            removed = tuple(_removed(tap.raw, shown, short, self._hits(short), check))
            yield Worded(question, short, answer, tap.raw, shown, removed, first, whole)

    def _hits(self, answer: Answer) -> list[Hit]:
        def hit_of(citation: Citation) -> Hit:
            passage = self.index.passage(citation.passage_id)
            return Hit(passage, citation.source, score=0.0, dense=0.0, lexical=0.0)

        return passages_for(answer, hit_of)


def _timed(pipeline: Pipeline, short: Answer) -> tuple[Answer, float | None, float]:
    start = time.perf_counter()
    first, last = None, short
    for last in pipeline.write(short):
        if first is None and _sentences(last):
            first = time.perf_counter() - start
    return last, first, time.perf_counter() - start


def _sentences(answer: Answer) -> tuple[Sentence, ...]:
    return answer.written.sentences if answer.written else ()


def judged(sentence: Sentence, answer: Answer, pipeline: Pipeline) -> Judged:
    """Judge one sentence of ``answer`` by the quotes that it cites, in the raw texts."""
    numbers = set(sentence.citations)
    citations = tuple(c for c in answer.citations if c.number in numbers)
    true = [c for c in citations if verified(c, pipeline.context(c.passage_id).document)]

    def borne(some: Sequence[Citation]) -> Verdict:
        heading = " ".join(dict.fromkeys(c.heading for c in some))
        return bears_out(sentence.text, [c.quote for c in some], heading, answer.query)

    verdict = borne(true)
    if not numbers or len(true) < len(numbers):
        verdict = Verdict(False, "citation")
    useful = [
        float(
            verdict.borne_out
            and (
                borne([one]).borne_out
                or not borne([c for c in citations if c is not one]).borne_out
            )
        )
        for one in citations
    ]
    return Judged(sentence.text, citations, verdict, len(true), tuple(useful))


def _removed(
    raw: str, shown: Sequence[Judged], answer: Answer, hits: Sequence[Hit], check: SupportCheck
) -> Iterator[Removed]:
    """The other sentences of a draft, each once."""
    met = {fold(one.text) for one in shown}
    for one in drafted([raw]):
        if fold(one.text) in met:
            continue
        met.add(fold(one.text))
        named = [hits[number - 1] for number in one.cited if 1 <= number <= len(hits)]
        hit = next(iter([*named, *hits]), None)
        lack = check.check(one.text, answer.query, hit).lack if hit else None
        yield Removed(one.text, lack, hit)
