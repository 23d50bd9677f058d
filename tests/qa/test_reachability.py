"""What is known of a server, and that finding it out delays nobody for long."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from qa.generator import GeneratorError
from qa.reachability import KEEP, Reachability

DEAD = GeneratorError("It does not answer.", "Start it.", arabic="لا يردّ الخادم.")


class Server:
    """Counts who looks after it; ``wait`` holds the look up."""

    def __init__(self, trouble: GeneratorError | None = None) -> None:
        self.trouble, self.looks, self.now = trouble, 0, 100.0
        self.wait: Callable[[], object] = lambda: None
        self.reach = Reachability(self.probe, "The server", lambda: self.now)

    def probe(self) -> GeneratorError | None:
        self.looks += 1
        self.wait()
        return self.trouble

    def later(self, seconds: float) -> None:
        self.now += seconds


def test_a_server_that_answers_is_looked_after_once_in_a_while() -> None:
    server = Server()
    for _ in range(3):
        server.reach.look()
        server.reach.require()
    assert server.looks == 1
    server.later(KEEP + 1)
    server.reach.require()
    assert server.looks == 2


def test_a_dead_one_is_refused_at_once_and_tried_again_later() -> None:
    server = Server(DEAD)
    for _ in range(3):
        with pytest.raises(GeneratorError, match="does not answer") as error:
            server.reach.require()
        assert error.value.hint == "Start it."
        assert error.value.arabic.startswith("لا يردّ الخادم.")
    assert server.looks == 1
    server.trouble = None
    server.later(KEEP - 1)
    with pytest.raises(GeneratorError):
        server.reach.require()
    server.later(2)
    server.reach.require()
    assert server.looks == 2


def test_what_work_itself_finds_out_counts() -> None:
    server = Server()
    server.reach.require()
    server.reach.lost(DEAD)
    with pytest.raises(GeneratorError, match="does not answer"):
        server.reach.require()
    server.reach.found()
    server.reach.require()
    assert server.looks == 1


def test_nobody_waits_for_a_look_that_takes_long() -> None:
    server, go = Server(), threading.Event()
    server.wait = lambda: go.wait(30)
    server.reach.look()
    with pytest.raises(GeneratorError, match="not answered yet"):
        server.reach.require()
    assert server.looks == 1, "one look at a time"
    go.set()
    for thread in threading.enumerate():
        if thread.name == "dalil-reach":
            thread.join(10)
    server.reach.require()
    assert server.looks == 1


def test_a_look_that_fails_leaves_the_next_one_free() -> None:
    server = Server()

    def broken() -> None:
        raise ZeroDivisionError

    server.wait = broken
    shown: list[object] = []
    before, threading.excepthook = threading.excepthook, lambda one: shown.append(one.exc_type)
    try:
        server.reach.require()
    finally:
        threading.excepthook = before
    assert shown == [ZeroDivisionError]
    server.wait = lambda: None
    server.reach.require()
    assert server.looks == 2
