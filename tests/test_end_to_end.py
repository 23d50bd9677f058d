"""The whole road on real parts: files, default model, FAISS, BM25, answer, citation."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from index.check import check_index

Dalil = Callable[..., Result]
WSIS = json.loads((Path(__file__).parent / "data" / "wsis_questions.json").read_text("utf-8"))
LEAST_RIGHT = 12


def asked(dalil: Dalil, index: Path, question: str) -> dict:  # type: ignore[type-arg]
    result = dalil("ask", "--index", index, "--json", question)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)  # type: ignore[no-any-return]


def is_right(answer: dict, alternatives: list[list[str]]) -> bool:  # type: ignore[type-arg]
    quotes = " ".join(citation["quote"] for citation in answer["citations"])
    return any(all(words in quotes for words in wanted) for wanted in alternatives)


@pytest.mark.usefixtures("model")
def test_the_article_is_answered_with_exact_quotes_and_off_topic_questions_are_not(
    dalil: Dalil, article: Path, tmp_path: Path
) -> None:
    index = tmp_path / "wsis.index"
    assert dalil("index", article, "--index", index).exit_code == 0
    raw = article.read_bytes().decode("utf-8")
    right = []
    for entry in WSIS["answerable"]:
        answer = asked(dalil, index, entry["question"])
        for citation in answer["citations"]:
            assert raw[citation["start"] : citation["end"]] == citation["quote"]
            assert Path(citation["source"]).name == article.name
        if is_right(answer, entry["evidence"]):
            right.append(entry["question"])
    assert WSIS["answerable"][0]["question"] in right
    assert len(right) >= LEAST_RIGHT, {e["question"] for e in WSIS["answerable"]} - set(right)
    for question in WSIS["off_topic"]:
        answer = asked(dalil, index, question)
        assert answer["abstained"], question
        assert answer["citations"] == []


@pytest.mark.usefixtures("model")
def test_spellings_of_a_question_find_the_same_raw_words(dalil: Dalil, tmp_path: Path) -> None:
    raw = {
        "سيرة.txt": "وُلِدَ الطبيبُ أَحْمَدُ الجزّارُ في القيروان. ودرس الطبّ على أبيه وعمّه فيها.",
        "مدرسة.txt": "افتُتحت دار العلوم عام ١٩٩٠ في وسط المدينة.\n\nوللمدرسة حديقة فيها أشجار زيتون.",
        "بحر.txt": "ماء البحر الميت شديد الملوحة، وسطحه أخفض بقعة على اليابسة.",
    }
    for name, text in raw.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    index = tmp_path / "an.index"
    assert dalil("index", *(tmp_path / name for name in raw), "--index", index).exit_code == 0

    def quotes(question: str) -> list[str]:
        answer = asked(dalil, index, question)
        for citation in answer["citations"]:
            text = raw[Path(citation["source"]).name]
            assert text[citation["start"] : citation["end"]] == citation["quote"]
        return [citation["quote"] for citation in answer["citations"]]

    born = "وُلِدَ الطبيبُ أَحْمَدُ الجزّارُ في القيروان."
    for name in ("احمد", "أَحْمَدُ", "أحمد"):
        assert quotes(f"أين ولد الطبيب {name} الجزار؟")[0] == born
    assert "١٩٩٠" in quotes("ماذا افتتح عام 1990؟")[0]
    assert "وللمدرسة" in quotes("ماذا في حديقة مدرسة؟")[0]


def start_build(folder: Path, index: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "ui", "index", str(folder), "--index", str(index)],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.usefixtures("model")
def test_a_build_killed_with_nine_leaves_the_old_index_answering(
    dalil: Dalil, tmp_path: Path
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "قمر.txt").write_text("يدور القمر حول الأرض في سبعة وعشرين يوماً.", encoding="utf-8")
    index = tmp_path / "an.index"
    assert dalil("index", texts, "--index", index).exit_code == 0
    for i in range(150):
        text = f"في السجل رقم {i} " + "تفاصيل كثيرة عن أحوال البلاد والعباد. " * 10
        (texts / f"{i:03}.txt").write_text(text, encoding="utf-8")
    build = start_build(texts, index)
    while not (index / "pending.sqlite").exists():
        assert build.poll() is None, "the build ended before it could be killed"
        time.sleep(0.05)
    time.sleep(1.0)  # into the embedding
    os.kill(build.pid, signal.SIGKILL)
    assert build.wait() == -signal.SIGKILL
    assert "سبعة وعشرين" in asked(dalil, index, "في كم يوماً يدور القمر حول الأرض؟")["answer"]
    assert check_index(index) == []
    finished = dalil("index", texts, "--index", index)
    assert "151 texts" in finished.output
    assert check_index(index) == []
    assert "سبعة وعشرين" in asked(dalil, index, "في كم يوماً يدور القمر حول الأرض؟")["answer"]


@pytest.mark.usefixtures("model")
def test_an_index_of_another_model_is_refused(
    dalil: Dalil, tiny_model: Path, tmp_path: Path
) -> None:
    (tmp_path / "قمر.txt").write_text("يدور القمر حول الأرض في شهر.", encoding="utf-8")
    index = tmp_path / "an.index"
    assert dalil("index", tmp_path / "قمر.txt", "--index", index).exit_code == 0
    refused = dalil("ask", "--index", index, "--embedder", tiny_model, "ما القمر؟")
    assert refused.exit_code == 2
    assert f"dalil index --rebuild --index {index}" in refused.output
    mended = dalil("index", "--rebuild", "--index", index, "--embedder", tiny_model)
    assert mended.exit_code == 0
    assert dalil("ask", "--index", index, "--embedder", tiny_model, "ما القمر؟").exit_code == 0
