"""Tables as text: values parted by commas, semicolons, tabs or bars, a record in each line."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from corpus.document import Document
from corpus.encoding import decode
from corpus.readers.draft import Draft
from corpus.readers.table import Row, write_table

_DELIMITERS = "\t;,|"
_NO_DELIMITER = "\x1f"
_SAMPLE = 50  # records
_MOST_SAMPLED = 1_000_000  # characters, from the first line that is not empty
_LEAST_ALIKE = 0.5
_LONGEST_CELL = 2**31 - 1
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BREAKS = re.compile(r"[\r\n]{3,}")  # one empty line says as much as a million
_NAMED = re.compile(r"sep=(.)(?:\r\n|\r|\n)", re.IGNORECASE)

_Quoting = Literal[0, 1, 2, 3]


def read_csv(data: bytes, source: str) -> Document:
    """A .csv or .tsv file: each record a block of lines "heading: value", if it has headings.

    The delimiter is the one that cuts the first records alike, or what a first line ``sep=;`` says.
    """
    text = _BREAKS.sub("\n\n", decode(data, source)[0])
    named = _NAMED.match(text)
    start = named.end() if named else 0
    # A quote that nothing closes would make one cell of the rest of the file.
    quoting: _Quoting = csv.QUOTE_NONE if text.count('"') % 2 else csv.QUOTE_MINIMAL
    delimiter = named[1] if named else _delimiter(text, quoting)
    draft = Draft(source)
    write_table(draft, map(_row, _records(text, start, delimiter, quoting)))
    return draft.document()


def _row(record: list[str]) -> Row:
    return {at: cell for at, cell in enumerate(record) if cell and not cell.isspace()}


def _records(text: str, start: int, delimiter: str, quoting: _Quoting) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    lines = (line[0] for line in _LINE.finditer(text, start))
    return csv.reader(lines, delimiter=delimiter, quoting=quoting, skipinitialspace=True)


def _delimiter(text: str, quoting: _Quoting) -> str:
    """What gives most of the first records as many cells, two or more; else, what none holds."""
    text = text.lstrip("\r\n")[:_MOST_SAMPLED]
    best, best_score = _NO_DELIMITER, (_LEAST_ALIKE, 0)
    for delimiter in _DELIMITERS:
        records = islice(filter(None, _records(text, 0, delimiter, quoting)), _SAMPLE)
        widths = Counter(map(len, records))
        total = widths.total()
        score = max(
            ((count / total, width) for width, count in widths.items() if width > 1),
            default=(0.0, 0),
        )
        if score > best_score:
            best, best_score = delimiter, score
    return best
