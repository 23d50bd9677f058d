"""The passages with the highest sum of scores, without adding up what cannot be among them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.postings import Posting, Scores

Rows = NDArray[np.int64]
Weighted = tuple[float, Posting]

_LOOK_UP = 40
"""What looking a passage up costs, in scores that could be added to the totals instead."""
_ROUNDING = 1e-4
"""Sums in another order differ by less; a bound is kept this far from what it decides."""


def best_rows(postings: Sequence[Weighted], count: int, limit: int) -> Rows:
    """Rows of the ``limit`` passages of ``count`` with the highest weighted sums, in row order.

    A few more come back where sums are equal but for rounding; passages without any term do not.
    Rare terms are added first. As soon as few passages can still reach the best, the frequent terms
    are looked up for these alone.
    """
    ordered = sorted(postings, key=lambda one: len(one[1].rows))
    sizes = [len(posting.rows) for _, posting in ordered]
    bounds = [weight * posting.highest for weight, posting in ordered]
    totals = np.zeros(count, dtype=np.float32)
    since_check = 0
    for place, (weight, posting) in enumerate(ordered):
        scores = posting.scores if weight == 1 else np.float32(weight) * posting.scores
        np.add.at(totals, posting.rows, scores)
        since_check += sizes[place]
        left, to_come = sum(sizes[place + 1 :]), sum(bounds[place + 1 :])
        if since_check < 2 * count or left < count:  # a check costs about as much as these
            continue
        since_check = 0
        rows = _reaching(totals, limit, to_come)
        if _LOOK_UP * len(rows) * (len(ordered) - place - 1) < left:
            rest = sorted(ordered[place + 1 :], key=lambda one: -one[0] * one[1].highest)
            return _finish(rows, totals[rows], rest, limit)
    return _reaching(totals, limit, 0.0)


def _finish(rows: Rows, totals: Scores, rest: Sequence[Weighted], limit: int) -> Rows:
    """Look the other terms up for ``rows``, the weightiest first, and drop rows on the way."""
    to_come = sum(weight * posting.highest for weight, posting in rest)
    for weight, posting in rest:
        totals = totals + np.float32(weight) * posting.at(rows)
        to_come -= weight * posting.highest
        kept = _reaching(totals, limit, max(to_come, 0.0))
        rows, totals = rows[kept], totals[kept]
    return rows


def _reaching(totals: Scores, limit: int, to_come: float) -> Rows:
    """Places that can be among the ``limit`` best when at most ``to_come`` is added to a total."""
    worst = 0.0
    if limit < len(totals):
        worst = float(np.partition(totals, len(totals) - limit)[len(totals) - limit])
    least = worst - to_come - _ROUNDING * max(worst, 1.0)
    # Where nothing is added any more, no score means that nothing is shared.
    return np.flatnonzero((totals >= least) & ((totals > 0) | (to_come > 0)))
