"""The library in a real browser: collections, files in and out, and questions to them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.conversations import Conversations
from tests.ui.browsing import answer, marked, overflow
from tests.ui.library_doubles import MOON, NILE, Waiting, library_in
from ui.strings import ARABIC, ENGLISH
from ui.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

    PageFor = Callable[..., Page]

FIXTURES = Path(__file__).parents[1] / "corpus" / "fixtures"
FIELD = "#library [data-drop] input"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    kept = Conversations(tmp_path / "conversations.sqlite")
    yield Workspace(library_in(tmp_path / "data"), kept)
    kept.close()


@pytest.fixture
def moon(tmp_path: Path) -> Path:
    path = tmp_path / "قمر.txt"
    path.write_text(MOON, encoding="utf-8")
    return path


def make(page: "Page", name: str) -> None:
    """A new collection, made by its form."""
    page.click(".views [data-view=library]")
    page.fill("#library [data-form=create] input", name)
    page.press("#library [data-form=create] input", "Enter")
    page.wait_for_selector(f"#library h2:has-text('{name}')")


def add(page: "Page", *files: Path) -> None:
    """Choose files, and wait until the work on them has ended."""
    page.set_input_files(FIELD, list(files))
    page.wait_for_selector("#work .work[aria-busy=false] .files")


@pytest.mark.browser
@pytest.mark.parametrize("context", [{}, PHONE])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_files_are_added_asked_and_taken_out_again(
    page_for: "PageFor", workspace: Workspace, moon: Path, language: str, context: dict[str, object]
) -> None:
    strings = ARABIC if language == "ar" else ENGLISH
    page = page_for(workspace, language, **context)
    make(page, "كتبي")
    assert strings.no_texts_here in page.inner_text("#library")
    add(page, moon, FIXTURES / "three_pages.pdf")
    states = page.locator("#work .files .state").all_inner_texts()
    assert states == [strings.state_indexed] * 2
    assert page.locator("#library .texts > li").count() == 2
    assert "قمر.txt" in page.inner_text("#library .texts")
    assert overflow(page) <= 0
    page.click("#library .shelf-top [data-view=chat]")
    answer(page, "في كم يوماً يدور القمر حول الأرض؟")
    if context:
        page.locator(".card").first.click()
    assert marked(page) in MOON
    if context:
        page.keyboard.press("Escape")
    page.click(".views [data-view=library]")
    row = page.locator("#library .texts > li", has_text="قمر.txt")
    row.locator("summary", has_text=strings.remove).click()
    row.locator("[data-act=remove]").click()
    page.wait_for_function("document.querySelectorAll('#library .texts > li').length === 1")
    page.locator("#library summary", has_text=strings.delete_collection).click()
    page.click("#library [data-act=drop-collection]")
    page.wait_for_function("document.querySelectorAll('.choice option').length === 1")
    assert "كتبي" not in page.inner_text("#library")


@pytest.mark.browser
def test_a_pdf_shows_its_page_with_the_quote_framed(
    page_for: "PageFor", workspace: Workspace
) -> None:
    page = page_for(workspace)
    make(page, "كتبي")
    add(page, FIXTURES / "red.pdf")
    page.click("#library .shelf-top [data-view=chat]")
    source = workspace.shelves.shelf(workspace.shelves.collections()[-1].id)[0]
    answer(page, source.title or "القاهرة")
    marked(page)
    page.wait_for_selector("#source .page-picture .box")
    sheet = page.locator("#source .page-picture img").bounding_box()
    box = page.locator("#source .page-picture .box").first.bounding_box()
    assert sheet
    assert box
    assert sheet["x"] <= box["x"]
    assert box["x"] + box["width"] <= sheet["x"] + sheet["width"] + 1
    assert page.evaluate("document.querySelector('.page-picture img').naturalWidth") > 0


@pytest.mark.browser
def test_another_collection_is_asked_by_choosing_it(
    page_for: "PageFor", workspace: Workspace, moon: Path, tmp_path: Path
) -> None:
    nile = tmp_path / "نيل.txt"
    nile.write_text(NILE, encoding="utf-8")
    page = page_for(workspace)
    for name, file in (("السماء", moon), ("الأرض", nile)):
        make(page, name)
        add(page, file)
    page.click(".views [data-view=chat]")
    for name, words in (("السماء", MOON), ("الأرض", NILE), ("السماء", MOON)):
        page.select_option(".choice", label=name)
        page.wait_for_selector(f"#library h2:has-text('{name}')", state="attached")
        answer(page, "أين يجري نهر النيل؟ وكيف يدور القمر؟")
        assert marked(page) in words
        assert page.locator(".turn").count() == 1, "another collection begins another chat"


@pytest.mark.browser
def test_the_head_names_the_collection_that_is_asked_however_it_was_chosen(
    page_for: "PageFor", workspace: Workspace
) -> None:
    page = page_for(workspace)
    for name in ("السماء", "الأرض"):
        make(page, name)
    page.select_option(".choice", label="السماء")
    page.wait_for_selector("#library h2:has-text('السماء')")
    page.click("#library [data-act=collection]:has-text('الأرض')")
    page.wait_for_selector("#library h2:has-text('الأرض')")
    page.wait_for_function(
        "() => document.querySelector('.choice').selectedOptions[0].text.includes('الأرض')"
    )


@pytest.mark.browser
def test_files_that_come_amid_work_wait_for_it_and_go_where_they_were_dropped(
    page_for: "PageFor", moon: Path, tmp_path: Path
) -> None:
    nile = tmp_path / "نيل.txt"
    nile.write_text(NILE, encoding="utf-8")
    slow = Waiting()
    library = library_in(tmp_path / "data", slow)
    page = page_for(Workspace(library, Conversations(tmp_path / "kept.sqlite")))
    make(page, "كتبي")
    first = library.collections()[-1].id
    page.set_input_files(FIELD, moon)
    assert slow.reached.wait(60)
    page.wait_for_selector("#work .work[aria-busy=true]")
    assert page.eval_on_selector(FIELD, "field => field.files.length") == 0, "it can come again"
    page.set_input_files(FIELD, nile)
    page.wait_for_selector(f"#sending li:has-text('نيل.txt'):has-text('{ARABIC.state_waiting}')")
    make(page, "غيرها")
    slow.go_on.set()
    page.wait_for_selector("#work .indexed:has-text('نيل.txt')")
    assert sorted(item.source for item in library.shelf(first)) == ["قمر.txt", "نيل.txt"]
    assert ARABIC.no_texts_here in page.inner_text("#library")


@pytest.mark.browser
def test_what_cannot_be_read_is_refused_in_words_and_the_rest_is_added(
    page_for: "PageFor", workspace: Workspace, moon: Path, tmp_path: Path
) -> None:
    broken, song = tmp_path / "تقرير.pdf", tmp_path / "song.mp3"
    broken.write_bytes(b"%PDF-1.7 nothing more")
    song.write_bytes(b"ID3")
    page = page_for(workspace)
    make(page, "كتبي")
    add(page, moon, broken, song)
    refused = page.locator("#work .refused")
    assert refused.count() == 1
    assert "تقرير.pdf" in refused.inner_text()
    assert ARABIC.unknown_kind in page.inner_text("#sending")
    assert page.locator("#library .texts > li").count() == 1


@pytest.mark.browser
def test_a_name_that_will_not_do_is_refused_in_words(
    page_for: "PageFor", workspace: Workspace
) -> None:
    page = page_for(workspace)
    make(page, "كتبي")
    page.fill("#library [data-form=create] input", "كُتبي")
    page.press("#library [data-form=create] input", "Enter")
    page.wait_for_selector("#work .problem")
    assert page.locator(".choice option").count() == 2


@pytest.mark.browser
def test_a_hostile_file_does_nothing_in_the_library_or_the_chat(
    page_for: "PageFor", workspace: Workspace, tmp_path: Path
) -> None:
    words = "<img src=x onerror='window.hurt=1'> عنوان <script>window.hurt=2</script> النهر طويل."
    path = tmp_path / "<img src=x onerror=window.hurt=3>.txt"
    path.write_text(words, encoding="utf-8")
    page = page_for(workspace)
    make(page, "<b onclick=window.hurt=4>x</b>")
    add(page, path)
    page.click("#library .shelf-top [data-view=chat]")
    answer(page, "ما النهر الطويل؟")
    marked(page)
    page.locator("[data-act=open-whole]").click()
    page.wait_for_selector("#source .whole")
    assert page.evaluate("window.hurt") is None
    inside = ":is(#log, #source, #library, #work, #side, #head) :is(script, img, iframe)"
    assert page.locator(inside).count() == 0
