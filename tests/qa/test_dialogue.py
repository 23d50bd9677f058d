"""Follow-up questions made to stand alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.dialogue import Exchange, leans, standalone

FORUM = Exchange("متى عُقد منتدى القمة العالمية لعام 2017؟", "من 12 إلى 16 يونيو 2017")
FIRST = Exchange("أين انعقد الاجتماع الأول للمنتدى؟", "أثينا")
WEB = Exchange("من اخترع الشبكة العنكبوتية؟", "تيم برنرز لي")
SHARE = Exchange("كم كانت نسبة المصابين سنة 1990", "")


@pytest.mark.parametrize(
    ("question", "last", "alone"),
    [
        ("ومن ترأسه؟", FORUM, "من ترأسه (عُقد منتدى القمة العالمية لعام 2017)؟"),
        ("من ترأسه", FORUM, "من ترأسه (عُقد منتدى القمة العالمية لعام 2017)؟"),
        ("والتاسع عشر؟", FIRST, "أين انعقد الاجتماع التاسع عشر للمنتدى؟"),
        ("وأين كان الرابع؟", FIRST, "أين انعقد الاجتماع الرابع للمنتدى؟"),
        ("طيب وفي 2022", SHARE, "كم كانت نسبة المصابين سنة 2022"),
        ("وأين كان يعمل؟", WEB, "أين كان يعمل (تيم برنرز لي، اخترع الشبكة العنكبوتية)؟"),
        ("وين كان يشتغل؟", WEB, "وين كان يشتغل؟"),
        ("ووين ولد؟", WEB, "وين ولد (تيم برنرز لي، اخترع الشبكة العنكبوتية)؟"),
        ("Where was it?", FORUM, "Where was it (عُقد منتدى القمة العالمية لعام 2017)؟"),
    ],
)
def test_what_is_searched_for(question: str, last: Exchange, alone: str) -> None:
    assert standalone(question, [last]) == alone


def test_the_subject_stays_over_several_questions() -> None:
    second = Exchange(standalone("وأين كان يعمل؟", [WEB]), "سيرن")
    assert standalone("ومتى كشف عن مشروعه؟", [WEB, second]) == (
        "متى كشف عن مشروعه (تيم برنرز لي، اخترع الشبكة العنكبوتية)؟"
    )


@pytest.mark.parametrize(
    "question",
    [
        "متى تأسس الاتحاد الدولي للاتصالات؟",
        "وقع زلزال كبير في أي مدينة يابانية؟",
        "ما هي عاصمة موريتانيا؟",
        "من مؤلف كتاب المناظر؟",
        "ما المدينة التي ولد فيها الخوارزمي سنة 780؟",
    ],
)
def test_a_whole_question_is_left_alone(question: str) -> None:
    assert not leans(question)
    assert standalone(question, [FORUM]) == question


@given(st.text("ومنأين ترهاةه؟ 12()", min_size=1).filter(str.strip))
def test_without_a_past_nothing_changes_and_with_one_nothing_breaks(text: str) -> None:
    assert standalone(text, []) == text
    assert standalone(text, [FORUM]).strip()
    chain = [FORUM]
    for _ in range(4):
        chain.append(Exchange(standalone(text, chain)))
    assert len(chain[-1].query) <= len(text) + len(FORUM.query) + 8
