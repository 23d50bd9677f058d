"""The list of earlier conversations: each opens, is renamed, downloaded and deleted."""

import pytest

from qa.conversations import Heading
from tests.ui import fake_pipeline as fake
from tests.ui.reading import Reading
from ui.side import finder, sure, talks
from ui.strings import ARABIC, ENGLISH, Strings


def heading(id: str, title: str) -> Heading:
    return Heading(id, title, "fake", "2026-01-02T03:04:05+00:00")


TWO = (heading("id-1", "متى افتُتحت؟"), heading("id_2", "Where is it?"))


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_each_conversation_has_its_acts(strings: Strings) -> None:
    reading = Reading(talks(TWO, "id_2", "", strings))
    opened = reading.each("button", data_act="talk")
    assert [(a["data-talk"], a["dir"], a.get("aria-current")) for a in opened] == [
        ("id-1", "rtl", None),
        ("id_2", "ltr", "true"),
    ]
    assert [a["data-talk"] for a in reading.each("form", data_form="rename")] == ["id-1", "id_2"]
    assert [a["value"] for a in reading.each("input", name="title")] == [t.title for t in TWO]
    assert [a["data-talk"] for a in reading.each("button", data_act="forget")] == ["id-1", "id_2"]
    for words in (strings.rename, strings.as_markdown, strings.as_word, strings.delete_yes):
        assert reading.text.count(words) == 2
    assert reading.each("ul")[0]["dir"] == strings.direction


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_a_conversation_is_downloaded_in_the_pages_language(strings: Strings) -> None:
    links = Reading(talks(TWO[:1], None, "", strings)).each("a")
    assert [a["href"] for a in links] == [
        f"/dalil/conversations/id-1.{kind}?language={strings.language}" for kind in ("md", "docx")
    ]
    assert all("download" in a for a in links)


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_an_empty_list_says_why(strings: Strings) -> None:
    assert strings.none_yet in talks((), None, "", strings)
    assert strings.none_yet in talks((), None, "  ", strings)
    assert strings.none_found in talks((), None, "القمر", strings)


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_the_finder_is_named_and_names_the_list(strings: Strings) -> None:
    reading = Reading(finder(strings))
    (box,) = reading.each("input", data_input="find")
    assert box["aria-label"] == strings.find
    (title,) = reading.each("h2")
    assert Reading(talks(TWO, None, "", strings)).each("ul")[0]["aria-labelledby"] == title["id"]


def test_what_cannot_be_undone_is_asked_twice() -> None:
    reading = Reading(sure("احذف", "أتحذف؟", "نعم", 'data-act="forget" data-talk="1"'))
    assert [tag for tag, _ in reading.tags] == ["details", "summary", "p", "button"]
    assert "open" not in reading.each("details")[0]
    assert reading.each("button", data_act="forget", data_talk="1")


def test_a_hostile_title_stays_a_title() -> None:
    hostile = Reading(talks((heading("id", fake.HOSTILE),), "id", "", ARABIC))
    tame = Reading(talks((heading("id", "متى؟"),), "id", "", ARABIC))
    assert hostile.skeleton() == tame.skeleton()
    assert fake.HOSTILE in hostile.text
    assert hostile.comments == []
    assert hostile.each("input", name="title")[0]["value"] == fake.HOSTILE
    assert hostile.each("summary")[0]["aria-label"] == f"{ARABIC.more_acts}: {fake.HOSTILE}"
