import json
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import DalilError
from evals.comparison import Paired, compare, load_run, paired


def asked(name: str, **more: object) -> dict[str, Any]:
    plain = {"id": name, "question": f"{name}؟", "expected": ["نعم"], "answered": True}
    return plain | {"scores": {"end_to_end.f1": 0.5}} | more


def run(**datasets: list[dict[str, Any]]) -> dict[str, Any]:
    return {"datasets": {name: {"outcomes": outcomes} for name, outcomes in datasets.items()}}


def test_changes_are_paired_by_question() -> None:
    before = run(a=[asked(str(n), scores={"end_to_end.f1": n / 100}) for n in range(20)])
    after = run(a=[asked(str(n), scores={"end_to_end.f1": n / 100 + 0.5}) for n in range(20)][::-1])
    f1, coverage = compare(before, after)
    assert (f1.dataset, f1.measure) == ("a", "end_to_end.f1")
    # Paired, the change is the same on every question: nothing is left to chance.
    assert (f1.change.value, f1.change.low, f1.change.high) == pytest.approx((0.5, 0.5, 0.5))
    assert f1.change.n == 20
    assert f1.p < 0.01
    assert (coverage.measure, coverage.change.value, coverage.p) == ("abstention.coverage", 0, 1)


def test_false_answers_are_a_measure_of_their_own() -> None:
    before = run(a=[asked("x", expected=[], scores={}, answered=True)])
    after = run(a=[asked("x", expected=[], scores={}, answered=False)])
    (change,) = compare(before, after)
    assert (change.measure, change.change.value) == ("abstention.false_answer_rate", -1)


def test_only_what_both_asked_is_compared() -> None:
    same = asked("1")
    other_words = asked("2", question="أخرى؟")
    new_measure = asked("1", scores={"end_to_end.f1": 0.7, "reader.em": 1.0})
    found = list(
        compare(run(a=[same, asked("2")], b=[same]), run(a=[new_measure, other_words], c=[same]))
    )
    assert {(change.dataset, change.measure, change.change.n) for change in found} == {
        ("a", "end_to_end.f1", 1), ("a", "abstention.coverage", 1)
    }  # fmt: skip
    assert list(compare(run(), run(a=[same]))) == []


def typed(name: str, *talk: str, **more: object) -> dict[str, Any]:
    return asked(name, typed=list(talk), **more)


def test_a_follow_up_is_paired_as_it_was_typed() -> None:
    before = typed("1", "متى القمة؟", "ومن حضرها؟", question="من حضر القمة؟", answered=False)
    after = typed("1", "متى القمة؟", "ومن حضرها؟", question="من حضرها — القمة؟")
    (_, coverage) = compare(run(a=[before]), run(a=[after]))
    assert (coverage.change.value, coverage.change.n) == (1, 1)
    other = typed("1", "متى الحرب؟", "ومن حضرها؟", question="من حضر القمة؟")
    assert list(compare(run(a=[before]), run(a=[other]))) == []
    assert paired(run(a=[before]), run(a=[other])) == [Paired("a", 0, 1, 1)]


def test_a_row_put_into_a_table_shifts_no_pair() -> None:
    before = [typed(str(n), f"س{n}؟", scores={"end_to_end.f1": n / 10}) for n in range(1, 5)]
    after = [typed("1", "جديد؟"), *(one | {"id": str(int(one["id"]) + 1)} for one in before)]
    f1, _ = compare(run(a=before), run(a=after))
    assert (f1.change.value, f1.change.low, f1.change.high, f1.change.n) == (0, 0, 0, 4)
    assert paired(run(a=before), run(a=after)) == [Paired("a", 4, 4, 5)]


def test_questions_typed_alike_are_told_apart_by_their_ids() -> None:
    twice = [typed(str(n), "س؟", scores={"end_to_end.f1": n / 10}) for n in (1, 5)]
    f1, _ = compare(run(a=twice), run(a=twice[::-1]))
    assert (f1.change.low, f1.change.high, f1.change.n) == (0, 0, 2)
    moved = [one | {"id": f"{one['id']}0"} for one in twice]
    assert paired(run(a=twice), run(a=moved)) == [Paired("a", 0, 2, 2)]  # which is which?


def test_a_run_from_before_what_was_typed_was_kept_is_paired_by_its_words() -> None:
    plain, followed = asked("1"), asked("2", question="من حضر القمة؟")
    again = typed("1", "1؟"), typed("2", "متى القمة؟", "ومن حضرها؟", question="من حضر القمة؟")
    assert paired(run(a=[plain, followed]), run(a=list(again))) == [Paired("a", 2, 2, 2)]
    otherwise = again[1] | {"question": "من حضرها — القمة؟"}
    assert paired(run(a=[plain, followed]), run(a=[again[0], otherwise])) == [Paired("a", 1, 2, 2)]


def test_it_says_how_many_questions_are_paired() -> None:
    found = paired(run(a=[asked("1"), asked("2")], b=[]), run(a=[asked("1")], c=[asked("3")]))
    assert [str(one) for one in found] == [
        "a: 1 questions paired, of 1 asked now and 2 in the earlier run",
        "c: 0 questions paired, of 1 asked now and 0 in the earlier run",
    ]


def test_a_run_is_read_from_its_file_or_its_folder(tmp_path: Path) -> None:
    content = run(a=[asked("1")])
    (tmp_path / "run.json").write_text(json.dumps(content), encoding="utf-8")
    assert load_run(tmp_path) == load_run(tmp_path / "run.json") == content


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"datasets": []}',
        '{"datasets": {"a": 3}}',
        '{"datasets": {"a": {"retrieval": {}}}}',  # what --json prints
        '{"datasets": {"a": {"outcomes": [{"id": "1"}]}}}',
        '{"datasets": {"a": {"outcomes": [{"id": "1", "question": "س", "scores": {},'
        ' "expected": [], "answered": true, "typed": 3}]}}}',
    ],
)
def test_what_is_no_run_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(DalilError, match="not an earlier run") as refused:
        load_run(tmp_path)
    assert "--out" in refused.value.hint


def test_a_missing_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DalilError, match=r"run\.json is not an earlier run"):
        load_run(tmp_path)
