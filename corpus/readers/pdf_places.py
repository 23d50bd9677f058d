"""Where the words of a quote stand on a PDF page.

Quote and page are compared by their letters and digits alone, folded as for search, in the order in
which ``corpus.readers.pdf`` reads them. What is not found letter for letter has no place.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from corpus.normalise import fold
from corpus.readers.pdf_furniture import without_furniture
from corpus.readers.pdf_glyphs import Box, around, characters
from corpus.readers.pdf_page import CELL_GAP, WORD_GAP, DisplayLine, display_lines, lines_of
from corpus.repair import has_arabic, logical_lines

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage

# A private character behind each glyph carries its number through ``logical_lines``, which looks
# at the first character of a glyph only. No text of a page holds one: its letters would be unknown.
_FIRST_TAG = 0xF0000
_MOST_TAGS = 0xFFFE
_TAGGED = re.compile("([^\U000f0000-\U000ffffd]*)([\U000f0000-\U000ffffd])")


@dataclass(frozen=True, slots=True)
class PlacedGlyph:
    """A glyph with its box in points; ``cell`` and ``rank`` say which stand side by side.

    Glyphs of one cell of a line are ranked from left to right. ``joined`` is False where a word
    ends before the glyph.
    """

    text: str
    box: Box
    cell: tuple[int, int]
    rank: int
    joined: bool


class PageLetters:
    """The letters of glyphs in the order of reading, and whose they are."""

    def __init__(self, glyphs: Sequence[PlacedGlyph]) -> None:
        self.glyphs = glyphs
        spelled = [letters_of(glyph.text) for glyph in glyphs]
        self.letters = "".join(spelled)
        self._owners = [at for at, letters in enumerate(spelled) for _ in letters]
        self._edges = {0, len(self.letters)}
        reached = 0
        for glyph, letters in zip(glyphs, spelled, strict=True):
            if not (glyph.joined and any(map(str.isalnum, glyph.text))):
                self._edges.add(reached)
            reached += len(letters)

    def find(self, quote: str, before: str | None) -> tuple[int, int] | None:
        """The range of the glyphs that show ``quote``, its outer punctuation included.

        Where the page holds the same words several times, only ``before``, the page's text up to
        the quote, can tell which are meant; without it there is no answer.
        """
        wanted = letters_of(quote)
        start = self._start(wanted, before) if wanted else None
        if start is None:
            return None
        first, last = self._owners[start], self._owners[start + len(wanted) - 1]
        for _ in range(_unfolded(quote)):
            first -= first > 0 and not letters_of(self.glyphs[first - 1].text)
        for _ in range(_unfolded(reversed(quote))):
            following = self.glyphs[last + 1 : last + 2]
            last += bool(following) and not letters_of(following[0].text)
        return first, last + 1

    def _start(self, wanted: str, before: str | None) -> int | None:
        if before is not None:
            start = len(letters_of(before))
            if self.letters.startswith(wanted, start):
                return start
        places = [
            found.start()
            for found in re.finditer(f"(?={re.escape(wanted)})", self.letters)
            if {found.start(), found.start() + len(wanted)} <= self._edges
        ]
        return places[0] if len(places) == 1 else None


def letters_of(text: str) -> str:
    """The letters and digits of ``text``, folded."""
    return "".join(filter(str.isalnum, fold(text)))


def quote_boxes(
    pdf: "PdfDocument", number: int, quote: str, before: str | None = None
) -> list[Box]:
    """Boxes in points around ``quote`` on page ``number`` (from 0), one for each line.

    A quote that comes from the page before, or runs on to the next, has boxes for its part on this
    page. A line has several boxes where other words stand between those of the quote. To be called
    while ``corpus.readers.pdf.PDFIUM`` is held.
    """

    @cache
    def lines(at: int) -> list[DisplayLine]:
        return _lines(pdf, at)

    @cache
    def ways(at: int) -> list[PageLetters]:
        if not 0 <= at < len(pdf):
            return []
        shown = without_furniture(lines, len(pdf), at)
        return _both_ways(shown) if lines(at) else [_plain(pdf, at)] * 2

    for page in ways(number):
        if span := page.find(quote, before):
            return _boxes(page.glyphs[slice(*span)])
    for here, after in zip(ways(number), ways(number + 1), strict=False):
        both = PageLetters([*here.glyphs, *after.glyphs])
        if span := both.find(quote, before):
            return _boxes(here.glyphs[slice(*span)])
    for earlier, here in zip(ways(number - 1), ways(number), strict=False):
        both = PageLetters([*earlier.glyphs, *here.glyphs])
        if span := both.find(quote, None):
            return _boxes(here.glyphs[: max(span[1] - len(earlier.glyphs), 0)])
    return []


def _lines(pdf: "PdfDocument", number: int) -> list[DisplayLine]:
    """The lines of a page with Arabic; none of any other."""
    page = pdf[number]
    text = page.get_textpage()
    try:
        return display_lines(page, text) if has_arabic(text.get_text_range()) else []
    finally:
        text.close()
        page.close()


def _both_ways(lines: Sequence[DisplayLine]) -> list[PageLetters]:
    """A page as it stands, and with its Arabic turned round: the whole document decides that."""
    return [PageLetters(list(_logical_glyphs(lines, way))) for way in (False, True)]


def _plain(pdf: "PdfDocument", number: int) -> PageLetters:
    """A page without Arabic."""
    page = pdf[number]
    text = page.get_textpage()
    try:
        return PageLetters(list(_plain_glyphs(text)))
    finally:
        text.close()
        page.close()


def _logical_glyphs(lines: Sequence[DisplayLine], backwards: bool) -> Iterator[PlacedGlyph]:
    """The glyphs of a page with Arabic, as ``logical_lines`` puts them."""
    tagged = [
        [
            text + chr(_FIRST_TAG + at) if box and at < _MOST_TAGS else text
            for at, (text, box) in enumerate(zip(line.glyphs, line.boxes, strict=True))
        ]
        for line in lines
    ]
    texts = logical_lines(tagged, backwards=backwards)
    for row, (line, text) in enumerate(zip(lines, texts, strict=True)):
        cells = _cells(line)
        joined = False
        for between, tag in _TAGGED.findall(text):
            at = ord(tag) - _FIRST_TAG
            box = line.boxes[at]
            if box:
                cell, rank = cells[at]
                joined = joined and not between[:1].isspace()
                yield PlacedGlyph(line.glyphs[at], box, (row, cell), rank, joined)
            joined = True


def _cells(line: DisplayLine) -> list[tuple[int, int]]:
    """For each glyph of a line its cell and its rank there; spaces do not count."""
    cell = rank = 0
    places = []
    for glyph, box in zip(line.glyphs, line.boxes, strict=True):
        places.append((cell, rank))
        rank += box is not None
        if glyph == "\t":
            cell, rank = cell + 1, 0
    return places


def _plain_glyphs(text: "PdfTextPage") -> Iterator[PlacedGlyph]:
    """The glyphs of a page without Arabic, in PDFium's own order."""
    for row, line in enumerate(lines_of(characters(text, {}))):
        cell = rank = 0
        joined = False
        reached = line[0].left
        for glyph in line:
            gap = (glyph.left - reached) / (glyph.em or 1.0)
            reached = glyph.right
            if glyph.text.isspace():
                joined = False
            else:  # with the hyphen of a divided word, which has no text
                if abs(gap) > CELL_GAP:
                    cell, rank = cell + 1, 0
                joined = joined and abs(gap) <= WORD_GAP
                yield PlacedGlyph(glyph.text, glyph.box, (row, cell), rank, joined)
                joined = True
                rank += 1


def _boxes(glyphs: Iterable[PlacedGlyph]) -> list[Box]:
    """One box around each run of glyphs that stand side by side, line by line."""
    cells: dict[tuple[int, int], list[PlacedGlyph]] = {}
    for glyph in glyphs:
        cells.setdefault(glyph.cell, []).append(glyph)
    boxes = []
    for cell in cells.values():
        run = sorted(cell, key=lambda glyph: glyph.rank)
        ends = [at for at, (one, next_) in enumerate(pairwise(run), 1) if next_.rank > one.rank + 1]
        for start, end in pairwise([0, *ends, len(run)]):
            boxes.append(around(glyph.box for glyph in run[start:end]))
    return boxes


def _unfolded(text: Iterable[str]) -> int:
    """How many glyphs stand before the first folded letter: punctuation, and a lone hamza."""
    before = takewhile(lambda char: not letters_of(char), text)
    return sum(unicodedata.category(char)[0] in "LPS" for char in before)
