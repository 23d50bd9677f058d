"""One page of a PDF as lines of glyphs, in the order in which the page displays them.

PDFium guesses the reading order of Arabic and often guesses wrong, so only the places of the glyphs
are taken from it; ``corpus.repair`` turns displayed lines into text.
"""

import math
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from corpus.readers.pdf_glyphs import Box, Glyph, around, page_glyphs
from corpus.repair import fold_forms, has_arabic

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

# In em, the size of the font. Seen: word spaces from 0.23 em, gaps inside words to 0.15.
_SAME_LINE = 0.6
WORD_GAP = 0.2
CELL_GAP = 1.5
_PRINTED_TWICE = 0.06
_NEIGHBOURS = 3  # glyphs to look back over for a repeated one
_TOUCHING = 0.3
_SAME_ANGLE = 0.01  # radians
_BULLETS = " \t•●▪◦"  # drawn apart from their lines, they say nothing
_ALEF_WITH_TANWIN = {"ا\u064b", "\u064bا"}
_SHADDA = "\u0651"


@dataclass(frozen=True, slots=True)
class DisplayLine:
    """The glyphs of one line from left to right, and the size in points of most of them.

    A glyph is a letter with its marks, or the letters of a ligature; " " stands between words and
    a tab where the page leaves a wide gap. ``boxes`` holds the place of each glyph's ink, None for
    spaces and tabs.
    """

    glyphs: list[str]
    size: float
    boxes: list[Box | None]


def display_lines(page: "PdfPage", text: "PdfTextPage") -> list[DisplayLine]:
    """The lines of a page in the order in which it draws them, mostly from top to bottom."""
    characters, unnamed = page_glyphs(page, text)
    groups = _same_place(characters)
    drawn = Counter(group[0].drawing for group in groups)
    # What follows a drawing of many glyphs is another copy of it, not the other part of one glyph.
    parts = {number: boxes for number, boxes in unnamed.items() if drawn[number] == 1}
    glyphs = [_merged(group, parts.get(group[0].drawing, ())) for group in groups]
    return list(_display_lines(glyphs, unnamed))


def _display_lines(glyphs: Iterable[Glyph], unnamed: dict[int, list[Box]]) -> Iterator[DisplayLine]:
    for line in lines_of(glyphs):
        spelled = _spell(line, unnamed)
        texts = [text for text, _ in spelled]
        if "".join(texts).strip(_BULLETS):
            size = median(glyph.em for glyph in line)
            yield DisplayLine(texts, size, [box for _, box in spelled])


def _same_place(characters: Iterable[Glyph]) -> list[list[Glyph]]:
    """Groups of characters at one place: the letters of a ligature, or a letter and its marks."""
    groups: dict[tuple[object, ...], list[Glyph]] = {}
    for char in characters:
        place = char.drawing, round(char.x, 2), round(char.y, 2), char.text.isspace()
        groups.setdefault(place, []).append(char)
    return list(groups.values())


def _merged(group: list[Glyph], parts: Sequence[Box]) -> Glyph:
    """One glyph from the characters that PDFium reports at one place, with its ``parts`` beside."""
    first = group[0]
    letters = [char for char in group if not char.is_mark]
    if len(group) > 1 and letters:
        first.text = _logical(group, letters)
        first.is_mark = False
        first.right = max(char.right for char in group)
        first.ink = sum(char.ink for char in group) / len(group)
    elif not letters:
        first.text = "".join(char.text for char in group)
    reach = _TOUCHING * first.em
    first.box = around(char.box for char in group)
    for part in parts:
        left, _, right, _ = part
        touching = left < first.right + reach and right > first.left - reach
        if touching and left < right and not first.angle:
            first.box = around((first.box, part))
            first.left, first.right = min(left, first.left), max(right, first.right)
            first.x = first.left
    return first


def _logical(group: list[Glyph], letters: list[Glyph]) -> str:
    """The text of one glyph in logical order, which PDFium keeps or reverses.

    Text that the page states for a glyph is laid over it from right to left. The letters of a
    ligature lie all in one place: PDFium reverses them, except where it took a presentation form
    apart. The sure cases are known: a lam-alef starts with its lam, the name of God is spelled so.
    """
    text = "".join(char.text for char in group)
    if len(letters) == 1:
        return letters[0].text + "".join(char.text for char in group if char.is_mark)
    if not has_arabic(text):
        return text
    if len({round(char.ink, 1) for char in group}) == len(group):
        return "".join(char.text for char in sorted(group, key=lambda char: -char.ink))
    spelled = "".join(letter.text for letter in letters)
    known = spelled in {"الله", "لله"} or spelled.startswith(("لا", "لأ", "لإ", "لآ", "لٱ"))
    return text if known else text[::-1]


def lines_of(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """The glyphs of each line; the first letter of a line says how high it stands."""
    line: list[Glyph] = []
    level: Glyph | None = None
    for glyph in glyphs:
        if level and not _on_line(glyph, level):
            yield line
            line, level = [], None
        line.append(glyph)
        if level is None or (level.is_mark and not glyph.is_mark):
            level = glyph
    if line:
        yield line


def _on_line(glyph: Glyph, level: Glyph) -> bool:
    reach = _SAME_LINE * max(glyph.em, level.em)
    return abs(glyph.y - level.y) < reach and abs(glyph.angle - level.angle) < _SAME_ANGLE


def _spell(line: list[Glyph], unnamed: dict[int, list[Box]]) -> list[tuple[str, Box | None]]:
    """A line's glyphs from left to right, marks with their letters, spaces between, and places."""
    letters = _letters(line)
    spaces = sorted(_spaces(line, unnamed))
    marks = _marks_by_letter((glyph for glyph in line if glyph.is_mark), letters)
    spelled: list[tuple[str, Box | None]] = []
    reached = -math.inf
    for at, glyph in enumerate(letters):
        gap = (glyph.left - reached) / (glyph.em or 1.0)
        spaced = at and bisect(spaces, letters[at - 1].x) < bisect(spaces, glyph.x)
        if spelled and (spaced or gap > WORD_GAP):
            spelled.append(("\t" if gap > CELL_GAP else " ", None))
        if glyph.text:
            above = marks.get(at, [])
            box = around([glyph.box, *(mark.box for mark in above)])
            spelled.append((_with_marks(glyph, above), box))
        reached = max(reached, glyph.right)
    return _tanwin_behind_lam(spelled)


def _tanwin_behind_lam(spelled: list[tuple[str, Box | None]]) -> list[tuple[str, Box | None]]:
    """«لاً» as it is read, where PDFium places the lam to the left of its alef.

    No Arabic word ends in «اًل»; some fonts draw the two as one glyph and state the mark apart.
    """
    for at in range(len(spelled) - 1):
        ends_word = at == 0 or not spelled[at - 1][0][:1].isalpha()
        if ends_word and spelled[at][0] == "ل" and spelled[at + 1][0] in _ALEF_WITH_TANWIN:
            spelled[at], spelled[at + 1] = spelled[at + 1], spelled[at]
    return spelled


def _spaces(line: list[Glyph], unnamed: dict[int, list[Box]]) -> Iterator[float]:
    """Where on the line the page draws spaces."""
    yield from (glyph.x for glyph in line if glyph.text.isspace())
    for drawing in {glyph.drawing for glyph in line}:
        for left, bottom, right, _ in unnamed.get(drawing, ()):
            if left == right and abs(bottom - line[0].y) < _SAME_LINE * line[0].em:
                yield left


def _letters(line: list[Glyph]) -> list[Glyph]:
    """The glyphs of a line that are letters, from left to right, each once."""
    kept: list[Glyph] = []
    for glyph in sorted(line, key=lambda glyph: glyph.x):
        if glyph.is_mark or glyph.text.isspace():
            continue
        for at in range(max(len(kept) - _NEIGHBOURS, 0), len(kept)):
            if _is_repeated(kept[at], glyph):
                same = kept.pop(at)
                keep = max(same, glyph, key=lambda one: one.right - one.left)
                keep.left, keep.right = min(same.left, glyph.left), max(same.right, glyph.right)
                keep.box = around((same.box, glyph.box))
                kept.append(keep)
                break
        else:
            kept.append(glyph)
    return kept


def _is_repeated(one: Glyph, other: Glyph) -> bool:
    """Whether both are one letter: drawn again a little aside to look bold, or named twice.

    PDFium names a letter with a mark once for each of their two drawings, where such pairs meet.
    """
    if one.text != other.text or not one.text:
        return False
    moved = max(abs(other.x - one.x), abs(other.right - one.right))
    over = one.left < other.ink < one.right or other.left < one.ink < other.right
    return moved < _PRINTED_TWICE * one.em or (len(one.text) > 1 and over)


def _marks_by_letter(marks: Iterable[Glyph], letters: list[Glyph]) -> dict[int, list[Glyph]]:
    """For each letter (by index) the marks above or below it."""
    found: dict[int, list[Glyph]] = {}
    for mark in marks if letters else ():
        centre = mark.ink
        away = [max(letter.left - centre, centre - letter.right, 0.0) for letter in letters]
        found.setdefault(away.index(min(away)), []).append(mark)
    return found


def _with_marks(glyph: Glyph, marks: list[Glyph]) -> str:
    """The glyph's letters, each followed by its marks, the shadda before the vowel."""
    letters = list(fold_forms(glyph.text))
    width = (glyph.right - glyph.left) or 1.0
    for mark in sorted(marks, key=lambda mark: mark.text != _SHADDA):
        from_right = (glyph.right - mark.ink) / width
        at = min(max(int(from_right * len(letters)), 0), len(letters) - 1)
        letters[at] += mark.text
    return "".join(letters)
