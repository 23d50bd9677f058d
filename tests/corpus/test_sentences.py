import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ذهب أحمد. عاد أحمد.", ["ذهب أحمد.", "عاد أحمد."]),
        ("هل عاد؟ نعم! عاد", ["هل عاد؟", "نعم!", "عاد"]),
        ("أولاً كذا؛ ثانياً كذا.", ["أولاً كذا؛", "ثانياً كذا."]),
        ("بلغ 3.5 مليون في 12.6.2017 تقريباً.", ["بلغ 3.5 مليون في 12.6.2017 تقريباً."]),
        ("القرار A/70/125 مهم. انتهى.", ["القرار A/70/125 مهم.", "انتهى."]),
        ("كتب د. أ. ب. زويل كتاباً. ثم سافر.", ["كتب د. أ. ب. زويل كتاباً.", "ثم سافر."]),
        ("J. Smith wrote it. He left.", ["J. Smith wrote it.", "He left."]),
        ("كان ذلك عام 2017 م. ثم انتهى.", ["كان ذلك عام 2017 م.", "ثم انتهى."]),
        ("توفي سنة 428 هـ. ودفن في همذان.", ["توفي سنة 428 هـ.", "ودفن في همذان."]),
        ("قال: «انتهى الأمر.» ثم خرج.", ["قال: «انتهى الأمر.»", "ثم خرج."]),
        ("1. الأول\n2. الثاني", ["1. الأول", "2. الثاني"]),
        ("انتظر... ثم عاد.", ["انتظر...", "ثم عاد."]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_boundaries(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_a_paragraph_broken_in_mid_sentence_is_joined_again() -> None:
    first = "وترأس المنتدى وزير الشباب وتكنولوجيا المعلومات الذي لعب دوراً"
    text = f"{first}\n\nرئيسياً في توجيه النتائج. ثم انتهى المنتدى."
    assert split(text) == [f"{first}\n\nرئيسياً في توجيه النتائج.", "ثم انتهى المنتدى."]


def test_list_items_and_short_lines_stand_alone() -> None:
    line = "يضم المنتدى عدداً كبيراً من الجلسات التي تتناول ما يلي"
    assert split(f"{line}\n- التنمية\n- الأمن") == [line, "- التنمية", "- الأمن"]
    assert split("العنوان\nالنص هنا") == ["العنوان", "النص هنا"]


def test_headings_stand_alone_even_when_they_are_long() -> None:
    heading = "عنوان طويل جداً يزيد على أربعين حرفاً ولا ينتهي بنقطة"
    text = f"{heading}\nثم يبدأ النص."
    spans = sentences(text, [(0, len(heading))])
    assert [text[a:b] for a, b in spans] == [heading, "ثم يبدأ النص."]


@given(st.text(st.sampled_from('ابتدم .!؟؛\n\r1٣»"-#A/')))
def test_sentences_are_trimmed_ordered_and_lose_nothing(text: str) -> None:
    end = 0
    for start, stop in sentences(text):
        assert end <= start < stop <= len(text)
        assert text[start:stop] == text[start:stop].strip()
        assert not text[end:start].strip()
        end = stop
    assert not text[end:].strip()


def test_a_very_long_line_is_cut_without_loss() -> None:
    text = "كلمة " * 5_000 + "س" * 5_000
    pieces = split(text)
    assert max(map(len, pieces)) <= 700
    assert "".join("".join(piece.split()) for piece in pieces) == "".join(text.split())


def test_a_record_behind_an_empty_line_goes_on_with_nothing() -> None:
    first = "المدينة: القاهرة عاصمة جمهورية مصر العربية وأكبر مدنها"
    second = "المدينة: دمشق عاصمة الجمهورية العربية السورية"
    assert split(f"{first}\n\n{second}") == [first, second]


def test_each_row_of_a_table_stands_alone() -> None:
    rows = [
        "البلد | العاصمة | عدد السكان التقريبي بالملايين",
        "مصر | القاهرة | أكثر من مئة مليون نسمة في هذا العقد",
        "سوريا | دمشق | نحو اثنين وعشرين مليون نسمة",
    ]
    assert split("\n".join(rows)) == rows
