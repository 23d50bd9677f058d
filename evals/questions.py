"""A person's own questions, as a table: a question and the expected answer in each row."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path

from corpus.encoding import decode
from corpus.errors import DalilError
from evals.datasets import Dataset, Question

_HINT = "Expected two columns: question, and answer (empty: the texts do not say)."


def load_table(path: Path) -> Dataset:
    """Read a CSV file, with or without a line of headings; several answers are split by ``|``.

    Raises DalilError when it is missing, empty, or has rows without a question.
    """
    try:
        text, _ = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise DalilError(f"{path} cannot be read: {error}.", _HINT) from error
    table = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        rows = [row for row in table if any(map(str.strip, row))]
    except csv.Error as error:
        raise DalilError(f"{path} is not a table: {error}.", _HINT) from error
    if rows and rows[0][0].strip().casefold() in {"question", "السؤال", "سؤال"}:
        rows = rows[1:]
    if not rows:
        raise DalilError(f"{path} holds no question.", _HINT)
    return Dataset(path.stem, (), (), tuple(_question(path, n, row) for n, row in enumerate(rows)))


def _delimiter(text: str) -> str:
    """What parts the columns of the first line; a tab stands in no question."""
    unquoted = re.sub('"[^"]*"', "", text).strip(" \r\n")
    first = re.split("[\r\n]", unquoted, maxsplit=1)[0]
    return "\t" if "\t" in first else max(",;", key=first.count)


def _question(path: Path, number: int, row: list[str]) -> Question:
    if not row[0].strip():
        raise DalilError(f"Row {number + 1} of {path} has no question.", _HINT)
    answers = row[1].split("|") if len(row) > 1 else []
    return Question(
        id=str(number + 1),
        text=row[0].strip(),
        context=-1,
        answers=tuple(answer.strip() for answer in answers if answer.strip()),
    )
