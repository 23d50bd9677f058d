"""Tables without end: rows one by one into a text in which each record stands by itself."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from corpus.readers.draft import Draft

Row = dict[int, str]
"""The cells of a row that hold anything, by their column from 0, in order."""

_LOOK_AHEAD = 20  # rows
_LEAST_NUMBERS = 4  # in a column, to tell that the table is no form
_LONGEST_HEADING = 150  # characters; a question of a survey is one
_NOT_A_HEADING = re.compile(r"://|@|[.!؛;]\s*$")
_YEAR = re.compile(r"\s*(1\d{3}|2[01]\d\d|١[٠-٩]{3}|٢[٠١][٠-٩]{2})\s*")


def write_table(draft: Draft, rows: Iterable[Row], *, may_be_form: bool = False) -> None:
    """Write each row as a block of lines "heading: value" where a row of headings stands above.

    Rows without one above them become one line each, cells joined by " | "; so does a row of one
    cell before a table. After an empty row a table with more columns may begin. With
    ``may_be_form`` two columns can be keys and values, so their first row must look like headings.
    """
    headings: Row = {}
    open_to_headings = True  # the table's first rows, and those after an empty one
    other_table = True
    draft.block()
    for row, following in _with_following(rows):
        if not row:
            open_to_headings = True
            draft.block()
        elif (
            open_to_headings
            and len(row) > 1
            and (other_table or not row.keys() <= headings.keys())
            and _are_headings(row, list(takewhile(bool, following)), may_be_form)
        ):
            headings, open_to_headings, other_table = row, False, False
        elif open_to_headings and len(row) == 1:
            draft.row(row.values())
            other_table = True
        else:
            open_to_headings = False
            _write_record(draft, row, headings)


def _write_record(draft: Draft, row: Row, headings: Row) -> None:
    if not headings:
        draft.row(row.values())
        return
    draft.block()
    for column, value in row.items():
        heading = " ".join(headings.get(column, "").split()).rstrip(": ")
        draft.line(value, before=heading and f"{heading}: ")


def _with_following(rows: Iterable[Row]) -> Iterator[tuple[Row, Sequence[Row]]]:
    """Each row with those below it, up to the next empty one; empty rows in a run are one."""
    waiting: deque[Row] = deque()
    for row in rows:
        if row or (waiting and waiting[-1]):
            waiting.append(row)
        if len(waiting) > _LOOK_AHEAD:
            yield waiting.popleft(), waiting
    while waiting:
        yield waiting.popleft(), waiting


def _are_headings(row: Row, table: Sequence[Row], may_be_form: bool) -> bool:
    """Whether a row names the columns of those below: short, different words in each column.

    It is a record like the others when one of its values comes again in the same column.
    """
    if may_be_form and len(row) == 2 and not _are_records(row, table):
        return False
    if any(len(cell) > _LONGEST_HEADING for cell in row.values()):
        return False
    width = max(map(len, table), default=0)
    names = [cell.strip().casefold() for cell in row.values()]
    return (
        0 < width <= len(row) + 1
        and len(set(names)) == len(names)
        and any(map(_has_letter, names))
        and all(_can_head(cell, [other.get(at, "") for other in table]) for at, cell in row.items())
    )


def _are_records(row: Row, table: Sequence[Row]) -> bool:
    """Whether two columns go on too long, or too unlike their first row, to be keys and values."""
    first, second = ([other.get(at, "") for other in table] for at in row)
    return (
        len(table) >= _LOOK_AHEAD
        or len(set(first)) < len(first)
        or (len(second) >= _LEAST_NUMBERS and not any(map(_has_letter, second)))
        or all(len(row[at]) < len(other.get(at, "")) for at in row for other in table)
    )


def _can_head(cell: str, column: Sequence[str]) -> bool:
    column = [other.strip() for other in column if len(other) <= _LONGEST_HEADING]
    if _NOT_A_HEADING.search(cell):
        return False
    if _YEAR.fullmatch(cell):
        return not any(map(_YEAR.fullmatch, column))
    return _has_letter(cell) and cell.strip() not in column


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text[:_LONGEST_HEADING]))
