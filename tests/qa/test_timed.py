"""Time limits, stopping and leaving, over work that behaves and work that does not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from qa.generator import GeneratorError
from qa.timed import Left, Limits, NoWordError, Outlet, timed
from tests.generation import none_at_work

AMPLE = Limits(60, 120)


class Clock:
    """Stands still but for what a test lets go by."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def gives(*pieces: str) -> Callable[[Outlet], None]:
    def work(outlet: Outlet) -> None:
        for piece in pieces:
            outlet.give(piece)

    return work


def hanging(outlet: Outlet) -> None:
    """Gives nothing more, until nobody waits for it."""
    while not outlet.left:
        threading.Event().wait(0.01)


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    yield
    assert none_at_work()


def test_pieces_come_in_order_and_then_the_end() -> None:
    pieces = [str(number) for number in range(500)]
    assert list(timed(gives(*pieces), "M", AMPLE)) == pieces
    assert list(timed(gives(), "M", AMPLE)) == []


def test_nothing_runs_before_the_first_piece_is_asked_for() -> None:
    begun = threading.Event()
    pieces = timed(lambda _: begun.set(), "M", AMPLE)
    assert not begun.is_set()
    assert list(pieces) == []
    assert begun.is_set()


def test_what_the_work_raises_is_raised_after_what_it_gave() -> None:
    def work(outlet: Outlet) -> None:
        outlet.give("one")
        raise GeneratorError("It broke off.")

    pieces = timed(work, "M", AMPLE)
    assert next(pieces) == "one"
    with pytest.raises(GeneratorError, match="broke off"):
        next(pieces)


def test_a_defect_of_the_work_is_not_hidden() -> None:
    def work(outlet: Outlet) -> None:  # noqa: ARG001
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(timed(work, "M", AMPLE))


def test_no_word_in_time() -> None:
    clock = Clock()

    def work(outlet: Outlet) -> None:
        clock.now = 6
        hanging(outlet)

    with pytest.raises(NoWordError, match="M wrote nothing within 5 seconds") as error:
        list(timed(work, "M", Limits(5, 60), clock=clock))
    assert "M" in error.value.arabic


def test_silence_after_some_words() -> None:
    clock = Clock()

    def work(outlet: Outlet) -> None:
        outlet.give("one")
        taken.wait(10)
        clock.now += 6
        hanging(outlet)

    taken = threading.Event()
    pieces = timed(work, "M", Limits(5, 60), clock=clock)
    assert next(pieces) == "one"
    taken.set()
    with pytest.raises(GeneratorError, match="fell silent") as error:
        next(pieces)
    assert not isinstance(error.value, NoWordError)


def test_the_readers_own_delay_is_not_the_models() -> None:
    clock = Clock()
    seen = []
    for piece in timed(gives("one", "two", "three"), "M", Limits(5, 60), clock=clock):
        seen.append(piece)
        clock.now += 20
    assert seen == ["one", "two", "three"]


def test_words_without_end_are_cut_at_the_limit_in_all() -> None:
    clock = Clock()

    def work(outlet: Outlet) -> None:
        while True:
            clock.now += 1
            outlet.give("word ")

    pieces = timed(work, "M", Limits(5, 60), clock=clock)
    with pytest.raises(GeneratorError, match="not finished after 60 seconds"):
        for _ in pieces:
            pass


@pytest.mark.parametrize("words", [(), ("one",)])
def test_stopping_ends_silent_work_without_an_error(words: tuple[str, ...]) -> None:
    silent, left = threading.Event(), threading.Event()

    def work(outlet: Outlet) -> None:
        gives(*words)(outlet)
        silent.set()
        hanging(outlet)
        left.set()

    assert list(timed(work, "M", AMPLE, silent.is_set)) in ([], list(words))
    assert left.wait(10)


def test_work_that_is_far_ahead_ends_when_its_reader_leaves() -> None:
    ended = threading.Event()

    def work(outlet: Outlet) -> None:
        try:
            while True:
                outlet.give("word ")
        except Left:
            ended.set()
            raise

    pieces = timed(work, "M", AMPLE)
    assert next(pieces) == "word "
    pieces.close()  # type: ignore[attr-defined]
    assert ended.wait(10)
