"""Follow-up questions of a set are asked after those before them."""

from dataclasses import replace
from pathlib import Path

from evals.datasets import Dataset, Question
from evals.dialogues import asked_of, standing_alone, unanswered
from qa.answer import Exchange
from tests.evals.doubles import NILE_LENGTH, WHEN_MOON, collected, scripted

SCRIPT = {WHEN_MOON: [("سبعة وعشرين يوماً", 0.9)]}
FOLLOW_UP = Question("follow", "وما عرضه؟", 1, ("ج",), history=(NILE_LENGTH,))
LATER = Question(
    "later", "ومن اكتشفه؟", 1, ("ج",), history=("من سمى البحر الميت؟", "ومتى كان ذلك؟")
)


def dataset(*questions: Question) -> Dataset:
    return Dataset("small", ("أ", "ب"), ("أ", "ب"), questions)


def test_a_follow_up_stands_alone_and_others_stay() -> None:
    whole = replace(FOLLOW_UP, history=())
    found = standing_alone(dataset(FOLLOW_UP, whole), unanswered).questions
    assert found[0].text == "ما عرضه — طول نهر النيل؟"
    assert found[0].id == "follow"
    assert found[0].talk == FOLLOW_UP.talk == (NILE_LENGTH, "وما عرضه؟")
    assert found[1] == whole


def test_the_questions_before_are_asked_in_turn_with_their_answers() -> None:
    seen: list[tuple[str, list[Exchange]]] = []

    def ask(question: str, before: object) -> Exchange:
        assert isinstance(before, list)
        seen.append((question, list(before)))
        return Exchange(question, "الرومان")

    (found,) = standing_alone(dataset(LATER), ask).questions
    assert [question for question, _ in seen] == list(LATER.history)
    assert seen[1][1] == [Exchange(LATER.history[0], "الرومان")]
    assert found.text.startswith("من اكتشفه — ")


def test_asking_goes_through_the_pipeline(squad: Dataset, tmp_path: Path) -> None:
    collection = collected(squad, tmp_path)
    ask = asked_of(scripted(SCRIPT).pipeline(collection.index))
    assert ask(WHEN_MOON, []) == Exchange(WHEN_MOON, "سبعة وعشرين يوماً")
