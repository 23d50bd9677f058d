import io
import zipfile
from contextlib import suppress

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml

import corpus.readers.package
from corpus.document import Document
from corpus.errors import UnreadableFileError
from corpus.readers.docx import read_docx

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(word: WordDocument) -> bytes:
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def read(word: WordDocument) -> Document:
    return read_docx(saved(word), "a.docx")


def with_block(xml: str) -> WordDocument:
    word = docx.Document()
    word.element.body.insert(0, parse_xml(xml.replace(">", f" {NAMESPACE}>", 1)))
    return word


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
        read_docx(data, "تقرير.docx")
    assert caught.value.message.startswith("تقرير.docx: ")
    assert caught.value.hint
    return caught.value


def test_the_list_of_contents_is_left_out() -> None:
    word = docx.Document()
    word.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    word.add_paragraph("الفصل الأول\t9", style="toc 1")
    word.add_paragraph("بدأ العمل في الميناء.")
    assert read(word).text == "بدأ العمل في الميناء."


def test_raised_digits_do_not_run_into_the_number_before() -> None:
    word = docx.Document()
    paragraph = word.add_paragraph("مساحته 10")
    paragraph.add_run("8").font.superscript = True
    paragraph.add_run(" م")
    paragraph.add_run("2").font.superscript = True
    assert read(word).text == "مساحته 10^8 م2"


def test_paragraphs_lists_and_tables_stand_in_their_order() -> None:
    word = docx.Document()
    word.add_heading("تقرير الميناء", 0)
    word.add_paragraph("افتُتح الميناء في 14 مارس 2017.")
    word.add_heading("المراحل", 1)
    word.add_paragraph("تعميق الحوض", style="List Bullet")
    word.add_paragraph("بناء السوق", style="List Number")
    word.add_paragraph("")
    table = word.add_table(2, 2)
    for cell, text in zip(table._cells, ["السنة", "العدد", "2017", "145\nقارباً"], strict=True):
        cell.text = text
    word.add_paragraph("خاتمة")
    document = read(word)
    assert document.text == (
        "تقرير الميناء\n\nافتُتح الميناء في 14 مارس 2017.\n\nالمراحل\n\n"
        "- تعميق الحوض\n- بناء السوق\n\nالسنة | العدد\n2017 | 145 قارباً\n\nخاتمة"
    )
    assert [document.text[a:b] for a, b in document.headings] == ["تقرير الميناء", "المراحل"]
    assert document.title == "تقرير الميناء"
    assert document.pages == ()


def test_runs_breaks_and_tabs_are_one_paragraph() -> None:
    word = docx.Document()
    paragraph = word.add_paragraph("نص ")
    paragraph.add_run("غامق").bold = True
    paragraph.add_run("\tبعد")
    paragraph.add_run().add_break()
    paragraph.add_run("سطر")
    assert read(word).text == "نص غامق\tبعد\nسطر"


def test_a_heading_style_of_ones_own_and_an_outline_level() -> None:
    word = docx.Document()
    style = word.styles.add_style("عنوان المجلة", 1)
    style.base_style = word.styles["Heading 2"]
    word.add_paragraph("أول", style="عنوان المجلة")
    word.element.body.insert(
        1,
        parse_xml(
            f'<w:p {NAMESPACE}><w:pPr><w:outlineLvl w:val="1"/></w:pPr>'
            "<w:r><w:t>ثان</w:t></w:r></w:p>"
        ),
    )
    document = read(word)
    assert [document.text[a:b] for a, b in document.headings] == ["أول", "ثان"]


def test_the_title_comes_from_the_properties_without_headings() -> None:
    word = docx.Document()
    word.core_properties.title = "عنوان محفوظ"
    word.add_paragraph("نص")
    assert read(word).title == "عنوان محفوظ"


def test_links_insertions_and_content_controls_are_read_and_deletions_are_not() -> None:
    xml = (
        "<w:sdt><w:sdtContent><w:p><w:ins><w:r><w:t>مدرج</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>محذوف</w:delText></w:r></w:del>"
        "<w:hyperlink><w:r><w:t> رابط</w:t></w:r></w:hyperlink></w:p></w:sdtContent></w:sdt>"
    )
    assert read(with_block(xml)).text == "مدرج رابط"


def test_a_table_inside_a_cell_is_part_of_the_cell() -> None:
    word = docx.Document()
    cell = word.add_table(1, 2).cell(0, 0)
    cell.text = "خارج"
    cell.add_table(1, 1).cell(0, 0).text = "داخل"
    assert read(word).text == "خارج داخل |"


def test_numbering_on_the_paragraph_itself_makes_a_list() -> None:
    xml = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{}"/></w:numPr></w:pPr>'
        "<w:r><w:t>بند</w:t></w:r></w:p>"
    )
    assert read(with_block(xml.format(3))).text == "- بند"
    assert read(with_block(xml.format(0))).text == "بند"


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", b"\0" * (corpus.readers.package.MAX_UNPACKED_BYTES + 1)
        )
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert "unpacks to" in refusal(file.getvalue()).message


def test_a_flood_of_elements_is_refused() -> None:
    xml = f"<w:document {NAMESPACE}><w:body>" + "<w:p/>" * 4_000_001 + "</w:body></w:document>"
    data = rewritten(saved(docx.Document()), "word/document.xml", xml.encode())
    assert "pieces of markup" in refusal(data).message


def test_entities_are_not_expanded() -> None:
    xml = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        f"<w:document {NAMESPACE}><w:body><w:p><w:r><w:t>نص &b;</w:t></w:r></w:p></w:body>"
        "</w:document>"
    )
    data = rewritten(saved(docx.Document()), "word/document.xml", xml.encode())
    with suppress(UnreadableFileError):
        assert "aaaa" not in read_docx(data, "a.docx").text


EMPTY = saved(docx.Document())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,  # an old .doc, or one with a password
        EMPTY[: len(EMPTY) // 2],
        rewritten(EMPTY, "word/document.xml", None),
        rewritten(EMPTY, "[Content_Types].xml", None),
        rewritten(EMPTY, "_rels/.rels", b"<broken"),
        rewritten(EMPTY, "word/document.xml", b""),
        rewritten(EMPTY, "word/document.xml", b"<html/>"),
        rewritten(EMPTY, "word/document.xml", f"<w:document {NAMESPACE}/>".encode()),
        rewritten(EMPTY, "word/document.xml", b"<a>" * 5000),
    ],
)
def test_damaged_packages_are_refused(data: bytes) -> None:
    assert "whole Word document" in refusal(data).message


@pytest.mark.parametrize("step", range(30))
def test_damaged_bytes_never_crash(step: int) -> None:
    data = bytearray(EMPTY)
    for at in range(step * 61, len(data), 1999):
        data[at] ^= 0x5A
    with suppress(UnreadableFileError):
        assert read_docx(bytes(data), "a.docx").source == "a.docx"
