import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.calendar import one_month_name
from corpus.normalise import fold
from evals.spelling import (
    VARIANTS,
    careless,
    mistyped,
    other_digits,
    other_month_names,
    stretched,
    vocalised,
)

QUESTIONS = st.lists(
    st.sampled_from(
        ["متى", "أُنشئت", "مدرسة", "إلى", "شيءٌ", "الـقمر", "2017", "٢٠١٧", "يونيو", "آب", "كانون الثاني",
         "Geneva", "؟", "«سؤال»", "مئة", "بين", "لؤلؤة", "والمستشفيات"]
    )
).map(" ".join)  # fmt: skip


def test_careless_by_hand() -> None:
    assert careless("متى أُنشِئت مدرسةُ الآثار إلى شيءٍ؟") == "متي انشيت مدرسه الاثار الي شي؟"
    assert careless("لؤلؤة") == "لولوه"
    assert careless("Geneva 2017 ٢٠١٧") == "Geneva 2017 ٢٠١٧"


@given(QUESTIONS)
def test_careless_twice_is_careless_once_and_means_the_same(text: str) -> None:
    assert careless(careless(text)) == careless(text)
    assert fold(careless(text)) == fold(text)
    assert len(careless(text).split()) == len(text.split())


@given(QUESTIONS)
def test_marks_digits_and_tatweel_change_what_they_say_and_nothing_else(text: str) -> None:
    for variant in (vocalised, other_digits, stretched):
        assert fold(variant(text)) == fold(text)
        assert variant(text) == variant(text)  # chance, but the same each time
    assert re.sub("[\u064b-\u0652]", "", vocalised(text)) == re.sub("[\u064b-\u0652]", "", text)
    assert stretched(text).replace("ـ", "") == text.replace("ـ", "")


def test_every_letter_gets_one_mark() -> None:
    marked = vocalised("متى سافر؟ Now 7")
    assert re.fullmatch("(?:[\u0621-\u064a][\u064b-\u0652]| )+؟ Now 7", marked)


def test_digits_by_hand() -> None:
    assert other_digits("عام 2017 و1990") == "عام ٢٠١٧ و١٩٩٠"
    assert other_digits("عام ٢٠١٧") == "عام 2017"
    assert other_digits("لا رقم هنا") == "لا رقم هنا"


@given(st.text("0123456789 عام"))
def test_digits_come_back(text: str) -> None:
    assert other_digits(other_digits(text)) == text


def test_a_tatweel_stands_after_the_first_letter_that_joins() -> None:
    assert stretched("متى") == "مـتى"
    assert stretched("دار وردة") == "دار وردة"  # none of these letters joins the next
    assert stretched("سؤال وسيلة") == "سـؤال وسـيلة"
    assert stretched("a  b") == "a  b"


@given(QUESTIONS)
def test_one_typing_error_swaps_two_neighbours_inside_one_word(text: str) -> None:
    changed = mistyped(text)
    places = [n for n, (a, b) in enumerate(zip(text, changed, strict=True)) if a != b]
    assert Counter(changed) == Counter(text)
    if places:
        first, second = places
        assert second == first + 1
        word = next(w for w in re.finditer(r"\S+", text) if w.start() <= first < w.end())
        assert word.start() < first
        assert second < word.end() - 1


def test_short_words_are_not_mistyped() -> None:
    assert mistyped("متى كان هذا") == "متى كان هذا"
    assert mistyped("مستشفيات") != "مستشفيات"


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("في يونيو 2017", "في حزيران 2017"),
        ("في حزيران 2017", "في يونيو 2017"),
        ("في شباط", "في فبراير"),
        ("في مارس", "في آذار"),
        ("في تشرين الثاني الماضي", "في نوفمبر الماضي"),
        ("في جويلية", "في يوليو"),
        ("المارسيليون", "المارسيليون"),
        ("لا شهر هنا", "لا شهر هنا"),
    ],
)
def test_months_by_hand(text: str, changed: str) -> None:
    assert other_month_names(text) == changed


@pytest.mark.parametrize("month", ["يناير", "مارس", "أبريل", "ديسمبر", "كانون الأول", "نيسان"])
def test_the_two_common_names_come_back_and_are_one_month_to_the_search(month: str) -> None:
    text = f"في 3 {month} 2017"
    assert other_month_names(text) != text
    assert other_month_names(other_month_names(text)) == text
    assert one_month_name(other_month_names(text)) == one_month_name(text)


def test_each_variant_changes_a_question_that_holds_what_it_changes() -> None:
    text = "متى أُنشئت المدرسة في 3 يونيو 2017؟"
    changed = [variant(text) for variant in VARIANTS.values()]
    assert len({text, *changed}) == len(VARIANTS) + 1
