"""Follow-up questions made to stand alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer import Exchange
from qa.dialogue import standalone
from qa.parts import parts_of
from qa.question import Expects, understand

FORUM = Exchange("متى عُقد منتدى القمة العالمية لعام 2017؟", "من 12 إلى 16 يونيو 2017")
FIRST = Exchange("أين انعقد الاجتماع الأول للمنتدى؟", "أثينا")
THIRTIETH = Exchange("أين عُقد الاجتماع التاسع والعشرون؟", "جنيف")
WEB = Exchange("من اخترع الشبكة العنكبوتية؟", "تيم برنرز لي")
SHARE = Exchange("كم كانت نسبة المصابين سنة 1990", "")
PEOPLE = Exchange("كم عدد سكان مصر (2020)؟", "105 ملايين")
CAPITAL = Exchange("ما عاصمة موريتانيا؟", "نواكشوط")
AVICENNA = Exchange("متى ولد ابن سينا؟", "980")


@pytest.mark.parametrize(
    ("question", "last", "alone"),
    [
        ("ومن ترأسه؟", FORUM, "من ترأسه — عُقد منتدى القمة العالمية لعام 2017؟"),
        ("من ترأسه", FORUM, "من ترأسه — عُقد منتدى القمة العالمية لعام 2017؟"),
        ("والتاسع عشر؟", FIRST, "أين انعقد الاجتماع التاسع عشر للمنتدى؟"),
        ("وأين كان الرابع؟", FIRST, "أين انعقد الاجتماع الرابع للمنتدى؟"),
        ("والثّاني؟", FIRST, "أين انعقد الاجتماع الثّاني للمنتدى؟"),
        ("والخامس؟", THIRTIETH, "أين عُقد الاجتماع الخامس؟"),
        ("طيب وفي 2022", SHARE, "كم كانت نسبة المصابين سنة 2022"),
        ("وماذا عن عام ٢٠٢٢؟", SHARE, "كم كانت نسبة المصابين سنة ٢٠٢٢"),
        ("وأين كان يعمل؟", WEB, "أين كان يعمل — تيم برنرز لي، اخترع الشبكة العنكبوتية؟"),
        ("ووين ولد؟", WEB, "وين ولد — تيم برنرز لي، اخترع الشبكة العنكبوتية؟"),
        ("وما عاصمتها؟", PEOPLE, "ما عاصمتها — سكان مصر 2020؟"),
        ("وما عاصمة تونس؟", CAPITAL, "ما عاصمة تونس؟"),
        ("وابن خلدون؟", AVICENNA, "متى ولد ابن خلدون؟"),
        ("وعاصمة تونس؟", CAPITAL, "ما عاصمة تونس؟"),
        ("Where was it?", FORUM, "Where was it — عُقد منتدى القمة العالمية لعام 2017؟"),
    ],
)
def test_what_is_searched_for(question: str, last: Exchange, alone: str) -> None:
    assert standalone(question, [last]) == alone


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        ("كم بلغ إنتاج القمح في كندا عام 2019؟", "وفي مصر؟", "كم بلغ إنتاج القمح في مصر عام 2019؟"),
        ("كم بلغ إنتاج القمح في كندا؟", "وفي عام 2019؟", "كم بلغ إنتاج القمح في كندا، في عام 2019؟"),
        ("ماذا كتب أرسطو عن الحيوان؟", "وابن سينا؟", "ماذا كتب ابن سينا عن الحيوان؟"),
        ("ماذا كتب ابن باجة عن النبات؟", "وأرسطو؟", "ماذا كتب وأرسطو عن النبات؟"),
        ("ما نصيب العامل الواحد من أرباح الشركة في كندا؟", "وماذا عن فرنسا؟",
         "ما نصيب العامل الواحد من أرباح الشركة في فرنسا؟"),
        ("متى يُزرع القمح في أرض جافة؟", "والأرض الرطبة؟", "متى يُزرع القمح في الأرض الرطبة؟"),
        ("متى افتُتح متحف العلوم في باريس؟", "ومتحف الفن؟", "متى افتُتح متحف الفن في باريس؟"),
        ("When was the old bridge built?", "What about the new one?", "When was the new one؟"),
        ("متى وُقّعت اتفاقية فيينا للأوزون؟", "ومتى اتفاقية لاهاي؟", "متى وُقّعت اتفاقية لاهاي؟"),
        ("متى يوافق يوم الشجرة العالمي؟", "ومتى يوم الأرض العالمي؟", "متى يوافق يوم الأرض العالمي؟"),
        ("متى وُقّعت الاتفاقية؟", "ومتى الاتفاقية؟", "متى الاتفاقية — وُقّعت الاتفاقية؟"),
        ("متى وُقّعت اتفاقية فيينا؟", "ومتى اتفاقية عدلتها؟", "متى اتفاقية عدلتها — وُقّعت اتفاقية فيينا؟"),
        ("ما هو كتاب الحيوان", "وفيه كم جزء", "فيه كم جزء — كتاب الحيوان؟"),
        ("مين اخترع البوصله", "ودي بتشتغل ازاي", "ودي بتشتغل ازاي"),
        ("مين اخترع المحراث", "وده بيشتغل ازاي", "ده بيشتغل ازاي — اخترع المحراث؟"),
        ("في أي قارة تقع مصر؟", "وماذا عن تركيا؟", "في أي قارة تقع تركيا؟"),
        ("في أي مدينة ولد طه حسين؟", "ونجيب محفوظ؟", "في أي مدينة ولد ونجيب محفوظ؟"),
        ("في أي سنة توفي أبو الأسود الدؤلي؟", "وسيبويه؟", "في أي سنة توفي وسيبويه؟"),
        ("متى ولد ابن سينا؟", "والفارابي؟", "متى ولد الفارابي؟"),
        ("من هو أبو تمام؟", "والبحتري؟", "من هو البحتري؟"),
        ("من هو المتنبي؟", "والبحتري؟", "من هو البحتري؟"),
        ("أين دفن عبد الله بن عمر؟", "والمتنبي؟", "أين دفن المتنبي؟"),
        ("متى توفي المتنبي؟", "وأبو تمام؟", "متى توفي أبو تمام؟"),
        ("كم عدد سكان مصر؟", "وماذا عن المملكة المتحدة؟", "كم عدد سكان المملكة المتحدة؟"),
        ("متى تأسست الدولة الأموية؟", "والدولة العباسية؟", "متى تأسست الدولة العباسية؟"),
        ("ما عاصمة تونس؟", "و المغرب؟", "ما عاصمة المغرب؟"),
        ("ما عاصمة تونس؟", "و ماذا عن المغرب؟", "ما عاصمة المغرب؟"),
        ("ما عاصمة مصر؟", "وايش عن تونس؟", "ما عاصمة تونس؟"),
        ("ما عاصمة تونس؟", "ومساحتها؟", "مساحتها — عاصمة تونس؟"),
        ("أين ينبع نهر النيل؟", "وطوله؟", "طوله — ينبع نهر النيل؟"),
        ("كم عدد سكان مصر؟", "وكم عدد سكانها عام 1950؟", "كم عدد سكانها عام 1950 — سكان مصر؟"),
        ("من رئيس مصر؟", "ومن رئيسها الأول؟", "من رئيسها الأول — رئيس مصر؟"),
        ("من بنى بغداد؟", "و متى سقطت؟", "متى سقطت — بنى بغداد؟"),
    ],
)  # fmt: skip
def test_a_thing_takes_the_place_of_its_kind(before: str, question: str, alone: str) -> None:
    assert standalone(question, [Exchange(before)]) == alone


def test_the_subject_stays_over_several_questions_with_whoever_was_found() -> None:
    second = Exchange(standalone("وأين كان يعمل؟", [WEB]), "سيرن")
    third = standalone("ومتى كشف عن مشروعه؟", [WEB, second])
    assert third == "متى كشف عن مشروعه — تيم برنرز لي، اخترع الشبكة العنكبوتية؟"
    chair = Exchange(standalone("ومن ترأسه؟", [FORUM]), "هولين جاو")
    born = standalone("أين ولد؟", [FORUM, chair])
    assert born == "أين ولد — هولين جاو، عُقد منتدى القمة العالمية لعام 2017؟"


def test_what_was_added_is_not_asked() -> None:
    query = standalone("وما عاصمتها؟", [PEOPLE])
    assert understand(query).expects is Expects.ANY
    several = "متى انتهى، ومن ترأسه — عُقد، وكم حضره؟"
    assert parts_of(several) == [("متى انتهى — عُقد، وكم حضره؟",), ("من ترأسه — عُقد، وكم حضره؟",)]


def test_a_whole_question_is_left_alone() -> None:
    assert standalone("متى  تأسس الاتحاد الدولي؟", [FORUM]) == "متى  تأسس الاتحاد الدولي؟"


@given(st.text("ومنأين ترهاةه؟ 12()—", min_size=1).filter(str.strip))
def test_without_a_past_nothing_changes_and_with_one_nothing_breaks(text: str) -> None:
    assert standalone(text, []) == text
    chain = [FORUM]
    for _ in range(5):
        chain.append(Exchange(standalone(text, chain), "جواب"))
        assert chain[-1].query.strip()
    assert len(chain[-1].query) <= 6 * len(text) + 200


_WORDS = "من ما متى في عن عام وفي وابن ابن والقمة القمة مصر كم ايه ده وده اليوم ؟ 2019 the —"
_QUESTIONS = st.lists(st.sampled_from(_WORDS.split()), min_size=1, max_size=8).map(" ".join)


@given(_QUESTIONS, _QUESTIONS)
def test_no_question_breaks_another(question: str, before: str) -> None:
    alone = standalone(question, [Exchange(before)])
    assert set(alone.replace("؟", " ؟").split()) <= {
        part
        for text in (question, before)
        for word in text.split()
        for part in (word, word.removeprefix("و"), "؟", "—", f"{word}،", "،")
    }


def test_halves_of_characters_do_not_come_back_from_an_earlier_question() -> None:
    alone = standalone("متى تأسس؟", [Exchange("أين متحف\ud800 بيروت؟", "قرب\udfff النهر")])
    assert "متحف" in alone
    assert alone.encode()
