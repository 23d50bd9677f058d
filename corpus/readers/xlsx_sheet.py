"""The parts of an Excel workbook that can be huge, as events, so that no size of them can hurt."""

import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from corpus.readers.table import Row
from corpus.readers.xlsx_values import Formats

_BLOCK = 65_536
_MOST_STRINGS = 4_000_000
_MOST_COLUMNS = 16_384  # what Excel itself can hold
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_NOT_CHARACTERS = re.compile("[\0\ud800-\udfff]")


def shared_strings(archive: zipfile.ZipFile, name: str) -> list[str]:
    """The texts that cells refer to by number. Raises ValueError for more than four million."""
    strings: list[str] = []
    for found in _events(archive, name, _Strings()):
        strings += found
        if len(strings) > _MOST_STRINGS:
            raise ValueError("too many strings")
    return strings


def rows(
    archive: zipfile.ZipFile, name: str, strings: list[str], formats: Formats
) -> Iterator[Row]:
    """The rows of a sheet; an empty one stands for any number of empty rows in its place.

    Raises ValueError, LookupError or ExpatError where the sheet is damaged.
    """
    for found in _events(archive, name, _Cells(strings, formats)):
        yield from found


def _events(archive: zipfile.ZipFile, name: str, target: "_Strings | _Cells") -> Iterator[Any]:
    """What ``target`` took from each stretch of the part."""
    # expat: about a third less time than lxml where each event calls Python.
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = target.start
    parser.EndElementHandler = target.end
    parser.CharacterDataHandler = target.data
    with archive.open(name) as part:
        while block := part.read(_BLOCK):
            parser.Parse(block, False)
            yield target.take()
    parser.Parse(b"", True)
    yield target.take()


def _refuse_doctype(*_: object) -> None:
    """No office writes a document type; it could define entities."""
    raise ValueError("a document type")


class _Text:
    """Takes a parser's events and collects the text of ``<t>``, but not the reading aids."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self._open = False  # inside an element whose text counts
        self._aids = 0  # inside phonetic readings

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "rPh":
            self._aids += 1
        elif name == "t":
            self._open = not self._aids

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name == "rPh":
            self._aids -= 1
        elif name == "t":
            self._open = False

    def data(self, text: str) -> None:
        if self._open:
            self.text.append(text)

    def whole_text(self) -> str:
        """The text collected since the last call, with Excel's escapes undone."""
        text = "".join(self.text)
        self.text.clear()
        if "_x" not in text:
            return text
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        return _NOT_CHARACTERS.sub("\ufffd", text)


class _Strings(_Text):
    def __init__(self) -> None:
        super().__init__()
        self._found: list[str] = []

    def end(self, tag: str) -> None:
        super().end(tag)
        if _local(tag) == "si":
            self._found.append(self.whole_text())

    def take(self) -> list[str]:
        found, self._found = self._found, []
        return found


class _Cells(_Text):
    def __init__(self, strings: list[str], formats: Formats) -> None:
        super().__init__()
        self._strings = strings
        self._formats = formats
        self._found: list[Row] = []
        self._row: Row = {}
        self._number = 0  # of the row, from 1
        self._column = -1
        self._kind = ""
        self._style = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "row":
            number = int(attributes.get("r", self._number + 1))
            if number != self._number + 1:
                self._add({})
            self._row, self._number, self._column = {}, number, -1
        elif name == "c":
            self._column = _column(attributes.get("r", ""), self._column + 1)
            self._kind = attributes.get("t", "n")
            self._style = int(attributes.get("s", 0))
            self.text.clear()
        elif name == "v":
            self._open = True
        else:
            super().start(tag, attributes)

    def end(self, tag: str) -> None:
        super().end(tag)
        name = _local(tag)
        if name == "v":
            self._open = False
        elif name == "c":
            value = self._value(self.whole_text())
            if value and not value.isspace():
                self._row[self._column] = value
        elif name == "row":
            self._add(dict(sorted(self._row.items())))

    def take(self) -> list[Row]:
        found, self._found = self._found, []
        return found

    def _add(self, row: Row) -> None:
        if row or not self._found or self._found[-1]:
            self._found.append(row)

    def _value(self, raw: str) -> str:
        if not raw or self._kind == "e":
            return ""
        if self._kind == "s":
            return self._strings[int(raw)]
        if self._kind == "b":
            return "TRUE" if raw.strip() in ("1", "true") else "FALSE"
        if self._kind == "n":
            return self._formats.shown(float(raw), self._style)
        return self._formats.iso(raw) if self._kind == "d" else raw


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _column(reference: str, following: int) -> int:
    """The column from 0 of a cell such as "AB12"; ``following`` for a cell that does not say."""
    letters = reference.rstrip("0123456789")
    column = following
    if letters:
        column = -1
        for letter in letters[:4]:
            column = (column + 1) * 26 + ord(letter.upper()) - ord("A")
    if not 0 <= column < _MOST_COLUMNS:
        raise ValueError(f"no such column: {reference}")
    return column
