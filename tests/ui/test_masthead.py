"""The page's head: the views, the collections, the theme, the language and a new chat."""

from pathlib import Path

import pytest

from tests.ui import fake_pipeline as fake
from tests.ui.reading import Reading
from ui.catalogue import BUNDLED, OWN
from ui.library import Collection
from ui.masthead import masthead
from ui.strings import ARABIC, ENGLISH, Strings


def collections(*names: str) -> list[Collection]:
    return [Collection(f"id{n}", name, Path("x"), None, True) for n, name in enumerate(names)]


@pytest.mark.parametrize(("strings", "other"), [(ARABIC, "en"), (ENGLISH, "ar")])
def test_the_head_has_all_that_leads_elsewhere(strings: Strings, other: str) -> None:
    reading = Reading(masthead(collections("أ", "ب"), "id1", strings))
    assert reading.each("header")[0]["dir"] == strings.direction
    for act in ("menu", "theme", "clear"):
        assert len(reading.each("button", data_act=act)) == 1, act
    views = reading.each("button", data_act="view")
    assert [(a["data-view"], a.get("aria-current")) for a in views] == [
        ("chat", "page"),
        ("library", None),
    ]
    (link,) = reading.each("a")
    assert (link["href"], link["lang"], link["data-act"]) == (f"/{other}/", other, "language")
    said = (strings.name, strings.chat_view, strings.library_view, strings.other_language)
    for words in (*said, strings.new_chat, strings.server_gone):
        assert words in reading.text
    (lost,) = reading.each("p", class_="lost")
    assert "hidden" in lost


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_buttons_without_words_have_a_name(strings: Strings) -> None:
    reading = Reading(masthead(collections("أ"), "id0", strings))
    names = [a["aria-label"] for a in reading.each("button") if "icon" in str(a.get("class"))]
    assert names == [strings.menu, strings.theme]
    assert all(a["aria-hidden"] == "true" for a in reading.each("svg"))


def test_the_collection_that_is_asked_is_chosen() -> None:
    html = masthead(collections("كتبي", "غيرها"), "id1", ARABIC)
    reading = Reading(html)
    assert reading.each("select")[0]["data-change"] == "collection"
    assert [(a["value"], "selected" in a) for a in reading.each("option")] == [
        ("id0", False),
        ("id1", True),
    ]
    assert "كتبيغيرها" in reading.text


def test_no_other_collection_is_chosen_while_a_question_is_answered() -> None:
    choice = {
        busy: Reading(masthead(collections("أ"), "id0", ARABIC, busy=busy)).each("select")[0]
        for busy in (True, False)
    }
    assert "disabled" in choice[True]
    assert "disabled" not in choice[False]


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_collections_that_nobody_named_have_a_name_in_each_language(strings: Strings) -> None:
    nameless = [Collection(id, "x", Path("x"), None, True) for id in (BUNDLED, OWN)]
    reading = Reading(masthead(nameless, BUNDLED, strings))
    assert strings.bundled_texts + strings.own_texts in reading.text


def test_a_hostile_name_stays_a_name() -> None:
    hostile = Reading(masthead(collections(fake.HOSTILE, "ب"), "id1", ARABIC))
    tame = Reading(masthead(collections("أ", "ب"), "id1", ARABIC))
    assert hostile.skeleton() == tame.skeleton()
    assert fake.HOSTILE in hostile.text
    assert hostile.comments == []
