"""What the fuzzer found: each file broke something once, and ends now as it is said here."""

import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

import corpus.parsing
from corpus.children import BrokenOffError
from corpus.errors import UnreadableFileError
from corpus.passages import passages
from corpus.readers import document_in
from corpus.repair import logical_lines

FOUND = Path(__file__).parent / "found"
READ = (
    "brackets_in_a_format.xlsx",  # hours in a regular expression
    "chapter_without_end.epub",  # 1.5 GiB for 250 KiB
    "dots_without_end.txt",  # hours in a regular expression, in the splitter
    "names_in_names.jsonl",  # 3 KiB of names for each of its values
    "one_slide_often.pptx",  # read again for each time that it is named
    "styles_upon_styles.docx",  # minutes for the names of their styles
    "title_without_end.html",  # kept with each of its passages
)
REFUSED = {
    "one_page_often.pdf": "20,001 pages",
    "styles_that_are_settings.docx": "not a whole Word document",  # AttributeError
}
IN_A_CHILD = ("form_in_itself.pdf",)  # gigabytes in PDFium, which aborts


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    """Ten seconds of processor time for each, and then an error."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        pytest.fail("still going on after ten seconds")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, 10)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


def test_every_file_has_its_test() -> None:
    assert {path.name for path in FOUND.iterdir()} == {*READ, *REFUSED, *IN_A_CHILD}


@pytest.mark.parametrize("name", READ)
def test_what_is_read(name: str) -> None:
    data = FOUND.joinpath(name).read_bytes()
    document = document_in(data, Path(name).suffix, name)
    cut = passages(document)
    assert cut
    kept = len(document.text) + sum(len(passage.text) + len(passage.heading) for passage in cut)
    assert kept < 10_000_000


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    data = FOUND.joinpath(name).read_bytes()
    with pytest.raises(UnreadableFileError, match=REFUSED[name]):
        document_in(data, Path(name).suffix, name)


@pytest.mark.parametrize("name", IN_A_CHILD)
def test_what_only_a_child_can_withstand(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.parsing, "memory", lambda _: 400 * 1024**2)
    data = FOUND.joinpath(name).read_bytes()
    with pytest.raises(BrokenOffError):
        corpus.parsing.parse(data, Path(name).suffix, name)


def test_a_chapter_without_end_counts_as_lost() -> None:
    name = "chapter_without_end.epub"
    assert document_in(FOUND.joinpath(name).read_bytes(), ".epub", name).warnings


def test_a_slide_that_is_named_often_is_read_once() -> None:
    name = "one_slide_often.pptx"
    assert len(document_in(FOUND.joinpath(name).read_bytes(), ".pptx", name).pages) == 1


def test_a_displayed_line_of_dots_without_end() -> None:
    line = "." * 60_000 + "a" * 60_000 + "."
    assert logical_lines([list(line)]) == [line]


def test_empty_lines_without_end_are_one() -> None:
    rows = "a,b\r\n1,2\r\n{}3,4\r\n"
    many, one = (rows.format("\r\n" * times).encode() for times in (300_000, 1))
    assert document_in(many, ".csv", "x") == document_in(one, ".csv", "x")
