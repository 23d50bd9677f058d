"""The reader's own training texts: their form, and what is read from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import DalilError
from evals.reader_training.written import FOLDER, drawn, written_examples

TEXT = """== جسر النهرين
افتُتح الجسر عام 1932 ورُمم عام 1987. ¶ صممه المهندس سليم ناصر.
س: متى افتتح؟
ج: 1932
س: من رسمه؟
ج: سليم ناصر
لا: كم طوله؟

ثم أغلق عام 1990 وفُتح عام 1990 في الشتاء.
س: متى فتح ثانية؟
ج: 1990 ##2
"""


def read(folder: Path, text: str) -> list[tuple[str, str | None]]:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return [
        (e.question, None if e.answer is None else e.passage[slice(*e.answer)])
        for e in written_examples(folder)
    ]


def test_questions_stand_with_their_paragraph_and_answer(tmp_path: Path) -> None:
    assert read(tmp_path, TEXT) == [
        ("متى افتتح؟", "1932"),
        ("من رسمه؟", "سليم ناصر"),
        ("كم طوله؟", None),
        ("متى فتح ثانية؟", "1990"),
    ]
    first, _, silent, last = written_examples(tmp_path)
    assert "\nصممه" in first.passage
    assert first.article == silent.article == last.article
    assert silent.passage == first.passage != last.passage
    assert last.answer == (last.passage.rindex("1990"), last.passage.rindex("1990") + 4)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ج: سليم ناصر", "ج: سالم ناصر"),
        ("ج: 1990 ##2", "ج: 1990"),
        ("ج: 1990 ##2", "ج: 1990 ##3"),
        ("س: من رسمه؟\n", ""),
        ("ج: 1932\n", ""),
        ("لا: كم طوله؟", "سطر آخر"),
        ("لا: كم طوله؟", "\nلا: كم طوله؟"),
        ("ج: 1990 ##2\n", ""),
    ],
)
def test_a_broken_form_is_named_with_its_line(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(DalilError, match=r"a\.txt:\d+ does not keep the form"):
        read(tmp_path, TEXT.replace(old, new))


def test_the_texts_keep_the_form() -> None:
    examples = written_examples(FOLDER)
    silent = sum(example.answer is None for example in examples)
    assert len(examples) - silent > 5_000
    assert silent > 2_000


def test_hard_texts_come_as_often_as_asked_and_a_share_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "close-a-01.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    found = [e.article.split(".")[0] for e in drawn(written_examples(tmp_path), 3, 0.5)]
    assert (found.count("close-a-01"), found.count("b")) == (12, 2)
    assert len(drawn(written_examples(tmp_path), 1, 1.0)) == 8


def test_hard_texts_of_other_numbers_are_like_others(tmp_path: Path) -> None:
    for name in ("close-arts-07.txt", "close-arts-31.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    examples = written_examples(tmp_path)
    newer = drawn(examples, 2, 0.0, range(31, 61))
    assert len(newer) == len(examples)
    assert {example.article.split()[0] for example in newer} == {"close-arts-31.txt"}
    assert len(drawn(examples, 1, 1.0, range(31, 61))) == len(examples)
