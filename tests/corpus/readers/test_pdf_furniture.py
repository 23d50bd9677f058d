"""Running heads and page numbers do not stand in the middle of sentences."""

from collections.abc import Sequence

import pytest

import corpus.readers.pdf as pdf_reader
from corpus.readers.pdf import read_pdf
from corpus.readers.pdf_furniture import without_furniture
from corpus.readers.pdf_page import DisplayLine
from corpus.sentences import sentences
from tests.corpus.readers.test_pdf import FIXTURES

PROSE = [
    "ثم تولّى الحكم في المدينة بعد",
    "وفاة أبيه عبد الرحمن سنة كذا",
    "وبنى سورها الكبير وأسواقها كلها",
    "وجدّد ميناءها القديم الواسع الآمن",
    "وأقام فيها دارًا للكتب عامرة",
]


def page(*lines: str) -> list[DisplayLine]:
    """Lines from the top of a page down, their letters in the order of the screen."""
    return [
        DisplayLine(
            list(text[::-1]), 12.0, [(0.0, 700.0 - 20 * n, 9.0, 710.0 - 20 * n)] * len(text)
        )
        for n, text in enumerate(lines)
    ]


def kept(pages: Sequence[list[DisplayLine]]) -> list[list[str]]:
    return [
        ["".join(line.glyphs)[::-1] for line in without_furniture(pages.__getitem__, len(pages), n)]
        for n in range(len(pages))
    ]


def numbered(n: int) -> str:
    return str(n)[::-1]  # numbers run from left to right


@pytest.mark.parametrize("foot", ["{}", "- {} -", "صفحة {} من 5", "5 / {}"])
def test_heads_and_page_numbers_go_and_the_text_stays(foot: str) -> None:
    pages = [
        page("تاريخ العرب الحديث", line, PROSE[-n], foot.format(numbered(n + 7)))
        for n, line in enumerate(PROSE)
    ]
    assert kept(pages) == [[line, PROSE[-n]] for n, line in enumerate(PROSE)]


def test_heads_of_left_and_right_pages_differ() -> None:
    heads = ["تاريخ العرب", "الفصل الأول"]
    pages = [page(heads[n % 2], line, PROSE[-n]) for n, line in enumerate(PROSE)]
    assert all(head not in lines for lines in kept(pages) for head in heads[:1])


def test_few_pages_and_lines_that_recur_within_them_are_kept() -> None:
    two = [page("عنوان", line, PROSE[-1]) for line in PROSE[:2]]
    assert kept(two) == [["عنوان", line, PROSE[-1]] for line in PROSE[:2]]
    middle = [
        page(line, "لازمة القصيدة", "لازمة القصيدة", PROSE[-n - 1]) for n, line in enumerate(PROSE)
    ]
    assert [len(lines) for lines in kept(middle)] == [4] * 5


def test_rows_of_numbers_are_no_page_numbers() -> None:
    pages = [page("السنة\tالعدد", f"{line}", f"{n}2\t{n}7\t{n}9") for n, line in enumerate(PROSE)]
    assert [len(lines) for lines in kept(pages)] == [2] * 5


def test_what_is_outside_the_recurring_line_keeps_it() -> None:
    pages = [page(line, "تاريخ العرب الحديث", PROSE[-n], "نهاية") for n, line in enumerate(PROSE)]
    assert all("تاريخ العرب الحديث" in lines for lines in kept(pages))


def test_a_sentence_runs_on_over_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"{line} على ما يروى في الكتب القديمة" for line in PROSE[:3]]
    texts = iter(
        page("تاريخ العرب الحديث", PROSE[-1 - n] + ".", line, numbered(n + 1))
        for n, line in enumerate(lines)
    )

    def made(*_: object) -> pdf_reader._Page:
        return pdf_reader._Page(next(texts), "", 100, 0)

    monkeypatch.setattr(pdf_reader, "_page", made)
    text = read_pdf(FIXTURES.joinpath("three_pages.pdf").read_bytes(), "ك.pdf").text
    assert "تاريخ العرب" not in text
    assert f"{lines[0]}\n\n{PROSE[-2]}." in {text[start:end] for start, end in sentences(text)}
