"""A language model words answers on the page: beside all else, stopped at will, kept."""

from collections.abc import Callable, Generator
from threading import Semaphore
from typing import Any

import pytest

from corpus.errors import DalilError
from qa.answer import Written
from qa.turn import Turn
from tests.ui import fake_pipeline as fake
from tests.ui.fake_library import workspace_over
from tests.ui.reading import Reading
from tests.ui.worded_pipeline import WordedPipeline
from ui.page import Page, as_data
from ui.strings import ARABIC, ENGLISH
from ui.talking import conversing, fresh, judged, renamed_or_deleted, reopened
from ui.visit import Visit
from ui.writing import ended, finished, stopped, writing

ME, OTHER = "me", "somebody else"
CHOICE = {"turn": 0, "kind": "right"}


@pytest.fixture
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline(writes=True)


@pytest.fixture
def page(pipeline: fake.FakePipeline) -> Page:
    return Page(workspace_over(pipeline), ARABIC)


def answered(page: Page, question: str = fake.WHEN, visit: Visit | None = None) -> Visit:
    """A visit whose answer is there, and not worded yet."""
    *_, done = conversing(page, ME, question, visit or page.arrive())
    found = done["visit"]
    assert isinstance(found, Visit)
    return found


def begun(page: Page, visit: Visit, sentences: int) -> Generator[dict[str, Any], None, None]:
    """The writing once so many sentences are there."""
    changes = writing(page, ME, visit)
    for _ in range(sentences + 1):
        next(changes)
    return changes


def kept(page: Page, visit: Visit) -> Turn:
    assert visit.conversation
    return page.workspace.conversations.turns(ME, visit.conversation)[-1]


def written_in(turn: Turn) -> Written:
    assert turn.answer is not None
    assert turn.answer.written is not None
    return turn.answer.written


def said(turn: Turn) -> list[str]:
    return [one.text for one in written_in(turn).sentences]


# Beside all else


def test_the_answer_is_there_before_the_model_wrote_anything(
    page: Page, pipeline: fake.FakePipeline
) -> None:
    *_, done = conversing(page, ME, fake.WHEN, page.arrive())
    assert pipeline.wrote == []
    visit = done["visit"]
    assert not visit.busy
    text = Reading(done["log"]).text
    assert "16 أكتوبر 2002" in text
    assert ARABIC.wording in text, "what goes on is said at once"
    assert kept(page, visit) == visit.turns[0]


def test_sentences_come_one_by_one_and_are_kept(page: Page) -> None:
    visit = answered(page)
    shown = [Reading(values["log"]).text for values in writing(page, ME, visit)]
    for count, text in enumerate(shown[:-1]):
        here = [words in text for words in (fake.OPENED, fake.DESIGNED, fake.HALL)]
        assert here == [place < count for place in range(3)]
        assert ARABIC.wording in text
    assert ARABIC.wording not in shown[-1]
    assert said(kept(page, visit)) == [fake.OPENED, fake.DESIGNED, fake.HALL]
    assert written_in(kept(page, visit)).state == "done"
    assert visit.latest().turns[-1] == kept(page, visit)


def test_only_the_conversation_changes(page: Page) -> None:
    for values in writing(page, ME, answered(page)):
        assert set(values) == {"log"}


def test_one_event_writes_and_another_does_not(page: Page) -> None:
    visit = answered(page)
    first = begun(page, visit, 1)
    assert list(writing(page, ME, visit)) == []
    assert len(list(first)) == 3
    assert list(writing(page, ME, visit)) == []


@pytest.mark.parametrize("question", [fake.UNKNOWN, fake.REFUSED, fake.FORGED])
def test_what_is_no_answer_is_not_worded(page: Page, question: str) -> None:
    visit = answered(page, question)
    assert list(writing(page, ME, visit)) == []
    assert ARABIC.wording not in page.chat(visit)


def test_without_a_model_all_is_as_it_was(page: Page, pipeline: fake.FakePipeline) -> None:
    pipeline.writes = False
    visit = answered(page)
    assert list(writing(page, ME, visit)) == []
    assert ARABIC.wording not in page.chat(visit)
    assert as_data(finished(page, visit, visit.turns[0]))["written"] is None


def test_an_opinion_given_meanwhile_is_not_lost(page: Page) -> None:
    visit = answered(page)
    changes = begun(page, visit, 1)
    opinion = judged(page, ME, visit, CHOICE)
    assert fake.OPENED in opinion["log"], "nor are the words that were there"
    for values in changes:
        assert Reading(values["log"]).each("button", data_kind="right", aria_pressed="true")
    assert page.workspace.conversations.judgements(ME, visit.conversation or "")
    assert opinion["visit"].latest().turns[-1] == kept(page, visit)


def test_a_source_that_a_sentence_brought_opens(page: Page) -> None:
    visit = answered(page)
    list(writing(page, ME, visit))
    panel = Reading(page.source(visit, {"turn": 0, "number": 2}))
    assert panel.marked.startswith("تضمّ المكتبة قاعة قراءة")
    assert ARABIC.gone in page.source(visit, {"turn": 0, "number": 3})


def test_who_has_no_name_gets_sentences_that_are_not_kept(page: Page) -> None:
    *_, done = conversing(page, "", fake.WHEN, page.arrive())
    (*_, last) = writing(page, "", done["visit"])
    assert fake.HALL in last["log"]
    assert page.workspace.conversations.headings("") == ()


# Stopped and overtaken


def test_a_reader_stops_it_and_what_was_written_stays(page: Page) -> None:
    visit = answered(page)
    changes = begun(page, visit, 2)
    shown = stopped(page, ME, visit)
    text = Reading(shown["log"]).text
    assert set(shown) == {"log"}
    assert ARABIC.wording_stopped in text
    assert fake.DESIGNED in text
    assert list(changes) == [], "nothing more comes"
    assert said(kept(page, visit)) == [fake.OPENED, fake.DESIGNED]
    assert written_in(kept(page, visit)).state == "stopped"
    assert stopped(page, ME, visit) == {}
    assert stopped(page, ME, page.arrive()) == {}


def test_it_can_be_stopped_before_it_has_begun(page: Page, pipeline: fake.FakePipeline) -> None:
    visit = answered(page)
    assert ARABIC.wording_stopped in stopped(page, ME, visit)["log"]
    assert list(writing(page, ME, visit)) == []
    assert pipeline.wrote == []


def test_the_next_question_is_answered_at_once_and_the_earlier_words_stay(
    page: Page, pipeline: fake.FakePipeline
) -> None:
    visit = answered(page)
    changes = begun(page, visit, 1)
    busy, done = conversing(page, ME, fake.WHERE, visit)
    for values in (busy, done):
        text = Reading(values["log"]).text
        assert fake.OPENED in text
        assert ARABIC.wording_stopped in text
        assert fake.DESIGNED not in text
    assert ARABIC.wording not in busy["log"]
    assert list(changes) == []
    assert [turn.question for turn in done["visit"].turns] == [fake.WHEN, fake.WHERE]
    first, _ = page.workspace.conversations.turns(ME, done["visit"].conversation)
    assert (first, said(first)) == (done["visit"].turns[0], [fake.OPENED])
    assert pipeline.histories[-1][0].answer == "16 أكتوبر 2002"
    (*_, last) = writing(page, ME, done["visit"])
    assert Reading(last["log"]).text.count(fake.OPENED) == 2


def test_what_is_no_question_stops_nothing(page: Page) -> None:
    visit = answered(page)
    changes = begun(page, visit, 1)
    (noted,) = conversing(page, ME, "؟", visit)
    assert list(writing(page, ME, noted["visit"])) == []
    assert len(list(changes)) == 3


def test_another_conversation_or_a_new_one_ends_it(page: Page) -> None:
    earlier = answered(page, fake.WHERE)
    list(writing(page, ME, earlier))
    ways: tuple[Callable[[Visit], dict[str, Any]], ...] = (
        lambda visit: reopened(page, ME, visit, {"talk": earlier.conversation}),
        lambda visit: fresh(page, ME, Visit(ended(page, ME, visit).collection)),
        lambda visit: reopened(page, ME, visit, {"talk": visit.conversation}),
    )
    for turn_to in ways:
        visit = answered(page)
        changes = begun(page, visit, 1)
        shown = turn_to(visit)
        assert ARABIC.wording not in shown["log"]
        assert list(changes) == []
        assert written_in(kept(page, visit)).state == "stopped"
    assert fake.OPENED in shown["log"], "reopened itself, it has what was written"


def test_a_conversation_that_is_deleted_meanwhile_is_gone(page: Page) -> None:
    visit = answered(page)
    changes = begun(page, visit, 1)
    choice = {"talk": visit.conversation, "forget": True}
    shown = renamed_or_deleted(page, ME, visit, choice)
    assert list(changes) == []
    assert shown["visit"].turns == ()
    assert page.workspace.conversations.headings(ME) == ()


def test_of_a_page_that_is_closed_what_was_written_is_kept(
    page: Page, pipeline: fake.FakePipeline
) -> None:
    visit = answered(page)
    changes = begun(page, visit, 2)
    assert said(kept(page, visit)) == [fake.OPENED, fake.DESIGNED], "also if it never ends"
    assert written_in(kept(page, visit)).state == "stopped"
    changes.close()
    assert written_in(kept(page, visit)).state == "stopped"
    assert visit.pen is not None
    assert visit.pen.ended
    assert pipeline.wrote == [fake.OPENED, fake.DESIGNED]


def test_a_server_that_stops_ends_it(page: Page, pipeline: fake.FakePipeline) -> None:
    pipeline.pen = Semaphore(1)
    visit = answered(page)
    changes = begun(page, visit, 1)
    page.workspace.stopping.set()
    assert len(list(changes)) == 1
    assert written_in(kept(page, visit)).state == "stopped"


# What goes wrong


def test_a_failure_is_noted_and_the_answer_stands(page: Page, pipeline: fake.FakePipeline) -> None:
    pipeline.state, pipeline.removed = "failed", 2
    visit = answered(page)
    (*_, last) = writing(page, ME, visit)
    text = Reading(last["log"]).text
    for words in (ARABIC.wording_failed, fake.TROUBLE_ARABIC, ARABIC.removed_two, fake.OPENED):
        assert words in text
    assert written_in(kept(page, visit)).trouble == fake.TROUBLE
    assert fake.TROUBLE in Reading(Page(page.workspace, ENGLISH).chat(visit)).text


def test_an_error_of_the_index_becomes_words() -> None:
    gone = DalilError("The passage is gone.", "Ask again.", arabic="لم يعد المقطع موجودًا.")
    page = Page(workspace_over(WordedPipeline(breaks=gone)), ARABIC)
    visit = answered(page)
    (*_, last) = writing(page, ME, visit)
    assert "لم يعد المقطع موجودًا." in last["log"]
    assert written_in(kept(page, visit)).state == "failed"
    assert said(kept(page, visit))


def test_a_fault_is_a_fault_and_what_was_written_stays() -> None:
    page = Page(workspace_over(WordedPipeline(breaks=RuntimeError("secret detail"))), ARABIC)
    visit = answered(page)
    with pytest.raises(RuntimeError):
        list(writing(page, ME, visit))
    assert written_in(kept(page, visit)).state == "stopped"
    assert "secret" not in page.chat(visit)
    assert ARABIC.wording not in page.chat(visit)


def test_a_forged_citation_closes_the_answer() -> None:
    page = Page(workspace_over(WordedPipeline(forged="تضمّ المكتبة ألف قاعة.")), ARABIC)
    visit = answered(page)
    (*_, last) = writing(page, ME, visit)
    assert ARABIC.withheld in last["log"]
    assert "ألف قاعة" not in last["log"]
    assert kept(page, visit).withheld


def test_what_cannot_be_kept_is_shown_and_noted(page: Page) -> None:
    visit = answered(page)
    page.workspace.conversations.delete(ME, visit.conversation or "")
    (*_, last) = writing(page, ME, visit)
    assert fake.HALL in last["log"]
    assert "هذه المحادثة لم تعد موجودة" in last["note"]


def test_a_collection_that_is_gone_ends_it_in_words(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = answered(page)

    def gone(*_: object) -> None:
        raise DalilError("There is no such collection.")

    monkeypatch.setattr(type(page.workspace.shelves), "pipeline", gone)
    (last,) = writing(page, ME, visit)
    assert "There is no such collection." in last["log"]


# For programs


def test_a_program_gets_all_that_was_written(page: Page, pipeline: fake.FakePipeline) -> None:
    pipeline.removed = 1
    visit = page.arrive()
    data = as_data(finished(page, visit, page.answer(fake.WHEN, visit)))
    assert data["written"]["state"] == "done"
    assert data["written"]["removed"] == 1
    assert [one["citations"] for one in data["written"]["sentences"]] == [[1], [1], [2]]
    assert [one["number"] for one in data["citations"]] == [1, 2]
    nothing = as_data(finished(page, visit, page.answer(fake.UNKNOWN, visit)))
    assert (nothing["written"], nothing["abstained"]) == (None, True)
