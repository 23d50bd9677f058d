"""Conversations on the page: answered and kept, reopened, judged, renamed, deleted."""

from typing import Any

import pytest

from corpus.errors import DalilError
from qa.answer import Exchange
from tests.ui import fake_pipeline as fake
from tests.ui.fake_library import workspace_over
from tests.ui.reading import Reading
from ui.page import Page
from ui.strings import ARABIC
from ui.talking import conversing, faulted, fresh, judged, renamed_or_deleted, reopened, source_of
from ui.visit import Visit

ME, OTHER = "me", "somebody else"


@pytest.fixture
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline()


@pytest.fixture
def page(pipeline: fake.FakePipeline) -> Page:
    return Page(workspace_over(pipeline), ARABIC)


def talked(page: Page, *questions: str, owner: str = ME) -> Visit:
    """A visit after these questions."""
    visit = page.arrive()
    for question in questions:
        visit = merged(conversing(page, owner, question, visit))["visit"]
    return visit


def merged(changes: Any) -> dict[str, Any]:
    """What the page shows at the end."""
    return {name: value for values in changes for name, value in values.items()}


# Asking


def test_an_answer_comes_in_steps_and_is_kept(page: Page) -> None:
    busy, done = conversing(page, ME, fake.WHEN, page.arrive())
    assert busy["visit"].turns[-1].pending
    assert ARABIC.busy in busy["log"]
    assert busy["box"] == ""
    assert "disabled" in Reading(busy["head"]).each("select")[0]
    assert "disabled" not in Reading(done["head"]).each("select")[0]
    visit = done["visit"]
    assert "16 أكتوبر 2002" in Reading(done["log"]).text
    assert "box" not in done, "what was typed meanwhile stays"
    quote = visit.turns[0].answer.citations[0].quote
    assert Reading(source_of(page, visit)["panel"]).marked == quote
    kept = page.workspace.conversations
    assert kept.turns(ME, visit.conversation) == visit.turns
    assert kept.turns(OTHER, visit.conversation) == ()
    assert Reading(done["log"]).each("button", data_act="judge")
    (row,) = Reading(done["side"]).each("button", data_act="talk")
    assert (row["data-talk"], row["aria-current"]) == (visit.conversation, "true")


def test_the_next_question_goes_on_with_the_conversation(
    page: Page, pipeline: fake.FakePipeline
) -> None:
    visit = talked(page, fake.WHEN, fake.WHERE)
    assert visit.conversation is not None
    assert page.workspace.conversations.turns(ME, visit.conversation) == visit.turns
    assert len(page.workspace.conversations.headings(ME)) == 1
    first = visit.turns[0].answer
    assert first is not None
    assert pipeline.histories == [(), (Exchange(first.query, first.text),)]


@pytest.mark.parametrize("question", ["", "  ", " \u061f ", "\u202e…"])
def test_a_question_without_a_word_is_only_noted(
    page: Page, pipeline: fake.FakePipeline, question: str
) -> None:
    (values,) = conversing(page, ME, question, page.arrive())
    assert set(values) == {"note", "visit"}
    assert ARABIC.empty_question in values["note"]
    assert pipeline.asked == []


def test_a_source_opens_with_its_answer_and_not_again(page: Page) -> None:
    visit = talked(page, fake.WHEN)
    assert source_of(page, visit)
    (values,) = conversing(page, ME, " ", visit)
    assert values["visit"] == visit
    assert source_of(page, values["visit"]) == {}, "the source that one reads stays"
    busy, _ = conversing(page, ME, fake.WHERE, visit)
    assert source_of(page, busy["visit"]) == {}
    assert source_of(page, page.arrive()) == {}


def test_a_refused_question_comes_back_to_be_mended(page: Page) -> None:
    _, done = conversing(page, ME, fake.REFUSED, page.arrive())
    assert done["box"] == fake.REFUSED
    assert ARABIC.failed in done["log"]
    assert ARABIC.source_empty in source_of(page, done["visit"])["panel"]
    assert page.workspace.conversations.turns(ME, done["visit"].conversation) == done["visit"].turns


def test_who_has_no_name_gets_an_answer_that_is_not_kept(page: Page) -> None:
    visit = talked(page, fake.WHEN, owner="")
    assert visit.turns[0].answer is not None
    assert visit.conversation is None
    assert page.workspace.conversations.headings("") == ()
    assert not Reading(page.chat(visit)).each("button", data_act="judge")


def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(page: Page) -> None:
    visit = talked(page, fake.WHEN)
    assert visit.conversation is not None
    page.workspace.conversations.delete(ME, visit.conversation)
    shown = merged(conversing(page, ME, fake.WHERE, visit))
    assert "جنيف" in Reading(shown["log"]).text
    assert "هذه المحادثة لم تعد موجودة" in shown["note"]
    assert not Reading(shown["log"]).each("button", data_act="judge")
    later = merged(conversing(page, ME, fake.UNESCO, shown["visit"]))
    assert later["note"] == ""
    assert page.workspace.conversations.headings(ME) == ()


def test_a_fault_is_kept_in_its_place_so_that_judgements_find_theirs(page: Page) -> None:
    asking = next(conversing(page, ME, fake.BROKEN, page.arrive()))["visit"]
    shown = faulted(page, ME, asking)
    assert ARABIC.fault in shown["log"]
    assert not shown["visit"].busy
    assert "disabled" not in Reading(shown["head"]).each("select")[0]
    assert Reading(shown["side"]).each("button", aria_current="true")
    visit = merged(conversing(page, ME, fake.WHEN, shown["visit"]))["visit"]
    assert page.workspace.conversations.turns(ME, visit.conversation) == visit.turns
    judged(page, ME, visit, {"turn": 1, "kind": "right"})
    (found,) = page.workspace.conversations.judged()
    assert found.turn.question == fake.WHEN
    assert faulted(page, ME, visit)["visit"] == visit


# Judging


def test_a_judgement_is_kept_and_shown(page: Page) -> None:
    visit = talked(page, fake.WHEN, fake.UNKNOWN)
    assert visit.conversation is not None
    shown = judged(page, ME, visit, {"turn": 1, "kind": "wrong"})
    pressed = Reading(shown["log"]).each("button", aria_pressed="true")
    assert [(a["data-turn"], a["data-kind"]) for a in pressed] == [("1", "wrong")]
    again = judged(
        page, ME, shown["visit"], {"turn": 1, "kind": "wrong", "comment": "ألف <b>وثلاثة</b>"}
    )
    assert ARABIC.thanks in again["log"]
    (judgement,) = page.workspace.conversations.judgements(ME, visit.conversation)
    assert (judgement.place, judgement.kind) == (1, "wrong")
    assert judgement.comment == "ألف <b>وثلاثة</b>"
    assert again["visit"].judged == {1: judgement}


def test_what_two_pages_added_at_once_is_judged_as_what_it_is(page: Page) -> None:
    first = talked(page, fake.WHEN)
    assert first.conversation is not None
    second = reopened(page, ME, page.arrive(), {"talk": first.conversation})["visit"]
    first = merged(conversing(page, ME, fake.WHERE, first))["visit"]
    second = merged(conversing(page, ME, fake.UNKNOWN, second))["visit"]
    kept = page.workspace.conversations
    shown = judged(page, ME, second, {"turn": 1, "kind": "wrong"})
    assert list(shown) == ["note"]
    assert "ليس في المحادثة المحفوظة" in shown["note"]
    assert kept.judgements(ME, first.conversation) == ()
    judged(page, ME, first, {"turn": 1, "kind": "right"})
    (found,) = kept.judged()
    assert found.turn.question == fake.WHERE


@pytest.mark.parametrize(
    "choice",
    [
        {},
        {"turn": 0},
        {"turn": 0, "kind": "clever"},
        {"turn": 1, "kind": "right"},
        {"turn": -1, "kind": "right"},
        {"turn": "0", "kind": "right"},
    ],
)
def test_what_is_no_judgement_changes_nothing(page: Page, choice: dict[str, object]) -> None:
    visit = talked(page, fake.WHEN)
    assert visit.conversation is not None
    assert judged(page, ME, visit, choice) == {}
    assert page.workspace.conversations.judgements(ME, visit.conversation) == ()


def test_nobody_judges_for_somebody_else_or_at_endless_length(page: Page) -> None:
    visit = talked(page, fake.WHEN)
    assert visit.conversation is not None
    kept = page.workspace.conversations
    shown = judged(page, OTHER, visit, {"turn": 0, "kind": "wrong"})
    assert "هذه المحادثة لم تعد موجودة" in shown["note"]
    shown = judged(page, ME, visit, {"turn": 0, "kind": "wrong", "comment": "س" * 3000})
    assert "3000" in shown["note"]
    assert kept.judgements(ME, visit.conversation) == ()
    assert judged(page, ME, Visit("fake", None, visit.turns), {"turn": 0, "kind": "right"}) == {}


# Earlier conversations


def test_an_earlier_conversation_comes_back_as_it_was(page: Page) -> None:
    earlier = talked(page, fake.WHEN, fake.UNKNOWN)
    earlier = judged(page, ME, earlier, {"turn": 0, "kind": "right"})["visit"]
    shown = reopened(page, ME, talked(page, fake.WHERE), {"talk": earlier.conversation})
    assert shown["visit"] == earlier
    assert shown["log"] == page.chat(earlier)
    assert shown["note"] == ""
    (current,) = Reading(shown["side"]).each("button", aria_current="true")
    assert current["data-talk"] == earlier.conversation
    follow_up = merged(conversing(page, ME, fake.UNESCO, shown["visit"]))["visit"]
    assert follow_up.conversation == earlier.conversation
    assert len(page.workspace.conversations.turns(ME, follow_up.conversation)) == 3


@pytest.mark.parametrize("owner", [OTHER, ""])
def test_nobody_opens_renames_or_deletes_what_is_somebody_elses(page: Page, owner: str) -> None:
    mine = talked(page, fake.WHEN)
    assert mine.conversation is not None
    kept = page.workspace.conversations
    heading = kept.heading(ME, mine.conversation)
    shown = reopened(page, owner, page.arrive(), {"talk": mine.conversation})
    assert list(shown) == ["note"]
    assert ARABIC.lost_conversation in shown["note"]
    choice = {"talk": mine.conversation}
    shown = renamed_or_deleted(page, owner, page.arrive(), choice | {"title": "لي"})
    assert list(shown) == ["note"]
    renamed_or_deleted(page, owner, page.arrive(), choice | {"forget": True})
    assert kept.heading(ME, mine.conversation) == heading
    assert kept.turns(ME, mine.conversation) == mine.turns


@pytest.mark.parametrize("choice", [{}, {"talk": "nothing"}, {"talk": 7}, {"talk": fake.HOSTILE}])
def test_a_conversation_that_is_not_there_is_said_to_be_lost(
    page: Page, choice: dict[str, object]
) -> None:
    shown = reopened(page, ME, page.arrive(), choice)
    assert list(shown) == ["note"]
    assert ARABIC.lost_conversation in shown["note"]


def test_a_conversation_whose_collection_is_gone_says_so(page: Page) -> None:
    visit = talked(page, fake.WHEN)
    gone = page.workspace.conversations.append(ME, None, "gone", visit.turns[0])
    shown = reopened(page, ME, visit, {"talk": gone})
    assert list(shown) == ["note"]
    assert "There is no such collection." in shown["note"]


def test_a_conversation_gets_another_name(page: Page) -> None:
    visit = talked(page, fake.WHEN)
    choice = {"talk": visit.conversation}
    shown = renamed_or_deleted(page, ME, visit, choice | {"title": fake.HOSTILE})
    (row,) = Reading(shown["side"]).each("input", name="title")
    assert str(row["value"]).startswith("<script>window.hurt = 1</script>")
    assert not Reading(shown["side"]).each("script")
    shown = renamed_or_deleted(page, ME, visit, choice | {"title": "  "})
    assert list(shown) == ["note"]
    assert "الاسم الجديد فارغ" in shown["note"]


def test_the_open_conversation_is_deleted_with_its_page_and_another_one_alone(page: Page) -> None:
    first, second = talked(page, fake.WHEN), talked(page, fake.WHERE)
    shown = renamed_or_deleted(page, ME, second, {"talk": first.conversation, "forget": True})
    assert set(shown) == {"side", "note"}
    shown = renamed_or_deleted(page, ME, second, {"talk": second.conversation, "forget": True})
    assert shown == fresh(page, ME, Visit("fake"))
    assert shown["visit"].turns == ()
    assert ARABIC.none_yet in shown["side"]
    assert page.workspace.conversations.headings(ME) == ()


def test_the_list_is_searched(page: Page) -> None:
    visit = talked(page, fake.WHEN)
    talked(page, fake.WHERE)
    found = Reading(page.side(ME, visit, "الاسكندريه")).each("button", data_act="talk")
    assert [a["data-talk"] for a in found] == [visit.conversation]
    assert ARABIC.none_found in page.side(ME, visit, "زرافة")
    assert ARABIC.none_yet in page.side(OTHER, visit)


def test_a_damaged_file_of_conversations_is_a_note_and_not_a_crash(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise DalilError("The disk is <full>.")

    monkeypatch.setattr(type(page.workspace.conversations), "append", full)
    shown = merged(conversing(page, ME, fake.WHEN, page.arrive()))
    assert "16 أكتوبر 2002" in Reading(shown["log"]).text
    assert "The disk is &lt;full&gt;." in shown["note"]
    asking = next(conversing(page, ME, fake.BROKEN, page.arrive()))["visit"]
    assert "The disk is &lt;full&gt;." in faulted(page, ME, asking)["note"]
