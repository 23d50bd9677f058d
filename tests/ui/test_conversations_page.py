"""Conversations in a real browser: they come back, are found, renamed, downloaded and deleted."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ui import fake_pipeline as fake
from tests.ui.browsing import answer, marked
from tests.ui.conftest import serving
from tests.ui.fake_library import workspace_over
from ui.strings import ARABIC

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    PageFor = Callable[..., Page]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.mark.browser
def test_a_reload_finds_the_conversation_with_its_sources(page_for: "PageFor") -> None:
    pipeline = fake.FakePipeline()
    page = page_for(pipeline)
    answer(page, fake.WHEN)
    answer(page, fake.UNKNOWN)
    page.reload()
    page.wait_for_selector(".turn >> nth=1")
    assert page.locator(".turn").count() == 2
    page.locator(".card").first.click()
    assert marked(page) == pipeline.ask(fake.WHEN).citations[0].quote
    answer(page, fake.WHERE)
    assert page.locator("#side .talk").count() == 1
    assert pipeline.histories[-1][0].query == fake.WHEN


@pytest.mark.browser
@pytest.mark.parametrize("context", [{}, PHONE])
def test_earlier_conversations_are_listed_opened_and_searched(
    page_for: "PageFor", context: dict[str, object]
) -> None:
    page = page_for(fake.FakePipeline(), **context)

    def menu() -> None:
        if context:
            page.click("[data-act=menu] >> visible=true")
            page.wait_for_selector("#finder input", state="visible")

    answer(page, fake.WHEN)
    page.click("[data-act=clear]")
    page.wait_for_selector(".welcome", state="visible")
    answer(page, fake.WHERE)
    menu()
    assert page.locator("#side .talk").all_inner_texts() == [fake.WHERE, fake.WHEN]
    page.fill("#finder input", "الاسكندريه")  # as people type it
    page.wait_for_function("document.querySelectorAll('#side .talk').length === 1")
    page.locator("#side .talk").click()
    page.wait_for_function("q => document.querySelector('.said')?.textContent.includes(q)",
                           arg=fake.WHEN)  # fmt: skip
    menu()
    page.fill("#finder input", "كلمة لم تُقَل")
    page.wait_for_selector("#side .none")
    assert page.inner_text("#side") == ARABIC.none_found


@pytest.mark.browser
def test_a_conversation_is_renamed_and_deleted(page_for: "PageFor") -> None:
    page = page_for(fake.FakePipeline())
    answer(page, fake.WHEN)
    page.click("#side .menu summary")
    page.fill("#side [name=title]", "<b>المكتبة</b>")
    page.press("#side [name=title]", "Enter")
    page.wait_for_function("document.querySelector('.talk').textContent === '<b>المكتبة</b>'")
    page.click("#side .menu summary >> nth=0")
    page.locator("#side .sure summary").click()
    page.click("#side [data-act=forget]")
    page.wait_for_selector("#side .none")
    page.wait_for_selector(".welcome", state="visible")
    assert page.locator(".turn").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize(("kind", "start"), [("md", b"#"), ("docx", b"PK")])
def test_a_conversation_is_downloaded(page_for: "PageFor", kind: str, start: bytes) -> None:
    page = page_for(fake.FakePipeline())
    answer(page, fake.WHEN)
    page.click("#side .menu summary")
    with page.expect_download() as waiting:
        page.click(f"#side a[href*='.{kind}']")
    assert waiting.value.suggested_filename.endswith(f".{kind}")
    assert Path(waiting.value.path()).read_bytes().startswith(start)


@pytest.mark.browser
def test_another_browser_sees_none_of_it(browser: "Browser", page_for: "PageFor") -> None:
    workspace = workspace_over()
    mine = page_for(workspace)
    answer(mine, fake.WHEN)
    address = mine.url.split("#")
    assert len(address) == 2
    visit = browser.new_context()
    page = visit.new_page()
    with serving(workspace) as other:
        page.goto(f"{other}/#{address[1]}")
        page.wait_for_selector("#side .none")
        page.wait_for_selector("#note p")
        assert page.inner_text("#note") == ARABIC.lost_conversation
        name = address[1].removeprefix("c=")
        assert page.request.get(f"{other}/dalil/conversations/{name}.md").status == 404
    visit.close()


@pytest.mark.browser
def test_what_a_reader_thinks_of_an_answer_is_kept(page_for: "PageFor") -> None:
    workspace = workspace_over()
    page = page_for(workspace)
    answer(page, fake.WHEN)
    answer(page, fake.WHERE)
    page.locator(".turn").first.locator("[data-kind=right]").click()
    page.wait_for_selector(".turn >> nth=0 >> .thanks")
    page.locator(".turn").last.locator("[data-kind=wrong_source]").click()
    page.fill(".judging [name=comment]", "باريس")
    page.press(".judging [name=comment]", "Enter")
    page.wait_for_selector(".turn >> nth=1 >> .thanks")
    found = {one.turn.question: one.judgement for one in workspace.conversations.judged()}
    assert found[fake.WHEN].kind == "right"
    assert (found[fake.WHERE].kind, found[fake.WHERE].comment) == ("wrong_source", "باريس")
    page.reload()
    page.wait_for_selector(".judging [aria-pressed=true]")
    assert page.locator(".judging [aria-pressed=true]").count() == 2


@pytest.mark.browser
def test_a_form_that_stays_open_leaves_the_view_where_it_is(page_for: "PageFor") -> None:
    page = page_for(fake.FakePipeline(), viewport={"width": 1280, "height": 480})
    answer(page, fake.WHEN)
    answer(page, fake.UNESCO)
    page.locator(".turn").last.locator("[data-kind=wrong]").click()
    page.wait_for_selector(".judging form")
    page.evaluate("document.querySelector('#log').scrollTop = 0")
    page.locator(".turn").first.locator("[data-kind=right]").dispatch_event("click")
    page.wait_for_selector(".turn >> nth=0 >> .thanks", state="attached")
    page.wait_for_timeout(300)  # whatever was to move has moved
    assert page.evaluate("document.querySelector('#log').scrollTop") == 0
