"""Keyboard, theme, language, copying, and a server that goes away."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.ui import fake_pipeline as fake
from tests.ui.browsing import answer, marked
from tests.ui.fake_library import workspace_over
from ui.serving import listener, server
from ui.strings import ARABIC, ENGLISH

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    PageFor = Callable[..., Page]


@pytest.mark.browser
def test_arrows_go_through_the_sources_and_escape_closes_the_text(page_for: "PageFor") -> None:
    pipeline = fake.FakePipeline()
    page = page_for(pipeline)
    answer(page, fake.UNESCO)
    first, second = (c.quote for c in pipeline.ask(fake.UNESCO).citations)
    page.locator(".card").first.focus()
    for key, quote in (("ArrowDown", second), ("ArrowDown", second), ("ArrowUp", first)):
        page.keyboard.press(key)
        page.wait_for_function("q => document.querySelector('mark')?.textContent === q", arg=quote)
    page.click("[data-act=open-whole]")
    page.wait_for_selector("#source .whole")
    assert page.evaluate("document.querySelector('#source .whole').textContent") == fake.LIBRARY
    assert marked(page) == first
    page.keyboard.press("Escape")
    page.wait_for_selector("#source .passage")


@pytest.mark.browser
def test_the_panel_is_wide_for_as_long_as_it_shows_a_whole_text(page_for: "PageFor") -> None:
    page = page_for(fake.FakePipeline())
    answer(page, fake.WHEN)
    page.click("[data-act=open-whole]")
    page.wait_for_selector("html.source-whole #source .whole")
    page.click("[data-act=clear]")
    page.wait_for_selector("html:not(.source-whole)")


@pytest.mark.browser
def test_a_quote_is_copied_with_its_reference(page_for: "PageFor") -> None:
    page = page_for(fake.FakePipeline(), permissions=["clipboard-read", "clipboard-write"])
    answer(page, fake.WHEN)
    page.click("[data-act=copy]")
    page.wait_for_function(
        "w => document.querySelector('[data-act=copy]').textContent === w", arg=ARABIC.copied
    )
    copied = page.evaluate("navigator.clipboard.readText()")
    quote = fake.FakePipeline().ask(fake.WHEN).citations[0].quote
    assert copied == f"«{quote}» (مكتبة الإسكندرية.pdf، مكتبة الإسكندرية الجديدة، صفحة 3)"


@pytest.mark.browser
def test_the_theme_is_switched_and_stays(page_for: "PageFor") -> None:
    page = page_for(fake.FakePipeline(), color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.click("[data-act=theme]")
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    page.wait_for_selector(".welcome")
    assert page.evaluate(ground) == dark
    page.click("[data-act=theme]")
    assert page.evaluate(ground) == light


@pytest.mark.browser
def test_the_other_language_opens_on_the_same_conversation(page_for: "PageFor") -> None:
    page = page_for(fake.FakePipeline())
    answer(page, fake.WHEN)
    page.click("[data-act=language]")
    page.wait_for_selector("html[lang=en][dir=ltr]")
    page.wait_for_selector(".turn")
    assert page.inner_text("#send") == ENGLISH.send
    assert fake.WHEN in page.inner_text(".said")
    page.click("[data-act=language]")
    page.wait_for_selector("html[lang=ar][dir=rtl]")
    page.wait_for_selector(".turn")


@pytest.mark.browser
def test_the_page_says_when_the_server_is_gone_and_comes_back_with_it(browser: "Browser") -> None:
    workspace = workspace_over()

    def start(port: int) -> tuple[Callable[[], None], int]:
        ready = threading.Event()
        door = listener("127.0.0.1", port)
        running = server(workspace, door, "ar", ready.set)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        assert ready.wait(60)

        def stop() -> None:
            running.should_exit = True
            thread.join(30)
            door.close()

        return stop, door.getsockname()[1]

    stop, port = start(0)
    visit = browser.new_context()
    page = visit.new_page()
    page.goto(f"http://127.0.0.1:{port}")
    page.wait_for_selector(".chip")
    answer(page, fake.WHEN)
    assert not page.is_visible(".lost")
    stop()
    page.wait_for_selector(".lost", state="visible", timeout=15_000)
    assert page.inner_text(".lost") == ARABIC.server_gone
    stop, _ = start(port)
    page.wait_for_selector(".lost", state="hidden", timeout=15_000)
    page.wait_for_selector(".turn", timeout=15_000)
    assert fake.WHEN in page.inner_text(".said")
    visit.close()
    stop()
