import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Dalil = Callable[..., Result]
ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "transformers", "sentence_transformers", "gradio", "faiss", "pydantic", "numpy")


def test_help_names_the_commands_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from ui.cli import main\n"
        "try: main(['--help'])\n"
        f"except SystemExit: print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert shown.splitlines()[-1] == "[]"
    assert all(name in shown for name in ("index", "ask", "chat", "doctor"))


def test_asking_without_an_index_says_how_to_build_one(dalil: Dalil, tmp_path: Path) -> None:
    result = dalil("ask", "--index", tmp_path / "none", "ما هذا؟")
    assert result.exit_code == 2
    assert "dalil index" in result.output


def test_a_missing_path_is_a_clear_error(dalil: Dalil, tmp_path: Path) -> None:
    result = dalil("index", tmp_path / "none", "--index", tmp_path / "an.index")
    assert result.exit_code == 2
    assert "none" in result.output
    assert "Traceback" not in result.output


def test_index_without_paths_or_history_says_what_to_type(dalil: Dalil, tmp_path: Path) -> None:
    result = dalil("index", "--index", tmp_path / "an.index")
    assert result.exit_code == 2
    assert "dalil index FOLDER" in result.output


@pytest.mark.usefixtures("model")
def test_index_prints_what_it_did_and_check_approves(dalil: Dalil, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "أ.txt").write_text("هذا نص أول.", encoding="utf-8")
    (texts / "ب.txt").write_text("هذا نص ثان.", encoding="utf-8")
    index = tmp_path / "an.index"
    assert "2 added, 0 changed" in dalil("index", texts, "--index", index).output
    assert "2 unchanged, 0 skipped; 0 passages embedded" in dalil("index", "--index", index).output
    (texts / "ب.txt").unlink()
    assert "1 removed" in dalil("index", "--index", index).output
    assert "sound" in dalil("index", "--check", "--index", index).output
    next((index / "generations").glob("*/vectors.npy")).write_bytes(b"x")
    damaged = dalil("index", "--check", "--index", index)
    assert damaged.exit_code == 2
    assert "vectors.npy has changed" in damaged.output
    assert f"--rebuild --index {index}" in damaged.output


@pytest.mark.usefixtures("model")
def test_json_holds_what_is_promised(dalil: Dalil, tmp_path: Path) -> None:
    text = "عُقد المنتدى في جنيف عام ٢٠١٧. وحضره ألفا شخص."
    (tmp_path / "أ.txt").write_text(text, encoding="utf-8")
    index = tmp_path / "an.index"
    dalil("index", tmp_path / "أ.txt", "--index", index)
    answer = json.loads(dalil("ask", "--json", "--index", index, "أين", "عقد", "المنتدى؟").stdout)
    assert list(answer) == ["question", "answer", "abstained", "confidence", "citations", "written"]
    assert answer["written"] is None, "no language model is set"
    assert answer["question"] == "أين عقد المنتدى؟"
    (citation,) = answer["citations"]
    assert list(citation) == ["number", "source", "page", "start", "end", "quote"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert 0 <= answer["confidence"] <= 1
    nothing = json.loads(
        dalil("ask", "--json", "--index", index, "--threshold", "1", "أين؟").stdout
    )
    assert (nothing["abstained"], nothing["answer"], nothing["citations"]) == (True, "", [])


@pytest.mark.parametrize("question", ["س" * 100_000, "", "؟؟"])
def test_questions_that_are_none_are_refused(dalil: Dalil, question: str) -> None:
    result = dalil("ask", question)
    assert result.exit_code == 2
    assert "question" in result.output
    assert len(result.output) < 500


@pytest.mark.usefixtures("model")
def test_doctor_tells_what_is_sound_and_what_is_not(dalil: Dalil, tmp_path: Path) -> None:
    missing = dalil("doctor", "--index", tmp_path / "none")
    assert missing.exit_code == 1
    assert "✓ model: multilingual-e5-small, 384 dimensions" in missing.output
    assert "✗ index: There is no index" in missing.output
    (tmp_path / "أ.txt").write_text("هذا نص.", encoding="utf-8")
    dalil("index", tmp_path / "أ.txt", "--index", tmp_path / "an.index")
    sound = dalil("doctor", "--index", tmp_path / "an.index")
    assert sound.exit_code == 0
    assert "1 texts, 1 passages, Flat" in sound.output


@pytest.mark.parametrize("command", [("index",), ("doctor", "--index")])
def test_a_hostile_name_steers_no_terminal(dalil: Dalil, command: tuple[str, ...]) -> None:
    said = dalil(*command, "x\x1b]0;owned\x07\u202e\x9b2Jy").output
    assert "owned" in said
    assert not set(said) & set("\x1b\x07\u202e\x9b")
