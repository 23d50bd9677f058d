"""A real browser on a real page: `page_for(pipeline)` serves on a free port and opens it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.ui.fake_library import workspace_over
from ui.access import Access
from ui.protocol import Pipeline
from ui.serving import listener, server
from ui.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page


@contextmanager
def serving(
    asked: Pipeline | Workspace,
    language: str = "ar",
    host: str = "127.0.0.1",
    keys: Sequence[str] = (),
    access: Access | None = None,
) -> Iterator[str]:
    """The page for a pipeline or a workspace on a free port; gives its address here."""
    ready = threading.Event()
    access = access or Access(keys=tuple(keys), open_to_all=True)
    workspace = asked if isinstance(asked, Workspace) else workspace_over(asked)
    with listener(host, 0) as door:
        running = server(workspace, door, language, ready.set, access)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        assert ready.wait(60), "the server did not start"
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        running.should_exit = True
        thread.join(30)
        assert not thread.is_alive(), "the server did not stop"


@pytest.fixture
def page_for(browser: "Browser") -> Iterator[Callable[..., "Page"]]:
    """``page_for(asked, language="ar", **context)`` opens the page; ``context`` goes to
    Playwright (viewport, color_scheme, ...). Requests to any other host fail the test.
    """
    strays: list[str] = []
    troubles: list[str] = []
    with ExitStack() as stack:

        def open_page(asked: Pipeline | Workspace, language: str = "ar", **context: Any) -> "Page":
            address = stack.enter_context(serving(asked, language))
            visit = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | context)
            stack.callback(visit.close)
            page = visit.new_page()
            page.on("request", lambda request: note_stray(request.url))
            page.on("dialog", note_dialog)
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.goto(address)
            page.wait_for_selector("#question textarea")
            page.wait_for_selector("#log .turns")
            return page

        def note_stray(url: str) -> None:
            parts = urlsplit(url)
            if parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1":
                strays.append(url)

        def note_dialog(dialog: "Dialog") -> None:
            troubles.append(dialog.message)
            dialog.dismiss()

        yield open_page
    assert strays == [], "the page asked other hosts"
    assert troubles == [], "the page opened a dialog or threw"
