"""Plain text and Markdown: the document's text is the decoded file, character for character."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from corpus.document import Document, Span
from corpus.encoding import decode
from corpus.readers.doubts import doubts

_LONGEST_TITLE = 120
_LONGEST_HEADING = 80
_LONGEST_MARKDOWN_HEADING = 1000
_MOST_IN_A_ROW = 2  # three lone lines together are verse or a list, not headings

_LINE = re.compile(r"[^\r\n]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_ENDING = tuple(".!?؟:؛;،,…")
_CLOSING = "»”\"'’)]} \t"
_BULLET = re.compile(r"[-*+•–—▪●·|>=_#]")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


class _Line(NamedTuple):
    start: int
    end: int
    text: str
    after_blank: bool


def read_text(data: bytes, source: str) -> Document:
    """A plain text file: its title is a short first line, its headings are short lone lines."""
    text, _ = decode(data, source)
    lines = list(_lines(text))
    first = lines[0].text if lines else ""
    return Document(
        source=source,
        text=text,
        title=first if len(first) <= _LONGEST_TITLE and not _ends_sentence(first) else "",
        headings=tuple(_lone_lines(lines)),
        warnings=doubts(text),
    )


def read_markdown(data: bytes, source: str) -> Document:
    """A Markdown file. Its headings are the lines with ``#`` marks, without the marks."""
    text, _ = decode(data, source)
    headings = tuple(_marked_lines(text))
    return Document(
        source=source,
        text=text,
        title=text[slice(*headings[0])] if headings else "",
        headings=headings,
        warnings=doubts(text),
    )


def _lines(text: str) -> Iterator[_Line]:
    """The lines that are not blank, stripped, with whether a blank line stands before each."""
    end = 0
    for found in _LINE.finditer(text):
        stripped = found[0].strip()
        if stripped:
            start = found.start() + found[0].index(stripped)
            breaks = _LINE_END.findall(text, end, start)
            yield _Line(start, start + len(stripped), stripped, not end or len(breaks) > 1)
            end = start + len(stripped)


def _lone_lines(lines: Sequence[_Line]) -> Iterator[Span]:
    """Headings: short, alone between blank lines, no sentence and no half of a broken one."""
    marked: list[tuple[bool, _Line]] = []
    for at, line in enumerate(lines):
        alone = line.after_blank and at + 1 < len(lines) and lines[at + 1].after_blank
        after_whole = at == 0 or marked[-1][0] or _ends_sentence(lines[at - 1].text)
        marked.append((alone and after_whole and _can_be_heading(line.text), line))
    for is_heading, run in groupby(marked, key=lambda pair: pair[0]):
        if is_heading:
            spans = [(line.start, line.end) for _, line in run]
            opens_file = spans[0][0] == lines[0].start
            yield from spans if len(spans) <= _MOST_IN_A_ROW else spans[:opens_file]


def _can_be_heading(line: str) -> bool:
    return (
        len(line) <= _LONGEST_HEADING
        and not _ends_sentence(line)
        and not _BULLET.match(line)
        and any(map(str.isalpha, line))
    )


def _ends_sentence(line: str) -> bool:
    return line.rstrip(_CLOSING).endswith(_ENDING)


def _marked_lines(text: str) -> Iterator[Span]:
    """Headings with one to six ``#``, outside of fenced code and of a leading YAML block."""
    fence = ""
    for found in _LINE.finditer(text, _after_front_matter(text)):
        line = found[0]
        if mark := _FENCE.match(line):
            fence = _next_fence(fence, mark[1], mark[2])
        elif not fence and len(line) <= _LONGEST_MARKDOWN_HEADING and (words := _words(line)):
            start = found.start() + line.index(words, line.index("#") + 1)
            yield start, start + len(words)


def _next_fence(fence: str, mark: str, rest: str) -> str:
    """The fence that is open after a line of ``mark``: a longer or equal one closes it."""
    if not fence:
        return mark
    return "" if mark.startswith(fence) and not rest.strip() else fence


def _words(line: str) -> str:
    """The words of a heading line; empty for any other line."""
    bare = line.strip()
    marks = len(bare) - len(bare.lstrip("#"))
    if (
        not 1 <= marks <= 6
        or line.startswith(("    ", "\t"))
        or bare[marks : marks + 1] not in " \t"
    ):
        return ""
    words = bare[marks:].strip()
    unclosed = words.rstrip("#")
    return unclosed.rstrip() if unclosed == "" or unclosed[-1] in " \t" else words


def _after_front_matter(text: str) -> int:
    if re.match(r"---[ \t]*(\r\n|\r|\n)", text):
        found = re.compile(r"^(---|\.\.\.)[ \t]*$", re.MULTILINE).search(text, 3)
        return found.end() if found else 0
    return 0
