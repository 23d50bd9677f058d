import pytest

from corpus.document import Passage
from index.hit import Hit
from qa.choosing import choose, short_answer, text_of, together
from qa.reader import Reading

FORUM = "عقد المنتدى في جنيف بين ١٢ و١٦ يونيو."
AGAIN = "واستضافت جنيف المنتدى."


def hit(text: str, start: int = 0) -> Hit:
    passage = Passage(f"p-{text}", f"d-{text}", start, start + len(text), text, "", None, 0)
    return Hit(passage, "نص.txt", 0.5, 0.8, 3.0)


def reading(text: str, answer: str, confidence: float, score: float = 0.0) -> Reading:
    first = 100
    at = first + text.index(answer)
    return Reading(
        hit=hit(text, first),
        start=first,
        end=first + len(text),
        score=score or confidence,
        confidence=confidence,
        answer=(at, at + len(answer)),
    )


def test_nothing_is_chosen_below_the_threshold() -> None:
    assert choose("أين عقد؟", [reading(FORUM, "جنيف", 0.3)], 0.31) == []
    assert choose("أين عقد؟", [], 0.0) == []


def test_the_same_answer_elsewhere_is_cited_too_and_said_once() -> None:
    first, again = reading(FORUM, "جنيف", 0.9), reading(AGAIN, "جنيف", 0.8)
    other = reading("وزار باريس.", "باريس", 0.85)
    chosen = choose("أين عقد؟", [first, other, again], 0.2)
    assert chosen == [first, again]
    assert text_of(chosen) == "جنيف"


def test_an_unsure_repetition_is_left_out() -> None:
    first, again = reading(FORUM, "جنيف", 0.9), reading(AGAIN, "جنيف", 0.3)
    assert choose("أين عقد؟", [first, again], 0.2) == [first]


def test_one_passage_answers_what_is_asked_in_one_breath() -> None:
    when = [reading("قبل عام ٢٠٠٩.", "٢٠٠٩", 0.7, 9.0), reading(FORUM, "١٢ و١٦ يونيو", 0.5, 8.0)]
    where = [reading(FORUM, "جنيف", 0.6, 8.5)]
    found = together([when, where])
    assert [short_answer(one) for one in found] == ["جنيف", "١٢ و١٦ يونيو"]
    assert found[0].confidence == pytest.approx(1 - 0.4 * 0.5)
    assert together([[], []]) == []


def test_an_answer_on_two_lines_is_shown_on_one() -> None:
    assert short_answer(reading("لعب دوراً\nرئيسياً فيه", "دوراً\nرئيسياً", 0.9)) == "دوراً رئيسياً"
