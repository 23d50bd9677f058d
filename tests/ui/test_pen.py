"""What is written on a page, among threads: one writes, any stops, nothing is lost."""

import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer import Sentence, Written
from qa.turn import Turn
from tests.qa.kept_turns import cited
from ui.pen import Pen, as_left, worded_so
from ui.visit import Visit

TURN = cited("متى؟", "أمس")
ONE = Written((Sentence("جملة.", (1,)),))


def written_in(turn: Turn | None) -> Written:
    assert turn is not None
    assert turn.answer is not None
    assert turn.answer.written is not None
    return turn.answer.written


def test_only_the_first_to_ask_writes() -> None:
    pen = Pen(TURN)
    assert written_in(pen.turn) == Written()
    assert [pen.begin(), pen.begin()] == [True, False]
    stopped = Pen(TURN)
    stopped.stop()
    assert not stopped.begin()


def test_what_is_put_is_the_newest_until_its_end() -> None:
    pen = Pen(TURN)
    assert pen.put(worded_so(TURN, ONE))
    assert (written_in(pen.turn), pen.ended) == (ONE, False)
    done = replace(ONE, state="done")
    assert pen.put(worded_so(TURN, done))
    assert (written_in(pen.turn), pen.ended) == (done, True)
    assert not pen.put(worded_so(TURN, ONE))
    assert written_in(pen.turn) == done
    assert pen.stop() is None


def test_what_was_written_stays_when_it_is_stopped() -> None:
    pen = Pen(TURN)
    pen.put(worded_so(TURN, ONE))
    left = pen.stop()
    assert written_in(left) == replace(ONE, state="stopped")
    assert pen.turn == left
    assert not pen.put(worded_so(TURN, replace(ONE, state="done")))
    assert pen.turn == left


def test_an_answer_that_was_withheld_ends_it() -> None:
    pen = Pen(TURN)
    assert TURN.answer is not None
    assert pen.put(replace(TURN, answer=replace(TURN.answer, abstained=True), withheld=True))
    assert pen.ended


@pytest.mark.parametrize("state", ["done", "stopped", "failed"])
def test_what_has_ended_is_left_as_it_is(state: str) -> None:
    turn = worded_so(TURN, replace(ONE, state=state))  # type: ignore[arg-type]
    assert as_left(turn) == turn
    assert as_left(TURN) == TURN


@given(st.integers(2, 6))
def test_of_many_that_stop_it_one_keeps_it(count: int) -> None:
    pen, together = Pen(TURN), threading.Barrier(count)
    left: list[Turn | None] = []

    def stop() -> None:
        together.wait()
        left.append(pen.stop())

    threads = [threading.Thread(target=stop) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one is not None for one in left) == [False] * (count - 1) + [True]


def test_what_others_show_waits_and_is_never_held_up_for_good() -> None:
    pen, shown = Pen(TURN), []
    amid, over = threading.Event(), threading.Event()

    def show() -> None:
        with pen.showing():
            amid.set()
            assert over.wait(30)
            shown.append("first")

    first = threading.Thread(target=show)
    first.start()
    assert amid.wait(30)
    with pen.showing():  # it waited, and went on
        shown.append("second")
    over.set()
    first.join()
    assert shown == ["second", "first"]
    with pen.showing():
        shown.append("third")
    assert shown[-1] == "third"


def test_a_visit_has_what_its_pen_wrote_until_the_next_question() -> None:
    pen = Pen(TURN)
    visit = Visit("fake", None, (cited("أين؟", "هنا"), Turn("متى؟"))).answered(TURN, "kept", pen)
    assert visit.turns[-1] == TURN
    pen.put(worded_so(TURN, ONE))
    assert written_in(visit.latest().turns[-1]) == ONE
    assert visit.latest().turns[0] == visit.turns[0]
    assert visit.latest() != visit
    later = visit.asking("كم؟")
    assert later.latest() == later
