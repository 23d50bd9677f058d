"""A language model's pieces within time limits, whatever the model itself does meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread

from corpus.errors import left_to_right
from qa.generator import GeneratorError, never

TICK = 0.05
"""Seconds between two looks at whether somebody stopped the work or left."""
_PARTING = 0.1
_AHEAD = 64  # pieces that a model may be ahead of who reads them


class Left(Exception):  # noqa: N818
    """Nobody takes any more pieces: ends the work of whoever gives them."""


class NoWordError(GeneratorError):
    """The first word did not come in time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``wait``: most seconds until the next piece comes; ``seconds``: most seconds in all."""

    wait: float
    seconds: float


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None


class Outlet:
    """Where work hands its pieces over to another thread."""

    def __init__(self) -> None:
        self._pieces: Queue[str | _End] = Queue(_AHEAD)
        self._left = Event()

    @property
    def left(self) -> bool:
        """Whether nobody takes any more."""
        return self._left.is_set()

    def give(self, piece: str) -> None:
        """Hand over ``piece``, waiting while too many were not taken. Raises Left."""
        self._put(piece)

    def take(self) -> str | _End | None:
        """The next piece, or the end; None when there is none for a moment."""
        try:
            return self._pieces.get(timeout=TICK)
        except Empty:
            return None

    def leave(self) -> None:
        """Take no more."""
        self._left.set()

    def run(self, work: Callable[[Outlet], None]) -> None:
        """Do ``work``, and hand its end over: what it raises is raised where pieces are taken."""
        error = None
        try:
            work(self)
        except Left:
            return
        except BaseException as raised:  # it goes on in the other thread
            error = raised
        try:
            self._put(_End(error))
        except Left:
            return

    def _put(self, item: str | _End) -> None:
        while not self.left:
            try:
                return self._pieces.put(item, timeout=TICK)
            except Full:
                continue
        raise Left


def timed(
    work: Callable[[Outlet], None],
    name: str,
    limits: Limits,
    stopped: Callable[[], bool] = never,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[str]:
    """The pieces that ``work`` gives, each as it comes.

    ``work`` runs in a thread of its own from the first piece asked for. It must look at ``left``
    again and again and end soon after that; so its thread ends even where nobody reads on.
    Ends soon after ``stopped`` says so. Raises what ``work`` raises, and GeneratorError, which
    calls the model ``name``, when ``limits`` are passed: NoWordError before the first piece.
    """
    outlet, began = Outlet(), clock()
    thread = Thread(target=outlet.run, args=(work,), name="dalil-generator", daemon=True)
    thread.start()
    try:
        yield from _taken(outlet, name, limits, stopped, clock, began)
    finally:
        outlet.leave()
        thread.join(_PARTING)


def _taken(
    outlet: Outlet,
    name: str,
    limits: Limits,
    stopped: Callable[[], bool],
    clock: Callable[[], float],
    began: float,
) -> Iterator[str]:
    since, some = began, False
    while not stopped():
        item = outlet.take()
        now = clock()
        if isinstance(item, _End):
            if item.error:
                raise item.error
            return
        if now - began > limits.seconds:
            raise _too_long(name, limits.seconds)
        if item is not None:
            some = True
            yield item
            since = clock()  # what the reader does meanwhile is not the model's delay
        elif now - since > limits.wait:
            raise _silent(name, limits.wait) if some else _no_word(name, limits.wait)


def _no_word(name: str, seconds: float) -> NoWordError:
    return NoWordError(
        f"The language model {name} wrote nothing within {seconds:g} seconds.",
        "Ask again, or raise the setting `generator_wait`.",
        arabic=f"لم يكتب النموذج اللغوي «{left_to_right(name)}» شيئًا في المهلة المحدّدة "
        f"({seconds:g} ث). أعد السؤال، أو زد المهلة generator_wait في الإعدادات.",
    )


def _silent(name: str, seconds: float) -> GeneratorError:
    return GeneratorError(
        f"The language model {name} fell silent amid its answer, for {seconds:g} seconds.",
        "Ask again, or raise the setting `generator_wait`.",
        arabic=f"سكت النموذج اللغوي «{left_to_right(name)}» قبل أن يتمّ جوابه ({seconds:g} ث). "
        "أعد السؤال، أو زد المهلة generator_wait في الإعدادات.",
    )


def _too_long(name: str, seconds: float) -> GeneratorError:
    return GeneratorError(
        f"The language model {name} had not finished after {seconds:g} seconds.",
        "Take a faster model, or raise the setting `generator_seconds`.",
        arabic=f"لم يفرغ النموذج اللغوي «{left_to_right(name)}» من الكتابة في المهلة المحدّدة "
        f"({seconds:g} ث). اختر نموذجًا أسرع، أو زد المهلة generator_seconds في الإعدادات.",
    )
