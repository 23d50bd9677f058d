"""One visitor's whole way through the page, at both widths and in both languages."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.conversations import Conversations
from tests.ui.browsing import answer, marked, overflow
from tests.ui.library_doubles import MOON, NILE, ended, library_in, text
from ui.strings import strings_for
from ui.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

    PageFor = Callable[..., Page]

WIDTHS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
HOSTILE = "<img src=x onerror='window.hurt=1'> النهر الطويل <script>window.hurt=2</script> هنا."
BOOK = Path(__file__).parents[1] / "corpus" / "fixtures" / "red.pdf"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Two collections: of the sky, and of the earth, whose text is hostile too."""
    library = library_in(tmp_path / "data")
    for name, words in (("السماء", MOON), ("الأرض", f"{NILE}\n\n{HOSTILE}")):
        upload = ("نص.txt", text(tmp_path / "uploads", words))
        ended(library.add(library.create(name).id, [upload]))
    kept = Conversations(tmp_path / "conversations.sqlite")
    yield Workspace(library, kept)
    kept.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_whole_way(
    page_for: "PageFor", workspace: Workspace, language: str, width: str
) -> None:
    phone = width == "phone"
    strings = strings_for(language)
    page = page_for(workspace, language, **WIDTHS[width])
    direction = page.evaluate("getComputedStyle(document.querySelector('#log')).direction")
    assert direction == strings.direction

    def open_source(place: int = -1) -> str:
        page.locator(".turn").nth(place).locator(".card").first.click()
        words = marked(page)
        if phone:
            page.keyboard.press("Escape")
            page.wait_for_selector("#source", state="hidden")
        return words

    # First run: the bundled texts are not indexed here, so the page says where to begin.
    page.wait_for_selector(f".welcome:has-text('{strings.empty_collection}')")
    page.select_option(".choice", label="السماء")
    page.wait_for_selector(f".welcome:has-text('{strings.welcome}')")

    # Ask, open the source, follow up, edit the search.
    answer(page, "في كم يوما يدور القمر حول الارض؟")
    assert open_source() in MOON
    answer(page, "ومن تابعها؟")
    assert "—" in page.locator(".search").last.inner_text()
    page.locator(".edit").last.click()
    page.fill("#question textarea", "من تابع الأرض الوحيد؟")
    page.press("#question textarea", "Enter")
    page.wait_for_selector(".turn >> nth=2 >> .answer")
    assert open_source() in MOON
    assert overflow(page) <= 0

    # An opinion, which a reload finds again with the conversation.
    page.locator(".turn").first.locator("[data-kind=right]").click()
    page.wait_for_selector(".thanks")
    page.reload()
    page.wait_for_selector(".turn >> nth=2")
    assert page.locator(".judging [aria-pressed=true]").count() == 1
    assert open_source(0) in MOON

    # Another collection, whose hostile text does nothing.
    page.select_option(".choice", label="الأرض")
    page.wait_for_selector(".welcome", state="visible")
    answer(page, "ما النهر الطويل هنا؟")
    assert open_source() in HOSTILE
    assert page.evaluate("window.hurt") is None

    # A PDF of one's own.
    page.click(".views [data-view=library]")
    page.set_input_files("#library [data-drop] input", str(BOOK))
    page.wait_for_selector("#work .work[aria-busy=false] .indexed")
    assert overflow(page) <= 0
    page.click("#library .shelf-top [data-view=chat]")
    answer(page, "متى افتتح الرصيف الشرقي؟")
    page.locator(".turn").last.locator(".card").first.click()
    page.wait_for_function(
        "document.querySelector('#source mark')?.textContent.includes('الرصيف الشرقي')"
    )
    page.wait_for_selector("#source .page-picture .box")
