"""Every state of the page under axe-core, the checker that most accessibility audits use."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from qa.conversations import Conversations
from tests.ui import fake_pipeline as fake
from tests.ui.browsing import answer, marked
from tests.ui.library_doubles import NILE, ended, library_in, text
from ui.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

    PageFor = Callable[..., Page]

WIDTHS = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


def faults(page: "Page") -> list[str]:
    """What axe finds that is serious or critical, by rule and by place.

    Not for colour where it cannot see through Gradio's frames: `test_page_safety` measures that.
    """
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A library with a collection of one text and an empty one."""
    library = library_in(tmp_path / "data")
    ended(library.add(library.create("كتبي").id, [("نيل.txt", text(tmp_path / "u", NILE))]))
    library.create("فارغة")
    kept = Conversations(tmp_path / "conversations.sqlite")
    yield Workspace(library, kept)
    kept.close()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chat_has_no_serious_fault(
    page_for: "PageFor", language: str, width: str, scheme: str
) -> None:
    page = page_for(fake.FakePipeline(), language, viewport=WIDTHS[width], color_scheme=scheme)
    page.wait_for_selector("#welcome .chip")
    assert faults(page) == []
    answer(page, fake.UNESCO)
    page.locator("[data-kind=wrong]").click()
    page.wait_for_selector(".judging form")
    answer(page, fake.UNKNOWN)
    answer(page, fake.REFUSED)
    page.locator(".card").first.click()
    marked(page)
    if width == "phone":
        page.wait_for_function("document.activeElement?.className === 'close'")
    assert faults(page) == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_the_library_and_the_list_of_chats_have_no_serious_fault(
    page_for: "PageFor", workspace: Workspace, language: str, width: str
) -> None:
    page = page_for(workspace, language, viewport=WIDTHS[width])
    made = {one.name: one.id for one in workspace.shelves.collections()}
    for name in ("كتبي", "فارغة"):
        page.select_option(".choice", made[name])
        page.click("[data-view=library]")
        page.wait_for_selector(f"#library h2:has-text('{name}')")
        assert faults(page) == []
    page.select_option(".choice", made["كتبي"])
    page.wait_for_selector("#library .texts")
    page.click(".views [data-view=chat]")
    answer(page, "أين يصب النيل؟")
    if width == "phone":
        page.click("[data-act=menu]")
        page.wait_for_selector("#past", state="visible")
    page.click("#side .menu summary")
    page.wait_for_selector("#side [data-form=rename]")
    assert faults(page) == []
