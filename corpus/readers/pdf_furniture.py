"""What stands on page after page above and below the text: running heads, and page numbers.

Left in, it would stand in the middle of each sentence that runs on to the next page.
"""

import re
from collections.abc import Callable, Sequence

from corpus.normalise import fold
from corpus.readers.pdf_page import DisplayLine

_EDGE = 2
"""Lines at either edge of a page that may be furniture."""
_NEAR = 4
"""Pages before and after a page that are looked at: a chapter has its own head, and heads of left
and right pages differ."""
_RECURS = 3
"""Pages, the page itself among them, on which a line must stand at that edge."""
_LONGEST = 80  # characters of a head; a line of prose that recurs is longer
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[-–\s(\[]*\d+(?:\s*/\s*\d+)?[-–\s)\]]*")

Lines = Sequence[DisplayLine]


def without_furniture(lines_of: Callable[[int], Lines], pages: int, at: int) -> list[DisplayLine]:
    """The lines of page ``at``, from 0, without those that recur at its edges on pages near by.

    ``lines_of`` gives a page's lines; numbers in them count as alike. Of a document of few pages
    all is kept.
    """
    near = range(max(0, at - _NEAR), min(pages, at + _NEAR + 1))
    edges = [_edges(lines_of(number)) for number in near]
    mine = _edges(lines_of(at))
    dropped: set[int] = set()
    for edge, lines in enumerate(mine):
        for line in lines:  # from the outermost one inwards
            key = _key(line)
            recurs = sum(any(_key(one) == key for one in other[edge]) for other in edges)
            if not key or recurs < _RECURS:
                break
            dropped.add(id(line))
    return [line for line in lines_of(at) if id(line) not in dropped]


def _edges(lines: Lines) -> tuple[Lines, Lines]:
    """The lines at the upper and at the lower edge, the outermost first; none stands in both."""
    placed = sorted((line for line in lines if any(line.boxes)), key=_height, reverse=True)
    depth = min(_EDGE, len(placed) // 2)
    return placed[:depth], placed[::-1][:depth]


def _height(line: DisplayLine) -> float:
    """How far up the page a line stands, in points."""
    return max(box[3] for box in line.boxes if box)


def _key(line: DisplayLine) -> str:
    """Equal for lines that differ in their numbers alone; empty for what is no furniture."""
    shown = fold("".join(line.glyphs))
    text = "".join(filter(str.isalnum, shown))
    counts = _PAGE_NUMBER.fullmatch(shown) is not None  # other numbers alone are of a table
    if len(text) > _LONGEST or not (counts or any(map(str.isalpha, text))):
        return ""
    return _NUMBER.sub("#", text)
