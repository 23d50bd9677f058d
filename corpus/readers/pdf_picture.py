"""The picture of a PDF page, and where on it the words of a quote stand."""

import ctypes
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.errors import UnreadableFileError
from corpus.readers.pdf import PDFIUM, open_pdf
from corpus.readers.pdf_glyphs import Box
from corpus.readers.pdf_places import quote_boxes

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfPage

Box01 = tuple[float, float, float, float]
"""Left, top, right and bottom, as fractions of the page from its top left corner as shown."""

_MOST_PIXELS = 6_000_000
_LONGEST_SIDE = 8_000
_NOT_OVER = 1 - 1e-9  # PDFium's sizes are rounded up
_FINE = 1_000_000  # PDFium gives whole device pixels only
_AROUND = 0.1  # of a line's height, left free around its ink


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A WebP picture of a page, its size in pixels, and the boxes around the quoted words."""

    webp: bytes
    width: int
    height: int
    boxes: tuple[Box01, ...]


def page_picture(
    data: bytes, page: int, quote: str, width: int = 900, before: str | None = None
) -> PagePicture:
    """Draw page ``page`` (from 1) of a PDF, ``width`` pixels wide, and find ``quote`` on it.

    ``before`` is the page's text up to the quote; it tells which of several equal words are meant.
    There are no boxes where the quote is not there letter for letter, or where that stays open. A
    page whose picture would be too large is drawn smaller. Raises UnreadableFileError for a file
    that is damaged or locked, and for a page that is not in it.
    """
    from pypdfium2 import PdfiumError

    with PDFIUM, open_pdf(data, "PDF") as pdf:
        if not 1 <= page <= len(pdf):
            raise UnreadableFileError(
                f"The PDF has no page {page}; it has {len(pdf)}.",
                "Its text was read from another file; build the index again.",
                arabic=f"ليس في ملف PDF صفحة رقمها {page}، وعدد صفحاته {len(pdf)}. "
                "حدّث المجموعة، ثم اسأل من جديد.",
            )
        try:
            shown = pdf[page - 1]
            image = _drawn(shown, width)
            places = quote_boxes(pdf, page - 1, quote, before)
            boxes = tuple(_fractions(shown, places))
        except PdfiumError as error:
            raise UnreadableFileError(
                f"Page {page} of the PDF is damaged: {error}.",
                "Open it in a viewer and print it to a new PDF.",
                arabic=f"الصفحة {page} من ملف PDF تالفة. افتحه في برنامج عرض، واطبعه إلى ملف جديد.",
            ) from error
    webp = io.BytesIO()
    image.save(webp, "WEBP", quality=80)  # half the size of PNG, and photographs stay small
    return PagePicture(webp.getvalue(), image.width, image.height, boxes)


def _drawn(page: "PdfPage", width: int) -> "Image":
    across, down = page.get_size()
    if not (0 < across < math.inf and 0 < down < math.inf):
        raise UnreadableFileError(
            f"A page of the PDF measures {across} by {down} points.",
            arabic="أبعاد صفحة من ملف PDF لا تصلح للعرض. افتحه في برنامج عرض، واطبعه إلى ملف جديد.",
        )
    scale = min(
        width / across,
        _LONGEST_SIDE / max(across, down),
        math.sqrt(_MOST_PIXELS / across / down),
    )
    bitmap = page.render(scale=scale * _NOT_OVER)
    try:
        image: Image = bitmap.to_pil()
        return image.convert("RGB")
    finally:
        bitmap.close()


def _fractions(page: "PdfPage", boxes: Sequence[Box]) -> Iterator[Box01]:
    """The boxes as the page shows them: turned, cut, and with some air around the ink."""
    from pypdfium2 import raw

    x, y = ctypes.c_int(), ctypes.c_int()
    for left, bottom, right, top in boxes:
        air = _AROUND * min(right - left, top - bottom)
        corners = []
        for corner in ((left - air, bottom - air), (right + air, top + air)):
            raw.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, *corner, x, y)
            corners.append([min(max(at.value / _FINE, 0.0), 1.0) for at in (x, y)])
        (x0, x1), (y0, y1) = (sorted(ends) for ends in zip(*corners, strict=True))
        if x0 < x1 and y0 < y1:
            yield x0, y0, x1, y1
