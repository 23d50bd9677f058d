import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.normalise import fold, normalise, plain

ARABIC = st.text(
    st.one_of(
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
        st.characters(min_codepoint=0xFB50, max_codepoint=0xFEFC),
        st.sampled_from(" \n.،؛؟0129abÉßﬁ\u200f\u202e\u0301"),
    )
)


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("مُحَمَّد", "محمد"),
        ("أَحْمَدُ", "احمد"),
        ("إلى آخر الآية", "الي اخر الايه"),
        ("مؤتمر", "موتمر"),
        ("شيء", "شئ"),
        ("مســـتقبل", "مستقبل"),
        ("١٩٩٠", "1990"),
        ("۱۹۹۰", "1990"),
        ("کتابی", "كتابي"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("ﻻ", "لا"),
        ("ا\u0654حمد", "أحمد"),
        ("\u202bسلام\u202c", "سلام"),
        ("Geneva", "GENEVA"),
    ],
)
def test_spellings_of_one_word_fold_alike(written: str, other: str) -> None:
    assert fold(written) == fold(other)


def test_different_words_stay_different() -> None:
    assert len({fold(word) for word in ("علم", "عمل", "عالم", "معلم")}) == 4


@given(ARABIC)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ARABIC)
def test_folded_text_has_no_marks(text: str) -> None:
    assert not any(unicodedata.category(char) in {"Mn", "Cf"} for char in fold(text))


@given(ARABIC)
def test_offsets_climb_through_the_raw_text(text: str) -> None:
    normalised = normalise(text)
    starts = normalised.starts.tolist()
    assert normalised.text == fold(text)
    assert len(starts) == len(normalised.text) + 1
    assert starts == sorted(starts)
    assert starts[-1] == len(text)


@given(ARABIC, st.data())
def test_a_span_leads_back_to_raw_text_that_folds_to_it(text: str, data: st.DataObject) -> None:
    normalised = normalise(text)
    if not normalised.text:
        return
    start = data.draw(st.integers(0, len(normalised.text) - 1))
    end = data.draw(st.integers(start + 1, len(normalised.text)))
    raw_start, raw_end = normalised.raw_span(start, end)
    assert 0 <= raw_start < raw_end <= len(text)
    # One raw character may fold to several, so the way back can only widen the span.
    assert normalised.text[start:end] in fold(text[raw_start:raw_end])


def test_the_span_takes_the_marks_that_follow_its_last_letter() -> None:
    raw = "قال مُحَمَّدٌ هذا"
    start = fold(raw).index("محمد")
    assert raw[slice(*normalise(raw).raw_span(start, start + 4))] == "مُحَمَّدٌ"


@pytest.mark.parametrize("span", [(0, 0), (2, 1), (0, 9), (-1, 1)])
def test_a_span_outside_the_text_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no span"):
        normalise("كلمة").raw_span(*span)


def test_plain_text_keeps_letters_and_drops_marks() -> None:
    assert plain("أَحْمَدُ وُلِـــدَ عام ١٩٩٠\u200f") == "أحمد ولد عام 1990"
    assert plain("ا\u0654حمد") == "أحمد"


@given(ARABIC)
def test_plain_text_folds_as_the_raw_text_does(text: str) -> None:
    assert fold(plain(text)) == fold(text)
    assert plain(plain(text)) == plain(text)
