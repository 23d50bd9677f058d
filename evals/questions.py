"""A person's own questions, as a table: a question and the expected answer in each row."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from corpus.encoding import decode
from corpus.errors import DalilError, UnfitError
from corpus.normalise import fold
from evals.datasets import Dataset, Question
from qa.question import check_question

_HINT = "Expected two columns: question, and answer (empty: the texts do not say)."
_HEADED = "Name one column question (or السؤال) and one answer (or الجواب) in the first row."


def _names(*headings: str) -> frozenset[str]:
    return frozenset(map(fold, headings))


_QUESTIONS = _names(
    "question", "questions", "question text", "السؤال", "سؤال", "الأسئلة", "أسئلة", "نص السؤال"
)
_ANSWERS = _names(
    "answer", "answers", "expected", "expected answer", "expected answers", "right answer",
    "correct answer", "gold", "gold answer", "الجواب", "جواب", "الأجوبة", "أجوبة", "الإجابة",
    "إجابة", "الإجابات", "إجابات", "الجواب الصحيح", "الإجابة الصحيحة", "الجواب المتوقع",
    "الإجابة المتوقعة", "المتوقع",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a table has its questions, and their answers, if anywhere."""

    question: int
    answer: int | None


_PLAIN = _Columns(0, 1)


def load_table(path: Path) -> Dataset:
    """Read a CSV file, with or without a row of headings; several answers are split by ``|``.

    Raises DalilError when it is missing, empty, or has headings or rows that do not fit.
    """
    rows = _rows(path)
    columns = _headed(path, rows[0][1]) if rows else None
    asked = rows[1:] if columns else rows
    if not asked:
        raise DalilError(f"{path} holds no question.", _HINT)
    questions = tuple(_question(path, place, row, columns or _PLAIN) for place, row in asked)
    return Dataset(path.stem, (), (), questions)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """The rows that hold something, each with its number as a spreadsheet shows it."""
    try:
        text, _ = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise DalilError(f"{path} cannot be read: {error}.", _HINT) from error
    table = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        return [(n, row) for n, row in enumerate(table, start=1) if any(map(str.strip, row))]
    except csv.Error as error:
        raise DalilError(f"{path} is not a table: {error}.", _HINT) from error


def _delimiter(text: str) -> str:
    """What parts the columns of the first line; a tab stands in no question."""
    unquoted = re.sub('"[^"]*"', "", text).strip(" \r\n")
    first = re.split("[\r\n]", unquoted, maxsplit=1)[0]
    return "\t" if "\t" in first else max(",;", key=first.count)


def _headed(path: Path, first: Sequence[str]) -> _Columns | None:
    """The columns that the first row names; None when it names none, and is a question's row.

    Raises DalilError when it does not say which column is which: any guess would be measured as if
    it were right.
    """
    headings = [" ".join(re.sub("[_:-]", " ", fold(cell)).split()) for cell in first]
    questions = [place for place, heading in enumerate(headings) if heading in _QUESTIONS]
    answers = [place for place, heading in enumerate(headings) if heading in _ANSWERS]
    if not questions and not answers:
        return None
    if questions == [0] and not answers and len(first) == 2:  # another name, in the usual order
        return _PLAIN
    if len(questions) == 1 and len(answers) == min(1, len(first) - 1):
        return _Columns(questions[0], answers[0] if answers else None)
    raise DalilError(
        f"The first row of {path} names {len(questions)} columns of questions and {len(answers)} "
        f"of answers: {', '.join(first)}.",
        _HEADED,
    )


def _question(path: Path, place: int, row: Sequence[str], columns: _Columns) -> Question:
    def cell(column: int | None) -> str:
        return row[column].strip() if column is not None and column < len(row) else ""

    text = cell(columns.question)
    if not text:
        raise DalilError(f"Row {place} of {path} has no question.", _HINT)
    try:
        check_question(text)
    except UnfitError as error:  # said here: in the middle of a run it would end the run
        raise DalilError(f"Row {place} of {path}: {error.message}", error.hint) from error
    answers = (answer.strip() for answer in cell(columns.answer).split("|"))
    return Question(str(place), text, -1, tuple(answer for answer in answers if answer))
