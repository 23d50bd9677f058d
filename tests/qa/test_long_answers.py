import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.long_answers import list_around, on_lines, whole_answer
from qa.question import Expects

LIST = "أعراض المرض كثيرة:\n- حمى شديدة\n- سعال جاف\n\n- ألم في المفاصل\nويشفى المريض بعد أسبوع."
ITEMS = "- حمى شديدة\n- سعال جاف\n\n- ألم في المفاصل"
REASON = "أغلق الجسر في الشتاء. ارتفع النهر فغمر الماء الطريق كله."


def span(text: str, words: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def test_a_list_comes_back_whole_and_on_lines() -> None:
    start, end = whole_answer(Expects.LIST, LIST, span(LIST, "سعال"), (0, len(LIST)))
    assert LIST[start:end] == ITEMS
    assert on_lines(ITEMS).splitlines() == ["- حمى شديدة", "- سعال جاف", "- ألم في المفاصل"]


def test_an_answer_outside_of_a_list_stays() -> None:
    assert list_around(LIST, span(LIST, "أسبوع")) is None
    assert list_around(LIST, span(LIST, "كثيرة:\n- حمى")) is None
    answer = span(LIST, "أسبوع")
    assert whole_answer(Expects.LIST, LIST, answer, (0, len(LIST))) == answer


def test_headings_are_no_items_and_numbers_need_no_space() -> None:
    text = "## فوائد الشاي\n1-يقظة\n2-هضم\n> اقتباس"
    assert list_around(text, span(text, "هضم")) == span(text, "1-يقظة\n2-هضم")


def test_a_clipped_reason_is_a_whole_sentence_and_a_full_one_stays() -> None:
    quote = span(REASON, "ارتفع النهر فغمر الماء الطريق كله.")
    clipped, full = span(REASON, "النهر"), span(REASON, "ارتفع النهر فغمر الماء")
    assert whole_answer(Expects.EXPLANATION, REASON, clipped, quote) == quote
    assert whole_answer(Expects.EXPLANATION, REASON, full, quote) == full
    assert whole_answer(Expects.ANY, REASON, clipped, quote) == clipped


SYMPTOMS = (
    "من أعراض السكري العطش الشديد، وكثرة التبول، وتشوش الرؤية، والتعب، وهو داء مزمن. ثم غيره."
)


@pytest.mark.parametrize(
    ("text", "answer", "whole"),
    [
        (SYMPTOMS, "العطش الشديد", "العطش الشديد، وكثرة التبول، وتشوش الرؤية، والتعب"),
        (SYMPTOMS, "العطش", "العطش الشديد، وكثرة التبول، وتشوش الرؤية، والتعب"),
        (SYMPTOMS, "وكثرة التبول", SYMPTOMS.removesuffix(" ثم غيره.")),
        ("يضم القصب، النخيل، التين، والزيتون.", "القصب", "القصب، النخيل، التين، والزيتون"),
        ("زاره الملك، ثم عاد إلى بلده بعد أيام.", "الملك", "الملك"),
        ("زاره الملك، وقد سرّه ذلك، وعاد.", "الملك", "الملك"),
        ("زاره الملك والوزير.", "الملك", "الملك"),
    ],
)
def test_a_list_within_a_sentence_comes_back_whole(text: str, answer: str, whole: str) -> None:
    quote = (0, text.index(".") + 1)
    start, end = whole_answer(Expects.LIST, text, span(text, answer), quote)
    assert text[start:end] == whole
    assert whole_answer(Expects.ANY, text, span(text, answer), quote) == span(text, answer)


def test_broken_lines_are_no_list() -> None:
    assert on_lines("لعب دوراً\n  رئيسياً") == "لعب دوراً رئيسياً"


@given(st.text(st.sampled_from("ab- \n1.)"), min_size=1), st.data())
def test_a_list_holds_the_answer_and_lies_in_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = list_around(text, (start, end))
    if found and text[start:end].strip():
        assert 0 <= found[0] < found[1] <= len(text)
        words = text[start:end].strip()
        assert words in text[slice(*found)]
