"""The library's page: collections beside the texts of one, with the acts that are open to it."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.readers import SUFFIXES
from tests.ui import fake_pipeline as fake
from tests.ui.reading import Reading
from ui.library import Collection, ShelfItem
from ui.shelf import library
from ui.strings import ARABIC, ENGLISH, Strings

FIXED = Collection("bundled", "مرفقة", Path("x"), None, fixed=True)
OWN = Collection("own", "نصوصي", Path("x"), Path("x/files"), fixed=False)
MADE = Collection("0123456789abcdef", "كتبي", Path("x"), Path("x/files"), fixed=False)
ALL = (FIXED, OWN, MADE)
MOON = ShelfItem("قمر.txt", "القمر", "1", 0, 7, (), removable=True)
FOLDER = ShelfItem("texts/a.pdf", "", "2", 12, 40, ("صفحة ممسوحة", "A scan"), removable=False)


def shown(current: Collection, strings: Strings = ARABIC, said: str = "") -> Reading:
    return Reading(library(ALL, current, (MOON, FOLDER), strings, said))


def acts(reading: Reading) -> list[str | None]:
    return [a["data-act"] for a in reading.each("button") if "data-act" in a]


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_the_collections_are_listed_and_one_is_made_by_its_name(strings: Strings) -> None:
    reading = shown(OWN, strings)
    assert reading.each("section")[0]["dir"] == strings.direction
    rows = reading.each("button", data_act="collection")
    assert [(a["data-collection"], a.get("aria-current")) for a in rows] == [
        ("bundled", None),
        ("own", "true"),
        ("0123456789abcdef", None),
    ]
    for name in (strings.bundled_texts, strings.own_texts, "كتبي"):
        assert name in reading.text
    assert "مرفقة" not in reading.text.replace(strings.bundled_texts, "")
    assert len(reading.each("form", data_form="create")) == 1
    assert strings.create in reading.text
    assert strings.asks_here in reading.text


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_a_fixed_collection_can_only_be_checked(strings: Strings) -> None:
    reading = shown(FIXED, strings)
    assert strings.fixed_collection in reading.text
    assert acts(reading) == ["collection"] * 3 + ["view", "check"]
    assert reading.each("input", type="file") == []
    assert reading.each("form", data_form="rename-collection") == []
    assert strings.part_of_folder not in reading.text


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_a_collection_made_here_can_be_changed_and_deleted(strings: Strings) -> None:
    reading = shown(MADE, strings)
    for act in ("refresh", "rebuild", "check", "drop-collection"):
        assert acts(reading).count(act) == 1, act
    (name,) = reading.each("input", name="name", value="كتبي")
    assert name["aria-label"] == strings.collection_name
    assert reading.each("form", data_form="rename-collection")
    assert strings.delete_collection_sure in reading.text


def test_ones_own_folder_cannot_be_renamed_or_deleted_here() -> None:
    reading = shown(OWN)
    assert "refresh" in acts(reading)
    assert "drop-collection" not in acts(reading)
    assert reading.each("form", data_form="rename-collection") == []


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_files_of_the_known_kinds_are_taken(strings: Strings) -> None:
    reading = shown(MADE, strings)
    (field,) = reading.each("input", type="file", data_change="files")
    assert "multiple" in field
    assert set(str(field["accept"]).split(",")) == set(SUFFIXES)
    (zone,) = reading.each("label", class_="drop")
    assert zone["data-collection"] == MADE.id
    assert zone["data-kinds"] == field["accept"]
    assert zone["data-waiting"] == strings.state_waiting
    assert zone["data-sending"] == strings.uploading
    assert zone["data-failed"] == strings.upload_failed
    assert "100" in str(zone["data-too-many"])
    assert "200" in str(zone["data-too-large"])
    assert zone["data-unknown-kind"] == strings.unknown_kind


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_each_text_says_what_is_in_it_and_how_it_leaves(strings: Strings) -> None:
    reading = shown(MADE, strings)
    for words in (
        "القمر", "قمر.txt", f"{strings.passages} 7", "texts/a.pdf", f"{strings.pages_many} 12",
        f"{strings.passages} 40", strings.warnings, "صفحة ممسوحة", "A scan", strings.remove_sure,
        strings.part_of_folder,
    ):  # fmt: skip
        assert words in reading.text, words
    assert [a["data-source"] for a in reading.each("button", data_act="remove")] == ["قمر.txt"]
    assert [a["dir"] for a in reading.each("li", dir="ltr") + reading.each("li", dir="rtl")] == [
        "ltr",
        "rtl",
    ]


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_a_collection_without_texts_and_a_line_about_the_last_act(strings: Strings) -> None:
    reading = Reading(library(ALL, MADE, (), strings, "تمّ <ذلك>"))
    assert strings.no_texts_here in reading.text
    assert len(reading.each("p", role="status")) == 1
    assert "تمّ <ذلك>" in reading.text
    assert shown(MADE).each("p", role="status") == []


def test_hostile_names_stay_names() -> None:
    bad = fake.HOSTILE
    collection = replace(MADE, name=bad)
    item = ShelfItem(f"{bad}  .txt", bad, "3", 1, 1, (bad,), removable=True)
    mild = ShelfItem("أ.txt", "أ", "3", 1, 1, ("ب",), removable=True)
    hostile = Reading(library((collection,), collection, (item,), ARABIC, bad))
    tame = Reading(library((MADE,), MADE, (mild,), ARABIC, "ج"))
    assert hostile.skeleton() == tame.skeleton()
    assert hostile.comments == []
    assert hostile.text.count(bad) == 6
    assert hostile.each("button", data_act="remove")[0]["data-source"] == item.source
    assert hostile.each("input", value=bad)
