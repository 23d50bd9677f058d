import re
from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Document
from index.search import Rows, SearchIndex
from qa.answer import Answer, Citation, Exchange
from qa.examples import examples_for
from qa.pipeline import Pipeline
from qa.suggestions import Suggestion, confirmed, suggested


def questions(text: str, title: str = "", headings: tuple[str, ...] = ()) -> list[str]:
    spans = tuple((text.index(h), text.index(h) + len(h)) for h in headings)
    document = Document(source="نص.txt", text=text, title=title, headings=spans)
    return [s.question for s in suggested([document])]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        # when
        ("تأسست جامعة الملك سعود عام 1957 في الرياض.", "متى تأسست جامعة الملك سعود؟"),
        ("تَأَسَّسَتْ جَامِعَةُ دِمَشْقَ عَامَ ١٩٢٣م.", "متى تأسست جامعة دمشق؟"),
        ("وافتُتح متحف اللوفر أبوظبي في ٨ نوفمبر ٢٠١٧.", "متى افتتح متحف اللوفر أبوظبي؟"),
        ("وُلد نجيب محفوظ في 11 ديسمبر 1911 بحي الجمالية.", "متى ولد نجيب محفوظ؟"),
        ("وفي عام 1869 افتُتحت قناة السويس أمام الملاحة.", "متى افتتحت قناة السويس أمام الملاحة؟"),
        ("أعلنت منظمة الصحة العالمية عام 1980 القضاء على الجدري.",
         "متى أعلنت منظمة الصحة العالمية القضاء على الجدري؟"),
        ("أُدرجت مدينة شبام القديمة سنة 1982 في قائمة التراث.", "متى أدرجت مدينة شبام القديمة؟"),
        ("سد مأرب: بُني في القرن الثامن قبل الميلاد.", "متى بني سد مأرب؟"),
        ("يُحتفل باليوم العالمي للمعلمين في 5 أكتوبر من كل عام.", "متى يحتفل باليوم العالمي للمعلمين؟"),
        ("تعود قلعة حلب إلى القرن الثالث عشر.", "إلى متى تعود قلعة حلب؟"),
        # what and who
        ("الجهاز المناعي هو شبكة من الأعضاء والخلايا تحمي الجسم.", "ما هو الجهاز المناعي؟"),
        ("الطاقة المتجددة هي عبارة عن طاقة تُستمد من موارد لا تنفد.", "ما هي الطاقة المتجددة؟"),
        ("أطول نهر في إفريقيا هو نهر النيل.", "ما هو أطول نهر في إفريقيا؟"),
        ("أحمد زويل هو عالم كيمياء مصري حاز جائزة نوبل.", "من هو أحمد زويل؟"),
        ("نازك الملائكة هي شاعرة عراقية من رواد الشعر الحر.", "من هي نازك الملائكة؟"),
        ("أول رئيس للجمهورية هو محمد نجيب.", "من هو أول رئيس للجمهورية؟"),
        ("يُعدّ الزنجبيل نباتًا عشبيًا معمّرًا.", "ما هو الزنجبيل؟"),
        ("إنّ التصحر هو عملية تدهور الأراضي في المناطق الجافة.", "ما هو التصحر؟"),
        # where
        ("تقع مدينة طنجة في أقصى شمال المغرب.", "أين تقع مدينة طنجة؟"),
        ("يقع مقر الهيئة العامة للإحصاء في الرياض.", "أين يقع مقر الهيئة العامة للإحصاء؟"),
        ("وتوجد غابات الأرز في جبال لبنان والأطلس.", "أين توجد غابات الأرز؟"),
        # how many, how much
        ("بلغ عدد سكان سلطنة عمان 4.6 ملايين نسمة عام 2022.", "كم بلغ عدد سكان سلطنة عمان عام 2022؟"),
        ("وتبلغ مساحة محمية رأس محمد نحو 480 كيلومترًا مربعًا.", "كم تبلغ مساحة محمية رأس محمد؟"),
        ("برج خليفة الشهير يبلغ ارتفاعه 828 مترًا.", "كم يبلغ ارتفاع برج خليفة الشهير؟"),
        ("تُقدّر خسائر إعصار دانيال بنحو ثلاثة مليارات.", "بكم تقدر خسائر إعصار دانيال؟"),
        # of what, to what, on what, by what
        ("يتكون الحمض النووي من سلسلتين ملتفتين.", "مم يتكون الحمض النووي؟"),
        ("وتتألف لجنة التحكيم من ثلاثة أعضاء.", "مم تتألف لجنة التحكيم؟"),
        ("يهدف برنامج كفاءة الطاقة إلى خفض الاستهلاك.", "إلى ماذا يهدف برنامج كفاءة الطاقة؟"),
        ("تعتمد زراعة الزيتون على مياه الأمطار.", "على ماذا تعتمد زراعة الزيتون؟"),
        ("تُستخدم الأشعة السينية في تشخيص الكسور.", "فيم تستخدم الأشعة السينية؟"),
        ("ينتج تآكل الأسنان عن الأحماض.", "عمّ ينتج تآكل الأسنان؟"),
        ("تضم الحديقة الوطنية للطيور أكثر من 300 نوع.", "ماذا تضم الحديقة الوطنية للطيور؟"),
        ("سُمّيت الدار البيضاء بهذا الاسم نسبة إلى لون بيوتها.", "لماذا سميت الدار البيضاء بهذا الاسم؟"),
        ("يُعرف البحر الميت باسم بحيرة لوط.", "بماذا يعرف البحر الميت؟"),
        # by whom
        ("أسّس المعز لدين الله مدينة القاهرة عام ٩٦٩م.", "من أسس مدينة القاهرة؟"),
        ("ألّف سيبويه كتاب النحو المعروف في البصرة.", "من ألف كتاب النحو المعروف؟"),
        ("وترأس مؤتمر المناخ لعام 2023 الدكتور سلطان الجابر.", "من ترأس مؤتمر المناخ لعام 2023؟"),
    ],
)  # fmt: skip
def test_a_sentence_gives_the_question_that_it_answers(sentence: str, question: str) -> None:
    assert question in questions(sentence)


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("The Suez Canal was opened in 1869 after ten years of work.", "When was the Suez Canal opened?"),
        ("Petra is located in southern Jordan.", "Where is Petra located?"),
        ("Ibn al-Haytham was a mathematician and astronomer.", "Who was Ibn al-Haytham?"),
        ("The World Wide Web is an information system.", "What is the World Wide Web?"),
    ],
)  # fmt: skip
def test_english_sentences(sentence: str, question: str) -> None:
    assert questions(sentence) == [question]


@pytest.mark.parametrize(
    "sentence",
    [
        # nobody outside the text knows who or what is meant
        "هذا الجهاز هو وحدة لتخزين البيانات.",
        "وهو عالم كيمياء مصري حاز جائزة نوبل.",
        "تأسست هذه الجامعة عام 1957.",
        "تأسست المدينة عام 1957.",
        "ويقع مقره في مدينة جنيف السويسرية.",
        "بُنيت مئذنته عام 956 بدعم من الخليفة.",
        "تأسست في باريس عام 1865.",
        "وصدرت الطبعة الثانية عام 1990.",
        "It was founded in 1919 by a group of teachers.",
        "The company was founded in 1919.",
        "This city is located in the north.",
        # an object, for want of a subject
        "نشر كتابًا عن الجبر عام 820.",
        "وبدأ الدراسة عام 1990.",
        "أسس الملك إدريس مدينة على الضفة اليسرى.",
        # the noun is only described
        "على ضفاف أنهار تنبع من الجبال مدن كثيرة.",
        # quotations are somebody's words
        "قال: «تأسست جامعة النور الأهلية عام 1957».",
        '"تأسست جامعة النور الأهلية عام 1957".',
        # numbers, symbols, tables
        "1990 2000 2010 2020.",
        "بلغ 1990 عام 2000.",
        "| تأسست جامعة النور الأهلية عام | 1957 |",
        # hostile
        "تأسست <script>alert(1)</script> جامعة النور عام 1957.",
        "تقع http://evil.example/a?b=c في الشمال.",
        "تأسست جامعة `النور` ${x} عام 1957.",
        "تقع javascript:alert في الشمال.",
        "تأسست 大学 النور عام 1957.",
        "تأسست " + "ا" * 200 + " الكبرى عام 1957.",
        "تأسست جامعة " + "النور والعلم " * 20 + "عام 1957.",
        "",
    ],
)
def test_what_would_not_stand_alone_gives_nothing(sentence: str) -> None:
    assert questions(sentence) == []


def test_controls_that_turn_text_round_are_left_behind() -> None:
    text = "تقع مدينة\u202e طنجة\u2066 القديمة\u200f في أقصى الشمال."
    assert questions(text) == ["أين تقع مدينة طنجة القديمة؟"]


def test_headings_promise_answers() -> None:
    text = (
        "داء السكري\n\nأنواعه\n\nالأعراض\n\nفوائد الرياضة المنتظمة\n\nكيف تُقاس نسبة السكر؟\n\nنص."
    )
    headings = ("أنواعه", "الأعراض", "فوائد الرياضة المنتظمة", "كيف تُقاس نسبة السكر؟")
    assert set(questions(text, "داء السكري", headings)) == {
        "ما أعراض داء السكري؟",
        "ما فوائد الرياضة المنتظمة؟",
        "كيف تقاس نسبة السكر؟",
    }


def test_a_text_that_opens_with_its_title_is_asked_what_it_is_about() -> None:
    text = "الاتحاد الدولي للاتصالات\n\nالاتحاد الدولي للاتصالات (ITU) وكالة متخصصة. تأسس عام 1865."
    assert questions(text, "الاتحاد الدولي للاتصالات", ("الاتحاد الدولي للاتصالات",)) == [
        "ما هو الاتحاد الدولي للاتصالات؟",
        "متى تأسس الاتحاد الدولي للاتصالات؟",
    ]


def test_a_life_is_told_of_whom_the_text_opened_with() -> None:
    text = "ابن بطوطة هو رحالة مغربي. وُلد في طنجة عام 1304م. وتوفي عام 1377م."
    asked = questions(text)
    assert {"من هو ابن بطوطة؟", "متى ولد ابن بطوطة؟", "متى توفي ابن بطوطة؟"} <= set(asked)
    assert questions("وُلد في طنجة عام 1304م. وتوفي عام 1377م.") == []


def test_questions_are_spread_over_documents_and_kinds() -> None:
    many = Document(
        source="أ.txt",
        text="تأسست جامعة حلب عام 1958. تأسست جامعة تشرين عام 1971. تقع مدينة اللاذقية في الساحل.",
    )
    one = Document(source="ب.txt", text="يتكون الغلاف الجوي من عدة طبقات.")
    found = suggested([many, one], most=3)
    assert [s.document_id for s in found] == [many.id, one.id, many.id]
    assert [s.question.split()[0] for s in found] == ["متى", "مم", "أين"]
    assert suggested([many, one], most=3) == found
    assert suggested([many, many, one]) == suggested([many, one])  # each question once


def test_a_word_that_stands_everywhere_leads_nowhere() -> None:
    often = "الجهاز هو وحدة. " + "الجهاز جديد. " * 40
    assert questions(often) == []


ALPHABET = "متى تأسست جامعة عام 1957 في هو هي بلغ عدد، يقع مدينة.\n؟!«»<>&\"'`$\\/|*#_-:()[]{}\u202e\u0007\u0651A"
PIECES = re.findall(
    r"\S+|\n",
    "تأسست جامعة النور الكبرى عام 1957 هو هي مدينة يقع المصنع في بلغ سكان 62 مليون . ، : \n"
    "<b> </b> &amp; ![x](y) ` $ \u202e \u0000 The University was founded in 1919",
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(PIECES),
            st.text(ALPHABET, max_size=6),
            st.text(max_size=4),
        ),
        max_size=40,
    ),
    st.text(ALPHABET, max_size=20),
)
def test_no_suggestion_ever_holds_markup_or_controls(parts: list[str], title: str) -> None:
    text = " ".join(parts)
    heading = (0, text.index("\n")) if "\n" in text and text.index("\n") else None
    document = Document("x", text, title=title, headings=(heading,) if heading else ())
    for suggestion in suggested([document]):
        assert re.fullmatch(r"[\w \-'،]+[؟?]", suggestion.question)
        assert suggestion.question.isprintable()
        assert len(suggestion.question.split()) <= 12
        assert suggestion.document_id == document.id


CANDIDATES = tuple(Suggestion(f"متى تأسست جامعة {n}؟", f"وثيقة {n}") for n in range(20))


def answering(
    good: Callable[[int], bool], **change: object
) -> tuple[Callable[[str], Answer], list[str]]:
    """An ``ask`` that answers the questions whose number is ``good``, and what it was asked."""
    asked: list[str] = []

    def ask(question: str) -> Answer:
        asked.append(question)
        number = int(question.rsplit(maxsplit=1)[-1].rstrip("؟"))
        source = change.get("document_id", f"وثيقة {number}")
        citation = Citation(1, "س", None, 0, 1, "ن", "", str(source), "ف")
        answered = good(number)
        confidence = float(str(change.get("confidence", 0.9)))
        text, cited = ("1957", (citation,)) if answered else ("", ())
        return Answer(question, question, text, not answered, confidence, cited, ())

    return ask, asked


def test_only_answered_questions_are_kept_in_order_and_no_more_is_asked_than_needed() -> None:
    ask, asked = answering(lambda n: n % 2 == 1)
    kept = confirmed(CANDIDATES, ask, most=3)
    assert kept == tuple(CANDIDATES[n].question for n in (1, 3, 5))
    assert len(asked) == 6


def test_tries_are_bounded() -> None:
    ask, asked = answering(lambda _: False)
    assert confirmed(CANDIDATES, ask, tries=5) == ()
    assert len(asked) == 5


@pytest.mark.parametrize("change", [{"confidence": 0.49}, {"document_id": "وثيقة أخرى"}])
def test_an_unsure_answer_or_one_from_elsewhere_is_not_kept(change: dict[str, object]) -> None:
    ask, _ = answering(lambda _: True, **change)
    assert confirmed(CANDIDATES, ask) == ()


def index_of(*documents: Document) -> SearchIndex:
    by_id = {d.id: d for d in documents}
    store = SimpleNamespace(document_ids=lambda: list(by_id))
    generation = SimpleNamespace(store=store)
    return cast("SearchIndex", SimpleNamespace(generation=generation, document=by_id.__getitem__))


class Answering(Pipeline):
    """Answers everything from the document that it was given."""

    def __init__(self, *documents: Document) -> None:
        self.index, self.asked = index_of(*documents), list[str]()
        super().__init__(lambda: self.index, cast("Any", None), 0.5)
        self.documents = documents

    def ask(
        self,
        question: str,
        among: Rows | None = None,
        history: Sequence[Exchange] = (),
        mood: str | None = None,
    ) -> Answer:
        assert among is None
        assert mood is None
        assert not history
        self.asked.append(question)
        cited = tuple(
            Citation(n, d.source, None, 0, 1, d.text[:1], "", d.id, "ف")
            for n, d in enumerate(self.documents, 1)
        )
        return Answer(question, question, "نعم", False, 0.9, cited, ())


OWN = Document("تقرير.txt", "تأسست جامعة حلب عام 1958. تقع مدينة اللاذقية في الساحل.")
OWN_QUESTIONS = ("متى تأسست جامعة حلب؟", "أين تقع مدينة اللاذقية؟")


def test_the_pipeline_works_its_examples_out_once_for_each_generation() -> None:
    pipeline = Answering(OWN)
    assert pipeline.examples() == OWN_QUESTIONS
    assert pipeline.examples() == pipeline.examples(wait=False) == OWN_QUESTIONS
    assert pipeline.asked == list(OWN_QUESTIONS)
    pipeline.index = index_of(Document("آخر.txt", "لا سؤال هنا."))
    assert pipeline.examples(wait=False) == ()
    assert pipeline.examples() == ()


def test_not_waiting_opens_and_asks_nothing() -> None:
    def fail() -> SearchIndex:
        raise AssertionError("the index was opened")

    assert Pipeline(fail, cast("Any", None), 0.5).examples(wait=False) == ()


def test_many_callers_share_the_work() -> None:
    pipeline, barrier = Answering(OWN), Barrier(8)
    found: list[tuple[str, ...]] = []

    def call() -> None:
        barrier.wait(10)
        found.append(pipeline.examples())

    threads = [Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert found == [OWN_QUESTIONS] * 8
    assert pipeline.asked == list(OWN_QUESTIONS)


def test_the_bundled_texts_have_a_list_of_their_own() -> None:
    pipeline = Answering(Document("texts/itu.txt", OWN.text))
    assert pipeline.examples() == ("أين يقع مقر الاتحاد الدولي للاتصالات؟",)
    assert pipeline.asked == []
    assert examples_for(["texts/itu.txt", "تقرير.docx"]) == ()
    assert examples_for(["itu.pdf"]) == ()
