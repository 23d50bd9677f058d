import pytest

from corpus.errors import DalilError
from corpus.terms import words
from qa.question import MAX_QUESTION, Expects, check_question, meets, understand


@pytest.mark.parametrize(
    ("question", "expects"),
    [
        ("متى عقد المنتدى؟", Expects.TIME),
        ("متي وأين عقد المنتدى", Expects.TIME),
        ("في أي عام تأسس؟", Expects.TIME),
        ("كم عدد الجلسات؟", Expects.NUMBER),
        ("ما مساحة مصر؟", Expects.NUMBER),
        ("How many sessions were held?", Expects.NUMBER),
        ("من ترأس المنتدى؟", Expects.ANY),
        ("كمال من هو؟", Expects.ANY),
        ("امتى عقد المنتدى", Expects.TIME),
        ("ليش تأخر المنتدى", Expects.EXPLANATION),
        ("ما المقصود بالفجوة الرقمية؟", Expects.EXPLANATION),
        ("How does it work?", Expects.EXPLANATION),
        ("ما هي أعراض السكري؟", Expects.LIST),
        ("شو أنواع الطاقة", Expects.LIST),
        ("عدد الأهداف", Expects.LIST),
        ("ما عدد الأهداف؟", Expects.NUMBER),
        ("من عرف بلقب شاعر النيل؟", Expects.ANY),
        ("How often is it held?", Expects.ANY),
        ("اذكر فروعه", Expects.LIST),
        ("ما نوعه؟", Expects.ANY),
        ("ما فوائد الشاي؟", Expects.LIST),
        ("وما أهم مبادئ الحزب؟", Expects.LIST),
        ("ما هي الأعراض؟", Expects.LIST),
        ("لماذا انخفض عدد سكان أيرلندا؟", Expects.EXPLANATION),
        ("كيف تُحسب مساحة الدائرة؟", Expects.EXPLANATION),
        ("ولماذا تأخر افتتاح الجسر الكبير؟", Expects.EXPLANATION),
        ("ما سبب ارتفاع الأسعار؟", Expects.EXPLANATION),
        ("ما أكبر مدينة من حيث عدد السكان؟", Expects.ANY),
        ("ما هو إجمالي عدد السكان؟", Expects.NUMBER),
        ("بكم بيعت اللوحة؟", Expects.NUMBER),
        ("عدد سكان مصر", Expects.NUMBER),
        ("عدد السكان في الأردن", Expects.NUMBER),
        ("وما سبب انهيار الإمبراطورية الرومانية الغربية؟", Expects.EXPLANATION),
        ("من مؤلف كتاب «لماذا تأخر المسلمون؟»؟", Expects.ANY),
    ],
)
def test_what_is_expected(question: str, expects: Expects) -> None:
    assert understand(question).expects is expects


def test_telling_stems_leave_the_asking_words_out() -> None:
    assert understand("متى وأين عُقِدَ المنتدى؟").stems == ("عقد", "منتد")
    assert understand("ما هو؟").stems == ()


@pytest.mark.parametrize(
    ("expects", "text", "met"),
    [
        (Expects.TIME, "في ١٢ يونيو", True),
        (Expects.TIME, "في القرن الماضي", True),
        (Expects.TIME, "في جنيف", False),
        (Expects.NUMBER, "ثلاثة رجال", True),
        (Expects.NUMBER, "رجال كثيرون", False),
        (Expects.ANY, "أي شيء", True),
        (Expects.EXPLANATION, "أي شيء", True),
    ],
)
def test_what_meets_it(expects: Expects, text: str, met: bool) -> None:
    assert meets(expects, words(text)) is met


@pytest.mark.parametrize("question", ["", "   ", "؟!", "\u202e\u200f"])
def test_empty_questions_are_refused(question: str) -> None:
    with pytest.raises(DalilError, match="empty"):
        check_question(question)


def test_long_questions_are_refused() -> None:
    assert check_question("س" * MAX_QUESTION)
    with pytest.raises(DalilError, match="limit"):
        check_question("س" * 100_000)


def test_halves_of_characters_do_not_reach_a_tokenizer() -> None:
    assert check_question("أين\ud800 القاهرة\udfff؟") == "أين\ufffd القاهرة\ufffd؟"
