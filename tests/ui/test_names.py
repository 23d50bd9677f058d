"""Names from outside become safe, stay apart, and stay as they are where they were safe."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.errors import DalilError, UnreadableFileError
from corpus.readers import SUFFIXES
from ui.names import collection_name, file_name, name_key

ENDINGS = st.sampled_from(sorted(SUFFIXES | {suffix.upper() for suffix in SUFFIXES}))


@given(st.text(min_size=1).map(lambda text: f"ن{text}ص"), ENDINGS)
@example("𓀀" * 300, ".txt")
@example("../" * 50 + "x", ".pdf")
@example("a\u202egnp.", ".md")
def test_any_name_becomes_one_that_is_safe_on_any_disk(stem: str, ending: str) -> None:
    name = file_name(stem + ending)
    assert name.endswith(ending)
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert not name.startswith(".")
    assert len(name) <= 120
    assert len(name.encode()) <= 255
    assert not set(name) & set('\x00\n\u202a\u202e\u2066\u2069<>:"|?*')
    assert file_name(name) == name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("تقرير.pdf", "تقرير.pdf"),
        ("تقرير العام ٢٠٢٤ (نهائي).PDF", "تقرير العام ٢٠٢٤ (نهائي).PDF"),
        ("../../x.txt", "x.txt"),
        ("C:\\Users\\me\\x.txt", "x.txt"),
        (".hidden.txt", "hidden.txt"),
        ("CON.txt", "_CON.txt"),
        ("nul.tar.txt", "_nul.tar.txt"),
        ("a:b?.txt", "a_b_.txt"),
        ("x\u202etxt.md", "xtxt.md"),
        ("می\u200cخواهم.txt", "می\u200cخواهم.txt"),
        ("اﻷمر\x00.txt", "اﻷمر.txt"),
    ],
)
def test_what_becomes_of_a_name(given: str, kept: str) -> None:
    assert file_name(given) == kept


@pytest.mark.parametrize("given", ["CON", ".txt", ".hidden", "x.exe", "x", "", "..", "x.txt/", "/"])
def test_a_name_of_no_known_type_is_refused_with_the_types(given: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        file_name(given)
    assert all(suffix in refused.value.hint for suffix in SUFFIXES)


def test_long_names_that_differ_only_at_their_ends_stay_apart() -> None:
    assert file_name("م" * 300 + "1.txt") != file_name("م" * 300 + "2.txt")


@pytest.mark.parametrize(
    "given", ["", "  ", "...", "م" * 61, "a\u202eb", "a\u2066b", "ا\x00ب", "a\ud800"]
)
def test_a_collection_is_not_called_that(given: str) -> None:
    with pytest.raises(DalilError):
        collection_name(given)


def test_names_that_people_take_for_one_another_have_one_key() -> None:
    assert collection_name("  كتبُ   الأدب ") == "كتبُ الأدب"
    assert name_key("كتبُ الأدب") == name_key("كتب الادب")
    assert name_key("Law") == name_key("LAW")
    assert name_key("ء") != name_key("ءء")
    assert name_key("كتب") != name_key("كتاب")
