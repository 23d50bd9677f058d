import pytest
from bidi.algorithm import get_display
from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.repair import backwards_evidence, fold_forms, logical_lines, reads_backwards

PROSE = [
    "تعتمد القرية على مياه النبع في ري البساتين، ويتقاسم الفلاحون الماء وفق دور معروف منذ زمن.",
    "في عام 1998 أعلنت الشركة عن هاتفها الأول، وبلغ ثمنه 350 دولاراً، ثم انخفض إلى 99 دولاراً فقط.",
    "يشرح كتاب Clean Water طريقة تنقية المياه بالرمل والفحم، وقد ترجم إلى العربية عام ٢٠٠٤.",
    "قال الشيخ لتلميذه: من جدّ وجد، ومن زرع حصد، ومن سار على الدرب وصل إلى غايته بإذن الله.",
    "المكتبة الوطنية مفتوحة من الأحد إلى الخميس، وتضم أكثر من 40 ألف مخطوطة نادرة.",
    "لا تصلح هذه الأرض للزراعة لأن ملوحتها عالية ولأن الأمطار قليلة طوال فصول السنة",
    "سار الولد ماشياً فوق جسر ضيق، وكان النهر تحته هادراً، فخاف وتوقف ثم نادى أباه.",
]
ARABIC_WORDS = "".join(PROSE).replace("«", "").split()


@pytest.mark.parametrize("text", PROSE)
def test_prose_in_its_right_order_is_left_alone(text: str) -> None:
    assert reads_backwards(text) is False


@pytest.mark.parametrize("text", PROSE)
def test_reversed_prose_is_noticed(text: str) -> None:
    assert reads_backwards(text[::-1]) is True


@given(st.lists(st.sampled_from(ARABIC_WORDS), max_size=30))
def test_turning_the_words_turns_the_evidence(words: list[str]) -> None:
    text = " ".join(words).replace("ّ", "").replace("ً", "")
    total, count = backwards_evidence(text)
    assert backwards_evidence(text[::-1]) == (-total, count)


@pytest.mark.parametrize(
    "text", ["", "2017", "Only English words here", "في", "سلام عليكم", "بب" * 9]
)
def test_too_little_arabic_decides_nothing(text: str) -> None:
    assert reads_backwards(text) is None
    assert reads_backwards(text[::-1]) is None


@pytest.mark.parametrize(
    "text",
    [
        "دانشگاه تهران نخستین دانشگاه مدرن ایران است که در سال ۱۳۱۳ در شهر تهران بنیان نهاده شد",
        "پاکستان جنوبی ایشیا میں واقع ایک ملک ہے جس کی آبادی بیس کروڑ سے زیادہ ہے",
    ],
)
def test_other_languages_in_arabic_letters_are_never_called_reversed(text: str) -> None:
    assert not reads_backwards(text)


def test_presentation_forms_become_letters() -> None:
    assert fold_forms("ﺍﻟﺴﻼﻡ ﻋﻠﻴﻜﻢ") == "السلام عليكم"
    assert fold_forms("ﻷﻥ ﻻ ﷲ") == "لأن لا الله"
    assert fold_forms("ﺑﹶ") == "بَ"
    assert fold_forms("oﬃce ﬁle") == "office file"


@given(st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFAFF)))
def test_all_other_characters_are_kept(text: str) -> None:
    assert fold_forms(text) == text


def display(line: str) -> list[str]:
    """The glyphs of a line as a right-to-left page shows them, from left to right."""
    return list(get_display(line, base_dir="R"))


@pytest.mark.parametrize(
    "line",
    [
        "عقد المؤتمر في 14 مارس 2017 بحضور 350 خبيراً",
        "وفق القرار A/70/125 الصادر عن الجمعية",
        "من 12 - 16 يونيو، وبلغت الكلفة 1,250,000 درهم بزيادة 12.5% عن التقدير",
        "حتى عام ٢٠٣٠ وما بعده ٣٫٥ مليون",
        "أضافت شركة Blue Harbour Ltd أن العمل بدأ",
        "قال: «لا بد من الإصلاح» (المادة 3) ثم انصرف",
        "الاتحاد الدولي للاتصالات (ITU) ومقره جنيف",
        "يعمل على Windows 10 وعلى غيره",
        "للتواصل info@example.org أو 0044 20 7946",
        "التاريخ 14/03/2017 والساعة 10:30 صباحاً",
        "أ) البند الأول، ب) البند الثاني",
        "انظر [الفصل 2] و{الملحق} معاً",
    ],
)
def test_a_displayed_line_is_read_back(line: str) -> None:
    line = line.replace("\u064b", "")  # marks stay with their letters before they get here
    page = [display(PROSE[4]), display(line)]
    assert logical_lines(page)[1] == line


LATIN = st.from_regex(r"[A-Za-z]{1,8}( [A-Za-z]{1,8}){0,2}", fullmatch=True)
NUMBER = st.from_regex(
    r"[1-9][0-9]{0,3}([.,/][0-9]{1,3})?|[١-٩]{1,4}|A/[0-9]{2}/[0-9]{3}", fullmatch=True
)
PLAIN = st.sampled_from([word for word in ARABIC_WORDS if word.isalpha() and word > "ء"])


@given(st.lists(st.tuples(PLAIN, st.one_of(LATIN, NUMBER, PLAIN)), min_size=1, max_size=8), PLAIN)
def test_any_mixture_is_read_back(pairs: list[tuple[str, str]], last: str) -> None:
    line = " ".join([*(word for pair in pairs for word in pair), last])
    assume(sum(char > "ء" for char in line) > sum(char.isascii() for char in line))
    assert logical_lines([display(line)]) == [line]


def test_a_page_drawn_backwards_is_read_from_the_left() -> None:
    lines = [list(line) for line in PROSE]
    assert logical_lines(lines, backwards=True) == PROSE


def test_numbers_alone_keep_their_order_and_columns_go_right_to_left() -> None:
    page = [*map(display, PROSE[:2]), [*"145", "\t", *"2016-2017"], [*"12.5%"]]
    assert logical_lines(page)[2:] == ["2016-2017 145", "12.5%"]


def test_a_latin_line_in_an_arabic_page_gets_its_full_stop_back() -> None:
    page = [display(PROSE[0]), list(".The harbour opened in March 2017")]
    assert logical_lines(page)[1] == "The harbour opened in March 2017."


def test_arabic_quoted_in_an_english_page() -> None:
    shown = "The word " + "مكتبة عامة"[::-1] + " means public library."
    assert logical_lines([list(shown)]) == ["The word مكتبة عامة means public library."]


@pytest.mark.parametrize("left_and_right", ["()", ")("])
def test_brackets_enclose_however_the_file_names_them(left_and_right: str) -> None:
    left, right = left_and_right[0], left_and_right[1]
    shown = [left, "3", " ", *"المادة"[::-1], right, " ", *"وفق"[::-1]]
    assert logical_lines([shown]) == ["وفق (المادة 3)"]


@given(
    st.lists(st.lists(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=6),
    st.booleans(),
)
def test_any_glyphs_give_one_text_a_line(lines: list[list[str]], backwards: bool) -> None:
    assert len(logical_lines(lines, backwards=backwards)) == len(lines)
