"""PowerPoint slides: titles, texts, tables and notes, slide by slide."""

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from corpus.document import Document
from corpus.readers.draft import Draft
from corpus.readers.package import check_markup, open_package

if TYPE_CHECKING:
    from pptx.slide import Slide

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def read_pptx(data: bytes, source: str) -> Document:
    """A presentation: ``pages`` are its slides, headings their titles.

    Items of a slide's body text have "- ", table rows their cells joined by " | "; the speaker's
    notes stand below. Pictures, charts and diagrams are left out.
    """
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    draft = Draft(source)
    hint = (
        "Open it in PowerPoint or LibreOffice and save it again. An old .ppt must be saved as "
        ".pptx; one with a password must be saved without it."
    )
    with open_package(
        data, source, "PowerPoint presentation (.pptx)", hint, PythonPptxError
    ) as archive:
        check_markup(archive, source)
        presentation = Presentation(io.BytesIO(data))
        seen: set[str] = set()  # a small file can name one slide a million times
        for slide in presentation.slides:
            if slide.part.partname in seen:
                continue
            seen.add(slide.part.partname)
            draft.page()
            _write_slide(draft, slide)
        title = presentation.core_properties.title or ""
    return draft.document(title)


def _write_slide(draft: Draft, slide: "Slide") -> None:
    title = slide.shapes.title
    if title is not None:
        draft.heading(title.text_frame.text)
    for shape in _single_shapes(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        draft.block()
        if shape.has_text_frame:
            _write_paragraphs(draft, shape)
        elif getattr(shape, "has_table", False):
            _write_rows(draft, shape.table)
    if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) is not None:
        draft.block()
        draft.line(notes.text)


def _single_shapes(shapes: Iterable[Any]) -> Iterator[Any]:
    """The shapes in their order, those of groups too."""
    waiting = list(shapes)[::-1]
    while waiting:
        shape = waiting.pop()
        if _is_furniture(shape):
            continue
        if hasattr(shape, "shapes"):
            waiting.extend(list(shape.shapes)[::-1])
        else:
            yield shape


def _is_furniture(shape: Any) -> bool:
    """Whether it is what stands on every slide: its number, a date, a header or footer."""
    from pptx.enum.shapes import PP_PLACEHOLDER as KIND

    kinds = {KIND.DATE, KIND.FOOTER, KIND.HEADER, KIND.SLIDE_NUMBER}
    return bool(shape.is_placeholder) and shape.placeholder_format.type in kinds


def _write_paragraphs(draft: Draft, shape: Any) -> None:
    paragraphs = [text for text in shape.text_frame.paragraphs if text.text.strip()]
    is_list = len(paragraphs) > 1 and _is_body(shape)
    for paragraph in paragraphs:
        has_bullet = is_list and paragraph._p.find(f"{_A}pPr/{_A}buNone") is None
        draft.line(paragraph.text, before="- " if has_bullet else "")


def _is_body(shape: Any) -> bool:
    """Whether a shape is the layout's place for a list."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    return shape.is_placeholder and shape.placeholder_format.type in (
        PP_PLACEHOLDER.BODY,
        PP_PLACEHOLDER.OBJECT,
        PP_PLACEHOLDER.VERTICAL_BODY,
        PP_PLACEHOLDER.VERTICAL_OBJECT,
    )


def _write_rows(draft: Draft, table: Any) -> None:
    for row in table.rows:
        draft.row(cell.text for cell in row.cells if not cell.is_spanned)
