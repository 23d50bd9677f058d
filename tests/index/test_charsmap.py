"""The charsmap that we write does what we meant, as the tokenizers library reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers.normalizers import Precompiled

from index.charsmap import precompiled_charsmap

SCALARS = st.integers(1, 0x10FFFF).filter(lambda code: not 0xD800 <= code < 0xE000)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=4)
MAPS = st.dictionaries(SCALARS, TEXTS, min_size=1, max_size=60)
# Letters that never join a neighbour in one grapheme: there the library goes letter by letter.
LONERS = st.text(st.sampled_from("abzéʒابتجلمٱپ中文字漢ﺏﻻ𐎠𝒜"), max_size=20)


@given(MAPS, st.lists(SCALARS, max_size=20))
def test_every_code_point_becomes_its_own_text_and_others_stay(
    mapping: dict[int, str], others: list[int]
) -> None:
    normaliser = Precompiled(precompiled_charsmap(mapping))
    for code in [*mapping, *others]:
        assert normaliser.normalize_str(chr(code)) == mapping.get(code, chr(code))


@given(st.dictionaries(LONERS.filter(bool).map(lambda text: ord(text[0])), TEXTS), LONERS)
def test_a_text_of_separate_letters_is_mapped_letter_by_letter(
    mapping: dict[int, str], text: str
) -> None:
    normaliser = Precompiled(precompiled_charsmap(mapping))
    expected = "".join(mapping.get(ord(letter), letter) for letter in text)
    assert normaliser.normalize_str(text) == expected


def test_a_full_block_of_neighbours_finds_room() -> None:
    mapping = {code: f"{code:x}" for code in range(0x4E00, 0x5600)}
    normaliser = Precompiled(precompiled_charsmap(mapping))
    for code in range(0x4D00, 0x5700):
        assert normaliser.normalize_str(chr(code)) == mapping.get(code, chr(code))


def test_no_map_changes_nothing() -> None:
    assert Precompiled(precompiled_charsmap({})).normalize_str("دليل a\n") == "دليل a\n"


def test_equal_texts_are_stored_once() -> None:
    one, many = (dict.fromkeys(range(65, end), "دليل") for end in (66, 91))
    strings = [
        data[4 + int.from_bytes(data[:4], "little") :]
        for data in map(precompiled_charsmap, (one, many))
    ]
    assert strings[0] == strings[1] == "دليل".encode() + b"\0"


@pytest.mark.parametrize("mapping", [{0: "a"}, {65: "a\0b"}, {0xD800: "a"}, {65: "\ud800"}])
def test_what_the_form_cannot_hold_is_refused(mapping: dict[int, str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        precompiled_charsmap(mapping)
