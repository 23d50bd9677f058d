"""What people may do whom nobody knows: ask and read, each so often, and change nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from corpus.errors import UnfitError
from tests.ui import fake_pipeline as fake
from tests.ui.browsing import answer
from tests.ui.conftest import serving
from tests.ui.fake_library import workspace_over
from ui.access import Access
from ui.page import Page
from ui.strings import ARABIC

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as BrowserPage
    from playwright.sync_api import Route

    PageFor = Callable[..., BrowserPage]


def test_visitors_read_everything_and_change_nothing() -> None:
    workspace = workspace_over().for_visitors()
    shelves, held = workspace.shelves, workspace_over().shelves
    default = shelves.default()
    assert default.fixed
    assert shelves.collection(default.id) == default
    assert [one.id for one in shelves.collections()] == [one.id for one in held.collections()]
    assert shelves.shelf(default.id)
    assert shelves.pipeline(default.id)
    for change in (
        lambda: shelves.create("x"),
        lambda: shelves.rename(default.id, "x"),
        lambda: shelves.delete(default.id),
        lambda: shelves.add(default.id, [("a.txt", Path("a.txt"))]),
        lambda: shelves.remove(default.id, "a.txt"),
        lambda: shelves.refresh(default.id),
        lambda: shelves.check(default.id),
    ):
        with pytest.raises(UnfitError, match="not changed") as told:
            change()
        assert told.value.arabic


def test_visitors_are_shown_no_way_to_change_anything() -> None:
    page = Page(workspace_over().for_visitors(), ARABIC)
    shown = page.library(page.arrive())
    assert ARABIC.read_only in shown
    for offer in ("<form", "data-drop", 'data-act="check"', 'data-act="refresh"', "<input"):
        assert offer not in shown
    assert "<form" in Page(workspace_over(), ARABIC).library(page.arrive())


def test_each_address_has_its_share_where_others_ask() -> None:
    access = Access(open_to_all=True, per_minute=1)
    with serving(fake.FakePipeline(), host="0.0.0.0", access=access) as address:
        for path in ("/", "/dalil/style.css", "/dalil/health", "/config") * 4:
            assert httpx.get(address + path).status_code == 200, "what costs nothing is not counted"
        said = [httpx.post(f"{address}/gradio_api/queue/join", json={}) for _ in range(2)]
        assert [reply.status_code == 429 for reply in said] == [False, True]
        assert 1 <= int(said[-1].headers["retry-after"]) <= 60
        assert said[-1].json()["error"]["arabic"]
    with serving(fake.FakePipeline(), access=Access(per_minute=10)) as address:
        said = [httpx.post(f"{address}/gradio_api/queue/join", json={}) for _ in range(20)]
        assert 429 not in {reply.status_code for reply in said}, "on one's own machine"


def test_every_answer_tells_the_browser_to_be_careful() -> None:
    with serving(fake.FakePipeline()) as address:
        for path in ("/", "/config", "/dalil/page.js", "/nothing", "/api/v1/health", "/v1/models"):
            headers = httpx.get(address + path).headers
            assert headers["x-content-type-options"] == "nosniff", path
            assert headers["x-frame-options"] == "DENY"
            assert headers["referrer-policy"] == "no-referrer"
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert headers["cross-origin-resource-policy"] == "same-origin"
            assert "camera=()" in headers["permissions-policy"]
            assert "server" not in headers, "who listens there is nobody's business"
            for name in ("x-content-type-options", "content-security-policy", "referrer-policy"):
                assert len(headers.get_list(name)) == 1, (path, name)


@pytest.mark.browser
def test_the_page_says_that_many_ask_and_asks_again_by_itself(page_for: "PageFor") -> None:
    page = page_for(fake.FakePipeline())
    refused: list[str] = []

    def refuse_twice(route: "Route") -> None:
        if len(refused) == 2:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=429, headers={"retry-after": "1"}, body="{}")

    page.route("**/gradio_api/queue/join*", refuse_twice)
    page.fill("#question textarea", fake.UNESCO)
    page.click("#send")
    page.wait_for_selector(".crowded", state="visible")
    assert page.inner_text(".crowded") == ARABIC.goes_in_later
    page.wait_for_selector(".card")
    page.wait_for_selector(".crowded", state="hidden")
    assert len(refused) == 2
    answer(page, fake.WHEN)
