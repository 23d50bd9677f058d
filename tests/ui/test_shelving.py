"""What a reader does in the library, on a real library with a light model."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.conversations import Conversations
from tests.ui.library_doubles import MOON, NILE, Waiting, library_in
from tests.ui.reading import Reading
from ui.page import Page
from ui.shelving import faulted_work, shelving, uploaded
from ui.strings import ARABIC
from ui.visit import Visit
from ui.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page as Browsed

Upload = Callable[..., dict[str, str]]


@pytest.fixture
def page(tmp_path: Path) -> Page:
    kept = Conversations(tmp_path / "conversations.sqlite")
    return Page(Workspace(library_in(tmp_path / "data"), kept), ARABIC)


@pytest.fixture
def upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Upload:
    """``upload(name, words)`` puts a file where Gradio puts those that a page sends."""
    folder = tmp_path / "gradio"
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(folder))

    def put(name: str, words: str | bytes) -> dict[str, str]:
        place = folder / f"{len(list(folder.glob('*')))}"
        place.mkdir(parents=True)
        path = place / "blob"
        path.write_bytes(words.encode() if isinstance(words, str) else words)
        return {"name": name, "path": str(path)}

    return put


def done(page: Page, visit: Visit, act: str, **choice: object) -> dict[str, Any]:
    """What the page shows once ``act`` has ended."""
    changes = shelving(page, visit, {"act": act, **choice})
    return {name: value for values in changes for name, value in values.items()}


def made(page: Page, name: str = "كتبي") -> Visit:
    visit = done(page, page.arrive(), "create", name=name)["visit"]
    assert isinstance(visit, Visit)
    return visit


def sources(page: Page, visit: Visit) -> list[str]:
    return [item.source for item in page.workspace.shelves.shelf(visit.collection)]


# Collections


def test_a_collection_is_made_and_becomes_the_one_that_is_asked(page: Page) -> None:
    shown = done(page, page.arrive(), "create", name="<b>كتبي</b>")
    visit = shown["visit"]
    assert page.workspace.shelves.collection(visit.collection).name == "<b>كتبي</b>"
    (chosen,) = Reading(shown["head"]).each("option", selected=None)
    assert chosen["value"] == visit.collection
    assert ARABIC.empty_collection in shown["welcome"]
    assert "<b>كتبي</b>" in Reading(shown["library"]).text
    assert "<b>كتبي" not in shown["library"]
    assert shown["work"] == ""


@pytest.mark.parametrize("name", ["", "؟!", "كتبي", "ك" * 61, "أ\u202eب", None])
def test_a_name_that_will_not_do_is_said_in_words(page: Page, name: object) -> None:
    visit = made(page)
    before = page.workspace.shelves.collections()
    shown = done(page, visit, "create", **({} if name is None else {"name": name}))
    assert "visit" not in shown
    assert Reading(shown["work"]).each("div", role="alert")
    assert page.workspace.shelves.collections() == before


def test_a_collection_gets_another_name_and_is_deleted(page: Page, upload: Upload) -> None:
    visit = made(page)
    done(page, visit, "add", files=[upload("قمر.txt", MOON)])
    shown = done(page, visit, "rename", name="كتب أخرى")
    assert "كتب أخرى" in shown["head"]
    assert "كتب أخرى" in shown["library"]
    assert set(shown) == {"head", "library", "work"}, "the conversation goes on as it is by then"
    shown = done(page, visit, "delete")
    assert shown["visit"] == page.arrive()
    assert "كتب أخرى" not in shown["head"] + shown["library"]
    assert "welcome" in shown
    assert len(page.workspace.shelves.collections()) == 1


@pytest.mark.parametrize(
    ("act", "choice"),
    [("add", {}), ("remove", {"source": "a.txt"}), ("rename", {"name": "x"}), ("delete", {})],
)
def test_the_bundled_texts_cannot_be_changed(
    page: Page, upload: Upload, act: str, choice: dict[str, object]
) -> None:
    visit = page.arrive()
    files = [upload("قمر.txt", MOON)]
    before = page.workspace.shelves.collections()
    shown = done(page, visit, act, **choice, files=files)
    assert "visit" not in shown
    alert = Reading(shown["work"])
    assert alert.each("div", role="alert")
    assert ARABIC.work_failed in alert.text
    assert page.workspace.shelves.collections() == before
    assert sources(page, visit) == []


@pytest.mark.parametrize("act", ["", "explode", "ADD"])
def test_an_act_that_there_is_not_changes_nothing(page: Page, act: str) -> None:
    assert done(page, made(page), act) == {}
    assert list(shelving(page, page.arrive(), {})) == [{}]


def test_what_is_done_to_a_collection_that_is_gone_is_an_error(page: Page, upload: Upload) -> None:
    visit = made(page)
    page.workspace.shelves.delete(visit.collection)
    files = [upload("قمر.txt", MOON)]
    for act in ("add", "refresh", "check", "rename", "delete"):
        shown = done(page, visit, act, files=files, name="اسم")
        assert Reading(shown["work"]).each("div", role="alert"), act
        assert Reading(shown["library"]).each("p", role="alert"), act


@pytest.mark.parametrize("act", ["create", "delete"])
def test_the_page_turns_to_no_other_collection_while_a_question_is_answered(
    page: Page, act: str
) -> None:
    visit = made(page)
    before = page.workspace.shelves.collections()
    shown = done(page, visit.asking("متى؟"), act, name="أخرى")
    assert list(shown) == ["library"]
    assert ARABIC.busy in shown["library"]
    assert page.workspace.shelves.collections() == before


# Texts


def test_files_are_added_shown_and_asked(page: Page, upload: Upload) -> None:
    visit = made(page)
    files = [upload("قمر.txt", MOON), upload("ملف <b>.txt", NILE), upload("لعبة.exe", b"MZ")]
    *works, last = shelving(page, visit, {"act": "add", "files": files})
    assert all(list(values) == ["work"] for values in works)
    end = Reading(last["work"])
    assert [a["class"] for a in end.each("li")] == ["indexed", "indexed", "refused"]
    assert end.each("section")[0]["aria-busy"] == "false"
    assert ARABIC.done.format(documents=2, passages=2) in end.text
    assert set(last) == {"work", "library", "welcome", "panel"}
    assert "قمر.txt" in last["library"]
    assert "ملف _b_.txt" in last["library"]
    assert ARABIC.empty_collection not in last["welcome"]
    turn = page.answer("في كم يوماً يدور القمر حول الأرض؟", visit)
    assert turn.answer is not None
    assert turn.answer.citations[0].quote in MOON


def test_files_go_where_they_were_dropped(page: Page, upload: Upload) -> None:
    first, second = made(page), made(page, "غيرها")
    shown = done(page, second, "add", files=[upload("قمر.txt", MOON)], collection=first.collection)
    assert sources(page, first) == ["قمر.txt"]
    assert sources(page, second) == []
    assert ARABIC.no_texts_here in shown["library"], "the page stays where it is by then"


def test_files_go_to_no_collection_that_cannot_be_changed(page: Page, upload: Upload) -> None:
    visit, fixed, gone = made(page), page.arrive().collection, made(page, "غيرها").collection
    page.workspace.shelves.delete(gone)
    for other in (fixed, gone, "../x", 7):
        shown = done(page, visit, "add", files=[upload("قمر.txt", MOON)], collection=other)
        assert Reading(shown["work"]).each("div", role="alert"), other
    guest = Page(page.workspace.for_visitors(), ARABIC)
    files = [upload("قمر.txt", MOON)]
    shown = done(guest, guest.arrive(), "add", files=files, collection=visit.collection)
    assert Reading(shown["work"]).each("div", role="alert")
    assert sources(page, visit) == []


def test_work_that_broke_off_goes_on_no_longer(page: Page) -> None:
    shown = Reading(faulted_work(page))
    assert shown.each("section", aria_busy="false")
    assert shown.each("div", role="alert")
    assert ARABIC.fault in shown.text


def test_the_source_that_one_reads_stays_when_work_ends(page: Page, upload: Upload) -> None:
    visit = made(page)
    done(page, visit, "add", files=[upload("قمر.txt", MOON)])
    question = "في كم يوماً يدور القمر حول الأرض؟"
    reading = visit.asking(question).answered(page.answer(question, visit), None)
    shown = done(page, reading, "add", files=[upload("نيل.txt", NILE)])
    assert "نيل.txt" in shown["library"]
    assert "panel" not in shown


@pytest.mark.browser
def test_work_goes_on_while_another_collection_is_made_and_shown(
    page_for: Callable[..., "Browsed"], tmp_path: Path
) -> None:
    slow = Waiting()
    library = library_in(tmp_path / "data", slow)
    first = library.create("كتبي")
    browsed = page_for(Workspace(library, Conversations(tmp_path / "kept.sqlite")))
    browsed.select_option(".choice", first.id)
    browsed.click(".views [data-view=library]")
    browsed.wait_for_selector("#library h2:has-text('كتبي')")
    file = tmp_path / "قمر.txt"
    file.write_text(MOON, encoding="utf-8")
    browsed.set_input_files("#library [data-drop] input", file)
    assert slow.reached.wait(60)
    browsed.fill("#library [data-form=create] input", "غيرها")
    browsed.press("#library [data-form=create] input", "Enter")
    browsed.wait_for_selector("#library h2:has-text('غيرها')")
    slow.go_on.set()
    browsed.wait_for_selector("#work .work[aria-busy=false] .files")
    browsed.wait_for_timeout(1000)  # whatever was to come has come
    assert browsed.inner_text("#library h2") == "غيرها"
    assert ARABIC.no_texts_here in browsed.inner_text("#library")
    assert browsed.input_value(".choice") != first.id


def test_a_text_is_removed(page: Page, upload: Upload) -> None:
    visit = made(page)
    done(page, visit, "add", files=[upload("قمر.txt", MOON), upload("نيل.txt", NILE)])
    (button,) = [
        a
        for a in Reading(page.library(visit)).each("button", data_act="remove")
        if a["data-source"] == "قمر.txt"
    ]
    shown = done(page, visit, "remove", source=button["data-source"])
    assert sources(page, visit) == ["نيل.txt"]
    assert "قمر.txt" not in shown["library"]
    shown = done(page, visit, "remove", source="../../etc/passwd")
    assert Reading(shown["work"]).each("div", role="alert")
    assert sources(page, visit) == ["نيل.txt"]


@pytest.mark.parametrize("act", ["refresh", "rebuild"])
def test_a_collection_is_read_again(page: Page, upload: Upload, act: str) -> None:
    visit = made(page)
    done(page, visit, "add", files=[upload("قمر.txt", MOON)])
    files = page.workspace.shelves.collection(visit.collection).files
    assert files is not None
    (files / "قمر.txt").write_text(NILE, encoding="utf-8")
    shown = done(page, visit, act)
    assert ARABIC.done.format(documents=1, passages=1) in Reading(shown["work"]).text
    turn = page.answer("أين يصب النيل؟", visit)
    assert turn.answer is not None
    assert turn.answer.citations[0].quote in NILE


def test_a_collection_is_checked(page: Page, upload: Upload) -> None:
    visit = made(page)
    done(page, visit, "add", files=[upload("قمر.txt", MOON)])
    shown = done(page, visit, "check")
    assert ARABIC.sound in shown["library"]
    assert set(shown) == {"library", "work"}, "the conversation goes on as it is by then"
    folder = page.workspace.shelves.collection(visit.collection).folder
    next((folder / "generations").glob("*/vectors.npy")).write_bytes(b"x")
    shown = done(page, visit, "check")
    assert ARABIC.sound not in shown["library"]
    assert "vectors.npy" in Reading(shown["library"]).text


# Only what the page itself sent


def test_only_files_from_where_uploads_are_kept_are_taken(
    page: Page, upload: Upload, tmp_path: Path
) -> None:
    good = upload("قمر.txt", MOON)
    folder = Path(good["path"]).parent
    secret = tmp_path / "secret.txt"
    secret.write_text(NILE, encoding="utf-8")
    link = folder / "link"
    link.symlink_to(secret)
    bad = [secret, link, folder / ".." / ".." / "secret.txt", folder, folder / "nothing", Path("x")]
    files = [{"name": "سرّ.txt", "path": str(path)} for path in bad]
    assert uploaded([*files, good]) == [("قمر.txt", Path(good["path"]).resolve())]
    visit = made(page)
    shown = done(page, visit, "add", files=files)
    assert Reading(shown["work"]).each("div", role="alert")
    assert sources(page, visit) == []


@pytest.mark.parametrize(
    "files",
    [None, "x", {}, 7, [None], ["/etc/hostname"], [{"path": "/etc/hostname"}],
     [{"name": 1, "path": 2}], [{"name": "a.txt", "path": "\0"}], [{"name": "a", "path": "a" * 9999}]],
)  # fmt: skip
@pytest.mark.usefixtures("upload")
def test_what_is_no_list_of_files_is_passed_over(files: object) -> None:
    assert uploaded(files) == []
