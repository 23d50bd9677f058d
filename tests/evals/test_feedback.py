"""Readers' judgements as questions to measure by."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import DalilError
from evals.datasets import Question
from evals.feedback import from_feedback, load_feedback, unscored
from evals.overlap import arabic_tokens, exact_match
from qa.conversations import Conversations, JudgedTurn, Judgement, Kind
from qa.settings import Settings, load_settings
from qa.turn import Turn
from tests.qa.kept_turns import TEXT, abstained, cited


def judged(
    turn: Turn, kind: Kind = "right", comment: str = "", history: tuple[str, ...] = ()
) -> JudgedTurn:
    return JudgedTurn("own", turn, Judgement(len(history), kind, comment), history)


def answers(*found: JudgedTurn) -> list[tuple[str, tuple[str, ...]]]:
    return [(question.text, question.answers) for question in from_feedback(found).questions]


def test_a_right_answer_is_the_expected_one() -> None:
    assert answers(judged(cited("كم؟", "سبعة وعشرين يوماً"))) == [("كم؟", ("سبعة وعشرين يوماً",))]
    assert answers(judged(cited("لماذا؟", ""))) == [("لماذا؟", (TEXT,))]


@pytest.mark.parametrize(
    "turn",
    [
        cited("كم؟", "سبعة وعشرين يوماً"),
        cited("كم؟ ومن؟", "سبعة وعشرين يوماً", "القمر"),
        cited("كم؟", "سبعة", "سبعة"),
        cited("كم؟", "سبعة", "القمر", text="سبعة [1] أيام\nللقمر [2]."),
    ],
)
def test_the_same_answer_again_is_wholly_right(turn: Turn) -> None:
    ((_, accepted),) = answers(judged(turn))
    assert turn.answer is not None
    said = turn.answer.text.replace("[1]", "").replace("[2]", "")
    assert exact_match(said, accepted, arabic_tokens) == 1
    assert len(set(accepted)) == len(accepted)


def test_a_right_abstention_says_that_the_texts_are_silent() -> None:
    assert answers(judged(abstained("من؟"))) == [("من؟", ())]


@pytest.mark.parametrize("kind", ["wrong", "wrong_source"])
@pytest.mark.parametrize("turn", [cited("كم؟", "ثلاثة"), abstained("كم؟")])
def test_a_comment_on_a_wrong_answer_is_the_expected_one(kind: Kind, turn: Turn) -> None:
    assert answers(judged(turn, kind, "سبعة\n  وعشرون ")) == [("كم؟", ("سبعة وعشرون",))]
    fifteen = " ".join(["كلمة"] * 15)
    assert answers(judged(turn, kind, fifteen)) == [("كم؟", (fifteen,))]


SILENT = (
    "لا يوجد جواب", "لا توجد إجابة لهذا السؤال في النصوص.", "الجواب ليس في النص", "ما في جواب",
    "النص لا يَذكُر", "النصّ لا يذكر تاريخ ميلاده", "لا تذكره النصوص", "غير مذكور", "مش مذكور",
    "التاريخ غير مذكور في النص", "لم يرد", "لم يرد ذكره في النص", "لم يذكر في النص متى وُلد",
    "Not in the text", "it isn't in the texts", "The texts do not say.", "the text doesn’t say it",
    "not mentioned", "There is no answer in the text", "the passage does not give a date",
)  # fmt: skip
SPOKEN = (
    "لم يرد على الرسالة", "لا يوجد", "غير موجود", "لا شيء", "لا", "تأثيره لا يذكر",
    "الكتاب لا يذكر ذلك", "النص لا يذكر إلا سنة 1920", "النص لا يذكر القمر بل الشمس",
    "مذكور في النص", "ما في النص", "ليس الجواب", "النص الكامل", "no", "not guilty", "in the text",
    "the text says 1920", "the text does not say 1919 but 1920", "It is not the answer",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["wrong", "wrong_source"])
@pytest.mark.parametrize("comment", SILENT)
def test_that_the_texts_do_not_say_is_no_answer_to_be_found_in_them(
    kind: Kind, comment: str
) -> None:
    assert answers(judged(cited("كم؟", "ثلاثة"), kind, comment)) == [("كم؟", ())]


@pytest.mark.parametrize("comment", SPOKEN)
def test_an_answer_that_only_sounds_like_it_is_one(comment: str) -> None:
    assert answers(judged(cited("كم؟", "ثلاثة"), "wrong", comment)) == [("كم؟", (comment,))]


@pytest.mark.parametrize(
    "lost",
    [
        judged(cited("كم؟", "3"), "wrong"),
        judged(cited("كم؟", "3"), "wrong_source", " … "),
        judged(cited("كم؟", "3"), "wrong", " ".join(["كلمة"] * 16)),
        judged(cited("كم؟", "3"), "wrong", "أليست سبعة؟"),
        judged(cited("كم؟", "3"), "wrong", "is it 7?"),
        judged(cited("كم؟", "3"), "wrong", "أليس غير مذكور؟"),
        judged(abstained("كم؟", withheld=True)),
        judged(Turn("كم؟", failure="gone")),
        judged(Turn("كم؟", failure="gone"), "wrong", "سبعة"),
    ],
)
def test_what_nobody_can_score_is_left_out_and_counted(lost: JudgedTurn) -> None:
    used = judged(cited("متى؟", "أمس"))
    assert answers(used, lost) == [("متى؟", ("أمس",))]
    assert unscored([used, lost]) == 1


def test_a_follow_up_is_asked_as_it_was_searched_for() -> None:
    turn = cited("ومن؟", "علي", query="من حضر القمة؟")
    assert answers(judged(turn, history=("متى القمة؟",))) == [("من حضر القمة؟", ("علي",))]
    assert answers(judged(turn)) == [("ومن؟", ("علي",))]


def test_the_newest_judgement_of_a_question_wins_in_any_spelling() -> None:
    old = judged(cited("متى افتُتحت المكتبة؟", "2001"))
    new = judged(cited("متى  افتتحت المكتبه؟", "2001"), "wrong", "2002")
    assert answers(old, new) == [("متى  افتتحت المكتبه؟", ("2002",))]
    assert answers(new, old) == [("متى افتُتحت المكتبة؟", ("2001",))]
    assert unscored([old, new]) == 0
    taken_back = judged(cited("متى افتتحت المكتبة؟", "2001"), "wrong")
    assert answers(old, taken_back) == []
    assert unscored([old, new, taken_back]) == 1


def test_questions_are_a_table_whose_ids_stay_the_same() -> None:
    first, second = judged(cited("أ؟", "1")), judged(abstained("ب؟"))
    dataset = from_feedback([first, second])
    assert (dataset.name, dataset.contexts, dataset.folder) == ("feedback", (), None)
    assert all(q.context == -1 and q.regions == () for q in dataset.questions)
    assert dataset.questions[::-1] == from_feedback([second, first]).questions
    assert [q.kind for q in dataset.questions] == ["right", "right"]


kinds: st.SearchStrategy[Kind] = st.sampled_from(("right", "wrong", "wrong_source"))
turns = st.sampled_from((cited("أ؟", "1"), cited("ب؟", ""), abstained("أ؟"), abstained("ج؟")))


@given(st.lists(st.builds(judged, turns, kinds, st.sampled_from(("", "جواب", "ماذا؟")))))
def test_every_judgement_is_used_or_lost_or_replaced(found: list[JudgedTurn]) -> None:
    questions: tuple[Question, ...] = from_feedback(found).questions
    asked = {one.turn.question for one in found}
    assert len(questions) + unscored(found) == len(asked)
    assert len({question.id for question in questions}) == len(questions)


# Where it is read from


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return load_settings(data=tmp_path / "data")


def keep(settings: Settings, collection: str, question: str) -> None:
    kept = Conversations(settings.conversations)
    kept.judge("me", kept.append("me", None, collection, cited(question, "1")), 0, "right")
    kept.close()


def test_only_feedback_on_the_collection_asked_is_read(settings: Settings) -> None:
    for collection, question in (("own", "أ؟"), ("bundled", "ب؟"), ("own", "ج؟")):
        keep(settings, collection, question)
    assert [one.turn.question for one in load_feedback(settings, "own")] == ["أ؟", "ج؟"]
    with pytest.raises(DalilError, match=r"only on the collections own \(2\), bundled \(1\)"):
        load_feedback(settings, "0123456789abcdef")


@pytest.mark.parametrize("begun", [False, True])
def test_without_feedback_it_says_how_to_give_some(settings: Settings, begun: bool) -> None:
    if begun:
        Conversations(settings.conversations).close()
    with pytest.raises(DalilError, match="no feedback yet") as refused:
        load_feedback(settings, "own")
    assert "dalil chat" in refused.value.hint
    assert settings.conversations.exists() is begun
