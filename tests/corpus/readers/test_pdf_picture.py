import io
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from pypdfium2 import PdfDocument

from corpus.document import Document
from corpus.errors import UnreadableFileError
from corpus.normalise import fold
from corpus.readers.pdf import read_pdf
from corpus.readers.pdf_picture import Box01, PagePicture, page_picture
from tests.corpus.readers.test_pdf import english

FIXTURES = Path(__file__).parents[1] / "fixtures"
RED = FIXTURES.joinpath("red.pdf").read_bytes()
RED_WORDS = re.findall("<b>(.*?)</b>", FIXTURES.joinpath("red.html").read_text(encoding="utf-8"))
Pixels = NDArray[np.bool_]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def passage(document: Document, words: str, page: int | None = None) -> tuple[int, int]:
    """Where the document says ``words``, whatever the reader made of their marks and spaces."""
    wanted = letters(words.replace("&rsquo;", ""))
    first = document.pages[page - 1] if page else 0
    owners = [at for at, char in enumerate(document.text) if at >= first for _ in letters(char)]
    place = letters(document.text[first:]).index(wanted)
    start, end = owners[place], owners[place + len(wanted) - 1] + 1
    while document.text[end : end + 1] and document.text[end] in ".،؟»ء\u064b\u0650":
        end += 1
    return start, end


def pixels(data: bytes, page: int, picture: PagePicture) -> tuple[Pixels, Pixels]:
    """The red and the dark ink of a page, drawn apart from ``picture`` in its size."""
    with PdfDocument(data) as pdf:
        shown = pdf[page - 1]
        scale = picture.width / shown.get_width() * (1 - 1e-9)
        image = shown.render(scale=scale).to_pil().convert("RGB")
        assert image.size == (picture.width, picture.height)
    red, green, blue = np.moveaxis(np.asarray(image).astype(int), 2, 0)
    return (red - green > 90) & (red - blue > 90), red < 140


def inside(boxes: tuple[Box01, ...], size: tuple[int, int]) -> Pixels:
    """Which pixels of a picture of ``size`` (height, width) lie in a box."""
    height, width = size
    mask = np.zeros(size, dtype=np.bool_)
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        rows = slice(int(top * height), int(np.ceil(bottom * height)))
        mask[rows, int(left * width) : int(np.ceil(right * width))] = True
    return mask


def check_red_ink(data: bytes, page: int, quote: str, before: str | None, lines: int) -> None:
    """All ink of the quote lies in its boxes, one for each line, and next to none of other words."""
    picture = page_picture(data, page, quote, before=before)
    assert len(picture.boxes) == lines
    red, dark = pixels(data, page, picture)
    boxed = inside(picture.boxes, red.shape)
    assert red.sum() > 300
    assert not (red & ~boxed).any()
    assert (dark & boxed).sum() < 0.01 * red.sum()


# page, which red words, lines: two columns with tashkeel and ligatures; numbers and Latin inside
# Arabic; English
CASES = [(1, 0, 4), (2, 1, 2), (3, 3, 3)]


@pytest.mark.parametrize(("page", "which", "lines"), CASES)
@pytest.mark.parametrize("told", [True, False])
def test_the_ink_of_a_quote_lies_in_its_boxes(
    page: int, which: int, lines: int, told: bool
) -> None:
    document = read_pdf(RED, "red.pdf")
    start, end = passage(document, RED_WORDS[which])
    before = document.text[document.pages[page - 1] : start] if told else None
    data = without_last_red_words() if page == 2 else RED
    check_red_ink(data, page, document.text[start:end], before, lines)


def without_last_red_words() -> bytes:
    """The second page cut below its first paragraph."""
    with PdfDocument(RED) as pdf:
        page = pdf[1]
        left, bottom, right, top = page.get_mediabox()
        page.set_cropbox(left, bottom + 0.66 * (top - bottom), right, top)
        return saved(pdf)


def saved(pdf: PdfDocument) -> bytes:
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


@pytest.mark.parametrize("quarters", [1, 2, 3])
@pytest.mark.parametrize("cropped", [False, True])
def test_a_page_that_is_turned_and_cropped(quarters: int, cropped: bool) -> None:
    with PdfDocument(RED) as pdf:
        page = pdf[0]
        left, bottom, right, top = page.get_mediabox()
        if cropped:
            page.set_cropbox(left + 15, bottom + 20, right - 15, top - 10)
        page.set_rotation(90 * quarters)
        data = saved(pdf)
    document = read_pdf(data, "a.pdf")
    start, end = passage(document, RED_WORDS[0])
    check_red_ink(data, 1, document.text[start:end], document.text[:start], 4)


def test_words_that_are_cut_away_have_no_box() -> None:
    with PdfDocument(RED) as pdf:
        page = pdf[0]
        left, bottom, right, _ = page.get_mediabox()
        page.set_cropbox(left, bottom, right, bottom + 40)
        data = saved(pdf)
    document = read_pdf(RED, "red.pdf")
    start, end = passage(document, RED_WORDS[0])
    assert page_picture(data, 1, document.text[start:end]).boxes == ()


def test_a_quote_over_a_page_end_is_boxed_on_both_pages() -> None:
    document = read_pdf(RED, "red.pdf")
    start, end = passage(document, RED_WORDS[3 + 1] + RED_WORDS[3 + 2])
    quote = document.text[start:end]
    assert document.page_at(start) == 4
    assert document.page_at(end) == 5
    check_red_ink(RED, 4, quote, document.text[document.pages[3] : start], 2)
    check_red_ink(RED, 4, quote, None, 2)
    check_red_ink(RED, 5, quote, None, 1)
    for page in (1, 2, 3):
        assert page_picture(RED, page, quote).boxes == ()


def test_of_equal_words_those_are_boxed_that_are_meant() -> None:
    document = read_pdf(RED, "red.pdf")
    page = document.text[document.pages[1] : document.pages[2]]
    words = "ويعمل في الميناء"
    first, second = (found.start() for found in re.finditer(words, page))
    assert page_picture(RED, 2, words).boxes == ()
    [early] = page_picture(RED, 2, words, before=page[:first]).boxes
    picture = page_picture(RED, 2, words, before=page[:second])
    [late] = picture.boxes
    red, dark = pixels(RED, 2, picture)
    boxed = inside((late,), red.shape)
    assert (red & boxed).sum() > 300
    assert not (dark & boxed).any()
    assert early[0] > late[0]  # further to the right on the same line
    assert not (red & inside((early,), red.shape)).any()


def test_a_quote_that_ends_inside_latin_words_leaves_the_others_free() -> None:
    [name, company] = page_picture(RED, 2, "وتولّته شركة Blue Harbour").boxes
    [others] = page_picture(RED, 2, "Ltd").boxes
    assert name[2] <= others[0] + 0.002  # from left to right: Blue Harbour, Ltd, شركة, وتولّته
    assert others[2] <= company[0] + 0.002


@pytest.mark.parametrize(
    "quote",
    [
        "وبلغت كلفة المشروع 1,250,001 درهم",
        "كلفة المشروع المشروع",
        "لغت كلفة المشروع",  # not a whole word
        "بزيادة 2.5",
        "،؛ ... »",
        "",
    ],
)
@pytest.mark.parametrize("before", [None, "", "افتُتح الرصيف الشرقي"])
def test_what_the_page_does_not_say_has_no_box(quote: str, before: str | None) -> None:
    picture = page_picture(RED, 2, quote, before=before)
    assert picture.boxes == ()
    assert Image.open(io.BytesIO(picture.webp)).size == (picture.width, picture.height)


@pytest.mark.parametrize(
    "name",
    [
        *("shaped.pdf", "visual.pdf", "forms_visual.pdf", "backwards.pdf", "forms_backwards.pdf"),
        *("twice.pdf", "browser.pdf", "browser_vocalised.pdf", "owner_locked.pdf"),
    ],
)
def test_each_line_is_found_and_together_they_hold_all_ink(name: str) -> None:
    data = FIXTURES.joinpath(name).read_bytes()
    document = read_pdf(data, name)
    boxes: list[Box01] = []
    at = 0
    for line in document.text.splitlines():
        picture = page_picture(data, 1, line, before=document.text[:at])
        [box] = picture.boxes
        boxes.append(box)
        at += len(line) + 1
    _, dark = pixels(data, 1, picture)
    assert dark.sum() > 1000
    assert (dark & ~inside(tuple(boxes), dark.shape)).sum() <= 0.002 * dark.sum()
    middles = [(top + bottom) / 2 for _, top, _, bottom in boxes]
    assert middles == sorted(middles)
    [whole] = [page_picture(data, 1, document.text).boxes]
    assert len(whole) == len(boxes)


BROWSER = FIXTURES.joinpath("browser.pdf").read_bytes()


@pytest.fixture(scope="module")
def browser_text() -> str:
    return read_pdf(BROWSER, "browser.pdf").text


@pytest.fixture(scope="module")
def whole(browser_text: str) -> PagePicture:
    return page_picture(BROWSER, 1, browser_text, width=300, before="")


@settings(max_examples=20)
@given(data=st.data())
def test_the_boxes_of_a_part_lie_in_those_of_the_whole(
    browser_text: str, whole: PagePicture, data: st.DataObject
) -> None:
    words = [found.span() for found in re.finditer(r"\w\S*", browser_text)]
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start, end = words[first][0], words[last][1]
    quote, before = browser_text[start:end], browser_text[:start]
    part = page_picture(BROWSER, 1, quote, width=300, before=before)
    assert part.boxes
    size = (part.height, part.width)
    assert not (inside(part.boxes, size) & ~inside(whole.boxes, size)).any()


def test_an_english_page_with_a_divided_word() -> None:
    data = english("The develop-", "ment took ten years.", "See A/70/125.")
    quote = read_pdf(data, "a.pdf").text.splitlines()[0]
    picture = page_picture(data, 1, quote)
    _, dark = pixels(data, 1, picture)
    boxed = inside(picture.boxes, dark.shape)
    [last] = page_picture(data, 1, "See A/70/125.").boxes
    third = inside((last,), dark.shape)
    assert len(picture.boxes) == 2
    assert not (dark & ~(boxed | third)).any()
    assert (dark & boxed & third).sum() == 0
    assert (dark & third).sum() > 100


def sized(box: str) -> bytes:
    return english("The harbour opened.").replace(b"[0 0 612 792]", f"[{box}]".encode())


@pytest.mark.parametrize(
    "box",
    [
        *("0 0 1000000 1000000", "0 0 10 1000000", "0 0 1000000 10", "0 0 0.001 800"),
        *("0 0 1e30 1e30", f"0 0 {'9' * 40} 5", "0 0 0 0", "0 0 -5 -5", "x y z 0"),
    ],
)
def test_a_page_of_absurd_size_stays_small(box: str) -> None:
    picture = page_picture(sized(box), 1, "The harbour opened.")
    assert picture.width * picture.height <= 6_100_000
    assert max(picture.width, picture.height) <= 8_000
    assert len(picture.webp) < 1_000_000
    assert Image.open(io.BytesIO(picture.webp)).size == (picture.width, picture.height)


def test_the_picture_is_as_wide_as_asked() -> None:
    assert page_picture(RED, 1, "", width=500).width == 500


@pytest.mark.parametrize("page", [0, -1, 6])
def test_a_page_that_is_not_there(page: int) -> None:
    with pytest.raises(UnreadableFileError, match="no page"):
        page_picture(RED, page, "الميناء")


@pytest.mark.parametrize(
    "data", [b"", b"text", RED[: len(RED) // 2], FIXTURES.joinpath("locked.pdf").read_bytes()]
)
def test_files_that_cannot_be_drawn(data: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        page_picture(data, 1, "الميناء")


@pytest.mark.parametrize("step", range(0, 20))
def test_damaged_bytes_never_crash(step: int) -> None:
    data = bytearray(RED)
    for at in range(step * 97, len(data), 2011):
        data[at] ^= 0x5A
    try:
        picture = page_picture(bytes(data), 1, RED_WORDS[0])
    except UnreadableFileError:
        return
    assert picture.width == 900


def test_a_scan_has_a_picture_and_no_boxes() -> None:
    picture = page_picture(FIXTURES.joinpath("scan.pdf").read_bytes(), 1, "الميناء")
    image = np.asarray(Image.open(io.BytesIO(picture.webp)).convert("L"))
    assert (image < 100).any()
    assert picture.boxes == ()
