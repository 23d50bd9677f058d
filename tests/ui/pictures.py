"""Pictures of the page in each of its states, for docs/pictures: ``python -m tests.ui.pictures``.

The real model over the bundled texts, and a PDF that the browser prints.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from corpus import bundled_texts
from tests.browser import browser_path
from tests.conftest import QUIET
from tests.ui.browsing import answer, marked
from tests.ui.conftest import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
}  # fmt: skip
WHO = "من الف كتاب المناظر"
FOLLOW_UP = "وكم مقاله فيه؟"
ABSENT = "ما اسم زوجة ابن الهيثم؟"
MOSQUE = "متى بدا بناء جامع القرويين؟"


def main() -> None:
    """Take every picture again."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["DALIL_DATA"] = f"{folder}/data"
        path = browser_path(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        files = [printed(browser, Path(folder)), bundled_texts() / "water-scarcity.txt"]
        with opened() as address:
            for width, context in (("desktop", DESKTOP), ("phone", PHONE)):
                take(browser, address, width, context, files)
        browser.close()


@contextmanager
def opened() -> Iterator[str]:
    """The page as `dalil chat` serves it, with the models loaded."""
    from qa.settings import load_settings
    from ui.indexing import prepare
    from ui.opening import open_workspace

    settings = load_settings()
    prepare(settings, bundled=True)
    workspace = open_workspace(settings, print)
    workspace.shelves.pipeline(workspace.shelves.default().id).examples()
    with serving(workspace) as address:
        yield address
    for collection in workspace.shelves.collections():  # what still runs would be broken off
        workspace.shelves.pipeline(collection.id).examples()
    workspace.close()


def printed(browser: Browser, folder: Path) -> Path:
    """A PDF of one of the bundled texts."""
    lines = (bundled_texts() / "fez-al-qarawiyyin.md").read_text(encoding="utf-8").split("\n")
    body = "".join(
        f"<h2>{escape(line.lstrip('# '))}</h2>"
        if line.startswith("#")
        else f"<p>{escape(line)}</p>"
        for line in lines
    )
    page = browser.new_page()
    page.set_content(
        f'<html dir="rtl" lang="ar"><title>فاس وجامعة القرويين</title><body style="font: 15px serif">{body}</body></html>'
    )
    path = folder / "فاس.pdf"
    page.pdf(path=path, format="A5")
    page.close()
    return path


def take(
    browser: Browser, address: str, width: str, context: dict[str, Any], files: list[Path]
) -> None:
    """All states at one width: Arabic by day, then English by night."""
    visit = browser.new_context(**context)
    page = visit.new_page()
    phone = width == "phone"

    def shot(name: str) -> None:
        page.wait_for_timeout(600)
        page.screenshot(path=PICTURES / f"{width}-{name}.png")

    page.goto(address)
    page.wait_for_selector("#welcome .chip")
    shot("1-first")
    conversation(page, shot, phone=phone)
    shelves(page, shot, files, phone=phone)
    page.click("[data-act=theme]")
    page.click("[data-act=language]")
    page.wait_for_selector("html[lang=en]")
    page.wait_for_selector(".turn")
    shot("9-english-dark")
    visit.close()


def conversation(page: Page, shot: Callable[[str], None], *, phone: bool) -> None:
    """A question, its follow-up, a source, an abstention, an opinion, the list of chats."""
    answer(page, WHO)
    answer(page, FOLLOW_UP)
    shot("2-follow-up")
    page.locator(".turn").last.locator(".card").first.click()
    marked(page)
    if phone:
        shot("3-source")
    page.click("#source [data-act=open-whole]")
    page.wait_for_selector("#source .whole")
    shot("3-whole-text")
    page.keyboard.press("Escape")
    page.wait_for_selector("#source .whole", state="hidden")
    answer(page, ABSENT)
    page.locator(".turn").last.locator("[data-kind=wrong]").click()
    page.wait_for_selector(".judging form")
    shot("4-absent")
    if phone:
        page.click("[data-act=menu] >> nth=0")
    page.click("#side .menu summary")
    shot("5-chats")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    if phone:
        page.wait_for_selector("#past", state="hidden")


def shelves(page: Page, shot: Callable[[str], None], files: list[Path], *, phone: bool) -> None:
    """A new collection, files in it, and a question whose source is a page of a PDF."""
    page.click(".views [data-view=library]")
    page.fill("#library [data-form=create] input", f"كتبي {'٢' if phone else '١'}")
    page.press("#library [data-form=create] input", "Enter")
    page.wait_for_selector("#library [data-drop]")
    shot("6-empty")
    page.set_input_files("#library [data-drop] input", [str(file) for file in files])
    page.wait_for_selector("#work .work[aria-busy=false] .files")
    shot("7-library")
    page.click("#library .shelf-top [data-view=chat]")
    answer(page, MOSQUE)
    if phone:
        page.locator(".card").first.click()
    page.wait_for_selector("#source .page-picture")
    page.click("#source [data-act=picture]")
    shot("8-page-of-a-pdf")
    if phone:
        page.keyboard.press("Escape")
        page.wait_for_selector("#source", state="hidden")


if __name__ == "__main__":
    main()
