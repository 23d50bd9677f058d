"""Worded answers measured: by a malicious server over real HTTP, on the reader and texts that ship."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus import bundled_texts
from corpus.document import Document
from evals import generation, generation_check
from evals.adversary import Adversary
from evals.command import OWN_SET
from evals.datasets import Dataset, Question, load_lines
from evals.generation import as_text, figures, kept, open_bench, write_kept
from evals.generation_check import holds, line_of, under_attack
from evals.judge import Verdict
from evals.worded import Bench, Judged, Removed, Worded
from index.hit import Hit
from index.progress import Silent
from qa.answer import Answer, Citation, Sentence, Written
from qa.settings import Settings, load_settings
from qa.support import Support

ATTACKS = (
    "wrong_passage", "changed_figures", "nudged_figures", "swapped_names", "added_clause",
    "short_addition", "negated", "markup", "zero_width", "mostly_bad", "broken_frames", "half_frame",
)  # fmt: skip


@pytest.fixture(scope="module")
def own() -> Dataset:
    return load_lines(OWN_SET, bundled_texts(), "own-dev", "dev")


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings()


@pytest.fixture(scope="module")
def bench(model: object, own: Dataset, settings: Settings) -> Bench:  # noqa: ARG001
    return open_bench(settings, own, Silent())


class Credulous:
    """Finds every sentence borne out by the whole passage."""

    def __init__(self, *_: object) -> None:
        pass

    def check(self, sentence: str, question: str, hit: Hit) -> Support:  # noqa: ARG002
        return Support((hit.passage.start, hit.passage.end))


def test_no_lie_is_shown_and_some_truth_is(bench: Bench, own: Dataset, settings: Settings) -> None:
    with Adversary(ATTACKS) as adversary:
        checked = list(under_attack(bench, own.questions, settings, adversary, len(ATTACKS)))
    assert [one.attack for one in checked] == list(ATTACKS)
    assert [lie for one in checked for lie in one.lies] == []
    unsupported = [
        (one.attack, shown.text, shown.verdict.why)
        for one in checked
        for shown in one.worded.shown
        if not shown.verdict.borne_out
    ]
    assert unsupported == []
    assert holds(checked)
    assert sum(len(one.worded.removed) for one in checked) > len(ATTACKS)
    states = {one.attack: one.worded.answer.written for one in checked}
    assert states["half_frame"] is not None
    assert states["half_frame"].state == "failed"


def test_a_credulous_check_is_found_out(
    bench: Bench, own: Dataset, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.pipeline.SupportCheck", Credulous)
    with Adversary(["outside_facts", "changed_figures"]) as adversary:
        checked = list(under_attack(bench, own.questions, settings, adversary, 2))
    assert all(one.lies for one in checked)
    assert not holds(checked)
    assert "0 unsupported" not in line_of("adversary", checked)
    found = figures([one.worded for one in checked])
    assert found["citations"]["verified"] == found["citations"]["all"] > 0
    assert found["citation_recall"].value < 1
    monkeypatch.setattr(generation_check, "open_bench", lambda *_: bench)
    ran = CliRunner().invoke(generation_check.main, ["--answers", "0", "--attacks", "4"])
    assert ran.exit_code == 1
    assert "4 answers" in ran.stdout


def test_the_command_prints_json_and_keeps_every_sentence(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation, "open_bench", lambda *_: bench)
    keep = tmp_path / "kept.jsonl"
    with Adversary(["mostly_bad", "surrogates"]) as adversary:
        arguments = ["--generator", adversary.address, "--answers", "2", "--json"]
        ran = CliRunner().invoke(generation.main, [*arguments, "--keep", str(keep)])
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout)["generation"]["own-dev"]
    assert found["answers"] == 2
    rows = [json.loads(line) for line in keep.read_text("utf-8").splitlines()]
    assert len(rows) == found["sentences"]["written"]
    assert sum(row["shown"] for row in rows) == found["sentences"]["shown"]
    assert all(row["quotes"] and row["raw"] for row in rows)
    assert sum(found["lacks"].values()) == found["sentences"]["removed"] > 0


def test_without_a_model_the_command_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DALIL_GENERATOR", raising=False)
    ran = CliRunner().invoke(generation.main, [])
    assert ran.exit_code == 1
    assert "--generator" in ran.output


# Figures by hand

TEXT = Document("x.txt", "تأسست المكتبة سنة 1934.")
CITED = Citation(1, "x.txt", None, 0, len(TEXT.text), TEXT.text, "المكتبة", TEXT.id, "p")


def worded(*shown: Judged, removed: int = 0, gold: str = "1934", state: str = "done") -> Worded:
    short = Answer("متى؟", "متى؟", "سنة 1934", False, 0.9, (CITED,), ())
    sentences = tuple(Sentence(one.text, (1,)) for one in shown)
    written = Written(sentences, removed, state)  # type: ignore[arg-type]
    answer = Answer("متى؟", "متى؟", "سنة 1934", False, 0.9, (CITED,), (), written)
    lost = tuple(Removed(f"كذب {n}.", "numbers", None) for n in range(removed))
    question = Question("q", "متى؟", -1, (gold,) if gold else ())
    first = 0.5 if shown else None
    return Worded(question, short, answer, "كلام.", shown, lost, first, 2.0)


def judged(text: str, *useful: float, why: str = "") -> Judged:
    verdict = Verdict(not why, why)  # type: ignore[arg-type]
    return Judged(text, (CITED,) * len(useful), verdict, len(useful), useful)


def test_figures_are_what_they_are_by_hand() -> None:
    good = judged("تأسست المكتبة سنة 1934.", 1.0)
    two = judged("المكتبة قديمة.", 1.0, 0.0)
    bad = judged("تأسست سنة 1935.", 0.0, why="numbers")
    found = figures([worded(good, removed=2), worded(two, bad), worded(removed=1, state="failed")])
    assert (found["answers"], found["worded"]) == (3, 2)
    assert found["states"] == {"done": 2, "failed": 1}
    assert found["sentences"] == {"written": 6, "shown": 3, "removed": 3, "unsupported": 1}
    assert found["lacks"] == {"numbers": 3}
    assert found["unsupported_by"] == {"numbers": 1}
    assert found["citations"] == {"verified": 4, "all": 4}
    assert found["citation_recall"].value == pytest.approx(2 / 3)
    assert found["citation_precision"].value == pytest.approx(2 / 4)
    contained = found["quality"]["contains"]
    assert (contained["worded"].value, contained["short"].value) == (0.5, 1.0)
    assert found["quality"]["f1"]["short"].value == pytest.approx(2 / 3)
    assert found["seconds"]["first"] == {"median": 0.5, "p95": 0.5, "n": 2}
    said = as_text("own", found)
    assert "6 written, 3 shown, 3 removed (numbers 3)" in said
    assert "citations verified: 4 of 4" in said


def test_figures_of_nothing_are_none() -> None:
    found = figures([worded(removed=1, gold="")])
    assert found["citation_recall"] is None
    assert found["quality"]["f1"] == {"worded": None, "short": None}
    assert found["seconds"]["first"] is None
    assert "-" in as_text("own", found)
    assert figures([])["seconds"]["whole"] is None


def test_what_is_kept_can_be_written_whatever_a_model_says(tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    rows = list(kept(worded(judged("تأسست \ud83d.", 1.0), removed=1), attack="surrogates"))
    write_kept(path, rows)
    read = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [row["shown"] for row in read] == [True, False]
    assert read[0]["attack"] == "surrogates"
    assert read[0]["quotes"] == [TEXT.text]
