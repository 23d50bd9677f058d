import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dialect import QUESTION_WORDS, in_written_words

SPOKEN = [(word, written) for written, words in QUESTION_WORDS.items() for word in words.split()]


@pytest.mark.parametrize(("spoken", "written"), SPOKEN)
def test_every_spoken_word_is_written(spoken: str, written: str) -> None:
    assert in_written_words(f"{spoken} عقد المنتدى؟") == f"{written} عقد المنتدى؟"
    assert in_written_words(f"و{spoken} عقد المنتدى؟") == f"و{written} عقد المنتدى؟"
    assert in_written_words(f"عقد المنتدى {spoken}؟") == f"عقد المنتدى {written}؟"


def test_no_word_is_spoken_for_two() -> None:
    assert len({spoken for spoken, _ in SPOKEN}) == len(SPOKEN)
    assert not {spoken for spoken, _ in SPOKEN} & set(QUESTION_WORDS)


@pytest.mark.parametrize(
    "question",
    [
        "ماذا حصل الي معدل النمو؟",
        "أي مما يلي صحيح؟",
        "ما نسبة التلوين في كامبالا؟",
        "متى ولد مصطفى كامِل؟",
        "ما أشْهَر أعراض الزُكام؟",
        "متى كتب برنارد شو مسرحيته؟",
        "أين تقع ولاية مين؟",
        "من هو برنارد شو؟",
        "ما عاصمة ولاية مين؟",
        "كيف أنهي عقد الإيجار؟",
    ],
)
def test_like_words_are_left_alone(question: str) -> None:
    assert in_written_words(question) == question


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("من شو مصنوع؟", "من ماذا مصنوع؟"),
        ("من كام سنة تأسس؟", "من كم سنة تأسس؟"),
        ("من القاهرة للأقصر كام؟", "من القاهرة للأقصر كم؟"),
    ],
)
def test_a_doubtful_word_asks_at_once_after_from(spoken: str, written: str) -> None:
    assert in_written_words(spoken) == written


def test_how_much_is_two_words() -> None:
    assert in_written_words("قد ايه طوله") == "كم طوله"


@given(st.lists(st.sampled_from([s for s, _ in SPOKEN] + ["عقد", "المنتدى", "؟"])).map(" ".join))
def test_twice_is_once(text: str) -> None:
    once = in_written_words(text)
    assert in_written_words(once) == once
