import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document
from corpus.sentences import sentences, sentences_within


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
        ("ولد سنة 1911.[1] وتوفي سنة 2006.[2][3]", ["ولد سنة 1911.[1]", "وتوفي سنة 2006.[2][3]"]),
        ("انتهى.(1) ثم عاد.\u200f ثم خرج.", ["انتهى.(1)", "ثم عاد.\u200f", "ثم خرج."]),
        ("كتب د.\u200f زويل كتابًا.", ["كتب د.\u200f زويل كتابًا."]),
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


@pytest.mark.parametrize("tail", ["[1]", "[12][13]", "(3)", "\u202c", "\u200f", ".»\u200f"])
def test_a_line_that_ended_is_not_gone_on_with(tail: str) -> None:
    first = f"وترأس المنتدى وزير الشباب وتكنولوجيا المعلومات في جنيف.{tail}"
    assert split(f"{first}\n\nثم انتهى المنتدى بعد أيام.") == [first, "ثم انتهى المنتدى بعد أيام."]


@pytest.mark.parametrize(
    "mark", ["- ", "1ـ ", "1 - ", "١/ ", "● ", "■ ", "❖ ", "ـ ", "\u200f- ", "2) "]
)
def test_items_of_a_list_stand_alone(mark: str) -> None:
    items = [f"{mark}تعزيز التعاون بين الجامعات العربية في البحث العلمي" for _ in range(3)]
    after = "وقد حضر المؤتمر خمسون دولة من قارات العالم."
    assert split("\n".join(items) + f"\n\n{after}") == [*(item.strip() for item in items), after]


def test_a_paragraph_behind_a_table_does_not_go_on_with_its_last_row() -> None:
    row, after = "مصر | القاهرة | أكثر من مئة مليون نسمة", "وتقع كلها في الوطن العربي."
    assert split(f"{row}\n\n{after}") == [row, after]


def test_a_short_last_word_on_its_line_is_no_list_number() -> None:
    text = "وتقع المدينة القديمة على ضفاف النهر في جمهورية\nمصر. وتبلغ مساحتها مليون كم."
    assert split(text) == [text[: text.index(" وتبلغ")], "وتبلغ مساحتها مليون كم."]


def test_verses_are_cut_between_lines() -> None:
    verses = [
        f"صدر البيت رقم {n} من القصيدة الطويلة      وعجزه الذي يتلوه في السطر نفسه"
        for n in range(30)
    ]
    pieces = split("\n".join(verses))
    assert [line for piece in pieces for line in piece.split("\n")] == verses


def test_sentences_of_a_passage_are_those_of_its_text() -> None:
    text = (
        "عُقد الاجتماع الأول في المدينة القديمة ثم انتهى الاجتماع. وبدأ العمل\n"
        "في بناء الميناء الجديد عام 2017 بعد موافقة المجلس.\n\nثم افتُتح."
    )
    start = text.index("وبدأ")
    document = Document("أ.txt", text)
    spans = sentences_within(document, (start, len(text)))
    assert spans == [span for span in sentences(text) if span[0] >= start]


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
