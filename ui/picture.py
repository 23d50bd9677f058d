"""The cited page as a picture, with boxes around the quoted words."""

from base64 import b64encode
from collections import OrderedDict
from hashlib import sha256
from threading import Lock

from corpus.errors import UnreadableFileError
from corpus.parsing import page_picture
from corpus.readers.pdf_picture import Box01, PagePicture
from ui.markup import safe
from ui.strings import Strings

_MOST_KEPT = 32


class _Pictures:
    """The last pictures, without the files that they were made from."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[bytes, int, str, str | None], PagePicture | None]
        self._kept = OrderedDict()
        self._lock = Lock()

    def get(self, data: bytes, page: int, quote: str, before: str | None) -> PagePicture | None:
        key = sha256(data).digest(), page, quote, before
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        picture = _drawn(data, page, quote, before)
        with self._lock:
            self._kept[key] = picture
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return picture


_PICTURES = _Pictures()


def page_figure(
    data: bytes, page: int, quote: str, strings: Strings, before: str | None = None
) -> str:
    """Page ``page`` (from 1) of the PDF ``data`` with ``quote`` boxed; "" when it cannot be drawn.

    ``before`` is the page's text up to the quote, for words that stand on the page several times.
    A page is never mirrored: sides are physical, and the figure is left to right in any language.
    """
    picture = _PICTURES.get(data, page, quote, before)
    if picture is None:
        return ""
    source = f"data:image/webp;base64,{b64encode(picture.webp).decode()}"
    return (
        f'<figure class="page-picture" dir="ltr" tabindex="0"><div class="sheet">'
        f'<img src="{source}" alt="{safe(f"{strings.page} {page}")}" '
        f'width="{picture.width}" height="{picture.height}">'
        f"{''.join(map(_box, picture.boxes))}</div></figure>"
    )


def _drawn(data: bytes, page: int, quote: str, before: str | None) -> PagePicture | None:
    try:
        return page_picture(data, page, quote, before=before)
    except UnreadableFileError:
        return None


def _box(box: Box01) -> str:
    left, top, right, bottom = (100 * side for side in box)
    place = f"left:{left:.3f}%;top:{top:.3f}%;width:{right - left:.3f}%;height:{bottom - top:.3f}%"
    return f'<span class="box" aria-hidden="true" style="{place}"></span>'
