import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.normalise import fold
from corpus.terms import stem, stems, tokens, words


@pytest.mark.parametrize(
    "form", ["المدرسة", "مدرسة", "وللمدرسة", "بالمدرسة", "والمدرسة", "مدرسات", "مدرسه", "للمدرسة"]
)
def test_forms_of_a_word_share_a_stem(form: str) -> None:
    assert stems(form) == stems("مدرسة")


@pytest.mark.parametrize("word", ["ولد", "وزن", "باب", "ال", "لل", "هي", "بلاد"])
def test_letters_of_the_word_itself_are_not_taken_for_affixes(word: str) -> None:
    assert stem(word) == word


def test_vocalised_words_are_one_token() -> None:
    assert words("مُحَمَّد") == ["محمد"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("عام 2017م", ["عام", "2017", "م"]),
        ("1,234,567 نسمة", ["1234567", "نسمه"]),
        ("١٬٢٣٤ و٣٫٥", ["1234", "و", "3.5"]),
        ("A/70/125", ["a", "70", "125"]),
        ("1,2", ["1", "2"]),
    ],
)
def test_numbers(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x6FF)))
def test_tokens_are_the_words_with_their_raw_spans(text: str) -> None:
    found = tokens(text)
    assert [token.text for token in found] == words(text)
    for token in found:
        assert token.text in fold(text[slice(*token.span)]).replace(",", "")


@given(st.text(st.characters(min_codepoint=0x621, max_codepoint=0x64A), min_size=1))
def test_a_stem_is_part_of_its_word(word: str) -> None:
    folded = fold(word)
    assert stem(folded) in folded
