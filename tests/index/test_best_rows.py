from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.best_rows import best_rows
from index.postings import Posting, Scores


@dataclass(frozen=True)
class Watched(Posting):
    """Remembers how many passages were looked up in it."""

    asked: list[int] = field(default_factory=list)

    def at(self, rows: np.ndarray) -> Scores:
        self.asked.append(len(rows))
        return Posting.at(self, rows)


def made(count: int, frequencies: list[float], seed: int) -> list[tuple[float, Watched]]:
    random = np.random.default_rng(seed)
    found = []
    for share in frequencies:
        size = max(1, int(share * count))
        rows = np.sort(random.choice(count, size, replace=False)).astype(np.int32)
        scores = (random.random(size) * -np.log(share) + 1e-3).astype(np.float32)
        found.append((float(random.choice([1, 0.1, 0.3])), Watched(rows, scores, scores.max())))
    return found


def sums(postings: list[tuple[float, Watched]], count: int) -> np.ndarray:
    totals = np.zeros(count)
    for weight, posting in postings:
        totals[posting.rows] += weight * posting.scores.astype(np.float64)
    return totals


FREQUENCIES = st.lists(st.floats(0.001, 0.99), max_size=20)


@given(FREQUENCIES, st.integers(1, 400), st.integers(1, 30), st.integers(0, 9))
def test_the_highest_sums_are_found(
    frequencies: list[float], count: int, limit: int, seed: int
) -> None:
    postings = made(count, frequencies, seed)
    totals, rows = sums(postings, count), best_rows(postings, count, limit)
    assert (np.diff(rows) > 0).all()
    positive = np.flatnonzero(totals > 0)
    if len(positive) <= limit:
        assert set(rows) == set(positive)
    else:
        worst = np.sort(totals)[-limit]
        assert set(np.flatnonzero(totals > worst + 1e-3)) <= set(rows)
        assert len(rows) >= limit
        assert (totals[rows] >= worst - 1e-3 * max(1, worst)).all()


@pytest.mark.parametrize("seed", range(5))
def test_frequent_terms_are_looked_up_for_few_passages_alone(seed: int) -> None:
    count = 20_000
    postings = made(count, [0.001, 0.002, 0.002, *[0.9] * 40], seed)
    rare = [(1.0, Watched(p.rows, p.scores + 60, p.highest + 60)) for _, p in postings[:3]]
    postings = [*rare, *postings[3:]]
    best = set(np.argsort(-sums(postings, count))[:5])
    assert best <= set(best_rows(postings, count, 5))
    looked_up = [sum(posting.asked) for _, posting in postings if posting.asked]
    assert looked_up
    assert max(looked_up) < count / 10


def test_without_terms_nothing_is_found() -> None:
    assert best_rows([], 10, 3).tolist() == []
