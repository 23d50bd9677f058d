import re
import unicodedata
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.errors import UnreadableFileError
from corpus.readers.pdf import _numbers, read_pdf

FIXTURES = Path(__file__).parents[1] / "fixtures"
LINES = FIXTURES.joinpath("harbour.txt").read_text(encoding="utf-8").splitlines()


def read(name: str) -> Document:
    return read_pdf(FIXTURES.joinpath(name).read_bytes(), name)


def refusal(data: bytes) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as caught:
        read_pdf(data, "تقرير.pdf")
    assert caught.value.message.startswith("تقرير.pdf: ")
    assert caught.value.hint
    return caught.value


def words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()


def bare(text: str) -> list[str]:
    """The words without vowel marks, which some producers lose or set beside their letters."""
    return re.sub("[\u064b-\u0652]", "", text).split()


@pytest.mark.parametrize(
    "name", ["shaped.pdf", "visual.pdf", "owner_locked.pdf", "turned.pdf", "twice.pdf"]
)
def test_every_word_digit_and_mark_comes_out_as_it_was_written(name: str) -> None:
    document = read(name)
    assert words(document.text) == words("\n".join(LINES[:-1]))
    assert document.text.splitlines() == LINES[:-1]
    assert document.warnings == ()


def test_a_page_printed_by_a_browser() -> None:
    document = read("browser.pdf")
    assert words(document.text) == words("\n".join(LINES))
    assert document.title == "تقرير الميناء"
    assert document.warnings == ()


def test_a_fully_vocalised_page_in_a_font_of_many_pieces() -> None:
    assert words(read("browser_vocalised.pdf").text) == words(f"{LINES[0]}\n{LINES[-1]}")


def test_large_letters_are_headings() -> None:
    document = read("browser.pdf")
    assert [document.text[start:end] for start, end in document.headings] == [LINES[0]]
    assert read("shaped.pdf").headings == ()


def test_presentation_forms_are_letters_again() -> None:
    document = read("forms_visual.pdf")
    assert bare(document.text) == bare("\n".join(LINES[:-1]))
    assert not re.search("[\ufb50-\ufdff\ufe70-\ufeff]", document.text)


@pytest.mark.parametrize("name", ["backwards.pdf", "forms_backwards.pdf"])
def test_arabic_drawn_the_wrong_way_round_is_turned_with_a_warning(name: str) -> None:
    document = read(name)
    assert bare(document.text) == bare("\n".join(LINES[:-1]))
    [warning] = document.warnings
    assert "معكوس" in warning
    assert "الصفحة 1" in warning


def test_pages_start_where_the_document_says() -> None:
    document = read("three_pages.pdf")
    first, second, third = document.pages
    assert document.text[first : second - 2] == "\n".join(LINES[:2])
    assert document.text[second:third] == "\n\n"
    assert document.text[third:] == f"{LINES[5]}\n{LINES[2]}"
    assert document.page_at(document.text.index("A/70/125")) == 3
    [warning] = document.warnings
    assert "الصفحة 2" in warning


def test_warnings_count_pages_as_arabic_does() -> None:
    assert _numbers([3]) == "الصفحة 3"
    assert _numbers([3, 5]) == "الصفحتين 3 و5"
    assert _numbers([3, 5, 8]) == "الصفحات 3، 5، 8"


def test_a_locked_pdf_says_how_to_open_it() -> None:
    error = refusal(FIXTURES.joinpath("locked.pdf").read_bytes())
    assert "password" in error.message
    assert "--decrypt" in error.hint


def test_a_scan_says_that_ocr_is_needed() -> None:
    error = refusal(FIXTURES.joinpath("scan.pdf").read_bytes())
    assert "no text layer" in error.message
    assert "OCR" in error.hint


def test_a_text_layer_without_letters_is_refused() -> None:
    error = refusal(FIXTURES.joinpath("no_letters.pdf").read_bytes())
    assert "damaged" in error.message
    assert "--force-ocr" in error.hint


WHOLE = FIXTURES.joinpath("shaped.pdf").read_bytes()


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + b"\0" * 5000,
        WHOLE[: len(WHOLE) // 2],
        WHOLE[:-2000][100:],
    ],
)
def test_broken_files_are_refused(data: bytes) -> None:
    refusal(data)


@pytest.mark.parametrize("step", range(0, 40))
def test_damaged_bytes_never_crash(step: int) -> None:
    data = bytearray(WHOLE)
    for at in range(step * 97, len(data), 2011):
        data[at] ^= 0x5A
    try:
        document = read_pdf(bytes(data), "a.pdf")
    except UnreadableFileError:
        return
    assert len(document.pages) >= 1


def english(*lines: str) -> bytes:
    """A PDF of one page, as plain as PDF can be."""
    shown = "".join(f"1 0 0 1 72 {700 - 14 * at} Tm ({line}) Tj " for at, line in enumerate(lines))
    stream = f"BT /F 12 Tf {shown}ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
    ]
    pdf, places = "%PDF-1.4\n", []
    for at, content in enumerate(objects, 1):
        places.append(len(pdf))
        pdf += f"{at} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(pdf)}\n%%EOF\n"
    return f"{pdf}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode()


def test_a_page_without_arabic_keeps_its_lines_and_mends_divided_words() -> None:
    document = read_pdf(english("The develop-", "ment took ten years.", "See A/70/125."), "a.pdf")
    assert document.text == "The development took ten years.\nSee A/70/125."
    assert document.pages == (0,)
    assert document.headings == ()


def test_a_lam_with_its_tanwin_is_read_in_order() -> None:
    found = words(read("red.pdf").text)
    assert unicodedata.normalize("NFC", "عاملاً.") in found
    assert unicodedata.normalize("NFC", "ليلاً") in found
