from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.measures import RANKING, auroc, balanced_accuracy, difference, mean, ranking


def test_ranking_by_hand() -> None:
    qrels = {
        "first": {"a": 1},
        "third": {"c": 1},
        "two": {"a": 1, "c": 1},
        "eleventh": {"k": 1},
        "absent": {"z": 1},
        "not run": {"a": 1},
    }
    falling = {letter: -float(place) for place, letter in enumerate("abcdefghijk")}
    found = ranking(qrels, {name: falling for name in qrels if name != "not run"})
    assert list(found) == list(qrels)
    assert all(list(scores) == list(RANKING.values()) for scores in found.values())
    third, two = 1 / log2(4), (1 + 1 / log2(4)) / (1 + 1 / log2(3))
    expected = {  # nDCG@10, hit@1, hit@5, MRR@10
        "first": [1, 1, 1, 1],
        "third": [third, 0, 1, 1 / 3],
        "two": [two, 1, 1, 1],
        "eleventh": [0, 0, 0, 0],
        "absent": [0, 0, 0, 0],
        "not run": [0, 0, 0, 0],
    }
    for name, values in expected.items():
        assert list(found[name].values()) == pytest.approx(values), name


def test_the_mean_lies_in_its_interval_which_shrinks_with_n() -> None:
    few, many = mean([0.0, 1.0] * 20), mean([0.0, 1.0] * 2_000)
    for found, n in ((few, 40), (many, 4_000)):
        assert found.value == 0.5
        assert found.n == n
        # The normal approximation: 1.96 standard errors of 0.5 / sqrt(n) to each side.
        assert found.high - found.value == pytest.approx(1.96 * 0.5 / n**0.5, rel=0.2)
        assert found.value - found.low == pytest.approx(1.96 * 0.5 / n**0.5, rel=0.2)


def test_one_value_is_its_own_interval() -> None:
    assert mean([0.25]) == mean([0.25, 0.25, 0.25][:1])
    assert (mean([0.25]).low, mean([0.25]).high) == (0.25, 0.25)
    assert str(mean([0.25])) == "25.0 [25.0, 25.0]"


SCORES = st.lists(st.integers(0, 10).map(lambda tenths: tenths / 10), min_size=1, max_size=25)


@settings(max_examples=40)
@given(SCORES, SCORES)
def test_auroc_is_that_of_scikit_learn(present: list[float], absent: list[float]) -> None:
    from sklearn.metrics import roc_auc_score

    found = auroc(present, absent)
    labels = [1] * len(present) + [0] * len(absent)
    assert found.value == pytest.approx(roc_auc_score(labels, present + absent))
    assert found.n == len(present) + len(absent)


def test_auroc_of_a_clear_case_and_of_chance() -> None:
    clear = auroc([0.8, 0.9], [0.1, 0.2, 0.3])
    assert (clear.value, clear.low, clear.high) == (1, 1, 1)
    rng = np.random.default_rng(5)
    chance = auroc(rng.random(300).tolist(), rng.random(300).tolist())
    assert chance.low < 0.5 < chance.high
    assert chance.low < chance.value < chance.high


def test_balanced_accuracy_by_hand() -> None:
    found = balanced_accuracy([1, 1, 1, 0], [1, 0, 0, 0, 0])
    assert found.value == pytest.approx((0.75 + 0.8) / 2)
    assert found.n == 9
    assert 0 <= found.low < found.value < found.high <= 1
    always = balanced_accuracy([1.0] * 90, [1.0] * 10)
    assert always.value == 0.5  # 90 of 100 right, and worth no more than a coin


def test_no_change_is_no_evidence_and_a_strong_one_is() -> None:
    same, p = difference([0.2, 0.8, 0.5], [0.2, 0.8, 0.5])
    assert (same.value, same.low, same.high, p) == (0, 0, 0, 1)
    better, p = difference([0.1, 0.2] * 15, [0.6, 0.7] * 15)
    assert better.value == pytest.approx(0.5)
    assert better.n == 30
    assert p < 0.01
    worse, worse_p = difference([0.6, 0.7] * 15, [0.1, 0.2] * 15)
    assert worse.value == pytest.approx(-0.5)
    assert worse_p == p


def test_three_questions_cannot_be_strong_evidence() -> None:
    """Of the eight ways to flip three signs, two are as extreme: p is a quarter."""
    _, p = difference([0, 0, 0], [1, 1, 1])
    assert p == pytest.approx(0.25, abs=0.03)


def test_the_same_input_gives_the_same_figures() -> None:
    values = np.random.default_rng(1).random(50).tolist()
    assert mean(values) == mean(values)
    assert auroc(values[:20], values[20:]) == auroc(values[:20], values[20:])
    assert balanced_accuracy([1, 0, 1], [0, 1]) == balanced_accuracy([1, 0, 1], [0, 1])
    assert difference(values[:25], values[25:]) == difference(values[:25], values[25:])
    assert mean(values, seed=1) != mean(values, seed=2)
