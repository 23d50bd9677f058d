import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.calendar import HIJRI_MONTHS, MONTHS, one_month_name

BARE = str.maketrans("أإآ", "ااا")
HASTE = str.maketrans("أإآىة", "ااايه")
EVERY = MONTHS | HIJRI_MONTHS
NAMES = [(name, month) for month, names in EVERY.items() for name in (month, *names)]
DOUBTFUL = ["آب", "اب", "ماي", "جوان", "أوت", "اوت", "غشت"]


@pytest.mark.parametrize(("name", "month"), NAMES)
def test_every_name_is_its_month_with_hamzas_or_without(name: str, month: str) -> None:
    for written in (name, name.translate(BARE), name.translate(HASTE)):
        assert one_month_name(f"في 3 {written} من العام") == f"في 3 {month} من العام"
        assert one_month_name(f"{written} 2017") == f"{month} 2017"


def test_no_two_months_share_a_name() -> None:
    bare = [(name.translate(BARE), month) for name, month in NAMES]
    assert len({name for name, _ in set(bare)}) == len(set(bare))
    assert len(MONTHS) == 12
    assert len(EVERY) == 18


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_name_that_is_also_a_word_counts_only_beside_a_number(name: str) -> None:
    for text in (f"قال {name} لنا", name, f"2017 ثم {name} ثم 3"):
        assert one_month_name(text) == text
    for text in (f"3 {name}", f"٣ {name}", f"{name} 2017", f"{name} ٢٠١٧", f"3 {name} 2017"):
        assert one_month_name(text) != text


def test_joined_letters_stay_before_the_name() -> None:
    text = "وحزيران ففي لشباط بنيسان وتشرين الأول"
    assert one_month_name(text) == "ويونيو ففي لفبراير بأبريل وأكتوبر"
    assert one_month_name("من 3 وآب 2017") == "من 3 وأغسطس 2017"


def test_parts_of_words_are_left_alone() -> None:
    for text in (
        "الحزيرانيون",
        "أياركم",
        "شباطي",
        "مايوركا",
        "الشباط",
        "كانون",
        "تشرين",
        "آذاري 3",
    ):
        assert one_month_name(text) == text


def test_hijri_months_have_one_name() -> None:
    assert one_month_name("في 9 ذي الحجه 1445") == "في 9 ذو الحجة 1445"
    assert one_month_name("غرة ربيع الثاني") == "غرة ربيع الآخر"
    assert one_month_name("جمادي الثانيه ١٤٤٥هـ") == "جمادى الآخرة ١٤٤٥هـ"
    assert one_month_name("جمادى الاخره") == one_month_name("جمادى الثانيه") == "جمادى الآخرة"


def test_a_name_of_two_words_may_be_broken_by_a_line() -> None:
    assert one_month_name("كانون\n  الثاني 2017") == "يناير 2017"


def test_every_month_of_a_text_changes() -> None:
    assert one_month_name("من شباط إلى حزيران، ومن أيلول") == "من فبراير إلى يونيو، ومن سبتمبر"


WORDS = ["في", "عام", "2017", "3", "٣", "كتاب", "الأول", "و", "،", "\n", *(n for n, _ in NAMES)]


@given(st.lists(st.sampled_from(WORDS)).map(" ".join))
def test_twice_is_once(text: str) -> None:
    once = one_month_name(text)
    assert one_month_name(once) == once


@given(st.text(st.sampled_from("كتبعقهةضظ ًُِ.،؟0123٣abc\n")))
def test_a_text_without_month_names_is_unchanged(text: str) -> None:
    """No name can be spelt with these letters."""
    assert one_month_name(text) == text
