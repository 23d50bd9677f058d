"""Answers to HTML: whole, readable, and closed when a quotation does not hold."""

from dataclasses import replace

import pytest

from qa.answer import Answer
from qa.context import Summary
from qa.conversations import Judgement
from tests.ui import fake_pipeline as fake
from tests.ui.reading import Reading
from ui.strings import ARABIC, ENGLISH, Strings
from ui.views import Turn, answered, conversation, welcome


@pytest.fixture
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline()


def shown(pipeline: fake.FakePipeline, question: str) -> str:
    turn = answered(question, pipeline.ask(question), pipeline.context)
    return conversation((turn,), {}, ARABIC)


# Answers


def test_an_answer_shows_its_words_sources_pages_and_confidence(
    pipeline: fake.FakePipeline,
) -> None:
    html = shown(pipeline, fake.WHEN)
    text = Reading(html).text
    for piece in ("16 أكتوبر 2002", "مكتبة الإسكندرية.pdf", "صفحة 3", "ثقة عالية 93%"):
        assert piece in text
    assert "<b>16 أكتوبر 2002</b>" in html
    assert "نصوص/" not in text
    assert html.count('aria-current="true"') == 1


def test_references_in_the_text_become_buttons(pipeline: fake.FakePipeline) -> None:
    html = shown(pipeline, fake.UNESCO)
    references = [a for tag, a in Reading(html).tags if a.get("class") == "reference"]
    assert [a["data-number"] for a in references] == ["1", "2"]
    assert "صلة اليونسكو بالمكتبة والقمة" in Reading(html).text  # the search really run


def test_references_follow_their_lines(pipeline: fake.FakePipeline) -> None:
    found = pipeline.ask(fake.UNESCO)
    lines = replace(found, text="السطر الأوّل.\nالسطر الثاني.")
    html = conversation((Turn("س", lines),), {}, ARABIC)
    first, second = html.split("السطر الثاني.")
    assert 'class="reference" data-act="open" data-turn="0" data-number="1"' in first
    assert first.count('class="reference"') == 1
    assert second.split("</p>")[0].count('class="reference"') == 1


@pytest.mark.parametrize(
    ("quote", "answer", "shown"),
    [
        ("وُقّع سنة 12002 ثم سنة 2002.", "2002", "وُقّع سنة 12002 ثم سنة <b>2002</b>."),
        ("عقدُهم عقد جديد", "عقد", "عقدُهم <b>عقد</b> جديد"),
        ("بِعَقد أو عَقد", "قد", "بِعَ<b>قد</b> أو عَقد"),  # inside words only: the first
        ("يعقد العقد عقدٌ", "عقد", "يعقد العقد <b>عقد</b>ٌ"),
        ("في جنيف", "باريس", "في جنيف"),
        ("كلّه", "كلّه", "كلّه"),
        ("سعره (5 $)", "(5 $)", "سعره <b>(5 $)</b>"),
    ],
)
def test_the_answer_stands_out_where_it_is_a_word_of_its_own(
    pipeline: fake.FakePipeline, quote: str, answer: str, shown: str
) -> None:
    found = pipeline.ask(fake.WHEN)
    bent = replace(found.citations[0], quote=quote, answer=answer)
    html = conversation((Turn("س", replace(found, citations=(bent,))),), {}, ARABIC)
    assert f'<q dir="rtl">{shown}</q>' in html


def test_an_unknown_reference_stays_text(pipeline: fake.FakePipeline) -> None:
    found = replace(pipeline.ask(fake.WHEN), text="جواب [1] و[7]")
    html = conversation((Turn("س", found),), {}, ARABIC)
    assert html.count('class="reference"') == 1
    assert "[7]" in html


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(0.8, "ثقة عالية 80%"), (0.79, "ثقة متوسّطة 79%"), (0.2, "ثقة منخفضة 20%")],
)
def test_confidence_in_words_and_percent(
    pipeline: fake.FakePipeline, confidence: float, words: str
) -> None:
    found = replace(pipeline.ask(fake.WHEN), confidence=confidence)
    assert words in Reading(conversation((Turn("س", found),), {}, ARABIC)).text


def test_an_abstention_lists_near_passages_and_the_search(pipeline: fake.FakePipeline) -> None:
    html = shown(pipeline, fake.UNKNOWN)
    assert ARABIC.abstained in html
    assert f"{ARABIC.searched_for}: {fake.UNKNOWN}" in Reading(html).text
    assert [a["data-hit"] for _, a in Reading(html).tags if "data-hit" in a] == ["0", "1", "2"]
    assert "%" not in Reading(html).text


def test_a_long_question_is_shortened_on_show() -> None:
    html = conversation((Turn("س" * 5000),), {}, ARABIC)
    assert html.count("س" * 600) == 1
    assert "س" * 601 not in html


def test_the_first_screen_offers_examples_and_counts() -> None:
    html = welcome(Summary(12, 340), ("ما <هذا>؟", "What is it?"), ARABIC, ready=True)
    assert 'data-act="example" data-number="0" dir="rtl">ما &lt;هذا&gt;؟<' in html
    assert 'data-number="1" dir="ltr">What is it?<' in html
    assert "النصوص 12" in Reading(html).text
    assert "data-wait" not in html


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_the_first_screen_waits_for_the_model(strings: Strings) -> None:
    reading = Reading(welcome(Summary(12, 340), ("ما هذا؟",), strings, ready=False))
    assert len(reading.each("p", data_wait=None, role="status")) == 1
    assert strings.loading in reading.text
    assert reading.each("button") == []


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_the_first_screen_of_an_empty_collection_leads_to_the_library(strings: Strings) -> None:
    reading = Reading(welcome(Summary(0, 0), (), strings, ready=True))
    (button,) = reading.each("button")
    assert (button["data-act"], button["data-view"]) == ("view", "library")
    assert strings.add_texts in reading.text


# Long conversations, and what is thought of their answers


def test_of_a_long_conversation_the_last_turns_are_shown_in_their_places(
    pipeline: fake.FakePipeline,
) -> None:
    found = pipeline.ask(fake.WHEN)
    turns = tuple(Turn(f"سؤال {n}", found) for n in range(60))
    reading = Reading(conversation(turns, {}, ARABIC))
    assert len(reading.each("section")) == 50
    assert [a["data-turn"] for a in reading.each("button", class_="card")] == [
        str(n) for n in range(10, 60)
    ]


def test_an_answer_can_be_judged_once_it_is_kept(pipeline: fake.FakePipeline) -> None:
    turns = (
        answered(fake.WHEN, pipeline.ask(fake.WHEN), pipeline.context),
        Turn("س", failure="لا", hint="بلى"),
        answered(fake.UNKNOWN, pipeline.ask(fake.UNKNOWN), pipeline.context),
        Turn("بعد"),
    )
    judged = {2: Judgement(2, "right", "")}
    assert not Reading(conversation(turns, judged, ARABIC)).each("button", data_act="judge")
    reading = Reading(conversation(turns, judged, ARABIC, "kept"))
    pressed = reading.each("button", data_act="judge")
    assert [a["data-turn"] for a in pressed] == ["0"] * 3 + ["2"] * 3
    assert [a["data-kind"] for a in pressed if a["aria-pressed"] == "true"] == ["right"]
    assert reading.each("div", role="log")[0]["data-conversation"] == "kept"


# Fail closed


def test_a_forged_quotation_withholds_the_answer(pipeline: fake.FakePipeline) -> None:
    html = shown(pipeline, fake.FORGED)
    assert ARABIC.withheld in html
    assert "2003" not in html


def test_one_bad_citation_of_two_withholds_the_answer(pipeline: fake.FakePipeline) -> None:
    found = pipeline.ask(fake.UNESCO)
    first, second = found.citations
    bent = replace(found, citations=(first, replace(second, start=second.start - 1)))
    turn = answered(fake.UNESCO, bent, pipeline.context)
    assert turn.answer is not None
    assert turn.answer.abstained
    assert turn.answer.text == ""


def test_an_answer_without_citations_is_not_shown(pipeline: fake.FakePipeline) -> None:
    bare = Answer("س", "س", "جواب بلا مصدر", False, 0.9, (), ())
    turn = answered("س", bare, pipeline.context)
    assert "جواب بلا مصدر" not in conversation((turn,), {}, ARABIC)


def test_a_citation_of_a_passage_that_left_the_index_is_withheld(
    pipeline: fake.FakePipeline,
) -> None:
    found = pipeline.ask(fake.WHEN)
    gone = replace(found, citations=(replace(found.citations[0], passage_id="gone"),))
    assert answered(fake.WHEN, gone, pipeline.context).withheld
