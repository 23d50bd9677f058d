"""Ranking measures with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

RANKING = ("nDCG@10", "Success@1", "Success@5", "RR@10")
_RESAMPLES = 1_000


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
    draws = np.random.default_rng(seed).integers(0, len(sample), (_RESAMPLES, len(sample)))
    low, high = np.percentile(sample[draws].mean(axis=1), [2.5, 97.5])
    return Measured(float(sample.mean()), float(low), float(high), len(sample))


def ranking(
    qrels: Mapping[str, Mapping[str, int]], run: Mapping[str, Mapping[str, float]]
) -> dict[str, Measured]:
    """Each of ``RANKING`` over all questions of ``qrels``; one missing from ``run`` counts 0."""
    import ir_measures

    measures = [ir_measures.parse_measure(name) for name in RANKING]
    by_name: dict[str, dict[str, float]] = {name: dict.fromkeys(qrels, 0.0) for name in RANKING}
    for metric in ir_measures.iter_calc(measures, qrels, run):
        by_name[str(metric.measure)][metric.query_id] = metric.value
    return {name: mean(list(values.values())) for name, values in by_name.items()}
