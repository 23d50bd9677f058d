"""Choices and questions as the page hands them on: errors in words, nothing invented."""

from dataclasses import fields

import pytest

from corpus.errors import DalilError
from qa.answer import Exchange
from qa.context import Summary
from tests.ui import fake_pipeline as fake
from ui.page import Page, as_data
from ui.strings import ARABIC, ENGLISH, strings_for
from ui.views import conversation

NOTHING = Summary(0, 0)


@pytest.fixture
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline()


@pytest.mark.parametrize(
    "choice",
    [
        {},
        {"turn": 5, "number": 1},
        {"turn": -1, "number": 1},
        {"turn": 0, "number": 9},
        {"turn": 0, "hit": -1},
        {"turn": "0", "number": "1"},
        {"turn": 0},
    ],
)
def test_a_choice_that_is_not_there_says_so(
    pipeline: fake.FakePipeline, choice: dict[str, object]
) -> None:
    page = Page.over(pipeline, ARABIC)
    turn = page.answer(fake.WHEN)
    assert ARABIC.gone in page.source((turn,), choice)


def test_errors_become_words_without_a_traceback(pipeline: fake.FakePipeline) -> None:
    turn = Page.over(pipeline, ENGLISH).answer(fake.REFUSED)
    html = conversation((turn,), NOTHING, (), ENGLISH)
    assert ENGLISH.failed in html
    assert "&lt;b&gt;no&lt;/b&gt;" in html
    assert "dalil build texts" in html
    with pytest.raises(DalilError, match="The index is gone"):
        as_data(turn)


def test_a_long_question_is_refused_in_the_readers_language(pipeline: fake.FakePipeline) -> None:
    turn = Page.over(pipeline, ARABIC).answer("س" * 2001)
    assert "2001" in turn.failure
    assert turn.hint == ARABIC.shorten
    assert pipeline.asked == []


def test_a_follow_up_is_asked_with_what_was_searched_for_and_answered_before(
    pipeline: fake.FakePipeline,
) -> None:
    page = Page.over(pipeline, ARABIC)
    first, refused = page.answer(fake.WHEN), page.answer(fake.REFUSED)
    page.answer("ومن صمّمها؟", (first, refused))
    assert first.answer is not None
    assert pipeline.histories[0] == ()
    assert pipeline.histories[-1] == (Exchange(first.answer.query, first.answer.text),)


def test_both_languages_say_everything() -> None:
    for field in fields(ARABIC):
        for strings in (ARABIC, ENGLISH):
            assert getattr(strings, field.name), field.name
    assert strings_for("en") is ENGLISH
    with pytest.raises(DalilError, match="'fr'"):
        strings_for("fr")
