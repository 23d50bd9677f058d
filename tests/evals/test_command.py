"""``dalil eval`` as people and programs type it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from qa.conversations import Conversations, Kind
from qa.turn import Turn
from tests.evals.doubles import MOON, SQUAD, write_lines, write_squad
from tests.qa.kept_turns import abstained, cited

Dalil = Callable[..., Result]
ROOT = Path(__file__).parents[2]
PROMISED = {
    "retrieval": ["ndcg@10", "hit@1", "hit@5", "mrr@10"],
    "reader": ["em", "f1", "em_raw", "f1_raw"],
    "end_to_end": ["em", "f1", "answer_in_quote", "cited_first"],
    "abstention": ["auroc", "balanced_accuracy", "coverage", "false_answer_rate"],
}
GOLD = {"source": "moon.txt", "start": MOON.index("سبعة"), "text": "سبعة وعشرين يوماً"}
LINE = {"id": "1", "question": "في كم يوماً يدور القمر؟", "answers": [GOLD], "kind": "plain"}


@pytest.fixture
def dalil_eval(
    dalil: Dalil, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Dalil:
    """`dalil eval` with a small model, the reader without a network, and a cache of its own."""
    monkeypatch.setenv("DALIL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DALIL_READER", "sentences")
    return lambda *words: dalil("eval", "--embedder", tiny_model, *words)


def test_json_holds_what_is_promised_and_nothing_else_is_on_standard_output(
    tiny_model: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "ui", "eval", "--json", "--embedder", str(tiny_model)]
    done = subprocess.run(
        [*command, "--dataset", str(write_squad(tmp_path)), "--out", str(tmp_path / "out")],
        cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8",
        env=os.environ | {"DALIL_CACHE": str(tmp_path), "DALIL_DATA": str(tmp_path),
                          "DALIL_READER": "sentences"},
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert list(found) == ["datasets"]
    assert list(found["datasets"]) == ["small"]
    sections = found["datasets"]["small"]
    assert {name: list(measures) for name, measures in sections.items()} == PROMISED
    for section in sections.values():
        for measure in section.values():
            assert list(measure) == ["value", "low", "high", "n"]
            assert 0 <= measure["low"] <= measure["value"] <= measure["high"] <= 1
    counts = {name: {m["n"] for m in section.values()} for name, section in sections.items()}
    assert counts == {"retrieval": {2}, "reader": {2}, "end_to_end": {2}, "abstention": {1, 2, 3}}
    assert "report.html" in done.stderr


def test_sections_that_do_not_apply_are_absent(dalil_eval: Dalil, tmp_path: Path) -> None:
    article, water = SQUAD["data"]
    silent = {"data": [{"paragraphs": [water["paragraphs"][0]]}]}
    one = write_squad(tmp_path, {"data": [article]}, "answered.json")
    two = write_squad(tmp_path, silent, "silent.json")
    result = dalil_eval("--json", "--dataset", one, "--dataset", two)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)["datasets"]
    assert set(found["answered"]) == {"retrieval", "reader", "end_to_end"}
    assert found["silent"] == {}


def test_the_full_suite_is_written_and_compared_with_itself(
    dalil_eval: Dalil, tmp_path: Path
) -> None:
    dataset, out = write_squad(tmp_path), tmp_path / "runs" / "first"
    first = dalil_eval("--suite", "full", "--dataset", dataset, "--out", out)
    assert first.exit_code == 0, first.output
    assert "small: 3 questions, 3 passages" in first.stdout
    assert "near scope: auroc" in first.stdout
    assert {path.name for path in out.iterdir()} == {"report.md", "report.html", "run.json"}
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert (run["suite"], run["embedder"]) == ("full", "tiny")
    assert set(run["settings"]) == {
        "passage_words", "passage_overlap", "candidates", "reader", "mood", "threshold"
    }  # fmt: skip
    second = dalil_eval("--dataset", dataset, "--against", out)
    paired = "small: 3 questions paired, of 3 asked now and 3 in the earlier run"
    assert paired in second.stdout
    as_json = dalil_eval("--json", "--dataset", dataset, "--against", out)
    assert paired in as_json.stderr
    assert list(json.loads(as_json.stdout)) == ["datasets"]
    assert "small end_to_end.f1: 0.0 [0.0, 0.0] p=1.000" in second.stdout


def test_our_own_form_is_asked_of_its_texts(dalil_eval: Dalil, texts: Path, tmp_path: Path) -> None:
    result = dalil_eval("--json", "--dataset", write_lines(tmp_path, LINE), "--texts", texts)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)["datasets"]["mine"]
    assert found["retrieval"]["hit@5"] == {"value": 1, "low": 1, "high": 1, "n": 1}


@pytest.mark.usefixtures("model")
def test_a_persons_questions_are_asked_of_their_index(
    dalil: Dalil, texts: Path, tmp_path: Path
) -> None:
    index, table = tmp_path / "an.index", tmp_path / "mine.csv"
    table.write_text(
        "السؤال;الجواب\nفي كم يوماً يدور القمر حول الأرض؟;سبعة وعشرين يوماً\n"
        "كم طول نهر النيل؟;6650|6650 كيلومتراً\nمن فاز بكأس العالم لكرة القدم؟;\n",
        encoding="utf-8",
    )
    assert dalil("index", texts, "--index", index).exit_code == 0
    result = dalil("eval", "--json", "--index", index, "--questions", table)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)["datasets"]["mine"]
    assert {name: list(measures) for name, measures in found.items()} == PROMISED
    assert found["retrieval"]["hit@1"]["value"] == 1
    assert found["abstention"]["coverage"]["n"] == 2
    assert found["abstention"]["auroc"]["value"] == 1


MADE = "0123456789abcdef"
JUDGED: tuple[tuple[Turn, Kind, str], ...] = (
    (cited("في كم يوماً يدور القمر حول الأرض؟", "سبعة وعشرين يوماً"), "right", ""),
    (cited("كم طول نهر النيل؟", "7000"), "right", ""),
    (cited("كم طول نهر النيل؟", "7000"), "wrong", "6650 كيلومتراً"),
    (abstained("من فاز بكأس العالم لكرة القدم؟"), "right", ""),
    (cited("ما البحر الميت؟", "بحر"), "wrong", ""),
)


@pytest.fixture
def judged(dalil: Dalil, tiny_model: Path, texts: Path, tmp_path: Path) -> Callable[..., Path]:
    """`judged(folder, collection)` is an index there, and judgements of answers from it."""

    def make(folder: Path, collection: str) -> Path:
        assert dalil("index", texts, "--index", folder, "--embedder", tiny_model).exit_code == 0
        kept = Conversations(tmp_path / "data" / "conversations.sqlite")
        id = None
        for place, (turn, kind, comment) in enumerate(JUDGED):
            id = kept.append("someone", id, collection, turn)
            kept.judge("someone", id, place, kind, comment)
        kept.close()
        return folder

    return make


def test_feedback_becomes_figures(
    dalil_eval: Dalil, judged: Callable[..., Path], tmp_path: Path
) -> None:
    index, out = judged(tmp_path / "an.index", "own"), tmp_path / "out"
    result = dalil_eval("--json", "--from-feedback", "--index", index, "--out", out)
    assert result.exit_code == 0, result.output
    assert (
        "Feedback: 5 judgements, of which 3 are used, 1 cannot be scored, "
        "and 1 were replaced by newer ones of the same question."
    ) in result.stderr
    found = json.loads(result.stdout)["datasets"]["feedback"]
    assert {name: list(measures) for name, measures in found.items()} == PROMISED
    assert found["retrieval"]["hit@5"] == {"value": 1, "low": 1, "high": 1, "n": 2}
    assert found["abstention"]["auroc"]["n"] == 3
    asked = json.loads((out / "run.json").read_text(encoding="utf-8"))["datasets"]["feedback"]
    assert [one["typed"] for one in asked["outcomes"]] == [
        [one["question"]] for one in asked["outcomes"]
    ]
    assert [(one["question"], one["expected"]) for one in asked["outcomes"]] == [
        ("في كم يوماً يدور القمر حول الأرض؟", ["سبعة وعشرين يوماً"]),
        ("كم طول نهر النيل؟", ["6650 كيلومتراً"]),
        ("من فاز بكأس العالم لكرة القدم؟", []),
    ]
    assert asked["groups"]["kind"].keys() == {"right", "wrong"}
    again = dalil_eval("--from-feedback", "--index", index, "--sample", "1", "--against", out)
    assert "feedback: 1 questions, " in again.stdout
    assert "feedback: 1 questions paired, of 1 asked now and 3 in the earlier run" in again.stdout
    assert "p=1.000" in again.stdout


def test_feedback_belongs_to_the_collection_that_was_asked(
    dalil_eval: Dalil, judged: Callable[..., Path], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    listed = {"collections": [{"id": MADE, "name": "فلك"}]}
    (data / "collections.json").write_text(json.dumps(listed), encoding="utf-8")
    index = judged(data / "indexes" / MADE, MADE)
    result = dalil_eval("--from-feedback", "--index", index)
    assert result.exit_code == 0, result.output
    assert "feedback: 3 questions, " in result.stdout
    own = data / "indexes" / "own"
    index.rename(own)
    refused(dalil_eval("--from-feedback"), f"from the index {own}, only on", f"{MADE} (5)")
    judged(own, "own")
    assert "feedback: 3 questions, " in dalil_eval("--from-feedback").stdout


def test_without_feedback_of_use_nothing_is_measured(dalil_eval: Dalil, tmp_path: Path) -> None:
    squad, table = write_squad(tmp_path), tmp_path / "mine.csv"
    table.write_text("س؟,ج\n", encoding="utf-8")
    refused(dalil_eval("--from-feedback"), "no feedback yet", "dalil chat")
    refused(dalil_eval("--from-feedback", "--dataset", squad), "--from-feedback and --dataset")
    refused(dalil_eval("--from-feedback", "--questions", table), "--from-feedback and --questions")
    kept = Conversations(tmp_path / "data" / "conversations.sqlite")
    kept.judge("me", kept.append("me", None, "bundled", cited("متى؟", "أمس")), 0, "wrong")
    kept.close()
    refused(dalil_eval("--from-feedback"), "No judgement says what the right answer is", "1 cannot")
    assert not (tmp_path / "cache" / "evals").exists()


def refused(result: Result, *words: str) -> None:
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.output
    for word in words:
        assert word in result.stderr


def test_what_does_not_fit_is_refused_before_anything_is_measured(
    dalil_eval: Dalil, texts: Path, tmp_path: Path
) -> None:
    good, table = write_squad(tmp_path), tmp_path / "mine.csv"
    table.write_text("س؟,ج\n", encoding="utf-8")
    bad = write_squad(tmp_path, {"rows": 1}, "bad.json")
    twin = tmp_path / "twin"
    twin.mkdir()
    wrong = write_lines(tmp_path, LINE | {"answers": [GOLD | {"start": 0}]}, name="wrong.jsonl")
    index = tmp_path / "none.index"
    refused(dalil_eval("--dataset", tmp_path / "none.json"), "There is no file", "none.json")
    refused(dalil_eval("--dataset", bad), "not a SQuAD file", "bad.json")
    refused(dalil_eval("--dataset", wrong, "--texts", texts), "Line 1 of", "does not stand at 0")
    refused(dalil_eval("--dataset", table), f"dalil eval --index DIR --questions {table}")
    refused(
        dalil_eval("--dataset", good, "--dataset", write_squad(twin)), "Two sets are called small"
    )
    refused(dalil_eval("--questions", table), "go together")
    refused(dalil_eval("--index", index), "go together")
    refused(dalil_eval("--index", index, "--questions", table), "no index", "dalil index FOLDER")
    refused(dalil_eval("--index", index, "--questions", good), f"dalil eval --dataset {good}")
    refused(dalil_eval("--dataset", good, "--against", tmp_path), "not an earlier run")
    refused(dalil_eval("--dataset", good, "--threshold", "2"), "threshold")
    assert not (tmp_path / "cache" / "evals").exists()


def test_an_unknown_suite_is_refused(dalil: Dalil) -> None:
    result = dalil("eval", "--suite", "long")
    assert result.exit_code == 2
    assert "'quick'" in result.stderr
