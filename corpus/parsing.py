"""Files are parsed in a child process with limits: a hostile one can hurt that process alone.

A child is started when it is first needed, reads one file after another, and is replaced when it
broke off. What comes back is data, and is checked here.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corpus.children import BrokenOffError, Children
from corpus.document import Document
from corpus.errors import UnreadableFileError
from corpus.limits import DRAWING_SECONDS, memory, reading_seconds

if TYPE_CHECKING:
    from corpus.readers.pdf_picture import PagePicture

_READING = Children(most=4)
_DRAWING = Children(most=2)  # so that no picture waits for a book
_MOST_SIDE = 10_000  # pixels


def parse(data: bytes, suffix: str, source: str) -> Document:
    """The document in the bytes of a file of the ending ``suffix``, in lower case with the dot.

    Raises UnreadableFileError where the reader refuses it, and BrokenOffError, which is one, where
    it crashed, or took more time or memory than ``corpus.limits`` lets it.
    """
    words = {"do": "read", "suffix": suffix, "source": source, "memory": memory(len(data))}
    said, text = _READING.ask(words, data, reading_seconds(len(data)), source)
    try:
        return _document(said, text, source)
    except (ValueError, TypeError, KeyError) as error:
        raise BrokenOffError("crash", source) from error


def page_picture(
    data: bytes, page: int, quote: str, width: int = 900, before: str | None = None
) -> "PagePicture":
    """``corpus.readers.pdf_picture.page_picture`` in a child that has ten seconds for it."""
    words = {"do": "draw", "page": page, "quote": quote, "width": width, "before": before}
    words["memory"] = memory(len(data))
    said, webp = _DRAWING.ask(words, data, DRAWING_SECONDS, "PDF")
    try:
        return _picture(said, webp)
    except (ValueError, TypeError, KeyError) as error:
        raise BrokenOffError("crash", "PDF") from error


def close() -> None:
    """End the children that wait for the next file; who parses again gets others."""
    _READING.close()
    _DRAWING.close()


def _document(said: dict[str, Any], data: bytes, source: str) -> Document:
    _refuse(said)
    text = data.decode()
    pages, headings = said["pages"], said["headings"]
    _check([*pages], len(text))
    _check([start for start, _ in headings], len(text))
    if not all(type(end) is int and start <= end <= len(text) for start, end in headings):
        raise ValueError("a heading that lies outside of the text")
    return Document(
        source=source,
        text=text,
        title=_words(said["title"]),
        pages=tuple(pages),
        headings=tuple((start, end) for start, end in headings),
        warnings=tuple(map(_words, said["warnings"])),
    )


def _picture(said: dict[str, Any], webp: bytes) -> "PagePicture":
    from corpus.readers.pdf_picture import PagePicture

    _refuse(said)
    width, height = said["width"], said["height"]
    _check([width], _MOST_SIDE)
    _check([height], _MOST_SIDE)
    boxes = []
    for left, top, right, bottom in said["boxes"]:
        if not (0.0 <= left < right <= 1.0 and 0.0 <= top < bottom <= 1.0):
            raise ValueError("a box that lies outside of the page")
        boxes.append((float(left), float(top), float(right), float(bottom)))
    if not (webp.startswith(b"RIFF") and webp[8:12] == b"WEBP"):
        raise ValueError("no WebP picture")
    return PagePicture(webp, width, height, tuple(boxes))


def _refuse(said: dict[str, Any]) -> None:
    if "refused" in said:
        message, hint, arabic = map(_words, said["refused"])
        raise UnreadableFileError(message, hint, arabic=arabic)


def _check(offsets: Sequence[Any], most: int) -> None:
    """Raises ValueError unless these are whole numbers from 0 to ``most`` that never fall."""
    before = 0
    for offset in offsets:
        if type(offset) is not int or not before <= offset <= most:
            raise ValueError("an offset that lies outside of the text")
        before = offset


def _words(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("what should be text is not")
    return value
