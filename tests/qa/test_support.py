"""The check that stands between what a language model writes and what is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.document import Document, Passage
from corpus.passages import PassageSize, passages
from corpus.sentences import sentences_within
from corpus.terms import words
from index.hit import Hit
from qa.reader import Reading
from qa.support import Support, SupportCheck

TEXT = (
    "فتح القائد طارق مدينة الريحان سنة ٧١١ بعد حصار دام أربعين يومًا. وبنى فيها سبعة جسور، "
    "أطولها جسر السلام. لم يدخل جيشه القلعة الحمراء. يُرجَّح أن السور هُدم في القرن الثالث عشر. "
    "وقد صدّرت المدينة 1,250 طنًّا من الزيت و300 طن من الصابون في مارس 1920. عمل معظم أهلها في "
    "صناعة الزجاج."
)
DOCUMENT = Document("مدينة.txt", TEXT, "مدينة الريحان")
QUESTION = "ماذا عن مدينة الريحان؟"


class Convinced:
    """A reader that finds every passage to the point, or none."""

    def __init__(self, confidence: float = 1.0) -> None:
        self.confidence = confidence

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:  # noqa: ARG002
        return [
            Reading(hit, hit.passage.start, hit.passage.end, 1.0, self.confidence) for hit in hits
        ]


def hit_in(document: Document) -> Hit:
    (passage,) = passages(document, PassageSize(400, 0))
    return Hit(passage, document.source, 1.0, 0.9, 3.0)


def checked(
    sentence: str, document: Document = DOCUMENT, question: str = QUESTION, confidence: float = 1.0
) -> Support:
    check = SupportCheck(Convinced(confidence), lambda _: document)
    return check.check(sentence, question, hit_in(document))


@pytest.mark.parametrize(
    ("sentence", "there"),
    [
        ("فتح القائد طارق مدينة الريحان سنة 711.", "فتح القائد"),
        ("في سنة 711 فتح القائد طارق مدينة الريحان.", "فتح القائد"),
        ("القائد طارق فتح مدينة الريحان عام 711.", "فتح القائد"),
        ("بنى فيها 7 جسور، أطولها جسر السلام.", "وبنى"),
        ("لم يدخل جيشه القلعة الحمراء.", "لم يدخل"),
        ("وفقًا للنص، لم يدخل جيشه القلعة الحمراء.", "لم يدخل"),
        ("يرجح أن السور هدم في القرن ١٣.", "يُرجَّح"),
        ("صدرت المدينة ألفًا ومئتين وخمسين طنًّا من الزيت.", "وقد صدّرت"),
        ("صدرت مدينة الريحان 1250 طنًّا من الزيت.", "وقد صدّرت"),
        ("صدّرت المدينة 1250 طنا من الزيت و300 طن من الصابون في آذار 1920.", "وقد صدّرت"),
    ],
)
def test_what_the_passage_says_is_borne_out_by_that_sentence(sentence: str, there: str) -> None:
    place = checked(sentence).place
    assert place is not None
    assert TEXT[place[0] :].startswith(there)


@pytest.mark.parametrize(
    ("sentence", "lack"),
    [
        ("فتح القائد طارق مدينة الريحان سنة 712.", "numbers"),
        ("بنى فيها تسعة جسور، أطولها جسر السلام.", "numbers"),
        ("فتح القائد موسى مدينة الريحان سنة 711.", "words"),
        ("فتح القائد طارق مدينة الريحان بسبب موقعها.", "words"),
        ("دخل جيشه القلعة الحمراء.", "words"),
        ("يدخل جيشه القلعة الحمراء.", "negation"),
        ("السور هدم في القرن الثالث عشر.", "negation"),
        ("لم يفتح القائد طارق مدينة الريحان سنة 711.", "words"),
        ("صدرت المدينة 300 طن من الزيت.", "order"),
        ("صدرت المدينة 1250 كيلوغرامًا من الزيت.", "words"),
        ("عمل أهلها في صناعة الزجاج.", "order"),
        ("عمل كل أهلها في صناعة الزجاج.", "words"),
        ("فتحت مدينة الريحان القائد طارق سنة 711.", "words"),
        ("فتح مدينة القائد طارق الريحان سنة 711.", "order"),
        ("", "form"),
        ("طارق.", "form"),
        ("متى فتح القائد طارق مدينة الريحان؟", "form"),
        ("السؤال: فتح القائد طارق مدينة الريحان.", "form"),
        ("<b>فتح القائد طارق</b> مدينة الريحان.", "form"),
        ("فتح القائد طارق [مدينة](http://x.y) الريحان.", "form"),
        ("فتح القائد \u202eطارق مدينة الريحان.", "form"),
        ("فتح القائد طارق مدينة الريحان. " * 20, "form"),
    ],
)
def test_what_it_does_not_say_is_refused_with_what_is_lacking(sentence: str, lack: str) -> None:
    assert checked(sentence) == Support(None, lack)  # type: ignore[arg-type]


def test_words_too_far_apart_do_not_join() -> None:
    """The year stands in the first sentence, the glass in the last."""
    assert checked("عمل معظم أهلها في صناعة الزجاج سنة 711.").place is None


def test_a_passage_that_is_not_what_stands_in_its_document_bears_nothing_out() -> None:
    hit = hit_in(DOCUMENT)
    forged = replace(hit, passage=replace(hit.passage, text=TEXT.replace("٧١١", "٧١٢")))
    check = SupportCheck(Convinced(), lambda _: DOCUMENT)
    assert check.check("فتح القائد طارق مدينة الريحان سنة ٧١٢.", QUESTION, forged).place is None


FIGURES = st.integers(2, 9_999_999)
_SUBJECTS = ("المصنع", "الميناء", "القرية", "الجامعة", "المزرعة", "المتحف")
_VERBS = ("أنتج", "استقبل", "باع", "حفظ", "نقل")
_THINGS = ("كتابًا", "صندوقًا", "زائرًا", "لوحًا", "مقعدًا")
_PLACES = ("في الشمال", "عند السوق", "قرب البحر", "من الخشب")


@st.composite
def facts(draw: st.DrawFn) -> str:
    """«أنتج المصنع 320 صندوقًا في الشمال.»"""
    parts = [draw(st.sampled_from(some)) for some in (_VERBS, _SUBJECTS)]
    figure = draw(FIGURES)
    written = draw(st.sampled_from([str(figure), f"{figure:,}"]))
    if draw(st.booleans()):
        written = written.translate(str.maketrans("0123456789,", "٠١٢٣٤٥٦٧٨٩٬"))
    rest = [draw(st.sampled_from(some)) for some in (_THINGS, _PLACES)]
    return " ".join([*parts, written, *rest]) + "."


@st.composite
def texts(draw: st.DrawFn) -> tuple[Document, str]:
    """A text of some facts, and one of them."""
    said = draw(st.lists(facts(), min_size=1, max_size=6))
    between = draw(st.sampled_from([" ", "\n\n", "  "]))
    document = Document("نص.txt", between.join(said))
    return document, draw(st.sampled_from(said))


@given(texts())
def test_a_sentence_of_the_passage_is_borne_out_where_it_stands(
    given: tuple[Document, str],
) -> None:
    document, sentence = given
    place = checked(sentence, document, "ماذا حدث؟").place
    assert place is not None
    assert words(document.text[slice(*place)]) == words(sentence)  # the first that says it


@given(texts(), st.data())
def test_any_other_digit_is_refused(given: tuple[Document, str], data: st.DataObject) -> None:
    document, sentence = given
    digits = [i for i, letter in enumerate(sentence) if letter.isdigit()]
    at = data.draw(st.sampled_from(digits))
    other = data.draw(st.sampled_from([d for d in "123456789" if int(d) != int(sentence[at])]))
    changed = sentence[:at] + other + sentence[at + 1 :]
    assume(changed not in document.text)
    figures = re.findall(r"[\d,٬]+", changed)
    assume(not any(figure in document.text for figure in figures))
    assert checked(changed, document, "ماذا حدث؟").place is None


@given(texts(), st.data())
def test_the_place_is_whole_sentences_inside_the_passage(
    given: tuple[Document, str], data: st.DataObject
) -> None:
    document, sentence = given
    parts = sentence.split()
    kept = data.draw(st.lists(st.sampled_from(parts), min_size=1, max_size=8))
    place = checked(" ".join(kept), document, "ماذا حدث؟").place
    passage: Passage = hit_in(document).passage
    if place is not None:
        spans = sentences_within(document, (passage.start, passage.end))
        assert place[0] in {start for start, _ in spans}
        assert place[1] in {end for _, end in spans}
        assert passage.start <= place[0] < place[1] <= passage.end
