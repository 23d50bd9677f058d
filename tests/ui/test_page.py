"""The page in a real browser: its direction, its answers, and its sources."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.ui import fake_pipeline as fake
from tests.ui.browsing import answer, ask, marked
from tests.ui.fake_library import workspace_over
from ui.strings import ARABIC, ENGLISH

if TYPE_CHECKING:
    from playwright.sync_api import Page

    PageFor = Callable[..., Page]


@pytest.fixture
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline()


# Direction and language

PARTS = [
    "html", "body", "#head", ".masthead", ".views", ".choice", ".language", ".lost", "#stage",
    "#past", "#finder", ".finder", "#finder input", "#side", ".talks", ".talks details", ".acts",
    "#talk", "#welcome", ".welcome", ".chips", "#log", ".turns", ".turn", ".card", ".judging",
    ".judging button", "#asking", "#question", "textarea", "#send", "#note", "#source", ".panel",
    ".panel-top", ".panel-body", "#shelves", "#library", ".library", ".collections",
    ".collections form", ".shelf", ".texts", "#work",
]  # fmt: skip
WRONGLY_DIRECTED = """([parts, direction]) => parts.flatMap((part) => {
  const found = [...document.querySelectorAll(part)];
  return found.length
    ? found.filter((e) => getComputedStyle(e).direction !== direction).map(() => part)
    : [`no ${part}`];
})"""


@pytest.mark.browser
def test_every_part_of_the_page_is_right_to_left(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline, locale="en-US")
    answer(page, fake.UNESCO)
    marked(page)
    wrong = page.evaluate(WRONGLY_DIRECTED, [PARTS, "rtl"])
    assert wrong == []
    assert page.locator("#source .passage").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.get_attribute("html", "lang") == "ar"
    box, send, panel, talk, past = (
        page.locator(s).bounding_box() for s in ("#question", "#send", "#source", "#talk", "#past")
    )
    assert box
    assert send
    assert panel
    assert talk
    assert past
    assert send["x"] < box["x"], "the button stands at the left end of the line"
    assert panel["x"] == 0
    assert talk["x"] >= panel["width"]
    assert past["x"] >= talk["x"] + talk["width"], "earlier conversations stand where one begins"


@pytest.mark.browser
def test_an_english_question_runs_left_to_right_in_the_box(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    box = page.locator("#question textarea")
    assert box.evaluate("e => getComputedStyle(e).unicodeBidi") == "plaintext"
    answer(page, "When did the library open?")
    said = page.locator(".said").last
    assert said.evaluate("e => getComputedStyle(e).direction") == "ltr"


@pytest.mark.browser
def test_the_english_page_is_left_to_right(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline, language="en", locale="ar")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        "en",
        "ltr",
    ]
    answer(page, fake.WHEN)
    marked(page)
    assert page.inner_text("#send") == ENGLISH.send
    assert page.evaluate(WRONGLY_DIRECTED, [PARTS, "ltr"]) == []
    assert page.locator(".answer").evaluate("e => getComputedStyle(e).direction") == "rtl"
    panel, talk, past = (page.locator(s).bounding_box() for s in ("#source", "#talk", "#past"))
    assert panel
    assert talk
    assert past
    assert panel["x"] >= talk["width"]
    assert past["x"] == 0


# Asking and reading


@pytest.mark.browser
def test_an_answer_comes_with_its_first_source_open(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    answer(page, fake.WHEN)
    assert "16 أكتوبر 2002" in page.inner_text(".answer")
    assert marked(page) == pipeline.ask(fake.WHEN).citations[0].quote
    assert "مكتبة الإسكندرية.pdf" in page.inner_text("#source .place")
    assert page.locator("#source .around").count() == 2
    assert page.locator(".card[aria-current=true]").count() == 1
    assert page.input_value("#question textarea") == ""


@pytest.mark.browser
def test_another_source_opens_by_mouse_and_by_keyboard(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    answer(page, fake.UNESCO)
    first, second = (c.quote for c in pipeline.ask(fake.UNESCO).citations)
    assert marked(page) == first
    page.locator(".card").nth(1).click()
    page.wait_for_function("q => document.querySelector('mark')?.textContent === q", arg=second)
    assert page.get_attribute(".card >> nth=1", "aria-current") == "true"
    assert page.locator(".card[aria-current=true]").count() == 1
    page.locator(".reference").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("q => document.querySelector('mark')?.textContent === q", arg=first)
    assert page.get_attribute(".card >> nth=0", "aria-current") == "true"
    assert page.evaluate("document.activeElement.className") == "reference"


@pytest.mark.browser
def test_a_conversation_keeps_its_turns_and_their_sources(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    page.wait_for_selector("#welcome .welcome")
    answer(page, fake.WHEN)
    assert not page.is_visible(".welcome")
    answer(page, fake.WHERE)
    assert page.locator(".turn").count() == 2
    quotes = [pipeline.ask(q).citations[0].quote for q in (fake.WHEN, fake.WHERE)]
    page.wait_for_function("q => document.querySelector('mark')?.textContent === q", arg=quotes[1])
    page.locator(".card").first.click()
    page.wait_for_function("q => document.querySelector('mark')?.textContent === q", arg=quotes[0])
    page.click("[data-act=clear]")
    page.wait_for_selector("#welcome .welcome")
    assert page.locator(".turn").count() == 0
    assert ARABIC.source_empty in page.inner_text("#source")


@pytest.mark.browser
def test_an_example_is_asked_by_choosing_it(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    page.locator(".chip").nth(1).click()
    page.wait_for_selector(".answer")
    assert fake.WHERE in page.inner_text(".said")
    assert "جنيف" in page.inner_text(".answer")


@pytest.mark.browser
def test_the_texts_not_saying_is_a_state_of_its_own(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    answer(page, fake.UNKNOWN)
    assert page.inner_text(".abstention .answer") == ARABIC.abstained
    assert fake.UNKNOWN in page.inner_text(".abstention .search")
    near = pipeline.ask(fake.UNKNOWN).hits[1].passage
    page.locator(".abstention .card").nth(1).click()
    page.wait_for_selector("#source .passage")
    assert page.evaluate("document.querySelector('.passage').textContent") == near.text
    assert page.locator("#source mark").count() == 0


@pytest.mark.browser
def test_an_empty_question_gets_a_gentle_note(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    ask(page, " \u061f ")
    page.wait_for_selector("#note p")
    assert page.inner_text("#note") == ARABIC.empty_question
    assert page.locator(".turn").count() == 0
    assert pipeline.asked == []
    answer(page, fake.WHEN)
    assert page.inner_text("#note").strip() == ""


@pytest.mark.browser
def test_the_page_is_busy_until_the_answer_comes(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    pipeline.gate.clear()
    ask(page, fake.WHEN)
    page.wait_for_selector(".reply.busy")
    assert ARABIC.busy in page.inner_text(".reply.busy")
    page.fill("#question textarea", "السؤال التالي")
    assert page.is_disabled(".choice"), "the answer would come to another collection's page"
    page.click(".views [data-view=library]")
    page.click("#library [data-act=collection]")
    page.wait_for_selector("#library [role=status]")
    page.click(".views [data-view=chat]")
    pipeline.gate.set()
    page.wait_for_selector(".answer")
    page.wait_for_selector(".choice:enabled")
    assert page.locator(".busy").count() == 0
    assert page.input_value("#question textarea") == "السؤال التالي"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("question", "message"),
    [
        (fake.REFUSED, "The index is gone: <b>no</b> folder 'my.index'."),
        ("س" * 2001, ARABIC.shorten),
        (fake.BROKEN, ARABIC.fault),
    ],
)
def test_errors_are_words_and_leave_the_page_usable(
    page_for: "PageFor", pipeline: fake.FakePipeline, question: str, message: str
) -> None:
    page = page_for(pipeline)
    ask(page, question)
    page.wait_for_selector(".failure")
    text = page.inner_text(".failure")
    assert ARABIC.failed in text
    assert message in text
    assert "secret" not in page.inner_text("body")
    assert "Traceback" not in page.inner_text("body")
    answer(page, fake.WHEN)
    assert "2002" in page.inner_text(".answer")


@pytest.mark.browser
def test_a_judgement_finds_its_answer_after_a_fault(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    workspace = workspace_over(pipeline)
    page = page_for(workspace)
    ask(page, fake.BROKEN)
    page.wait_for_selector(".failure")
    answer(page, fake.WHEN)
    page.click(".judging [data-kind=right]")
    page.wait_for_selector(".judging [data-kind=right][aria-pressed=true]")
    (judged,) = workspace.conversations.judged()
    assert judged.turn.question == fake.WHEN


@pytest.mark.browser
def test_a_forged_quotation_is_not_shown(page_for: "PageFor", pipeline: fake.FakePipeline) -> None:
    page = page_for(pipeline)
    answer(page, fake.FORGED)
    assert ARABIC.withheld in page.inner_text(".abstention")
    assert "2003" not in page.inner_text("body")


@pytest.mark.browser
def test_a_search_can_be_edited_and_run_again(
    page_for: "PageFor", pipeline: fake.FakePipeline
) -> None:
    page = page_for(pipeline)
    answer(page, fake.UNKNOWN)
    page.locator(".edit").last.click()
    assert page.input_value("#question textarea") == fake.UNKNOWN
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.fill("#question textarea", fake.WHEN)
    before = len(pipeline.asked)
    page.press("#question textarea", "Enter")
    page.wait_for_function("() => document.querySelectorAll('.turn').length === 2"
                           " && document.querySelector('.turns').ariaBusy === 'false'")  # fmt: skip
    assert pipeline.asked[before:] == [fake.WHEN]
