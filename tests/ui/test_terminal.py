import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from corpus.document import Document
from corpus.passages import passages
from index.hit import Hit
from qa.answer import Answer
from qa.citations import cite
from qa.reader import Reading
from ui.terminal import lays_out_bidi, render, safe

TEXT = "عُقد المنتدى في جنيف (WSIS Forum) من 12 إلى 16 يونيو 2017. \x1b[31mأحمر\x1b[0m \u202eمقلوب."
DOCUMENT = Document("تقرير\x1b]0;x\x07.pdf", TEXT, title="منتدى", pages=(0,))
PASSAGE = passages(DOCUMENT)[0]
HIT = Hit(PASSAGE, DOCUMENT.source, 1.0, 0.9, 3.0)


def answer(abstained: bool) -> Answer:
    reading = Reading(HIT, PASSAGE.start, PASSAGE.end, 1.0, 0.8)
    citations = () if abstained else tuple(cite([reading], lambda _: DOCUMENT))
    return Answer("متى؟", "متى؟", "", abstained, 0.8, citations, (HIT,))


@given(st.text())
def test_safe_text_cannot_steer_a_terminal(text: str) -> None:
    shown = safe(text)
    assert "\x1b" not in shown
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in shown)
    assert not any(c in shown for c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200f")


@pytest.mark.parametrize("abstained", [True, False])
@pytest.mark.parametrize("visual", [True, False])
@pytest.mark.parametrize("width", [30, 100])
def test_lines_are_safe_and_fit(abstained: bool, visual: bool, width: int) -> None:
    shown = render(answer(abstained), width, visual)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    for line in shown.splitlines():
        assert cell_len(line) <= width


def test_an_answer_shows_the_quote_and_its_place() -> None:
    shown = render(answer(abstained=False), 200, visual=False)
    assert "12 إلى 16 يونيو 2017." in shown
    assert "[1]" in shown
    assert "ص 1" in shown
    assert "80%" in shown


def test_an_abstention_says_so_and_shows_what_is_near() -> None:
    shown = render(answer(abstained=True), 200, visual=False)
    assert shown.startswith("لا تجيب النصوص")
    assert "جنيف" in shown


def test_visual_order_is_for_terminals_that_do_not_turn_text_round() -> None:
    shown = render(answer(abstained=False), 200, visual=True)
    assert "(WSIS Forum)" in shown
    assert "2017" in shown
    assert "فينج" in shown  # جنيف from the left


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"VTE_VERSION": "7000"}, True),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM": "xterm-kitty"}, False),
        ({}, False),
    ],
)
def test_which_terminals_lay_out_bidi(environment: dict[str, str], expected: bool) -> None:
    assert lays_out_bidi(environment) is expected
