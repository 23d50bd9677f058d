"""Choices and questions as the page hands them on: errors in words, nothing invented."""

import re
import string
from dataclasses import fields, replace

import pytest

from corpus.document import Document
from corpus.errors import DalilError
from qa.answer import Exchange
from qa.context import Summary
from tests.ui import fake_pipeline as fake
from tests.ui.fake_library import workspace_over
from tests.ui.library_doubles import PDF
from tests.ui.reading import Reading
from ui.page import Page, as_data
from ui.strings import ARABIC, ENGLISH, Strings, strings_for
from ui.views import Turn
from ui.visit import Visit


@pytest.fixture
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline()


def page_over(pipeline: fake.FakePipeline, strings: Strings = ARABIC) -> Page:
    return Page(workspace_over(pipeline), strings)


def asked(page: Page, *questions: str) -> Visit:
    """A visit after these questions."""
    visit = page.arrive()
    for question in questions:
        visit = visit.asking(question).answered(page.answer(question, visit), None)
    return visit


# Choices


@pytest.mark.parametrize("whole", [{}, {"whole": True}])
@pytest.mark.parametrize(
    "choice",
    [
        {},
        {"turn": 5, "number": 1},
        {"turn": -1, "number": 1},
        {"turn": 0, "number": 9},
        {"turn": 0, "hit": -1},
        {"turn": 0, "hit": 0},
        {"turn": "0", "number": "1"},
        {"turn": 0},
        {"turn": 1, "number": 1},
        {"turn": 1, "hit": 0},
    ],
)
def test_a_choice_that_is_not_there_says_so(
    pipeline: fake.FakePipeline, choice: dict[str, object], whole: dict[str, object]
) -> None:
    page = page_over(pipeline)
    visit = asked(page, fake.WHEN, fake.REFUSED)
    assert ARABIC.gone in page.source(visit, choice | whole)


def test_a_choice_opens_the_quote_and_the_whole_text_around_it(
    pipeline: fake.FakePipeline,
) -> None:
    page = page_over(pipeline)
    visit = asked(page, fake.WHEN, fake.UNESCO)
    citation = pipeline.ask(fake.UNESCO).citations[1]
    quoted = Reading(page.source(visit, {"turn": 1, "number": 2}))
    assert quoted.marked == citation.quote
    (opener,) = quoted.each("button", data_act="open-whole")
    assert (opener["data-turn"], opener["data-number"]) == ("1", "2")
    whole = Reading(page.source(visit, {"turn": 1, "number": 2, "whole": True}))
    assert whole.marked == citation.quote
    assert fake.ITU in whole.text
    assert fake.ITU not in quoted.text


def test_a_choice_opens_a_near_passage_and_the_whole_text_around_it(
    pipeline: fake.FakePipeline,
) -> None:
    page = page_over(pipeline)
    visit = asked(page, fake.UNKNOWN)
    near = pipeline.ask(fake.UNKNOWN).hits[2].passage
    passage = Reading(page.source(visit, {"turn": 0, "hit": 2}))
    assert near.text in passage.text
    assert passage.marked == ""
    assert Reading(page.source(visit, {"turn": 0, "hit": 2, "whole": True})).marked == near.text


def test_a_new_answer_opens_its_first_source_and_an_abstention_none(
    pipeline: fake.FakePipeline,
) -> None:
    page = page_over(pipeline)
    first = Reading(page.first_source(asked(page, fake.WHEN, fake.UNESCO)))
    assert first.marked == pipeline.ask(fake.UNESCO).citations[0].quote
    for visit in (asked(page, fake.WHEN, fake.UNKNOWN), asked(page, fake.REFUSED), page.arrive()):
        assert ARABIC.source_empty in page.first_source(visit)


def test_a_source_whose_text_changed_since_shows_an_error(pipeline: fake.FakePipeline) -> None:
    page = page_over(pipeline)
    visit = asked(page, fake.WHEN, fake.UNKNOWN)
    for id, (document, passage) in pipeline.passages.items():
        moved = Document(document.source, "!" + document.text, pages=document.pages)
        pipeline.passages[id] = moved, passage
    for choice in ({"turn": 0, "number": 1}, {"turn": 1, "hit": 0}):
        for whole in (True, False):
            panel = page.source(visit, {**choice, "whole": whole})
            assert ARABIC.unverified_here in panel
            assert "افتُتحت" not in panel


def test_a_source_that_left_the_index_says_so(pipeline: fake.FakePipeline) -> None:
    page = page_over(pipeline)
    visit = asked(page, fake.WHEN, fake.UNKNOWN)
    pipeline.passages.clear()
    for choice in ({"turn": 0, "number": 1}, {"turn": 1, "hit": 0}):
        reading = Reading(page.source(visit, choice))
        assert reading.each("p", role="alert")
        assert "No passage" in reading.text


@pytest.mark.parametrize("original", [None, PDF.read_bytes(), b"%PDF-1.7 nothing more"])
def test_the_page_is_pictured_where_its_file_is_still_there(
    pipeline: fake.FakePipeline, original: bytes | None
) -> None:
    page = page_over(pipeline)
    visit = asked(page, fake.WHEN)
    citation = pipeline.ask(fake.WHEN).citations[0]
    assert citation.page == 3
    if original:
        pipeline.originals[citation.document_id] = original
    pictures = Reading(page.source(visit, {"turn": 0, "number": 1})).each("img")
    sound = original == PDF.read_bytes()
    assert [picture["alt"] for picture in pictures] == (["صفحة 3"] if sound else [])


@pytest.mark.parametrize("pages", [(), (0, 5)])
def test_the_same_text_from_a_file_without_such_pages_is_shown_without_a_picture(
    pipeline: fake.FakePipeline, pages: tuple[int, ...]
) -> None:
    page = page_over(pipeline)
    visit = asked(page, fake.WHEN)
    citation = pipeline.ask(fake.WHEN).citations[0]
    pipeline.originals[citation.document_id] = PDF.read_bytes()
    for id, (document, passage) in pipeline.passages.items():
        pipeline.passages[id] = replace(document, pages=pages), passage
    reading = Reading(page.source(visit, {"turn": 0, "number": 1}))
    assert reading.marked == citation.quote
    assert reading.each("img") == []


# Questions


def test_errors_become_words_without_a_traceback(pipeline: fake.FakePipeline) -> None:
    page = page_over(pipeline, ENGLISH)
    visit = asked(page, fake.REFUSED)
    html = page.chat(visit)
    assert ENGLISH.failed in html
    assert "&lt;b&gt;no&lt;/b&gt;" in html
    assert "dalil build texts" in html
    with pytest.raises(DalilError, match="The index is gone"):
        as_data(visit.turns[0])


def test_a_long_question_is_refused_in_the_readers_language(pipeline: fake.FakePipeline) -> None:
    page = page_over(pipeline)
    turn = page.answer("س" * 2001, page.arrive())
    assert "2001" in turn.failure
    assert turn.hint == ARABIC.shorten
    assert pipeline.asked == []


def test_a_follow_up_is_asked_with_what_was_searched_for_and_answered_before(
    pipeline: fake.FakePipeline,
) -> None:
    page = page_over(pipeline)
    visit = asked(page, fake.WHEN, fake.REFUSED)
    page.answer("ومن صمّمها؟", visit)
    first = visit.turns[0].answer
    assert first is not None
    assert pipeline.histories[0] == ()
    assert pipeline.histories[-1] == (Exchange(first.query, first.text),)


def test_a_collection_that_is_gone_is_an_error_in_words_everywhere(
    pipeline: fake.FakePipeline,
) -> None:
    page = page_over(pipeline)
    gone = replace(asked(page, fake.WHEN), collection="gone")
    turn = page.answer(fake.WHEN, gone)
    assert "There is no such collection." in turn.failure
    for html in (
        page.welcome(replace(gone, turns=())),
        page.library(gone),
        page.empty(gone),
        page.source(gone, {"turn": 0, "number": 1}),
    ):
        reading = Reading(html)
        assert reading.each("p", role="alert")
        assert "There is no such collection." in reading.text
    assert pipeline.asked == [fake.WHEN]


# What stands around the questions


def test_the_first_screen_offers_the_questions_of_the_collection(
    pipeline: fake.FakePipeline,
) -> None:
    page = page_over(pipeline)
    reading = Reading(page.welcome(page.arrive()))
    examples = reading.each("button", data_act="example")
    assert [a["data-number"] for a in examples] == ["0", "1", "2", "3"]
    summary, held = page.summary(page.arrive()), pipeline.describe()
    assert (summary.documents, summary.titles) == (held.documents, held.titles)


def test_nothing_is_offered_before_the_models_are_there(
    pipeline: fake.FakePipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_over(pipeline)
    monkeypatch.setattr(page.workspace.shelves, "ready", False)
    assert page.examples(page.arrive()) == ()
    assert ARABIC.loading in page.welcome(page.arrive())


def test_an_empty_collection_is_offered_texts_instead(
    pipeline: fake.FakePipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "describe", lambda: Summary(0, 0))
    page = page_over(pipeline)
    assert page.examples(page.arrive()) == ()
    assert ARABIC.empty_collection in page.welcome(page.arrive())


# Languages


def test_both_languages_say_everything() -> None:
    for field in fields(ARABIC):
        for strings in (ARABIC, ENGLISH):
            assert getattr(strings, field.name), field.name
        arabic, english = (blanks(getattr(s, field.name)) for s in (ARABIC, ENGLISH))
        assert arabic == english, field.name
    assert strings_for("en") is ENGLISH
    with pytest.raises(DalilError, match="'fr'"):
        strings_for("fr")


@pytest.mark.parametrize("name", ["done", "too_many_tries", "too_long"])
def test_no_noun_is_counted_that_would_not_fit_each_number(name: str) -> None:
    assert not re.search(r"\{\w+\} ?\w", getattr(ARABIC, name))


def blanks(sentence: str) -> set[str | None]:
    """The names of what is filled into a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence)} - {None}


# Visits


def test_a_visit_waits_for_its_answer_and_then_has_it() -> None:
    before = Visit("fake", "kept", (Turn("أ", failure="لا"),))
    asking = before.asking("ب")
    assert asking.turns[-1].pending
    assert before.turns == asking.turns[:1]
    done = asking.answered(Turn("ب", failure="بلى"), "kept")
    assert [turn.failure for turn in done.turns] == ["لا", "بلى"]
    assert (done.collection, done.conversation) == ("fake", "kept")


def test_the_application_wants_a_language_that_it_has() -> None:
    from ui.app import build_app

    with pytest.raises(DalilError, match="'fr'"):
        build_app(workspace_over(), "fr")
