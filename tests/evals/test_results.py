import json
from typing import Any

import pytest

from evals.measures import mean
from evals.outcomes import Outcome
from evals.results import SECTIONS, Latency, Result, scores_of


def outcome(name: str, confidence: float = 0.9, **more: Any) -> Outcome:
    plain: dict[str, Any] = {
        "question": f"{name}؟",
        "expected": ("نعم",),
        "groups": {},
        "answered": confidence >= 0.2,
        "answer": "نعم",
        "quotes": ("نعم.",),
        "retrieved": (),
    }
    return Outcome(id=name, confidence=confidence, **plain | more)


def right(name: str, confidence: float = 0.9, **more: Any) -> Outcome:
    scores = {"end_to_end.answer_in_quote": 1.0, "retrieval.ndcg@10": 1.0}
    return outcome(name, confidence, scores=scores, **more)


def wrong(name: str, confidence: float, ranked: float = 1.0, **more: Any) -> Outcome:
    scores = {"end_to_end.answer_in_quote": 0.0, "retrieval.ndcg@10": ranked}
    return outcome(name, confidence, scores=scores, **more)


def absent(name: str, confidence: float, **more: Any) -> Outcome:
    return outcome(name, confidence, expected=(), **more)


def result(*outcomes: Outcome, **more: Any) -> Result:
    return Result("set", 7, 0.2, outcomes, **more)


def test_means_are_over_the_questions_that_have_the_measure() -> None:
    found = scores_of(
        [
            outcome("a", scores={"retrieval.ndcg@10": 1.0, "reader.em": 0.0}),
            outcome("b", scores={"retrieval.ndcg@10": 0.5}),
            outcome("c"),
        ]
    )
    assert found["retrieval"]["ndcg@10"] == mean([1.0, 0.5])
    assert found["reader"]["em"].n == 1


def test_sections_that_do_not_apply_are_absent() -> None:
    assert result(outcome("a")).sections() == {}
    assert set(result(right("a")).sections()) == {"end_to_end", "retrieval"}
    assert set(result(right("a"), absent("b", 0.1)).sections()) == {
        "end_to_end", "retrieval", "abstention"
    }  # fmt: skip
    assert result(absent("b", 0.1), without_gold=(0.1,)).sections() == {}


def test_abstention_and_near_scope_by_hand() -> None:
    found = result(
        right("a", 0.9), wrong("b", 0.1), absent("c", 0.3), absent("d", 0.15),
        without_gold=(0.95, 0.05),
    ).sections()  # fmt: skip
    assert found["abstention"]["coverage"].value == 0.5
    assert found["abstention"]["false_answer_rate"].value == 0.5
    assert found["abstention"]["auroc"].value == 0.5
    near = found["near_scope"]
    assert (near["coverage"].value, near["false_answer_rate"].value) == (0.5, 0.5)
    assert near["auroc"].value == pytest.approx(0.5)
    assert near["auroc"].n == 4


def test_groups_part_the_outcomes() -> None:
    found = result(
        right("a", groups={"type": "who", "style": "careful"}),
        wrong("b", 0.9, groups={"type": "when"}),
        wrong("c", 0.9, groups={"type": "who"}),
        absent("d", 0.9, groups={"type": "who", "kind": "near_scope"}),
    ).groups()
    assert {name: list(values) for name, values in found.items()} == {
        "type": ["when", "who"], "style": ["careful"], "kind": ["near_scope"]
    }  # fmt: skip
    assert found["type"]["who"]["end_to_end"]["answer_in_quote"] == mean([1.0, 0.0])
    assert found["type"]["who"]["abstention"]["false_answer_rate"] == mean([1.0])
    assert "abstention" not in found["type"]["when"]
    assert set(found["kind"]["near_scope"]) == {"abstention"}


def test_the_worst_are_sure_and_wrong_then_missed_and_the_right_are_not_among_them() -> None:
    found = result(
        right("right", 0.99),
        absent("rightly silent", 0.1),
        wrong("missed, text on top", 0.1, ranked=1.0),
        wrong("missed, text not found", 0.1, ranked=0.0),
        wrong("unsure and wrong", 0.3),
        absent("false and sure", 0.95),
        wrong("sure and wrong", 0.9),
    )
    names = [
        "false and sure",
        "sure and wrong",
        "unsure and wrong",
        "missed, text not found",
        "missed, text on top",
    ]
    assert [o.id for o in found.worst()] == names
    assert [o.id for o in found.worst(2)] == names[:2]


def test_json_holds_everything_as_plain_values() -> None:
    full = result(
        right("a", groups={"type": "who"}), absent("b", 0.1),
        without_gold=(0.1,),
        ablations={"dense": {"ndcg@10": mean([1.0])}},
        latency=Latency(10.0, 20.0, (5.0, 10.0, 20.0)),
    )  # fmt: skip
    found = json.loads(json.dumps(full.as_json()))
    assert found["abstention"]["coverage"] == {"value": 1, "low": 1, "high": 1, "n": 1}
    assert found["passages"] == 7
    assert found["ablations"]["dense"]["ndcg@10"]["n"] == 1
    assert found["groups"]["type"]["who"]["retrieval"]["ndcg@10"]["value"] == 1
    assert [o["id"] for o in found["outcomes"]] == ["a", "b"]
    assert found["outcomes"][0]["scores"] == {
        "end_to_end.answer_in_quote": 1.0, "retrieval.ndcg@10": 1.0
    }  # fmt: skip
    assert found["latency"]["p95"] == 20
    assert "reader" not in found
    assert set(SECTIONS) - set(found) == {"reader"}
