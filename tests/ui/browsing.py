"""What a visitor does on the page, and what a program asks of its server."""

from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from playwright.sync_api import Page


def ask(page: "Page", question: str) -> None:
    """Type a question and press Enter."""
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")


def answer(page: "Page", question: str) -> None:
    """Ask, and wait until the page is no longer busy."""
    from playwright.sync_api import TimeoutError

    before = page.locator(".turn").count()
    ask(page, question)
    try:
        page.wait_for_function(
            "n => document.querySelectorAll('.turn').length > n", arg=before, timeout=5_000
        )
    except TimeoutError:  # it came in the last moment of the question before
        page.press("#question textarea", "Enter")
    page.wait_for_function(
        "n => document.querySelectorAll('.turn').length > n"
        " && document.querySelector('.turns').ariaBusy === 'false'",
        arg=before,
    )


def marked(page: "Page") -> str:
    """The text inside the source panel's <mark>."""
    page.wait_for_selector("#source mark")
    return str(page.evaluate("document.querySelector('#source mark').textContent"))


def overflow(page: "Page") -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def fetched(address: str, **headers: str) -> tuple[str, Any]:
    """Body and headers of one request."""
    with urlopen(Request(address, headers=headers)) as response:
        return response.read().decode(), response.headers
