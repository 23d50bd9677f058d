import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import xlsxwriter

import corpus.readers.draft
import corpus.readers.package
from corpus.document import Document
from corpus.errors import UnreadableFileError
from corpus.readers.xlsx import read_xlsx

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"


def made(fill: Callable[[Any], None], **options: object) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as book:
        fill(book)
    return file.getvalue()


def read(fill: Callable[[Any], None], **options: object) -> Document:
    return read_xlsx(made(fill, **options), "جدول.xlsx")


def shown(value: object, number_format: str, **options: object) -> str:
    """How a cell is read that holds ``value`` in this format."""

    def fill(book: Any) -> None:
        sheet = book.add_worksheet("س")
        sheet.write(0, 0, value, book.add_format({"num_format": number_format}))

    return read(fill, **options).text.removeprefix("س").strip()


def by_hand(sheet: str, **parts: str) -> bytes:
    """A workbook of one sheet; ``parts`` named book, links, top, styles, strings replace ours."""
    kind = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    link = f'<Relationship Id="{{0}}" Type="{LINKS}/{{1}}" Target="{{2}}"/>'
    ours = {
        "top": f"<Relationships {kind}>{link.format('a', 'officeDocument', '/xl/book.xml')}"
        "</Relationships>",
        "links": f"<Relationships {kind}>{link.format('a', 'worksheet', 'worksheets/sheet1.xml')}"
        f"{link.format('b', 'sharedStrings', 's.xml')}{link.format('c', 'styles', 'y.xml')}"
        "</Relationships>",
        "book": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
        '<sheet name="ورقة" sheetId="1" r:id="a"/></sheets></workbook>',
        "strings": f'<sst xmlns="{MAIN}"><si><t>أول</t></si></sst>',
        "styles": f'<styleSheet xmlns="{MAIN}"/>',
    } | parts
    names = {
        **{"top": "_rels/.rels", "links": "xl/_rels/book.xml.rels", "book": "xl/book.xml"},
        **{"strings": "xl/s.xml", "styles": "xl/y.xml"},
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in ours.items():
            archive.writestr(names[part], content)
        archive.writestr(SHEET, sheet)
    return file.getvalue()


def with_rows(rows: str, **parts: str) -> bytes:
    return by_hand(f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>', **parts)


def refusal(data: bytes) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as caught:
        read_xlsx(data, "جدول.xlsx")
    assert caught.value.message.startswith("جدول.xlsx: ")
    assert caught.value.hint
    return caught.value


def test_sheets_are_headings_and_rows_are_records() -> None:
    def fill(book: Any) -> None:
        book.set_properties({"title": "مبيعات العام"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("المبيعات")
        sheet.write(0, 0, "تقرير عام 2024")
        sheet.write_row(2, 0, ["المدينة", "العدد", "التاريخ", "المجموع"])
        sheet.write_row(3, 0, ["الرياض", 3.0])
        sheet.write_datetime(3, 2, datetime(2024, 3, 5), day)
        sheet.write_formula(3, 3, "=B4*2", None, 6.0)
        sheet.write_row(900_000, 0, ["جدة\nالبلد", 2.5])
        book.add_worksheet("فارغة")
        book.add_worksheet("ملاحظات").write_row(0, 0, ["المصدر", "الوزارة"])

    document = read(fill)
    assert document.text == (
        "المبيعات\n\nتقرير عام 2024\n\n"
        "المدينة: الرياض\nالعدد: 3\nالتاريخ: 2024-03-05\nالمجموع: 6\n\n"
        "المدينة: جدة\nالبلد\nالعدد: 2.5\n\nفارغة\n\nملاحظات\n\nالمصدر | الوزارة"
    )
    names = ["المبيعات", "فارغة", "ملاحظات"]
    assert [document.text[a:b] for a, b in document.headings] == names
    assert document.title == "مبيعات العام"
    assert document.pages == ()


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (3.0, "General", "3"),
        (-0.5, "General", "-0.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.0, "#,##0.00", "1234567"),
        (2.675, "0.00", "2.68"),
        (1 / 3, "0.0%", "33.3%"),
        (0.25, "0%", "25%"),
        (1.5, '#,##0.0 "ريال"', "1.5"),
        (1.5, "# ?/?", "1.5"),
        (1234.5, "0.00E+00", "1234.5"),
        (5_012_345, "0000000000", "0005012345"),
        (1e-9, "General", "0.000000001"),
        (1.5e20, "General", "1.5e+20"),
        (date(2024, 3, 5), "yyyy-mm-dd", "2024-03-05"),
        (date(2024, 3, 5), "[$-401]d mmmm yyyy", "2024-03-05"),
        (date(1900, 1, 1), "d/m/yy", "1900-01-01"),
        (datetime(2024, 3, 5, 14, 5), "d/m/yyyy h:mm", "2024-03-05 14:05"),
        (datetime(2024, 3, 5, 14, 5, 59), "d/m/yyyy h:mm:ss", "2024-03-05 14:05:59"),
        (time(8, 30), "h:mm AM/PM", "08:30"),
        (time(0, 4, 30), "mm:ss", "00:04:30"),
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
        (-1, "yyyy-mm-dd", "1899-12-29"),
        (1e9, "yyyy-mm-dd", ""),
        (True, "General", "TRUE"),
        ("=1/0", "General", "0"),
    ],
)
def test_values_are_as_a_person_sees_them(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


def test_workbooks_that_count_from_1904() -> None:
    assert shown(date(2024, 3, 5), "yyyy-mm-dd", date_1904=True) == "2024-03-05"


def test_hidden_sheets_are_left_out() -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("أ").write(0, 0, "ظاهر")
        hidden = book.add_worksheet("ب")
        hidden.write(0, 0, "مخفي")
        hidden.hide()

    assert read(fill).text == "أ\n\nظاهر"


def test_rich_texts_escapes_and_reading_aids() -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><r><t>نص </t></r><r><t>غامق</t></r><rPh><t>ق</t></rPh></si>'
        "<si><t>أ_x000A_ب_xD800__x005F_</t></si></sst>"
    )
    rows = (
        '<row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row>'
        '<row><c t="inlineStr"><is><t>في الخلية</t></is></c></row>'
        '<row><c t="str"><f>A1</f><v>قيمة</v></c></row><row><c t="e"><v>#N/A</v></c></row>'
        '<row><c t="d"><v>2024-03-05T00:00:00</v></c></row><row><c t="d"><v>غداً</v></c></row>'
    )
    text = read_xlsx(with_rows(rows, strings=strings), "a").text
    assert text == "ورقة\n\nنص غامق\nأ ب\ufffd_\nفي الخلية\nقيمة\n\n2024-03-05\nغداً"


def test_prefixes_and_the_strict_namespace() -> None:
    sheet = (
        '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row>'
        '<x:c r="B1" t="s"><x:v>0</x:v></x:c><x:c r="A1"><x:v>7</x:v></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    assert read_xlsx(by_hand(sheet), "a").text == "ورقة\n\n7 | أول"


def test_a_part_that_many_sheets_name_is_read_once() -> None:
    one = '<sheet name="ورقة" sheetId="1" r:id="a"/>'
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{one * 50_000}</sheets></workbook>'
    data = with_rows("<row><c><v>1</v></c></row>" + "<row/>" * 50_000, book=book)
    assert read_xlsx(data, "a").text == "ورقة\n\n1"


def test_millions_of_empty_rows_and_columns_are_nothing() -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        + "<row/>" * 1_000_000
        + '<row r="2000000000"><c r="XFD2000000000"><v>2</v></c></row>' * 1000
    )
    assert read_xlsx(with_rows(rows), "a").text.split() == ["ورقة", "1", *["2"] * 1000]


def test_one_long_text_in_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.readers.draft, "MAX_CHARACTERS", 1_000_000)
    strings = f'<sst xmlns="{MAIN}"><si><t>{"أ" * 100_000}</t></si></sst>'
    row = "<row>" + '<c t="s"><v>0</v></c>' * 16_000 + "</row>"
    data = with_rows(row * 100, strings=strings)
    assert "characters" in refusal(data).message


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.readers.package, "MAX_UNPACKED_BYTES", 10_000)
    data = with_rows("<row/>" * 10_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert "unpacks to" in refusal(data).message


def test_a_flood_of_elements_is_refused() -> None:
    assert "pieces of markup" in refusal(with_rows("<a/>" * 12_000_000)).message


def test_a_password_is_named() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert "password" in refusal(data).message


LAUGHS = '<!DOCTYPE x [<!ENTITY a "هههههه"><!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,  # an old .xls
        with_rows("<row/>")[:-100],
        with_rows("<row>"),
        with_rows("", top="<Relationships/>"),
        with_rows("", book="<workbook"),
        with_rows("", links=""),
        with_rows('<row><c t="s"><v>5</v></c></row>'),
        with_rows('<row><c t="s"><v>أ</v></c></row>'),
        with_rows("<row><c><v>أ</v></c></row>"),
        with_rows('<row><c r="ZZZ1"><v>1</v></c></row>'),
        with_rows('<row><c r="-1"><v>1</v></c></row>'),
        with_rows('<row r="أ"/>'),
        with_rows("<a>" * 100_000),
        by_hand(f"{LAUGHS}<worksheet>&a;</worksheet>"),
        with_rows("", strings=f"{LAUGHS}<sst><si><t>&a;&b;</t></si></sst>"),
    ],
)
def test_damaged_packages_are_refused(data: bytes) -> None:
    assert "whole Excel workbook" in refusal(data).message


def test_missing_strings_and_styles_are_no_damage() -> None:
    links = (
        '<Relationships><Relationship Id="a" Type="/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>'
    )
    rows = '<row><c s="9"><v>1.0</v></c></row>'
    assert read_xlsx(with_rows(rows, links=links), "a").text == "ورقة\n\n1"


@pytest.mark.parametrize("step", range(20))
def test_damaged_bytes_never_crash(step: int) -> None:
    data = bytearray(made(lambda book: book.add_worksheet("أ").write_row(0, 0, ["ب", 1])))
    for at in range(step * 61, len(data), 1999):
        data[at] ^= 0x5A
    with suppress(UnreadableFileError):
        assert read_xlsx(bytes(data), "a.xlsx").source == "a.xlsx"
