"""Where the glyphs of a PDF page stand, and which letters they are, as PDFium tells it."""

import ctypes
import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points."""

_UNREADABLE = {"Cc", "Cn", "Co", "Cs"}  # also how a stretched line's filling strokes come out


@dataclass(slots=True)
class Glyph:
    """One glyph: its letters in logical order, and in points its origin, sides and font size."""

    text: str
    x: float
    y: float
    left: float
    right: float
    ink: float  # the middle of the ink
    em: float
    angle: float
    drawing: int  # the place among the page's drawing orders of the one that printed it
    box: Box  # on the page, whatever the angle
    is_mark: bool = False


def page_glyphs(page: "PdfPage", text: "PdfTextPage") -> tuple[list[Glyph], dict[int, list[Box]]]:
    """The page's glyphs in the order in which it draws them, and its drawings without text.

    The latter are boxes under the number of the last drawing with text before them. Where a page
    states the text of a letter and its mark together (ActualText), PDFium gives that text the place
    of the first of the two drawings only; and it drops drawings of a single space.
    """
    boxes: dict[int, Box | None] = dict(_drawings(page))
    order = {address: number for number, address in enumerate(boxes)}
    glyphs = sorted(characters(text, order), key=lambda glyph: glyph.drawing)
    named = {glyph.drawing for glyph in glyphs}
    unnamed: dict[int, list[Box]] = {}
    last = -1
    for number, box in enumerate(boxes.values()):
        if number in named:
            last = number
        elif box:
            unnamed.setdefault(last, []).append(box)
    return glyphs, unnamed


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds them all; ``boxes`` must not be empty."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def count_without_meaning(text: "PdfTextPage") -> int:
    """How many characters of a page have a font that does not say which letters they are."""
    from pypdfium2 import raw

    errors = (raw.FPDFText_HasUnicodeMapError(text, at) for at in range(text.count_chars()))
    return sum(error == 1 for error in errors)


def _drawings(page: "PdfPage") -> Iterator[tuple[int, Box | None]]:
    """The address of every drawing of text, in the page's order, with its box on the page.

    Drawings inside of forms have no box: theirs would be in the form's own coordinates.
    """
    from pypdfium2 import raw

    sides = [ctypes.c_float() for _ in range(4)]
    count = raw.FPDFPage_CountObjects(page)
    waiting: list[tuple[Any, bool]] = [
        (raw.FPDFPage_GetObject(page, at), False) for at in reversed(range(count))
    ]
    while waiting:
        drawing, in_form = waiting.pop()
        kind = raw.FPDFPageObj_GetType(drawing)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            inner = reversed(range(raw.FPDFFormObj_CountObjects(drawing)))
            waiting.extend((raw.FPDFFormObj_GetObject(drawing, at), True) for at in inner)
        elif kind == raw.FPDF_PAGEOBJ_TEXT:
            known = not in_form and raw.FPDFPageObj_GetBounds(drawing, *sides)
            left, bottom, right, top = (side.value for side in sides)
            box = (left, bottom, right, top) if known else None
            yield ctypes.addressof(drawing.contents), box


def characters(page: "PdfTextPage", order: Mapping[int, int]) -> Iterator[Glyph]:
    """Every character that the page itself draws, in the order in which PDFium reads them.

    PDFium adds spaces and line ends of its own, which are left out. ``order`` numbers the drawings
    by their addresses.
    """
    from pypdfium2 import raw

    x, y, left, right, bottom, top = (ctypes.c_double() for _ in range(6))
    loose, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    for index in range(page.count_chars()):
        code = raw.FPDFText_GetUnicode(page, index)
        drawing = raw.FPDFText_GetTextObject(page, index)
        if not code or not drawing:
            continue
        raw.FPDFText_GetCharOrigin(page, index, x, y)
        raw.FPDFText_GetCharBox(page, index, left, right, bottom, top)
        raw.FPDFText_GetLooseCharBox(page, index, loose)
        if chr(code).isspace() and loose.left == loose.right:
            continue
        raw.FPDFText_GetMatrix(page, index, matrix)
        em = raw.FPDFText_GetFontSize(page, index) * math.hypot(matrix.c, matrix.d)
        angle = -raw.FPDFText_GetCharAngle(page, index)  # PDFium counts clockwise
        at, height = _turned(x.value, y.value, angle)
        ends = (left.value, bottom.value), (right.value, top.value)
        ink = sum(_turned(*end, angle)[0] for end in ends) / 2
        box = (loose.left, loose.bottom), (loose.right, loose.top)
        advanced = max(_turned(*corner, angle)[0] for corner in box)
        category = unicodedata.category(chr(code))
        lost = raw.FPDFText_HasUnicodeMapError(page, index) == 1 or category in _UNREADABLE
        char = "" if lost else chr(code)
        number = order.get(ctypes.addressof(drawing.contents), len(order))
        inked = left.value < right.value and bottom.value < top.value
        place = (*ends[0], *ends[1]) if inked else (*box[0], *box[1])
        mark = category == "Mn"
        yield Glyph(char, at, height, at, advanced, ink, em, angle, number, place, mark)


def _turned(x: float, y: float, angle: float) -> tuple[float, float]:
    """The point in axes where text at ``angle`` (radians) runs level."""
    if not angle:
        return x, y
    cos, sin = math.cos(angle), math.sin(angle)
    return x * cos + y * sin, y * cos - x * sin
