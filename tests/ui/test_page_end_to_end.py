"""The bundled texts, the default model and a real browser: the page as a newcomer meets it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus import bundled_texts
from qa.settings import load_settings
from tests.ui.browsing import answer, marked
from ui.indexing import prepare
from ui.opening import open_workspace
from ui.strings import ARABIC
from ui.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

    PageFor = Callable[..., Page]

PICTURE = Path(__file__).parents[2] / "docs" / "chat.png"
CARELESS = "كم بلغت كميه النفايات الالكترونيه في العالم عام ٢٠٢٢؟"


@pytest.fixture
def bundled(model: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:  # noqa: ARG001
    """What `dalil chat` serves to a newcomer: the bundled texts, their models still loading."""
    monkeypatch.setenv("DALIL_DATA", str(tmp_path))
    settings = load_settings()
    prepare(settings, bundled=True)
    said: list[str] = []
    workspace = open_workspace(settings, said.append)
    yield workspace
    workspace.conversations.close()
    assert not [line for line in said if line.startswith("✗")]


@pytest.mark.browser
def test_a_newcomer_asks_and_sees_the_exact_words_highlighted(
    page_for: "PageFor", bundled: Workspace
) -> None:
    page = page_for(bundled)
    page.locator("#welcome .chip").first.wait_for(timeout=120_000)  # once the models are there
    assert page.locator("#welcome .chip").count() > 1
    answer(page, CARELESS)
    raw = (bundled_texts() / "e-waste.md").read_text(encoding="utf-8")
    quote = marked(page)
    assert quote in raw
    assert "62 مليون طن عام 2022" in quote
    assert page.locator(".answer").last.inner_text().strip()
    if os.environ.get("DALIL_PICTURE"):  # `make pictures` renews the README's
        page.screenshot(path=PICTURE)
    answer(page, "كم سعر تذكرة القطار من طوكيو إلى أوساكا؟")
    assert ARABIC.abstained in page.locator(".turn").last.inner_text()
