"""What goes wrong on the page is said in the page's language."""

from collections.abc import Callable
from pathlib import Path
from unicodedata import bidirectional

import pytest

from corpus.errors import DalilError
from index.manifest import current_generation
from qa.conversations import Conversations
from qa.question import MAX_QUESTION
from tests.ui.library_doubles import MOON, library_in, text
from tests.ui.reading import Reading
from ui.library import FileState, Work
from ui.names import collection_name
from ui.page import Page
from ui.shelving import shelving
from ui.strings import ARABIC, ENGLISH, Strings
from ui.talking import conversing, renamed_or_deleted
from ui.visit import Visit
from ui.work import Task
from ui.workspace import Workspace

Over = Callable[[Strings], Page]

BOTH = pytest.mark.parametrize("strings", [ARABIC, ENGLISH])


@pytest.fixture
def over(tmp_path: Path) -> Over:
    """A page in either language over one library, in which there is a collection «كتبي»."""
    library = library_in(tmp_path / "data")
    library.create("كتبي")
    workspace = Workspace(library, Conversations(tmp_path / "conversations.sqlite"))
    return lambda strings: Page(workspace, strings)


def mine(page: Page) -> Visit:
    (found,) = [one for one in page.workspace.shelves.collections() if one.name == "كتبي"]
    return Visit(found.id)


def spoken(words: str) -> str:
    """The language of most letters."""
    kinds = [bidirectional(character) for character in words]
    assert kinds.count("AL") != kinds.count("L"), words
    return "ar" if kinds.count("AL") > kinds.count("L") else "en"


@BOTH
def test_why_a_file_was_refused(over: Over, strings: Strings, tmp_path: Path) -> None:
    page = over(strings)
    uploads = [
        ("لعبة.exe", text(tmp_path / "sent", b"MZ")),
        ("فارغ.txt", text(tmp_path / "sent", b"")),
        ("ناقص.pdf", text(tmp_path / "sent", b"%PDF-1.7 broken")),
        ("ناقص.docx", text(tmp_path / "sent", b"PK broken")),
        ("لا شيء.txt", tmp_path / "nowhere"),
    ]
    *_, work = page.workspace.shelves.add(mine(page).collection, uploads)
    assert [file.state for file in work.files] == ["refused"] * len(uploads)
    for file in work.files:
        assert file.name in file.told(strings.language)
        assert spoken(file.told(strings.language)) == strings.language


@BOTH
def test_what_a_reader_doubts_is_said_as_it_is(strings: Strings) -> None:
    doubted = FileState("a.txt", "read", message="في الملف حروف تالفة.")
    assert doubted.told(strings.language) == "في الملف حروف تالفة."


@BOTH
@pytest.mark.parametrize("name", ["", "كتبي", "ك" * 61, "أ\u202eب"])
def test_why_a_name_will_not_do(over: Over, strings: Strings, name: str) -> None:
    page = over(strings)
    (shown,) = shelving(page, page.arrive(), {"act": "create", "name": name})
    reading = Reading(shown["work"])
    assert reading.each("div", role="alert")
    assert strings.work_failed in reading.text
    assert {a["dir"] for a in reading.each("p")} == {strings.direction}
    assert spoken(reading.text) == strings.language


@BOTH
def test_why_a_question_has_no_answer(over: Over, strings: Strings) -> None:
    page = over(strings)
    for question, visit in (
        ("س" * (MAX_QUESTION + 1), mine(page)),
        ("؟!", mine(page)),
        ("أين القمر؟", mine(page)),  # its collection is empty
        ("أين القمر؟", Visit("gone")),
    ):
        turn = page.answer(question, visit)
        assert spoken(turn.failure + turn.hint) == strings.language, question


@BOTH
def test_a_long_question_is_refused_on_the_page_with_what_to_do(
    over: Over, strings: Strings
) -> None:
    page = over(strings)
    *_, shown = conversing(page, "me", "س" * (MAX_QUESTION + 1), mine(page))
    assert strings.shorten in Reading(shown["log"]).text
    assert shown["box"].startswith("س")


@BOTH
def test_a_collection_that_is_gone(over: Over, strings: Strings) -> None:
    page, gone = over(strings), Visit("gone")
    for html in (page.welcome(gone), page.library(gone), page.empty(gone)):
        assert spoken(Reading(html).text) == strings.language


@BOTH
def test_a_conversation_that_cannot_be_renamed(over: Over, strings: Strings) -> None:
    page = over(strings)
    for title in ("", "اسم"):
        shown = renamed_or_deleted(page, "me", mine(page), {"talk": "gone", "title": title})
        assert spoken(Reading(shown["note"]).text) == strings.language


@BOTH
def test_what_is_wrong_with_an_index(over: Over, strings: Strings, tmp_path: Path) -> None:
    page = over(strings)
    visit, shelves = mine(page), page.workspace.shelves
    list(shelves.add(visit.collection, [("قمر.txt", text(tmp_path / "sent", MOON))]))
    generation = current_generation(shelves.collection(visit.collection).folder)
    assert generation is not None

    def checked() -> str:
        (shown,) = shelving(page, visit, {"act": "check"})
        (said,) = [line for line in shown["library"].split("<p") if 'role="status"' in line]
        return Reading("<p" + said.split("</p>")[0]).text

    (generation / "vectors.npy").write_bytes(b"x")
    (generation / "added").touch()
    for name in ("vectors.npy", "added"):
        assert name in checked()
    assert spoken(checked()) == strings.language
    (generation / "manifest.json").write_text("{", encoding="utf-8")
    assert spoken(checked()) == strings.language
    (generation / "passages.sqlite").write_bytes(b"x" * 5000)
    assert spoken(Reading(page.library(visit)).text) == strings.language


def test_work_that_fails_in_the_background_keeps_both_languages() -> None:
    def job(_: Task) -> None:
        collection_name("؟")

    task = Task()
    task.begin(job)
    *_, work = task.watch()
    with pytest.raises(DalilError) as refused:
        collection_name("؟")
    for language in ("ar", "en"):
        assert work.told(language) == refused.value.told(language)
        assert spoken(work.told(language)[0]) == language
        assert Work().told(language) == ("", "")


def test_a_text_that_was_lost_before_it_was_indexed_is_refused_in_both_languages() -> None:
    task = Task(["قمر.txt", "نيل.txt"])
    for place in range(2):
        task.file(place, state="read")
    task.settle({"./نيل.txt": "There is no such file."})
    task.begin(lambda _: None)
    *_, work = task.watch()
    moon, nile = work.files
    assert (moon.state, moon.told("ar")) == ("indexed", "")
    assert nile.state == "refused"
    assert nile.told("en") == "There is no such file."
    assert spoken(nile.told("ar")) == "ar"
