"""A language model words answers, in a real browser: beside all else, stopped at will, kept."""

from collections.abc import Callable
from threading import Semaphore
from typing import TYPE_CHECKING

import pytest

from tests.ui import fake_pipeline as fake
from tests.ui.browsing import answer, ask, marked, overflow
from tests.ui.fake_library import workspace_over
from tests.ui.test_accessibility import faults
from tests.ui.test_page_safety import CONTRAST, PHONE
from tests.ui.worded_pipeline import WordedPipeline
from ui.strings import ARABIC, strings_for

if TYPE_CHECKING:
    from playwright.sync_api import Page

    PageFor = Callable[..., Page]

pytestmark = pytest.mark.browser
BUSY = "#log [data-act=stop]"


@pytest.fixture
def pipeline() -> fake.FakePipeline:
    """One that writes nothing until its ``pen`` lets it."""
    return fake.FakePipeline(writes=True, pen=Semaphore(0))


def sentences(page: "Page", count: int) -> list[str]:
    """The last answer's sentences once there are so many."""
    page.wait_for_function(
        "n => [...document.querySelectorAll('.turn')].at(-1)?"
        ".querySelectorAll('.sentences > span').length === n",
        arg=count,
    )
    return page.locator(".turn").last.locator(".sentences > span").all_inner_texts()


def noted(page: "Page", turn: int = -1) -> str:
    """What is noted under an answer once its writing has ended."""
    note = page.locator(".turn").nth(turn).locator(".notes")
    note.wait_for()
    return note.inner_text()


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("context", [{}, PHONE])
def test_the_answer_is_there_first_and_sentences_follow_one_by_one(
    page_for: "PageFor", pipeline: fake.FakePipeline, language: str, context: dict[str, object]
) -> None:
    strings = strings_for(language)
    page = page_for(pipeline, language, **context)
    answer(page, fake.WHEN)
    assert "16 أكتوبر 2002" in page.inner_text(".answer")
    page.wait_for_selector(BUSY)
    assert strings.wording in page.inner_text(".writing")
    assert pipeline.wrote == []
    for count, last in enumerate((fake.OPENED, fake.DESIGNED, fake.HALL), start=1):
        pipeline.pen.release()
        assert sentences(page, count)[-1] == last
        assert page.is_visible(BUSY)
        assert overflow(page) <= 0
    assert page.inner_text(".worded h3") == strings.worded
    pipeline.pen.release()
    page.wait_for_selector(BUSY, state="detached")
    assert page.locator(".notes").count() == 0
    assert page.locator(".card").count() == 2, "what only a sentence needs is listed too"
    page.locator(".sentences .reference").last.click()
    page.wait_for_function(
        "document.querySelector('#source mark')?.textContent.startsWith('تضمّ المكتبة')"
    )
    assert page.evaluate("document.querySelector('.card[data-number=\"2\"]').ariaCurrent") == "true"
    assert overflow(page) <= 0


@pytest.mark.parametrize("way", ["click", "Escape", "keyboard"])
def test_it_is_stopped_and_what_was_written_stays(
    page_for: "PageFor", pipeline: fake.FakePipeline, way: str
) -> None:
    page = page_for(pipeline)
    answer(page, fake.WHEN)
    pipeline.pen.release()
    sentences(page, 1)
    if way == "click":
        page.click(BUSY)
    elif way == "Escape":
        page.keyboard.press("Escape")
    else:
        page.focus(BUSY)
        pipeline.pen.release()
        sentences(page, 2)
        assert page.evaluate("document.activeElement.dataset.act") == "stop", "it keeps the focus"
        page.keyboard.press("Enter")
    assert noted(page) == ARABIC.wording_stopped
    assert page.locator(BUSY).count() == 0
    left = 2 if way == "keyboard" else 1
    pipeline.pen.release(10)
    answer(page, fake.UNKNOWN)
    page.reload()
    page.wait_for_selector(".turn >> nth=1")
    assert page.locator(".sentences > span").count() == left
    assert noted(page, 0) == ARABIC.wording_stopped
    if way == "keyboard":
        assert len(pipeline.wrote) == 2


def test_the_focus_goes_on_to_the_question_when_its_button_goes(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    answer(page, fake.WHEN)
    page.focus(BUSY)
    pipeline.pen.release(10)
    page.wait_for_selector(BUSY, state="detached")
    page.wait_for_function("document.activeElement.matches('#question textarea')")


def test_the_next_question_is_answered_while_the_model_still_writes(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    answer(page, fake.WHEN)
    pipeline.pen.release()
    sentences(page, 1)
    answer(page, fake.WHERE)
    assert "جنيف" in page.inner_text(".answer >> nth=1")
    assert noted(page, 0) == ARABIC.wording_stopped
    assert page.locator(".turn").first.locator(".sentences > span").count() == 1
    page.wait_for_selector(BUSY)
    assert page.locator(BUSY).count() == 1
    pipeline.pen.release(10)
    assert sentences(page, 3)[0] == fake.OPENED
    page.wait_for_selector(BUSY, state="detached")
    assert page.locator(".turn").first.locator(".sentences > span").count() == 1


def test_other_visitors_are_answered_while_the_model_still_writes(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    workspace = workspace_over(pipeline)
    for _ in range(2):
        page = page_for(workspace)
        answer(page, fake.WHEN)
        page.wait_for_selector(BUSY)
    pipeline.pen.release(10)
    page.wait_for_selector(BUSY, state="detached")


def test_what_a_reader_does_meanwhile_stays(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    answer(page, fake.UNESCO)
    second = pipeline.ask(fake.UNESCO).citations[1].quote
    page.wait_for_selector(BUSY)
    page.locator(".card").nth(1).click()
    page.wait_for_function("q => document.querySelector('mark')?.textContent === q", arg=second)
    page.click("[data-kind=wrong]")
    page.wait_for_selector(".judging form")
    page.locator(".judging input").type("بل سنة")
    pipeline.pen.release()
    sentences(page, 1)
    page.locator(".judging input").type(" 2003")
    assert page.input_value(".judging input") == "بل سنة 2003"
    pipeline.pen.release(10)
    page.wait_for_selector(BUSY, state="detached")
    assert page.locator("[data-kind=wrong][aria-pressed=true]").count() == 1
    assert page.locator(".card").nth(1).get_attribute("aria-current") == "true"
    assert marked(page) == second


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_failure_is_noted_and_the_page_goes_on(
    page_for: "PageFor", pipeline: fake.FakePipeline, language: str
) -> None:
    pipeline.state, pipeline.removed = "failed", 2
    pipeline.pen.release(100)
    strings = strings_for(language)
    page = page_for(pipeline, language)
    answer(page, fake.WHEN)
    note = noted(page)
    trouble = fake.TROUBLE_ARABIC if language == "ar" else fake.TROUBLE
    for words in (strings.wording_failed, trouble, strings.removed_two):
        assert words in note
    answer(page, fake.WHERE)
    assert "جنيف" in page.inner_text(".answer >> nth=1")


def test_a_fault_leaves_the_answer_and_the_page(page_for: "PageFor") -> None:
    page = page_for(WordedPipeline(breaks=RuntimeError("secret detail")))
    answer(page, fake.WHEN)
    assert ARABIC.wording_stopped in noted(page)
    assert "secret" not in page.content()
    assert "16 أكتوبر 2002" in page.inner_text(".answer")


def test_a_hostile_sentence_is_shown_and_does_nothing(page_for: "PageFor") -> None:
    pipeline = fake.FakePipeline(writes=True, sentences=(fake.HOSTILE_SENTENCE,) * 2)
    page = page_for(pipeline)
    answer(page, fake.WHEN)
    shown = sentences(page, 2)
    page.wait_for_selector(BUSY, state="detached")
    assert shown[0].startswith("<img src=x onerror='window.hurt=10'><script>")
    assert "${window.hurt=12}" in shown[0]
    assert page.evaluate("window.hurt") is None
    assert page.locator("#log :is(script, img, iframe, a)").count() == 0
    assert page.locator("#log .turn > .reply > .cards").count() == 1


def test_a_reload_amid_it_shows_what_was_written(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    answer(page, fake.WHEN)
    pipeline.pen.release(2)
    sentences(page, 2)
    page.reload()
    assert sentences(page, 2) == [fake.OPENED, fake.DESIGNED]
    assert page.locator(BUSY).count() == 0
    answer(page, fake.WHERE)
    page.wait_for_selector(BUSY)


def test_a_new_chat_and_an_earlier_one_end_it(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    answer(page, fake.WHEN)
    pipeline.pen.release()
    sentences(page, 1)
    page.click("[data-act=clear]")
    page.wait_for_selector(".welcome", state="visible")
    pipeline.pen.release(10)
    answer(page, fake.WHERE)
    page.wait_for_selector(BUSY, state="detached")
    assert page.locator(".turn").count() == 1
    page.locator("#side .talk").last.click()
    page.wait_for_function("q => document.querySelector('.said')?.textContent.includes(q)",
                           arg=fake.WHEN)  # fmt: skip
    assert sentences(page, 1) == [fake.OPENED]
    assert noted(page) == ARABIC.wording_stopped


def test_a_question_typed_meanwhile_stays_in_its_box(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    ask(page, fake.WHEN)
    page.wait_for_selector(BUSY)
    page.fill("#question textarea", "سؤال لم يُرسل")
    pipeline.pen.release(10)
    page.wait_for_selector(BUSY, state="detached")
    assert page.input_value("#question textarea") == "سؤال لم يُرسل"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_written_stands_out_from_its_ground(
    page_for: "PageFor", pipeline: fake.FakePipeline, scheme: str
) -> None:
    page = page_for(pipeline, color_scheme=scheme)
    answer(page, fake.WHEN)
    pipeline.pen.release()
    sentences(page, 1)
    for selector in (".sentences", ".sentences .reference", ".writing span", BUSY):
        assert page.locator(selector).last.evaluate(CONTRAST) >= 4.5, selector
    assert faults(page) == []
    page.click(BUSY)
    noted(page)
    assert faults(page) == []
    assert page.locator(".notes").evaluate(CONTRAST) >= 4.5
