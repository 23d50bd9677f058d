from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from corpus.document import Document
from corpus.passages import passages
from index.hit import Hit
from qa.answer import Answer, Sentence, Written
from qa.citations import cite
from qa.reader import Reading
from tests.ui import fake_pipeline as fake
from ui.strings import ARABIC
from ui.terminal import added, lays_out_bidi, render, safe

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
    ("words", "shown"),
    [
        ("عُقد", "د ق ع\u064f"),
        ("محمّد", "د م\u0651 ح م"),
        ("ع\u064fد\u064e\u0651", "د\u064e\u0651 ع\u064f"),  # in the order of the text
        ("اللّٰه", "ه ل\u0651\u0670 ل ا"),
    ],
)
def test_marks_stay_behind_their_letters_in_visual_order(words: str, shown: str) -> None:
    lines = added(worded(words), worded(), 80, visual=True)
    assert shown.replace(" ", "") in lines


def test_marks_of_what_is_not_turned_stay_where_they_are() -> None:
    latin = "cafe\u0301 a\u064f b"
    shown = added(worded(f"عُقد {latin} و12"), worded(), 80, visual=True)
    assert latin in shown
    assert "دقع\u064f" in shown


def worded(*sentences: str) -> Answer:
    """An answer to which a model has written these sentences so far."""
    said = tuple(Sentence(text, (1,)) for text in sentences)
    return replace(answer(abstained=False), written=Written(said, 0, "writing"))


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


# What a language model made of it


def states(pipeline: fake.FakePipeline) -> list[Answer]:
    found = pipeline.ask(fake.WHEN)
    return [found, *pipeline.write(found)]


def test_sentences_and_their_sources_follow_the_answer() -> None:
    answers = states(fake.FakePipeline(writes=True, removed=2))
    shown = render(answers[-1], 200, visual=False)
    own = render(answers[0], 200, visual=False)
    assert shown.startswith(own), "the answer itself is what it was"
    rest = shown.removeprefix(own).split("\n")
    assert rest[1:6] == [
        "", f"{ARABIC.worded}:", f"{fake.OPENED} [1]", f"{fake.DESIGNED} [1]", f"{fake.HALL} [2]",
    ]  # fmt: skip
    assert rest[6].startswith("[2] ")
    assert "«تضمّ المكتبة قاعة قراءة" in rest[6]
    assert rest[7:] == [ARABIC.removed_two]


@pytest.mark.parametrize("visual", [True, False])
def test_what_comes_bit_by_bit_is_the_same_as_what_is_shown_at_once(visual: bool) -> None:
    answers = states(fake.FakePipeline(writes=True, removed=1))
    pairs = pairwise(answers)
    bits = [render(answers[0], 90, visual)]
    bits += [added(now, before, 90, visual) for before, now in pairs]
    assert "\n".join(filter(None, bits)) == render(answers[-1], 90, visual)
    assert added(answers[1], answers[0], 90, visual) == ""


def test_a_model_that_wrote_nothing_leaves_a_note_alone() -> None:
    pipeline = fake.FakePipeline(writes=True, sentences=(), state="failed")
    *_, last = states(pipeline)
    bare = render(replace(last, written=None), 200, visual=False)
    rest = render(last, 200, visual=False).removeprefix(bare)
    assert rest.split("\n")[1:] == [ARABIC.wording_failed, fake.TROUBLE_ARABIC]


@given(st.text(), st.text())
def test_what_a_model_says_cannot_steer_a_terminal(sentence: str, trouble: str) -> None:
    written = Written((Sentence(sentence, (1,)),), 1, "failed", trouble=trouble)
    shown = render(replace(answer(abstained=False), written=written), 60, visual=False)
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in shown if c != "\n")
    assert not any(c in shown for c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200f")
