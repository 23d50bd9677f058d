"""What other spellings and an absent answer do to a set that has neither."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from evals.collections import Collection
from evals.measures import Measured, auroc, balanced_accuracy, difference, mean
from evals.outcomes import System, Track, rank_all
from evals.spelling import VARIANTS


@dataclass(frozen=True, slots=True)
class Drop:
    """nDCG@10 of the questions that a spelling changes: as they were, changed, and the change."""

    name: str
    before: Measured
    after: Measured
    change: Measured
    p: float


def spellings(collection: Collection, track: Track) -> Iterator[Drop]:
    """Each variant of spelling against the questions as they are."""
    searched = rank_all(collection, collection.index.search, track)
    for name, variant in VARIANTS.items():
        changed = tuple(
            replace(question, text=text)
            for question in collection.dataset.questions
            if question.id in searched and (text := variant(question.text)) != question.text
        )
        if changed:
            collection.index.model.embed_queries([question.text for question in changed])
            other = replace(collection, dataset=replace(collection.dataset, questions=changed))
            found = rank_all(other, other.index.search, track)
            before = [searched[question.id]["ndcg@10"] for question in changed]
            after = [found[question.id]["ndcg@10"] for question in changed]
            yield Drop(name, mean(before), mean(after), *difference(before, after))


def without_gold(collection: Collection, system: System, track: Track) -> list[float]:
    """Confidence when a question's answering text alone is taken away and its neighbours are kept,
    for every question that has an answer.
    """
    pipeline = system.pipeline(collection.index)
    return [
        pipeline.ask(question.text, among=collection.other_rows(question)).confidence
        for question in track(collection.dataset.questions, "asking without the answer")
        if question.answers and len(collection.gold_rows(question))
    ]


def abstention(present: list[float], absent: list[float], threshold: float) -> dict[str, Measured]:
    """Measures of telling questions with an answer from those without; empty when a kind lacks.

    ``coverage`` is the share of the first that are answered, ``false_answer_rate`` of the second.
    """
    if not present or not absent:
        return {}
    answered = [float(confidence >= threshold) for confidence in present]
    false = [float(confidence >= threshold) for confidence in absent]
    return {
        "auroc": auroc(present, absent),
        "balanced_accuracy": balanced_accuracy(answered, false),
        "coverage": mean(answered),
        "false_answer_rate": mean(false),
    }
