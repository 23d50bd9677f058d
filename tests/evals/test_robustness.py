from dataclasses import replace

import pytest

from evals.collections import Collection
from evals.robustness import abstention, spellings, without_gold
from evals.spelling import VARIANTS
from tests.evals.doubles import NILE_LENGTH, SEA, WHEN_MOON, quietly, scripted


def test_each_spelling_is_judged_on_the_questions_that_it_changes(collection: Collection) -> None:
    drops = {drop.name: drop for drop in spellings(collection, quietly)}
    # Neither question that has an answer holds a digit or a month.
    assert set(drops) == set(VARIANTS) - {"other digits", "other month names"}
    # «ما طول نهر النيل؟» is careless already.
    assert {name: drop.before.n for name, drop in drops.items()} == {
        "careless": 1, "vocalised": 2, "tatweel": 2, "one typing error": 2
    }  # fmt: skip
    for name in ("careless", "vocalised", "tatweel"):  # folding undoes these
        drop = drops[name]
        assert (drop.before.value, drop.after.value, drop.change.value, drop.p) == (1, 1, 0, 1)


def test_a_spelling_that_breaks_the_search_shows(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All questions become words of the sea: of the two with another answer both lose."""
    monkeypatch.setattr("evals.robustness.VARIANTS", {"sea": lambda _: SEA, "same": str})
    (drop,) = spellings(collection, quietly)
    assert drop.name == "sea"
    assert drop.before.value == 1
    assert drop.after.value < 1
    assert drop.change.value == pytest.approx(drop.after.value - 1)


def test_a_question_that_is_not_ranked_is_not_respelt(collection: Collection) -> None:
    seen: list[str] = []

    def track(questions, label):  # type: ignore[no-untyped-def]  # noqa: ARG001
        asked = list(questions)
        seen.extend(question.id for question in asked)
        return iter(asked)

    list(spellings(collection, track))
    assert seen.count("sea") == 1  # in the round of the questions as they are
    assert seen.count("moon") > 1


def test_without_its_text_a_question_is_answered_from_the_rest_alone(
    collection: Collection,
) -> None:
    script = {
        WHEN_MOON: [("سبعة وعشرين يوماً", 0.9), ("شديد الملوحة", 0.4)],
        NILE_LENGTH: [("6650", 0.8)],
    }
    assert without_gold(collection, scripted(script), quietly) == [0.4, 0.0]


def test_a_set_of_one_text_is_asked_of_nothing(collection: Collection) -> None:
    (question,) = (q for q in collection.dataset.questions if q.id == "moon")
    one = replace(collection, dataset=replace(collection.dataset, questions=(question,)))
    script = {WHEN_MOON: [("سبعة وعشرين يوماً", 0.9)]}
    assert without_gold(one, scripted(script), quietly) == [0.0]


def test_abstention_by_hand() -> None:
    found = abstention([0.9, 0.5, 0.2, 0.1], [0.5, 0.3, 0.1, 0.05, 0.0], threshold=0.2)
    assert found["coverage"].value == 0.75  # the threshold itself answers
    assert found["false_answer_rate"].value == pytest.approx(0.4)
    assert found["balanced_accuracy"].value == pytest.approx((0.75 + 0.6) / 2)
    # Of 20 pairs: 5 + (4 and a tie) + 3 + (2 and a tie) are in order.
    assert found["auroc"].value == pytest.approx((5 + 4.5 + 3 + 2.5) / 20)
    assert {name: m.n for name, m in found.items()} == {
        "auroc": 9, "balanced_accuracy": 9, "coverage": 4, "false_answer_rate": 5
    }  # fmt: skip


def test_abstention_needs_both_kinds() -> None:
    assert abstention([], [0.1], 0.2) == {}
    assert abstention([0.1], [], 0.2) == {}
