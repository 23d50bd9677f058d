import re

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


@pytest.mark.parametrize(
    ("bare", "definite"),
    [("وزير", "الوزير"), ("وفاة", "الوفاة"), ("ولاية", "الولاية"), ("والد", "الوالد"),
     ("إلكتروني", "الإلكتروني"), ("ألمانية", "الألمانية"), ("كالسيوم", "الكالسيوم"),
     ("ماء", "الماء"), ("مسئول", "مسؤول"), ("شئون", "الشؤون"), ("مائة", "مئة"),
     ("وطني", "الوطني"), ("والد", "الوالدين"), ("والد", "الوالدة"), ("وسنة", "سنة"),
     ("البالغين", "البالغ"), ("ولاية", "الولايات"), ("الله", "والله"), ("أڭادير", "أكادير"), ("ڨفصة", "قفصة"), ("لهۥ", "له")],
)  # fmt: skip
def test_spellings_and_forms_of_one_word_meet(bare: str, definite: str) -> None:
    assert stems(bare) == stems(definite)


@pytest.mark.parametrize(
    ("one", "other"),
    [("الماء", "ما"), ("ماءٍ", "ما"), ("وبالماء", "ما"), ("الله", "له"), ("مكان", "مكة"),
     ("الولايات", "لا"), ("الوالدين", "الدين"), ("الوطني", "طن"), ("عمان", "عم"), ("سكان", "سكة")],
)  # fmt: skip
def test_unlike_words_do_not_meet(one: str, other: str) -> None:
    assert stems(one) != stems(other)


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
        ("١،٢٥٠،٠٠٠ دولار", ["1250000", "دولار"]),
        ("سنة 1990، 200 رجل", ["سنه", "1990", "200", "رجل"]),
        ("عبدالعزيز ولعبدالله وعبدان", ["عبد", "العزيز", "ولعبدالله", "وعبدان"]),
        ("بـPDF ولـGoogle", ["ب", "pdf", "ول", "google"]),
    ],
)
def test_numbers(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x6FF)))
def test_tokens_are_the_words_with_their_raw_spans(text: str) -> None:
    found = tokens(text)
    assert [token.text for token in found] == words(text)
    for token in found:
        raw = text[slice(*token.span)]
        assert token.text in {re.sub("[,،]", "", fold(raw)), *words(raw)}


@given(st.text(st.characters(min_codepoint=0x621, max_codepoint=0x64A), min_size=1))
def test_a_stem_is_part_of_its_word(word: str) -> None:
    folded = fold(word)
    assert stem(folded) in folded
