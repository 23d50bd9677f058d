import io
import zipfile
from contextlib import suppress

import pptx
import pytest
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.presentation import Presentation
from pptx.util import Inches

import corpus.readers.package
from corpus.document import Document
from corpus.errors import UnreadableFileError
from corpus.readers.pptx import read_pptx

TITLE, TITLE_AND_LIST, TITLE_ONLY, BLANK = 0, 1, 5, 6
BOX = (Inches(1), Inches(1), Inches(4), Inches(1))


def saved(slides: Presentation) -> bytes:
    file = io.BytesIO()
    slides.save(file)
    return file.getvalue()


def read(slides: Presentation) -> Document:
    return read_pptx(saved(slides), "عرض.pptx")


def rewritten(data: bytes, name: str, content: bytes | None) -> bytes:
    """The package with one part replaced, or left out."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
            elif content is not None:
                new.writestr(part, content)
    return file.getvalue()


def refusal(data: bytes) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as caught:
        read_pptx(data, "عرض.pptx")
    assert caught.value.message.startswith("عرض.pptx: ")
    assert caught.value.hint
    return caught.value


def test_slides_titles_lists_tables_and_notes() -> None:
    slides = pptx.Presentation()
    slides.core_properties.title = "خطة الميناء"
    first = slides.slides.add_slide(slides.slide_layouts[TITLE])
    first.shapes.title.text = "ميناء المدينة\nالجديد"
    first.placeholders[1].text = "عام 2017"
    second = slides.slides.add_slide(slides.slide_layouts[TITLE_AND_LIST])
    second.shapes.title.text = "المراحل"
    second.placeholders[1].text = "تعميق الحوض\nبناء السوق"
    second.notes_slide.notes_text_frame.text = "تُعرض هنا الصور."
    third = slides.slides.add_slide(slides.slide_layouts[BLANK])
    table = third.shapes.add_table(2, 2, *BOX).table
    for at, text in enumerate(["السنة", "العدد", "2017", "145\nقارباً"]):
        table.cell(at // 2, at % 2).text = text
    document = read(slides)
    assert document.text == (
        "ميناء المدينة الجديد\n\nعام 2017\n\n"
        "المراحل\n\n- تعميق الحوض\n- بناء السوق\n\nتُعرض هنا الصور.\n\n"
        "السنة | العدد\n2017 | 145 قارباً"
    )
    titles = ["ميناء المدينة الجديد", "المراحل"]
    assert [document.text[a:b] for a, b in document.headings] == titles
    starts = [*map(document.text.index, titles), document.text.index("السنة")]
    assert document.pages == tuple(starts)
    assert document.page_at(document.text.index("145")) == 3
    assert document.title == "خطة الميناء"


def test_what_stands_on_every_slide_is_left_out() -> None:
    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[TITLE_ONLY])
    slide.shapes.title.text = "الميناء"
    places = slides.slide_layouts[TITLE_ONLY].placeholders
    for place in (places[n] for n in range(len(places))):
        if place.placeholder_format.type in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
            slide.shapes.clone_placeholder(place)
            slide.placeholders[place.placeholder_format.idx].text = "جامعة الساحل 3"
    assert len(slide.placeholders) == 3
    assert read(slides).text == "الميناء"


def test_slides_without_words_keep_their_numbers() -> None:
    slides = pptx.Presentation()
    for text in ["", "نص", "", ""]:
        slide = slides.slides.add_slide(slides.slide_layouts[BLANK])
        slide.shapes.add_textbox(*BOX).text_frame.text = text
    document = read(slides)
    assert document.text == "نص"
    assert document.pages == (0, 0, 2, 2)
    assert document.page_at(0) == 2


def test_groups_in_groups_and_a_title_that_stands_last() -> None:
    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[TITLE_ONLY])
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(*BOX).text_frame.text = "أول"
    group.shapes.add_group_shape().shapes.add_textbox(*BOX).text_frame.text = "ثان"
    slide.shapes.add_textbox(*BOX).text_frame.text = "ثالث"
    slide.shapes.title.text = "عنوان"
    tree = slide.shapes._spTree
    tree.append(slide.shapes.title._element)
    assert read(slides).text == "عنوان\n\nأول\n\nثان\n\nثالث"


def test_line_breaks_merged_cells_and_paragraphs_without_bullets() -> None:
    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[TITLE_AND_LIST])
    slide.placeholders[1].text = "سطر\vآخر\nبلا نقطة"
    properties = slide.placeholders[1].text_frame.paragraphs[1]._p.get_or_add_pPr()
    properties.append(properties.makeelement(f"{pptx_namespace()}buNone", {}))
    table = slide.shapes.add_table(1, 3, *BOX).table
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(0, 0).text, table.cell(0, 2).text = "أ", "ب"
    assert read(slides).text == "- سطر\nآخر\nبلا نقطة\n\nأ | ب"


def pptx_namespace() -> str:
    return "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def one_slide() -> bytes:
    slides = pptx.Presentation()
    slides.slides.add_slide(slides.slide_layouts[TITLE_ONLY]).shapes.title.text = "نص"
    return saved(slides)


ONE = one_slide()
SLIDE = "ppt/slides/slide1.xml"


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SLIDE, b"\0" * (corpus.readers.package.MAX_UNPACKED_BYTES + 1))
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert "unpacks to" in refusal(file.getvalue()).message


def test_a_flood_of_elements_is_refused() -> None:
    data = rewritten(ONE, SLIDE, b"<a>" + b"<b/>" * 4_000_000 + b"</a>")
    assert "pieces of markup" in refusal(data).message


def test_a_password_is_named() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert "password" in refusal(data).message


def test_entities_are_not_expanded() -> None:
    with zipfile.ZipFile(io.BytesIO(ONE)) as archive:
        xml = archive.read(SLIDE).decode().partition("?>")[2].replace("نص", "نص &b;&f;")
    types = '<!DOCTYPE x [<!ENTITY b "aaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    with suppress(UnreadableFileError):
        text = read_pptx(rewritten(ONE, SLIDE, (types + xml).encode()), "a.pptx").text
        assert "aaaa" not in text
        assert "root" not in text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,  # an old .ppt
        ONE[: len(ONE) // 2],
        rewritten(ONE, "[Content_Types].xml", None),
        rewritten(ONE, "_rels/.rels", b"<broken"),
        rewritten(ONE, "ppt/presentation.xml", None),
        rewritten(ONE, "ppt/presentation.xml", b"<html/>"),
        rewritten(ONE, SLIDE, None),
        rewritten(ONE, SLIDE, b""),
        rewritten(ONE, SLIDE, b"<html/>"),
        rewritten(ONE, SLIDE, b"<a>" * 5000),
    ],
)
def test_damaged_packages_are_refused(data: bytes) -> None:
    assert "whole PowerPoint presentation" in refusal(data).message


@pytest.mark.parametrize("step", range(20))
def test_damaged_bytes_never_crash(step: int) -> None:
    data = bytearray(ONE)
    for at in range(step * 61, len(data), 1999):
        data[at] ^= 0x5A
    with suppress(UnreadableFileError):
        assert read_pptx(bytes(data), "a.pptx").source == "a.pptx"
