"""Word documents: paragraphs, lists and tables in the order in which they stand."""

import io
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from corpus.document import Document, Span
from corpus.readers.doubts import doubts
from corpus.readers.package import check_markup, open_package

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(heading|title)\b", re.IGNORECASE)
_CONTENTS = re.compile(r"toc \d", re.IGNORECASE)  # lines of the list of contents
_MOST_STYLES = 12  # each on the one before: Word allows eleven
_WORDS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_SKIPPED = {
    f"{_W}{name}" for name in ("del", "moveFrom", "drawing", "pict", "object", "pPr", "rPr")
}
_SKIPPED.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent")


def read_docx(data: bytes, source: str) -> Document:
    """A Word document: list items with "- ", table rows with cells joined by " | ".

    Headings are the paragraphs in a heading or title style. Text boxes, foot notes, page headers,
    lists of contents and deleted text are left out; inserted text is taken.
    """
    import docx
    from docx.opc.exceptions import OpcError

    hint = (
        "Open it in Word or LibreOffice and save it again. An old .doc must be saved as .docx; "
        "a document with a password must be saved without one."
    )
    with open_package(data, source, "Word document (.docx)", hint, OpcError) as archive:
        check_markup(archive, source)
        document = docx.Document(io.BytesIO(data))
        if document.element.body is None:
            raise ValueError("the document has no body")
        text, headings = _joined(_blocks(document))
        title = (document.core_properties.title or "").strip()
    return Document(
        source=source,
        text=text,
        title=text[slice(*headings[0])] if headings else title,
        headings=tuple(headings),
        warnings=doubts(text),
    )


def _joined(blocks: Iterable[tuple[str, bool]]) -> tuple[str, list[Span]]:
    """The lines as one text, and the places of those that are headings."""
    parts: list[str] = []
    headings: list[Span] = []
    length = 0
    for text, is_heading in blocks:
        if parts:
            parts.append("\n")
            length += 1
        if is_heading:
            headings.append((length, length + len(text)))
        parts.append(text)
        length += len(text)
    return "".join(parts), headings


def _blocks(document: "WordDocument") -> Iterator[tuple[str, bool]]:
    """The lines of the document, each with whether it is a heading; an empty one parts blocks."""
    styles = {style.style_id: style for style in document.styles}

    @cache  # many paragraphs have the same style, and python-docx looks long for each
    def names_of(style_id: str | None) -> list[str]:
        return list(_style_names(styles.get(style_id)))

    was_list: bool | None = None  # None before the first block
    for block in _block_elements(document.element.body):
        if block.tag == f"{_W}tbl":
            rows = [" | ".join(cells).strip() for cells in _rows(block) if any(cells)]
            text, is_list, is_heading = "\n".join(rows), False, False
        else:
            style_names = names_of(_style_id(block))
            if any(map(_CONTENTS.match, style_names)):
                continue
            text = _paragraph_text(block)
            is_heading = any(map(_HEADING.match, style_names)) or _has_level(block)
            is_list = not is_heading and _is_list_item(block, style_names)
        if not text:
            continue
        if was_list is not None and not (is_list and was_list):
            yield "", False
        yield ("- " + text if is_list else text), is_heading
        was_list = is_list


def _block_elements(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables below ``parent``, also those inside content controls."""
    waiting = list(reversed(parent))
    while waiting:
        element = waiting.pop()
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            waiting.extend(reversed(element))


def _paragraph_text(paragraph: Any) -> str:
    words: list[str] = []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag == f"{_W}t":
            word = element.text or ""
            if word[:1].isdigit() and words and words[-1][-1:].isdigit() and _is_raised(element):
                words.append("^")  # 10⁸ is not 108
            words.append(word)
        elif element.tag in _WORDS:
            words.append(_WORDS[element.tag])
        elif element.tag not in _SKIPPED:
            waiting.extend(reversed(element))
    return "".join(words).strip()


def _is_raised(text: Any) -> bool:
    """Whether a run's text is superscript."""
    place = text.getparent().find(f"{_W}rPr/{_W}vertAlign")
    return place is not None and place.get(f"{_W}val") == "superscript"


def _rows(table: Any) -> Iterator[list[str]]:
    """The cells' texts of each row; a table inside a cell becomes part of its text."""
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is table:
            yield [
                " ".join(filter(None, map(_one_line, cell.iter(f"{_W}p"))))
                for cell in row.iter(f"{_W}tc")
                if next(cell.iterancestors(f"{_W}tr")) is row
            ]


def _one_line(paragraph: Any) -> str:
    return " ".join(_paragraph_text(paragraph).split())


def _style_id(paragraph: Any) -> str | None:
    element = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return element.get(f"{_W}val") if element is not None else None


def _style_names(style: Any) -> Iterator[str]:
    """The names of a paragraph's style and of the styles that it builds on."""
    for _ in range(_MOST_STYLES):
        if style is None:
            return
        yield style.name or ""
        style = getattr(style, "base_style", None)


def _has_level(paragraph: Any) -> bool:
    """Whether the paragraph itself says that it belongs in the outline: level 0 to 8 of 9."""
    level = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
    return level is not None and level.get(f"{_W}val") in set("012345678")


def _is_list_item(paragraph: Any, style_names: list[str]) -> bool:
    number = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}numId")
    if number is not None:
        return bool(number.get(f"{_W}val") != "0")
    return any(name.lower().startswith("list") for name in style_names)
