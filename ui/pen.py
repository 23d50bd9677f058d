"""What a language model is writing on one open page, shared by all that happens there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock

from qa.answer import Written
from qa.turn import Turn

_PATIENCE = 0.5  # seconds that one event of a page waits for another's words to get there


class Pen:
    """The newest form of an answered turn while a language model words it. Safe among threads.

    One event of the page writes; any other may stop it, and then nothing more is written. Whoever
    ends it keeps what there is.
    """

    def __init__(self, turn: Turn) -> None:
        self._turn = worded_so(turn, Written())
        self._begun = self._ended = False
        self._lock, self._floor = Lock(), Lock()

    @property
    def turn(self) -> Turn:
        """The turn with what is written so far."""
        return self._turn

    @property
    def ended(self) -> bool:
        """Whether nothing more will be written."""
        return self._ended

    def begin(self) -> bool:
        """Whether the caller is the one to write: the first to ask, unless it was stopped."""
        with self._lock:
            first = not self._begun and not self._ended
            self._begun = True
        return first

    def put(self, turn: Turn) -> bool:
        """Take the turn's next form, which may be its last; False when it comes too late."""
        with self._lock:
            if self._ended:
                return False
            self._turn = turn
            self._ended = not _goes_on(turn)
        return True

    def stop(self) -> Turn | None:
        """End it: the turn as it stays, for the caller to keep; None when it had ended before."""
        with self._lock:
            if self._ended:
                return None
            self._ended = True
            self._turn = as_left(self._turn)
            return self._turn

    @contextmanager
    def showing(self) -> Iterator[None]:
        """What is shown meanwhile gets to the page before or after what others show, not amid it.

        A generator holds this over its ``yield``, and so until Gradio has sent what it gave. Who
        waits too long goes on all the same.
        """
        held = self._floor.acquire(timeout=_PATIENCE)
        try:
            yield
        finally:
            if held:
                self._floor.release()


def as_left(turn: Turn) -> Turn:
    """The turn as it is kept if nothing more is written."""
    if turn.answer and turn.answer.written and _goes_on(turn):
        return worded_so(turn, replace(turn.answer.written, state="stopped"))
    return turn


def worded_so(turn: Turn, written: Written) -> Turn:
    """The answered turn with ``written`` in it."""
    assert turn.answer is not None, "only an answer is worded"
    return replace(turn, answer=replace(turn.answer, written=written))


def _goes_on(turn: Turn) -> bool:
    written = turn.answer.written if turn.answer else None
    return written is not None and written.state == "writing"
