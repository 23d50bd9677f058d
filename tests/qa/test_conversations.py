"""What is kept of conversations, and what comes back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import DalilError
from qa.answer import Sentence, Written
from qa.conversations import Conversations, Judgement
from qa.turn import Turn, from_json, to_json
from tests.qa.kept_turns import abstained, cited

ME, OTHER = "me", "other"
FAILED = Turn("سؤال؟", failure="The index is gone.", hint="dalil index FOLDER")


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    conversations = Conversations(tmp_path / "data" / "conversations.sqlite")
    yield conversations
    conversations.close()


def titles(kept: Conversations, search: str = "", owner: str = ME) -> list[str]:
    return [heading.title for heading in kept.headings(owner, search)]


# Turns


@pytest.mark.parametrize(
    "turn",
    [
        cited("متى؟", "سبعة وعشرين يوماً", "", query="متى يدور القمر؟"),
        abstained("كم؟"),
        abstained("كم؟", withheld=True),
        FAILED,
    ],
)
def test_every_finished_turn_comes_back_as_it_was(kept: Conversations, turn: Turn) -> None:
    id = kept.append(ME, None, "own", turn)
    assert kept.turns(ME, id) == (turn,)


@given(st.text(), st.text(min_size=1), st.text(), st.text())
def test_any_words_come_back(question: str, quote: str, source: str, heading: str) -> None:
    turn = cited(question, "", quote=quote, source=source, heading=heading)
    assert from_json(to_json(turn)) == turn


def test_half_a_surrogate_pair_is_kept_as_a_question_mark(kept: Conversations) -> None:
    id = kept.append(ME, None, "own", cited("\ud83d متى؟", "أمس \udc00"))
    (turn,) = kept.turns(ME, id)
    assert (turn.question, turn.answer and turn.answer.text) == ("? متى؟", "أمس ?")
    kept.rename(ME, id, "عنوان \ud83d")
    kept.judge(ME, id, 0, "wrong", "تعليق \ud83d")
    assert titles(kept, "\ud83d") == ["عنوان ?"]
    assert kept.turns(ME, "\ud83d") == ()


def test_a_turn_that_waits_is_refused(kept: Conversations) -> None:
    with pytest.raises(ValueError, match="not answered yet"):
        kept.append(ME, None, "own", Turn("متى؟"))
    assert kept.headings(ME) == ()


def test_turns_stand_in_the_order_in_which_they_were_kept(kept: Conversations) -> None:
    id = kept.append(ME, None, "own", cited("أول", "1"))
    for question in ("ثان", "ثالث"):
        assert kept.append(ME, id, "own", cited(question, "2")) == id
    assert [turn.question for turn in kept.turns(ME, id)] == ["أول", "ثان", "ثالث"]


def test_they_are_there_for_the_next_program(tmp_path: Path) -> None:
    first = Conversations(tmp_path / "c.sqlite")
    id = first.append(ME, None, "own", FAILED)
    first.judge(ME, id, 0, "wrong", "أمس")
    first.close()
    second = Conversations(tmp_path / "c.sqlite")
    assert second.turns(ME, id) == (FAILED,)
    assert second.judgements(ME, id) == (Judgement(0, "wrong", "أمس"),)
    second.close()


# Headings


def test_a_heading_says_what_the_conversation_is_about(kept: Conversations) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    id = kept.append(ME, None, "own", cited("  متى\nيدور  القمر؟ ", "أمس"))
    heading = kept.heading(ME, id)
    assert heading is not None
    assert kept.headings(ME) == (heading,)
    assert (heading.id, heading.title, heading.collection) == (id, "متى يدور القمر؟", "own")
    updated = datetime.fromisoformat(heading.updated)
    assert updated.tzinfo == UTC
    assert before <= updated <= datetime.now(UTC)
    kept.append(ME, id, "bundled", cited("وأين؟", "هنا"))
    assert kept.headings(ME)[0].collection == "bundled"


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("س" * 60, "س" * 60),
        ("س" * 61, "س" * 59 + "…"),
        ("كلمة " * 11 + "طويلة جدًّا", "كلمة " * 10 + "كلمة…"),
        ("ك" * 59 + " ثم", "ك" * 59 + "…"),
        (" \n", "…"),
    ],
)
def test_a_long_question_is_cut_behind_a_word(
    kept: Conversations, question: str, title: str
) -> None:
    kept.append(ME, None, "own", cited(question, "أمس"))
    assert titles(kept) == [title]


@given(st.text(alphabet="اب \n", max_size=150))
def test_a_title_is_the_beginning_of_its_question(question: str) -> None:
    from qa.conversations import _shortened

    line, title = " ".join(question.split()), _shortened(question)
    assert 1 <= len(title) <= 60
    assert line.startswith(title.removesuffix("…"))
    assert title == line or title.endswith("…")


def test_the_last_changed_stands_first(kept: Conversations) -> None:
    first, _, third = (kept.append(ME, None, "own", cited(q, "1")) for q in ("أ", "ب", "ج"))
    assert titles(kept) == ["ج", "ب", "أ"]
    kept.append(ME, first, "own", cited("د", "1"))
    kept.rename(ME, third, "ثالث")
    assert titles(kept) == ["أ", "ثالث", "ب"]
    assert len(kept.headings(ME, limit=2)) == 2
    assert kept.headings(ME, limit=0) == kept.headings(ME, limit=-1) == ()


def test_search_reads_titles_questions_and_answers_in_any_spelling(kept: Conversations) -> None:
    kept.append(ME, None, "own", cited("من كتب القصيدة؟", "أَحْمَد شوقي"))
    second = kept.append(ME, None, "own", abstained("كم سؤالًا في المسألة رقم ١٢؟"))
    kept.append(OTHER, None, "own", cited("من أحمد؟", "شاعر"))
    for found in ("احمد", "أحمَد", "  شوقي   احمد ", "القصيده", "قصيد"):
        assert titles(kept, found) == ["من كتب القصيدة؟"], found
    assert titles(kept, "المساله 12") == ["كم سؤالًا في المسألة رقم ١٢؟"]
    assert titles(kept, "احمد المسألة") == titles(kept, "%") == titles(kept, "غائب") == []
    assert len(titles(kept, " \n")) == len(titles(kept, "\u064b")) == 2
    kept.rename(ME, second, "الإحصاء")
    assert titles(kept, "احصا") == ["الإحصاء"]
    assert titles(kept, "سؤال " * 5_000) == ["الإحصاء"]


def test_a_new_title_is_trimmed_and_an_empty_one_refused(kept: Conversations) -> None:
    id = kept.append(ME, None, "own", FAILED)
    kept.rename(ME, id, f"  عنوان \n جديد {'س' * 200}")
    assert titles(kept) == [f"عنوان جديد {'س' * 200}"[:120]]
    for empty in ("", " \n", "\u202e\u200f"):
        with pytest.raises(DalilError, match="empty"):
            kept.rename(ME, id, empty)
    kept.rename(ME, id, "⭐")
    assert titles(kept) == ["⭐"]


def test_what_is_deleted_is_gone_with_its_judgements(kept: Conversations) -> None:
    gone = kept.append(ME, None, "own", cited("متى؟", "أمس"))
    stays = kept.append(ME, None, "own", cited("أين؟", "هنا"))
    for id in (gone, stays):
        kept.judge(ME, id, 0, "right")
    kept.delete(ME, gone)
    kept.delete(ME, gone)
    assert kept.heading(ME, gone) is None
    assert titles(kept) == ["أين؟"]
    assert kept.turns(ME, gone) == ()
    assert kept.judgements(ME, gone) == ()
    assert [one.turn.question for one in kept.judged()] == ["أين؟"]
    for change in (
        lambda: kept.rename(ME, gone, "عنوان"),
        lambda: kept.judge(ME, gone, 0, "right"),
        lambda: kept.append(ME, gone, "own", FAILED),
    ):
        with pytest.raises(DalilError, match="not there any more"):
            change()


# Turns that a language model has worded since


def worded(turn: Turn, *sentences: str) -> Turn:
    assert turn.answer is not None
    written = Written(tuple(Sentence(text, (1,)) for text in sentences), 2, "done")
    return replace(turn, answer=replace(turn.answer, written=written))


def test_an_amended_turn_takes_the_place_of_the_earlier_one(kept: Conversations) -> None:
    turns = [cited("متى؟", "أمس"), cited("أين؟", "هنا"), cited("كم؟", "3")]
    id = kept.append(ME, None, "own", turns[0])
    for turn in turns[1:]:
        kept.append(ME, id, "own", turn)
    other = kept.append(ME, None, "own", cited("من؟", "أحمد"))
    kept.judge(ME, id, 1, "wrong", "بل هناك")
    before = kept.headings(ME)
    now = worded(turns[1], "عُقدت القمّة في جنيف.")
    kept.amend(ME, id, 1, now)
    assert kept.turns(ME, id) == (turns[0], now, turns[2])
    assert kept.judgements(ME, id) == (Judgement(1, "wrong", "بل هناك"),)
    assert kept.headings(ME) == before, "its place in the list is that of its newest question"
    assert [heading.id for heading in before] == [other, id]
    assert [heading.id for heading in kept.headings(ME, "القمه جنيف")] == [id]
    assert [heading.id for heading in kept.headings(ME, "هنا")] == [id]


def test_nobody_amends_what_is_somebody_elses_or_not_there(kept: Conversations) -> None:
    turn = cited("\ud83d متى؟", "أمس")
    id = kept.append(ME, None, "own", turn)
    now = worded(turn, "كانت أمس.")
    for owner, place, words in (
        (OTHER, 0, "not there any more"),
        (ME, 1, "no turn 1"),
        (ME, -1, "no turn -1"),
    ):
        with pytest.raises(DalilError, match=words):
            kept.amend(owner, id, place, now)
    with pytest.raises(DalilError, match="no turn 0"):  # another page's question stands there
        kept.amend(ME, id, 0, worded(cited("أين؟", "هنا"), "هنا."))
    with pytest.raises(ValueError, match="not answered yet"):
        kept.amend(ME, id, 0, Turn("متى؟"))
    (same,) = kept.turns(ME, id)
    assert same.answer is not None
    assert same.answer.written is None
    kept.amend(ME, id, 0, now)
    (amended,) = kept.turns(ME, id)
    assert (amended.answer and amended.answer.written) == (now.answer and now.answer.written)


# Judgements


def test_the_newest_judgement_of_a_turn_wins(kept: Conversations) -> None:
    id = kept.append(ME, None, "own", cited("أول", "1"))
    kept.append(ME, id, "own", cited("ثان", "2"))
    assert kept.judgements(ME, id) == ()
    kept.judge(ME, id, 1, "wrong")
    kept.judge(ME, id, 0, "right")
    kept.judge(ME, id, 1, "wrong_source", " كتاب آخر ")
    assert kept.judgements(ME, id) == (
        Judgement(0, "right", ""),
        Judgement(1, "wrong_source", "كتاب آخر"),
    )


def test_a_judgement_of_another_question_is_refused(kept: Conversations) -> None:
    id = kept.append(ME, None, "own", cited("\ud83d متى؟", "أمس"))
    with pytest.raises(DalilError, match="no turn 0"):  # another page's question stands there
        kept.judge(ME, id, 0, "wrong", question="أين؟")
    assert kept.judgements(ME, id) == ()
    kept.judge(ME, id, 0, "wrong", question="\ud83d متى؟")
    assert kept.judgements(ME, id) == (Judgement(0, "wrong", ""),)


def test_a_judgement_that_does_not_fit_is_refused(kept: Conversations) -> None:
    id = kept.append(ME, None, "own", FAILED)
    for place in (-1, 1):
        with pytest.raises(DalilError, match=f"no turn {place}"):
            kept.judge(ME, id, place, "right")
    with pytest.raises(DalilError, match="no judgement"):
        kept.judge(ME, id, 0, "fine")  # type: ignore[arg-type]
    with pytest.raises(DalilError, match="2001 characters"):
        kept.judge(ME, id, 0, "wrong", "س" * 2_001)
    kept.judge(ME, id, 0, "wrong", "س" * 2_000 + " ")
    assert len(kept.judgements(ME, id)[0].comment) == 2_000


def test_judged_turns_come_from_all_owners_newest_last_with_their_history(
    kept: Conversations,
) -> None:
    mine = kept.append(ME, None, "own", cited("متى؟", "أمس", query="متى القمة؟"))
    kept.append(ME, mine, "own", FAILED)
    last = abstained("ومن؟", query="من حضر القمة؟")
    kept.append(ME, mine, "bundled", last)
    kept.append(ME, mine, "own", cited("وأين؟", "هنا"))
    theirs = kept.append(OTHER, None, "x", cited("كم؟", "3"))
    kept.judge(ME, mine, 0, "wrong")
    kept.judge(ME, mine, 2, "right")
    kept.judge(OTHER, theirs, 0, "right")
    kept.judge(ME, mine, 0, "wrong", "أول أمس")
    found = list(kept.judged())
    assert [(one.collection, one.turn.question) for one in found] == [
        ("bundled", "ومن؟"),
        ("x", "كم؟"),
        ("own", "متى؟"),
    ]
    assert found[0].turn == last
    assert [one.history for one in found] == [("متى القمة؟",), (), ()]
    assert [one.judgement for one in found] == [
        Judgement(2, "right", ""),
        Judgement(0, "right", ""),
        Judgement(0, "wrong", "أول أمس"),
    ]


def test_a_turn_of_another_form_is_left_out_and_counts_for_no_place(
    kept: Conversations, tmp_path: Path
) -> None:
    import sqlite3

    id = kept.append(ME, None, "own", cited("أول", "1"))
    for question in ("ثان", "ثالث", "رابع"):
        kept.append(ME, id, "own", cited(question, "2", query=f"عن {question}"))
    kept.judge(ME, id, 1, "wrong")
    kept.judge(ME, id, 3, "right")
    with sqlite3.connect(tmp_path / "data" / "conversations.sqlite") as db:
        db.execute('UPDATE turns SET turn = \'{"text": "older"}\' WHERE number = 1')
        db.execute('UPDATE turns SET turn = \'{"question": "ينتظر"}\' WHERE number = 2')
    db.close()
    assert [turn.question for turn in kept.turns(ME, id)] == ["أول", "رابع"]
    assert kept.judgements(ME, id) == (Judgement(1, "right", ""),)
    (judged,) = kept.judged()
    assert (judged.turn.question, judged.judgement.place) == ("رابع", 1)
    assert judged.history == ("أول",)
    kept.judge(ME, id, 1, "wrong", "غير ذلك")
    assert kept.judgements(ME, id) == (Judgement(1, "wrong", "غير ذلك"),)
    kept.append(ME, id, "own", cited("خامس", "5"))
    assert [turn.question for turn in kept.turns(ME, id)][-1] == "خامس"


def test_what_a_person_asked_is_not_for_other_users_of_the_machine(tmp_path: Path) -> None:
    Conversations(tmp_path / "c.sqlite").close()
    assert (tmp_path / "c.sqlite").stat().st_mode & 0o077 == 0


def test_ids_cannot_be_guessed(kept: Conversations) -> None:
    ids = {kept.append(ME, None, "own", replace(FAILED, question=str(n))) for n in range(20)}
    assert len(ids) == 20
    assert min(map(len, ids)) >= 16
