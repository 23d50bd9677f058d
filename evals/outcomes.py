"""Ask every question of a set, and judge each answer against the gold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from evals.collections import Collection, named
from evals.datasets import Question
from evals.measures import ranking
from evals.overlap import arabic_tokens, contains, exact_match, squad_tokens, token_f1
from index.hit import Hit
from index.search import SearchIndex
from qa.answer import Answer, Citation
from qa.pipeline import Pipeline
from qa.reader import Reader

# Enough passages to name ten different contexts, though some are cut in several passages.
DEPTH = 30
_SHOWN = 5

Track = Callable[[Iterable[Question], str], Iterator[Question]]
"""Passes questions on and shows a person how far it is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    ``scores`` are in 0..1 by ``section.measure``; a measure that does not apply is absent.
    ``confidence`` is known for abstentions too. ``expected`` is empty when the texts do not say.
    ``question`` is what was searched for; ``typed`` is what a person typed, after the questions
    before it. Later runs are paired with this one by the latter, which no rule changes.
    """

    id: str
    question: str
    expected: tuple[str, ...]
    groups: dict[str, str]
    answered: bool
    confidence: float
    answer: str
    quotes: tuple[str, ...]
    retrieved: tuple[str, ...]
    scores: dict[str, float] = field(default_factory=dict)
    typed: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the texts hold an answer."""
        return bool(self.expected)


@dataclass(frozen=True, slots=True)
class System:
    """What is judged: ``reader`` makes the reader for an index; ``threshold`` is the pipeline's."""

    reader: Callable[[SearchIndex], Reader]
    threshold: float
    candidates: int

    def pipeline(self, index: SearchIndex, threshold: float | None = None) -> Pipeline:
        """The pipeline on ``index``, as people use it unless ``threshold`` says otherwise."""
        least = self.threshold if threshold is None else threshold
        return Pipeline(lambda: index, self.reader, least, self.candidates)


def judge(collection: Collection, system: System, track: Track) -> list[Outcome]:
    """Every question, asked as it is and, where it has an answer, of the gold passage alone."""
    collection.index.model.embed_queries([q.text for q in collection.dataset.questions])
    pipeline = system.pipeline(collection.index)
    forced = system.pipeline(collection.index, threshold=0.0)
    outcomes = []
    for question in track(collection.dataset.questions, "answering"):
        outcome = _judged(question, pipeline.ask(question.text))
        gold = collection.gold_rows(question) if question.answers else None
        if gold is not None and len(gold):
            read = forced.ask(question.text, among=gold)
            outcome.scores.update(_reader_scores(read.text, question))
        outcomes.append(outcome)
    return _with_retrieval(collection, outcomes, pipeline.search, track)


def _judged(question: Question, answer: Answer) -> Outcome:
    scores = _end_to_end(question, answer) if question.answers else {}
    return Outcome(
        id=question.id,
        question=question.text,
        expected=question.answers,
        groups={
            name: value for name in ("type", "kind", "style") if (value := getattr(question, name))
        },
        answered=not answer.abstained,
        confidence=answer.confidence,
        answer=answer.text,
        quotes=tuple(citation.quote for citation in answer.citations),
        retrieved=tuple(_line(hit) for hit in answer.hits[:_SHOWN]),
        scores=scores,
        typed=question.talk,
    )


def _line(hit: Hit) -> str:
    start = " ".join(hit.passage.text[:200].split())
    return f"{named(hit.source)} ({hit.score:.2f}): {start}"


def _reader_scores(text: str, question: Question) -> dict[str, float]:
    golds = question.answers
    return {
        "reader.em": exact_match(text, golds, arabic_tokens),
        "reader.f1": token_f1(text, golds, arabic_tokens),
        "reader.em_raw": exact_match(text, golds, squad_tokens),
        "reader.f1_raw": token_f1(text, golds, squad_tokens),
    }


def _end_to_end(question: Question, answer: Answer) -> dict[str, float]:
    cited = answer.citations
    return {
        "end_to_end.em": exact_match(answer.text, question.answers, arabic_tokens) if cited else 0,
        "end_to_end.f1": token_f1(answer.text, question.answers, arabic_tokens) if cited else 0,
        "end_to_end.answer_in_quote": float(_proved(question, cited)),
        "end_to_end.cited_first": float(bool(cited) and _lies_in_gold(question, cited[0])),
    }


def _proved(question: Question, cited: tuple[Citation, ...]) -> bool:
    """Whether the quotes hold the answer: all its parts, where it has several."""
    if question.needs_all:
        return all(
            any(r.meets(named(c.source), c.start, c.end) for c in cited) for r in question.regions
        )
    return any(contains(citation.quote, question.answers) for citation in cited)


def _lies_in_gold(question: Question, citation: Citation) -> bool:
    if not question.regions:
        return contains(citation.quote, question.answers)
    source = named(citation.source)
    return any(r.meets(source, citation.start, citation.end) for r in question.regions)


def _with_retrieval(
    collection: Collection,
    outcomes: list[Outcome],
    search: Callable[[str, int], list[Hit]],
    track: Track,
) -> list[Outcome]:
    scores = rank_all(collection, search, track)
    return [
        replace(
            outcome,
            scores={f"retrieval.{k}": v for k, v in scores.get(outcome.id, {}).items()}
            | outcome.scores,
        )
        for outcome in outcomes
    ]


def rank_all(
    collection: Collection, search: Callable[[str, int], list[Hit]], track: Track
) -> dict[str, dict[str, float]]:
    """Ranking measures of a search, for each question that has an answer somewhere."""
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for question in track(collection.dataset.questions, "ranking"):
        relevant = collection.relevant(question)
        if question.answers and relevant:
            qrels[question.id] = dict.fromkeys(relevant, 1)
            run[question.id] = by_unit(collection, search(question.text, DEPTH))
    return ranking(qrels, run) if qrels else {}


def by_unit(collection: Collection, hits: list[Hit]) -> dict[str, float]:
    """Falling scores by unit: a unit ranks where its best passage does."""
    units = dict.fromkeys(collection.unit(hit) for hit in hits)
    return {unit: -float(place) for place, unit in enumerate(units)}
