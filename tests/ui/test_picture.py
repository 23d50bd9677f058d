"""The picture of a cited page: markup, boxes in percent, and what cannot be drawn."""

import io
import re
from base64 import b64decode
from pathlib import Path

import pytest
from PIL import Image

import ui.picture
from corpus.readers.pdf import read_pdf
from corpus.readers.pdf_picture import PagePicture, page_picture
from ui.picture import page_figure
from ui.strings import ARABIC, ENGLISH

FIXTURES = Path(__file__).parents[1] / "corpus" / "fixtures"
RED = FIXTURES.joinpath("red.pdf").read_bytes()
QUOTE = "وبلغت كلفة المشروع 1,250,000 درهم"


def test_the_figure_holds_the_page_and_a_box_for_each_line() -> None:
    figure = page_figure(RED, 2, QUOTE, ARABIC)
    picture = page_picture(RED, 2, QUOTE)
    [source] = re.findall('src="data:image/webp;base64,([^"]+)"', figure)
    assert Image.open(io.BytesIO(b64decode(source))).size == (picture.width, picture.height)
    assert 'alt="صفحة 2"' in figure
    shown = re.findall(
        r'class="box"[^>]*style="left:([\d.]+)%;top:([\d.]+)%;width:([\d.]+)%;height:([\d.]+)%"',
        figure,
    )
    assert len(shown) == len(picture.boxes) == 2
    for text, (left, top, right, bottom) in zip(shown, picture.boxes, strict=True):
        expected = (left, top, right - left, bottom - top)
        assert [float(side) / 100 for side in text] == pytest.approx(expected, abs=1e-5)


def test_the_page_is_never_mirrored() -> None:
    arabic, english = (page_figure(RED, 2, QUOTE, strings) for strings in (ARABIC, ENGLISH))
    assert 'dir="ltr"' in arabic
    assert english.replace("page 2", "صفحة 2") == arabic


def test_a_quote_that_is_not_there_leaves_the_page_alone() -> None:
    figure = page_figure(RED, 2, "كلمات أخرى", ARABIC)
    assert "<img" in figure
    assert "box" not in figure


def test_of_equal_words_those_are_boxed_that_are_meant() -> None:
    document = read_pdf(RED, "red.pdf")
    words = "ويعمل في الميناء"
    before = document.text[document.pages[1] : document.text.rindex(words)]
    assert 'class="box"' not in page_figure(RED, 2, words, ARABIC)
    assert page_figure(RED, 2, words, ARABIC, before).count('class="box"') == 1


@pytest.mark.parametrize("data", [b"", b"plain text", "نصّ".encode(), RED[:3000]])
def test_what_is_no_pdf_has_no_figure(data: bytes) -> None:
    assert page_figure(data, 1, QUOTE, ARABIC) == ""


def test_a_page_that_is_not_there_has_no_figure() -> None:
    assert page_figure(RED, 99, QUOTE, ARABIC) == ""


def test_a_figure_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def drawing(data: bytes, page: int, quote: str, before: str | None = None) -> PagePicture:
        drawn.append(quote)
        return page_picture(data, page, quote, before=before)

    monkeypatch.setattr(ui.picture, "page_picture", drawing)
    monkeypatch.setattr(ui.picture, "_PICTURES", ui.picture._Pictures())
    first = page_figure(RED, 2, QUOTE, ARABIC)
    assert page_figure(bytes(bytearray(RED)), 2, QUOTE, ARABIC) == first
    assert page_figure(RED, 2, "درهم", ARABIC) != first
    assert page_figure(FIXTURES.joinpath("browser.pdf").read_bytes(), 1, QUOTE, ARABIC) != first
    assert drawn == [QUOTE, "درهم", QUOTE]


def test_old_pictures_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = ui.picture._Pictures()
    monkeypatch.setattr(ui.picture, "_MOST_KEPT", 2)
    for page in (1, 2, 3, 1):
        assert pictures.get(RED, page, "", None)
    assert [key[1] for key in pictures._kept] == [3, 1]
