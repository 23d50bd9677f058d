"""What the support check's rules must not let through, and what they must keep, fault by fault."""

from __future__ import annotations

import pytest

from corpus.document import Document
from corpus.normalise import fold
from qa.support_numbers import number_at
from qa.support_reading import is_joined_on
from tests.qa.test_support import checked


def shown(heading: str, passage: str, sentence: str, question: str = "ماذا حدث؟") -> bool:
    return checked(sentence, Document("نص.txt", passage, heading), question).place is not None


AHLI, EUPHRATES = "النادي الأهلي", "الفرات"
BEATEN, WON = "وهزمه الزمالك في النهائي.", "وهزم الزمالك في النهائي."


@pytest.mark.parametrize(
    ("heading", "passage", "sentence"),
    [
        (AHLI, BEATEN, "هزم الأهلي الزمالك في النهائي."),
        (AHLI, BEATEN, "الأهلي هزم الزمالك في النهائي."),
        (AHLI, BEATEN, "هزمه الأهلي الزمالك في النهائي."),
        (AHLI, "وفي النهائي ضربه الزمالك.", "في النهائي ضرب الأهلي الزمالك."),
        (AHLI, "وهزمه نادي الزمالك في النهائي.", "هزم الأهلي نادي الزمالك في النهائي."),
        (AHLI, f"تأسس الأهلي سنة 1907، {BEATEN}", "هزم الأهلي الزمالك في النهائي."),
        (AHLI, WON, "هزم الزمالك الأهلي في النهائي."),
        (AHLI, WON, "الزمالك هزم الأهلي في النهائي."),
        (EUPHRATES, "ويفوقه النيل طولًا.", "يفوق الفرات النيل طولًا."),
        ("خالد", "وقتل الأمير في المعركة.", "قتل الأمير خالد في المعركة."),
        ("خالد", "ومنحه الملك وسامًا سنة 1950.", "منح خالد الملك وسامًا سنة 1950."),
    ],
)
def test_a_name_of_the_heading_does_not_change_places_with_another(
    heading: str, passage: str, sentence: str
) -> None:
    assert not shown(heading, passage, sentence, f"ماذا عن {heading}؟")


@pytest.mark.parametrize(
    ("heading", "passage", "sentence"),
    [
        (AHLI, BEATEN, "هزم الزمالك الأهلي في النهائي."),
        (AHLI, BEATEN, "الأهلي هزمه الزمالك في النهائي."),
        (AHLI, WON, "هزم الأهلي الزمالك في النهائي."),
        (AHLI, "فاز النادي بالكأس سنة 1950.", "فاز النادي الأهلي بالكأس سنة 1950."),
        (EUPHRATES, "ويفوقه النيل طولًا.", "يفوق النيل الفرات طولًا."),
        ("خالد", "ومنحه الملك وسامًا سنة 1950.", "منح الملك خالدًا وسامًا سنة 1950."),
        ("مصر", "وعاصمتها القاهرة منذ زمن.", "عاصمة مصر القاهرة منذ زمن."),
        ("العلم", "لونه أحمر فاتح.", "لون العلم أحمر فاتح."),
        ("النيل", "ويبلغ طوله 6650 كيلومترًا.", "يبلغ طول النيل 6650 كيلومترًا."),
        ("الديوان", "نشره في دمشق سنة 1900.", "نشر الديوان في دمشق سنة 1900."),
        ("القصر", "بُنيت أسواره الحجرية سنة 1200.", "بنيت أسوار القصر الحجرية سنة 1200."),
        ("مكتبة الواحة", "تضم المكتبة 300 كتاب.", "تضم مكتبة الواحة 300 كتاب."),
        ("طارق", "فتح القائد المدينة سنة 711.", "فتح القائد طارق المدينة سنة 711."),
    ],
)
def test_a_name_of_the_heading_may_stand_for_its_pronoun(
    heading: str, passage: str, sentence: str
) -> None:
    assert shown(heading, passage, sentence, f"ماذا عن {heading}؟")


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("نجح جميع الطلاب إلا خالدًا.", "نجح جميع الطلاب."),
        ("نجح جميع الطلاب، إلا خالدًا.", "نجح جميع الطلاب."),
        ("نجح جميع الطلاب باستثناء خالد.", "نجح جميع الطلاب."),
        ("نجح جميع الطلاب، ما عدا خالدًا.", "نجح جميع الطلاب."),
        ("باستثناء خالد، نجح جميع الطلاب.", "نجح جميع الطلاب."),
        ("يُفتح الباب كل يوم، إلا أن يأمر المدير بغير ذلك.", "يُفتح الباب كل يوم."),
        ("لم يحضر الحفل إلا خالد.", "لم يحضر الحفل خالد."),
        ("يبلغ طوله 300 متر تقريبًا.", "يبلغ طوله 300 متر."),
        ("يبلغ طوله 300 متر على وجه التقريب.", "يبلغ طوله 300 متر."),
        ("ولد عمر في طنجة على الأرجح سنة 1304.", "ولد عمر في طنجة سنة 1304."),
        ("ولد عمر في طنجة سنة 1304، على الأرجح.", "ولد عمر في طنجة سنة 1304."),
        ("على الأرجح، ولد عمر سنة 1304.", "ولد عمر سنة 1304."),
        ("والأرجح أن عمر ولد سنة 1304.", "ولد عمر سنة 1304."),
        ("يُعفى الطالب من الرسوم في حال تفوقه.", "يُعفى الطالب من الرسوم."),
        ("في حالة تفوق الطالب، يُعفى من الرسوم.", "يُعفى الطالب من الرسوم."),
        ("تُمنح الرخصة ما لم يعترض الجيران.", "تُمنح الرخصة."),
        ("تُمنح الرخصة للبناء، ما لم يعترض الجيران.", "تُمنح الرخصة للبناء."),
    ],
)
def test_exceptions_and_conditions_are_not_left_out(passage: str, sentence: str) -> None:
    assert not shown("نص", passage, sentence)
    assert shown("نص", passage, passage)


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("كان خالد فقيرًا في صغره، إلا أنه تعلم القراءة.", "كان خالد فقيرًا في صغره."),
        ("عُثر على التمثال في حالة جيدة سنة 1950.", "عُثر على التمثال سنة 1950."),
        ("أوصى الطبيب خالدًا ألّا يأكل السمك.", "أوصى الطبيب خالدًا بأن لا يأكل السمك."),
        ("تُمنح الرخصة ما لم يعترض الجيران.", "تُمنح الرخصة إذا لم يعترض الجيران."),
        ("تتراوح الحرارة ما بين 20 و30 درجة.", "تتراوح الحرارة بين 20 و30 درجة."),
        ("هُدم السور، وهو ما أدى إلى سقوط المدينة.", "أدى ذلك إلى سقوط المدينة."),
    ],
)
def test_what_only_looks_like_one_may_be(passage: str, sentence: str) -> None:
    assert shown("نص", passage, sentence, "ما الذي أدى إلى ذلك؟")


@pytest.mark.parametrize(
    "told",
    [
        *("ظن القدماء", "اعتقد القدماء", "توقع القدماء", "فزعم القدماء", "ادعت فرقة", "أشيع"),
        *("كانوا يعتقدون", "كانوا قد ظنوا", "كانوا يظنون", "وقد زعموا", "وقد قالوا", "توقعت فرقة"),
        *("شاع بين القدماء", "وأشيع", "ساد الاعتقاد"),
    ],
)
def test_what_is_thought_or_claimed_is_not_said_outright(told: str) -> None:
    assert not shown("الأرض", f"{told} أن الأرض مسطحة.", "الأرض مسطحة.", "ما شكل الأرض؟")


@pytest.mark.parametrize("told", ["وجد الباحثون أن", "أثبت الباحثون أن"])
def test_what_is_found_to_be_is_so(told: str) -> None:
    assert shown("الأرض", f"{told} الأرض كروية.", "الأرض كروية.", "ما شكل الأرض؟")


def test_a_rumour_needs_its_that() -> None:
    passage = "شاع استعمال القهوة في مكة، ووصلت القهوة القاهرة سنة 1500."
    assert shown("القهوة", passage, "وصلت القهوة القاهرة سنة 1500.")


@pytest.mark.parametrize(
    ("passage", "sentence", "question"),
    [
        (
            "ما كتب المازني رواية أخرى بعد عام 1940.",
            "كتب المازني رواية أخرى بعد عام 1940.",
            "ما الرواية التي كتبها المازني بعد عام 1940؟",
        ),
        (
            "أُلغي افتتاح المعرض سنة 2020.",
            "تم افتتاح المعرض سنة 2020.",
            "لماذا أُلغي افتتاح المعرض؟",
        ),
        (
            "تأجل افتتاح المعرض سنة 2020.",
            "تم افتتاح المعرض سنة 2020.",
            "لماذا تأجل افتتاح المعرض؟",
        ),
    ],
)
def test_words_of_the_question_that_turn_a_sentence_round_are_not_left_out(
    passage: str, sentence: str, question: str
) -> None:
    assert not shown("نص", passage, sentence, question)
    assert shown("نص", passage, passage, question)


@pytest.mark.parametrize("word", ["آلاف", "الآلاف", "بملايين", "مليارات"])
def test_thousands_without_a_number_are_none(word: str) -> None:
    assert number_at([fold(word)], 0) is None


def test_thousands_are_a_number_behind_one() -> None:
    assert not shown("الكهف", "سُكن الكهف قبل آلاف السنين.", "سُكن الكهف قبل 1000 سنة.")
    assert shown("الكهف", "سُكن الكهف قبل خمسة آلاف سنة.", "سُكن الكهف قبل 5000 سنة.")


@pytest.mark.parametrize(
    "word", ["وعدنان", "وسامي", "وقتل", "وحدث", "وعدد", "وجدد", "والدوله", "وزار", "وجده", "ورقص"]
)
def test_a_word_behind_and_is_joined_on(word: str) -> None:
    assert is_joined_on(word)


@pytest.mark.parametrize(
    "word",
    [
        *("وزير", "وزيره", "وزاره", "ولدت", "وصلوا", "وقعت", "وحده", "واحده", "والدته", "وادي"),
        *(
            "وفاته",
            "ولايات",
            "وثيقه",
            "واجهت",
            "وافقت",
            "وطني",
            "وظيفته",
            "واقعيه",
            "وجدت",
            "وسطها",
        ),
    ],
)
def test_a_word_that_begins_with_waw_is_not(word: str) -> None:
    assert not is_joined_on(word)


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("قُتل خالد وعدنان في المعركة سنة 1920.", "قتل خالد عدنان في المعركة سنة 1920."),
        ("زار الملك وعدنان المدينة.", "زار الملك عدنان المدينة."),
    ],
)
def test_two_that_are_joined_stay_two(passage: str, sentence: str) -> None:
    assert not shown("نص", passage, sentence)
    assert shown("نص", passage, passage)


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("ولد عمر في 3 أيار/مايو 1921 في حلب.", "ولد عمر في 3 مايو 1921 في حلب."),
        ("بُني السد في كانون الثاني (يناير) 2019.", "بُني السد في يناير 2019."),
        ("بُني السد في آب/أغسطس 2019.", "بُني السد في أغسطس 2019."),
        ("بُني السد في أغسطس (آب) 2019.", "بُني السد في آب 2019."),
    ],
)
def test_a_month_under_two_names_is_one(passage: str, sentence: str) -> None:
    assert shown("نص", passage, sentence)


def test_two_months_stay_two() -> None:
    assert not shown("نص", "بُني السد في مايو/يونيو 2019.", "بُني السد في مايو 2019.")


SANUSI = "أسس القاضي إبراهيم السنوسي المكتبة."


def test_a_title_may_be_left_out_before_a_name_that_is_known() -> None:
    sentence = "أسس إبراهيم السنوسي المكتبة."
    assert shown("المكتبة", SANUSI, sentence, "ماذا أسس إبراهيم السنوسي؟")
    assert shown("إبراهيم السنوسي", SANUSI, sentence)
    assert not shown("المكتبة", SANUSI, sentence)
    born = "وُلدت الشاعرة سعاد الحلبي في حلب."
    assert shown("سعاد الحلبي", born, "وُلدت سعاد الحلبي في حلب.")


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("سلّم الرئيس محمدًا الجائزة.", "سلّم محمدًا الجائزة."),
        ("سلّم الرئيس محمدًا الجائزة.", "سلّم محمد الجائزة."),
        ("استقبلت الملكة سعاد في القصر.", "استقبلت سعاد في القصر."),
    ],
)
def test_nor_where_it_may_be_another(passage: str, sentence: str) -> None:
    assert not shown("محمد", passage, sentence, "من محمدًا وسعاد؟")


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("أُغلق المصنع سنة 1990 في طنجة.", "تم إغلاق المصنع سنة 1990."),
        ("أُنشئت المدرسة سنة 1990 في طنجة.", "تم إنشاء المدرسة سنة 1990."),
        ("أقيم المعرض في القاهرة سنة 1990.", "تمت إقامة المعرض في القاهرة سنة 1990."),
        ("أُطلقت القناة سنة 1990 في طنجة.", "تم إطلاق القناة سنة 1990."),
        ("أُصدرت المجلة سنة 1990 في طنجة.", "تم إصدار المجلة سنة 1990."),
    ],
)
def test_what_was_done_may_be_told_by_the_noun(passage: str, sentence: str) -> None:
    assert shown("نص", passage, sentence)


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("تقرر إغلاق المصنع سنة 1990.", "أُغلق المصنع سنة 1990."),
        ("أقام خالد المعرض في القاهرة سنة 1990.", "تمت إقامة خالد في القاهرة سنة 1990."),
        ("أطلق خالد النار سنة 1990.", "تم إطلاق خالد سنة 1990."),
    ],
)
def test_the_noun_of_a_deed_tells_no_more_than_it_does(passage: str, sentence: str) -> None:
    assert not shown("نص", passage, sentence)
