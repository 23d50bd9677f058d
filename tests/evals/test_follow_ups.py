"""Follow-up questions beside the same asked in full, and the dialogues that they come from."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from corpus import bundled_texts
from corpus.passages import passages
from corpus.readers import read_document
from evals import follow_ups
from evals.command import OWN_SET
from evals.datasets import Dataset, Question, load_lines
from evals.follow_ups import DIALOGUES, OWN_IN_FULL, Asked, as_text, ask_both_ways, figures, ratio
from tests.evals.doubles import MOON, NILE, collected, quietly, scripted, write_lines

FROZEN = {
    DIALOGUES: "20870f8ad96f756baad7b4bab1d44de21ab734b78725028c4f52e7501e25edbe",
    OWN_IN_FULL: "9a9048aa208171e957f9e9c3b34e13ec8beb136b338d6a5ace4520038adf9ccb",
}
"""A changed question makes earlier figures incomparable: say so in the changelog, then renew."""
WHEN = "في كم يوماً يدور القمر؟"
DAYS, LONG = "سبعة وعشرين يوماً", "6650 كيلومتراً"
MOON_GOLD = {"source": "moon.txt", "start": MOON.index(DAYS), "text": DAYS}
NILE_GOLD = {"source": "nile.txt", "start": NILE.index(LONG), "text": LONG}
LINES = [
    {"id": "same", "question": "وفي كم يوماً؟", "in_full": WHEN, "history": ["من يدور حول الأرض؟"],
     "answers": [MOON_GOLD], "kind": "pronoun"},
    {"id": "lost", "question": "وطوله؟", "in_full": "ما طول نهر النيل؟", "answers": [NILE_GOLD],
     "history": ["أين يجري النيل؟"], "kind": "pronoun"},
    {"id": "turn", "question": WHEN, "in_full": WHEN, "answers": [MOON_GOLD],
     "history": ["أين يجري النيل؟"], "kind": "new_subject"},
]  # fmt: skip
SCRIPT = {
    WHEN: [(DAYS, 0.9)],
    "ما طول نهر النيل؟": [(LONG, 0.9)],
    "في كم يوماً — يدور حول الأرض": [(DAYS, 0.9)],
}


@pytest.fixture
def small(texts: Path, tmp_path: Path) -> Dataset:
    return load_lines(write_lines(tmp_path, *LINES), texts)


@pytest.fixture
def asked(small: Dataset, tmp_path: Path) -> list[Asked]:
    collection = collected(small, tmp_path / "cache")
    return ask_both_ways(collection, scripted(SCRIPT), "dev", quietly)


def test_each_question_is_asked_after_its_history_and_in_full(asked: list[Asked]) -> None:
    same, lost, turn = asked
    assert same.follow_up.question == "في كم يوماً — يدور حول الأرض؟"
    assert [one.in_full.question for one in asked] == [line["in_full"] for line in LINES]
    assert turn.follow_up.question == WHEN
    assert [one.in_full.answered for one in asked] == [True] * 3
    assert [one.follow_up.answered for one in asked] == [True, False, True]
    assert [one.lost for one in asked] == [False, True, False]
    assert lost.question.history == ("أين يجري النيل؟",)


def test_an_answer_from_elsewhere_is_answered_and_not_right(small: Dataset, tmp_path: Path) -> None:
    script = {"ما طول نهر النيل؟": [(DAYS, 0.9)]}
    only = replace(small, questions=small.questions[1:2])
    asked = ask_both_ways(collected(only, tmp_path / "cache"), scripted(script), "dev", quietly)
    (row,) = [row for row in figures(asked, [])["follow_ups"] if row["half"] == "dev"]
    assert row["answered"]["in_full"].value == 1
    assert row["right"]["in_full"].value == 0
    assert row["right"]["ratio"] is None
    assert as_text(figures(asked, [])).count(", - |") == 2


def test_a_change_of_subject_is_counted_apart(asked: list[Asked]) -> None:
    found = figures(asked, ["dev"])
    assert [(row["half"], row["n"]) for row in found["follow_ups"]] == [("dev", 2), ("both", 2)]
    assert [(row["n"], row["kept"]) for row in found["new_subject"]] == [(1, 1), (1, 1)]
    both = found["follow_ups"][-1]["answered"]
    assert (both["follow_up"].value, both["in_full"].value, both["ratio"].value) == (0.5, 1, 0.5)
    (lost,) = found["lost"]
    assert (lost["id"], lost["in_full"]) == ("lost", "ما طول نهر النيل؟")
    assert lost["searched"] in as_text(found)


def test_what_is_lost_is_listed_for_the_halves_named(asked: list[Asked]) -> None:
    tested = [replace(one, half="test") for one in asked]
    assert figures(tested, ["dev"])["lost"] == []
    assert len(figures([*asked, *tested], ["test"])["lost"]) == 1


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_the_ratio_lies_in_its_interval(pairs: list[tuple[bool, bool]]) -> None:
    follow, full = [float(one) for one, _ in pairs], [float(one) for _, one in pairs]
    found = ratio(follow, full)
    if not sum(full):
        assert found is None
        return
    assert found is not None
    assert found.value == pytest.approx(sum(follow) / sum(full))
    assert 0 <= found.low <= found.high
    assert ratio(full, full) == replace(found, value=1.0, low=1.0, high=1.0)


def test_json_is_one_object_with_figures_of_both_halves(
    small: Dataset, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("CACHE", tmp_path), ("READER", "sentences"), ("EMBEDDER", tiny_model)):
        monkeypatch.setenv(f"DALIL_{name}", str(value))
    monkeypatch.setattr(follow_ups, "load_half", lambda half: [replace(small, name=half)])
    done = CliRunner().invoke(follow_ups.main, ["--json"], catch_exceptions=False)
    found = json.loads(done.stdout)
    assert {row["half"] for row in found["follow_ups"]} == {"dev", "test", "both"}
    assert list(found["follow_ups"][0]["right"]["in_full"]) == ["value", "low", "high", "n"]


@pytest.mark.parametrize("path", FROZEN, ids=lambda path: path.name)
def test_the_questions_are_frozen(path: Path) -> None:
    assert sha256(path.read_bytes()).hexdigest() == FROZEN[path]


def test_every_follow_up_of_our_own_has_its_full_form() -> None:
    entries = [json.loads(line) for line in OWN_IN_FULL.read_text("utf-8").splitlines()]
    own = {q.id: q for q in load_lines(OWN_SET, bundled_texts()).questions if q.history}
    assert [entry["id"] for entry in entries] == list(own)
    for entry in entries:
        assert entry["question"] != own[entry["id"]].text


def every() -> list[tuple[str, Question]]:
    return [
        (half, question)
        for half in follow_ups.HALVES
        for dataset in follow_ups.load_half(half)
        for question in dataset.questions
    ]


def test_both_sets_load_whole_with_history_and_full_form() -> None:
    loaded = every()
    assert len({question.id for _, question in loaded}) == len(loaded) == 28 + 91
    for _, question in loaded:
        assert all((question.history, question.in_full, question.regions)), question.id
        same = question.in_full == question.text
        assert same is (question.kind == "new_subject"), question.id


def test_the_dialogues_have_enough_of_every_kind_in_both_halves() -> None:
    kinds = {"pronoun", "ellipsis", "about", "demonstrative", "attribute", "new_subject"}
    for half in follow_ups.HALVES:
        questions = load_lines(DIALOGUES, bundled_texts(), split=half).questions
        counts = Counter(question.kind for question in questions)
        assert set(counts) == kinds
        assert min(counts.values()) >= 3
        assert counts["new_subject"] >= 5
        assert sum(question.style == "english" for question in questions) >= 3
        assert sum(len(question.history) > 1 for question in questions) >= 5


def test_no_text_is_talked_of_in_both_halves_of_the_dialogues() -> None:
    homes = {(q.id.rpartition("-talk-")[0], half) for half, q in every() if "-talk-" in q.id}
    assert len({text for text, _ in homes}) == len(homes) == 16


def test_every_place_that_answers_lies_whole_in_a_passage() -> None:
    cut = {
        path.name: [(p.start, p.end) for p in passages(read_document(path, path.name))]
        for path in bundled_texts().iterdir()
    }
    for _, question in every():
        for region in question.regions:
            assert region.end is not None
            assert any(
                start <= region.start and region.end <= end for start, end in cut[region.source]
            ), question.id
