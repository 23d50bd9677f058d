"""Figures of a reader: on the gold passage, as a re-ranker, and where the answer is absent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evals.collections import context_of
from evals.datasets import Dataset, Question
from evals.measures import Measured, mean
from evals.overlap import arabic_tokens, exact_match, squad_tokens, token_f1
from index.search import SearchIndex
from qa.reader import PassageReader


@dataclass(frozen=True, slots=True)
class Match:
    """How a predicted answer agrees with the best of the accepted ones, each in 0..1.

    ``f1`` and ``exact`` compare folded Arabic words; the raw ones follow the SQuAD 1.1 script.
    """

    f1: float
    exact: float
    raw_f1: float
    raw_exact: float


def match(predicted: str, accepted: Sequence[str]) -> Match:
    """Agreement of words, best over the accepted answers for each measure."""
    return Match(
        f1=token_f1(predicted, accepted, arabic_tokens),
        exact=exact_match(predicted, accepted, arabic_tokens),
        raw_f1=token_f1(predicted, accepted, squad_tokens),
        raw_exact=exact_match(predicted, accepted, squad_tokens),
    )


def gold_matches(
    model: PassageReader, dataset: Dataset, questions: Sequence[Question]
) -> Iterator[Match]:
    """The reader's answer in each question's own paragraph against the accepted ones."""
    for question in questions:
        context = dataset.contexts[question.context]
        (read,) = model.read(question.text, [context])
        yield match(context[read.start : read.end], question.answers)


def gold_figures(matches: Sequence[Match]) -> dict[str, Measured]:
    """Means with 95% intervals."""
    return {
        "F1": mean([m.f1 for m in matches]),
        "EM": mean([m.exact for m in matches]),
        "raw F1": mean([m.raw_f1 for m in matches]),
        "raw EM": mean([m.raw_exact for m in matches]),
    }


@dataclass(frozen=True, slots=True)
class Judged:
    """A question's candidates, best fused score first: paragraphs, fused scores, relevance."""

    question: Question
    contexts: tuple[int, ...]
    fused: tuple[float, ...]
    relevance: tuple[float, ...]


def judge(
    model: PassageReader, index: SearchIndex, questions: Sequence[Question], depth: int
) -> Iterator[Judged]:
    """Relevance of the ``depth`` best passages of each question."""
    for question in questions:
        hits = index.search(question.text, depth)
        reads = model.read(question.text, [hit.passage.text for hit in hits])
        yield Judged(
            question,
            tuple(context_of(hit.source) for hit in hits),
            tuple(hit.score for hit in hits),
            tuple(read.relevance for read in reads),
        )


def rerank_figures(judged: Sequence[Judged], fused_weight: float) -> dict[str, Measured]:
    """Ranking measures by relevance plus ``fused_weight`` times the fused score.

    A paragraph ranks where its best passage does. An infinite weight gives the search as it is.
    """
    gains: list[float] = []
    firsts: list[float] = []
    for one in judged:
        scores: dict[int, float] = {}
        for context, fused, relevance in zip(one.contexts, one.fused, one.relevance, strict=True):
            mixed = fused if np.isinf(fused_weight) else relevance + fused_weight * fused
            scores[context] = max(mixed, scores.get(context, -np.inf))
        own = scores.get(one.question.context)
        rank = 11 if own is None else 1 + sum(score > own for score in scores.values())
        gains.append(1 / np.log2(1 + rank) if rank <= 10 else 0.0)
        firsts.append(float(rank == 1))
    return {"nDCG@10": mean(gains), "hit@1": mean(firsts)}


def near_scope_auroc(judged: Sequence[Judged], read: int = 10) -> Measured:
    """How well the highest relevance tells the answer's presence from its absence.

    Each question counts twice: over its best ``read`` passages, and over the best ``read`` with its
    paragraph taken away and the rest of the article left. The interval is a percentile bootstrap
    over questions.
    """
    present = np.array([max(one.relevance[:read]) for one in judged])
    absent = np.array([_highest_without(one, read) for one in judged])
    draws = np.random.default_rng(0).integers(0, len(judged), (300, len(judged)))
    low, high = np.percentile([_auroc(present[d], absent[d]) for d in draws], [2.5, 97.5])
    return Measured(_auroc(present, absent), float(low), float(high), len(judged))


def _highest_without(one: Judged, read: int) -> float:
    kept = [
        relevance
        for context, relevance in zip(one.contexts, one.relevance, strict=True)
        if context != one.question.context
    ]
    return max(kept[:read])


def _auroc(
    positive: np.typing.NDArray[np.float64], negative: np.typing.NDArray[np.float64]
) -> float:
    from sklearn.metrics import roc_auc_score

    labels = np.r_[np.ones(len(positive)), np.zeros(len(negative))]
    return float(roc_auc_score(labels, np.r_[positive, negative]))
