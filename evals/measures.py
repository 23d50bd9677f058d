"""Means, ranking and abstention measures with bootstrap intervals, and paired differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RANKING = {"nDCG@10": "ndcg@10", "Success@1": "hit@1", "Success@5": "hit@5", "RR@10": "mrr@10"}
"""Measures as `ir_measures` names them, and as our reports do."""
_RESAMPLES = 1_000
_FLIPS = 2_000


@dataclass(frozen=True, slots=True)
class Measured:
    """A mean over ``n`` questions in 0..1 with its 95% bootstrap interval."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} [{100 * self.low:.1f}, {100 * self.high:.1f}]"


def mean(values: Sequence[float], seed: int = 0) -> Measured:
    """The mean with its percentile bootstrap interval (Efron 1979); needs one value at least."""
    sample = np.asarray(values, dtype=np.float64)
    rng = np.random.default_rng(seed)
    means = [rng.choice(sample, len(sample)).mean() for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Measured(float(sample.mean()), float(low), float(high), len(sample))


def ranking(
    qrels: Mapping[str, Mapping[str, int]], run: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """``RANKING`` for each question of ``qrels``, by question id and then by the names of
    ``RANKING``; a question that is missing from ``run`` counts 0.
    """
    import ir_measures

    parsed = {ir_measures.parse_measure(name): short for name, short in RANKING.items()}
    found = {question: dict.fromkeys(RANKING.values(), 0.0) for question in qrels}
    for metric in ir_measures.iter_calc(list(parsed), qrels, run):
        found[metric.query_id][parsed[metric.measure]] = metric.value
    return found


def auroc(present: Sequence[float], absent: Sequence[float], seed: int = 0) -> Measured:
    """The chance that a question with an answer gets a higher confidence than one without.

    The area under the ROC curve by ranks (Mann and Whitney 1947), ties counting half; both groups
    are resampled for the interval.
    """
    rng = np.random.default_rng(seed)
    groups = [np.asarray(group, dtype=np.float64) for group in (present, absent)]
    draws = [_area(*(rng.choice(group, len(group)) for group in groups)) for _ in range(_RESAMPLES)]
    low, high = np.percentile(draws, [2.5, 97.5])
    return Measured(_area(*groups), float(low), float(high), len(present) + len(absent))


def balanced_accuracy(coverage: Sequence[float], false: Sequence[float]) -> Measured:
    """The mean of the share answered where there is an answer and abstained where there is none.

    ``coverage`` and ``false`` hold 1 for each question with, and without, an answer that was
    answered.
    """
    rng = np.random.default_rng(0)
    groups = [np.asarray(group, dtype=np.float64) for group in (coverage, false)]
    means = [g[rng.integers(0, len(g), (_RESAMPLES, len(g)))].mean(axis=1) for g in groups]
    low, high = np.percentile((means[0] + 1 - means[1]) / 2, [2.5, 97.5])
    value = (groups[0].mean() + 1 - groups[1].mean()) / 2
    return Measured(float(value), float(low), float(high), len(coverage) + len(false))


def difference(before: Sequence[float], after: Sequence[float]) -> tuple[Measured, float]:
    """Mean of the paired differences with its interval, and the p-value of a two-sided
    sign-flipping randomisation test (Smucker, Allan and Carterette 2007).
    """
    change = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    signs = np.random.default_rng(1).choice([-1.0, 1.0], (_FLIPS, len(change)))
    flipped = np.abs((signs * change).mean(axis=1))
    at_least = int((flipped >= abs(change.mean()) - 1e-12).sum())
    return mean(change.tolist()), (at_least + 1) / (_FLIPS + 1)


def _area(present: NDArray[np.float64], absent: NDArray[np.float64]) -> float:
    ranks = np.sort(absent)
    below = np.searchsorted(ranks, present, "left")
    through = np.searchsorted(ranks, present, "right")
    return float((below + through).mean() / 2 / len(absent))
