"""What a reader thinks of an answer: three buttons, then a line, then thanks."""

import pytest

from qa.conversations import Judgement, Kind
from tests.ui import fake_pipeline as fake
from tests.ui.reading import Reading
from ui.judging import judging
from ui.strings import ARABIC, ENGLISH, Strings

KINDS = ["right", "wrong", "wrong_source"]


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_nothing_is_pressed_to_begin_with(strings: Strings) -> None:
    reading = Reading(judging(4, None, strings))
    buttons = reading.each("button", data_act="judge", data_turn="4", aria_pressed="false")
    assert [a["data-kind"] for a in buttons] == KINDS
    assert reading.each("div", role="group")[0]["aria-label"] == strings.judge
    for words in (strings.judge_right, strings.judge_wrong, strings.judge_source):
        assert words in reading.text
    assert reading.each("form") == []
    assert strings.thanks not in reading.text


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
@pytest.mark.parametrize("kind", ["wrong", "wrong_source"])
def test_a_wrong_answer_asks_for_the_right_one(strings: Strings, kind: Kind) -> None:
    reading = Reading(judging(4, Judgement(4, kind, ""), strings))
    pressed = reading.each("button", aria_pressed="true")
    assert [a["data-kind"] for a in pressed] == [kind]
    (form,) = reading.each("form", data_form="comment")
    assert (form["data-turn"], form["data-kind"]) == ("4", kind)
    assert reading.each("input", name="comment")[0]["aria-label"] == strings.comment
    assert strings.comment_send in reading.text
    assert strings.thanks not in reading.text


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
@pytest.mark.parametrize(
    "judgement", [Judgement(0, "right", ""), Judgement(0, "wrong", fake.HOSTILE)]
)
def test_what_is_said_in_full_is_thanked_for(strings: Strings, judgement: Judgement) -> None:
    html = judging(0, judgement, strings)
    reading = Reading(html)
    assert len(reading.each("p", role="status")) == 1
    assert strings.thanks in reading.text
    assert reading.each("form") == []
    assert "window.hurt" not in html
