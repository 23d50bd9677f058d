"""Answers worded by a language model, for programs: beside the queue, so many at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, suppress
from dataclasses import replace
from threading import BoundedSemaphore, Event, Thread
from typing import TYPE_CHECKING, cast

from corpus.errors import DalilError
from qa.answer import Answer, Citation, Written
from qa.context import Context
from ui.asking import Replied
from ui.source import holds
from ui.worded import borne, broken_off

if TYPE_CHECKING:
    from collections.abc import Generator as Stream

    from starlette.requests import Request


class Desk:
    """Has answers worded, each in a thread of its own; one more than ``most`` comes without.

    What waits for the models is not held up by it. For use from one event loop.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._free = BoundedSemaphore(most)

    async def worded(self, replied: Replied) -> AsyncGenerator[Answer, None]:
        """The answer again and again, with more of what the model writes, each citation checked.

        Nothing where no model writes or the answer abstained. Closing it stops the model. Whatever
        the model does, the last answer's ``written`` says.
        """
        turn, pipeline = replied.turn, replied.pipeline
        answer = turn.answer
        if answer is None or answer.abstained or not pipeline.writes:
            return
        if not self._free.acquire(blocking=False):
            yield replace(answer, written=self._crowded())
            return
        line: asyncio.Queue[Answer | BaseException | None] = asyncio.Queue()
        loop, stop = asyncio.get_running_loop(), Event()

        def tell(one: Answer | BaseException | None) -> None:
            with suppress(RuntimeError):  # the loop has ended, and nobody listens
                loop.call_soon_threadsafe(line.put_nowait, one)

        def work() -> None:
            try:
                for one in _written(replied, answer, stop.is_set):
                    tell(one)
            except BaseException as error:  # raised again where it is waited for
                tell(error)
            finally:
                self._free.release()
                tell(None)

        Thread(target=work, name="dalil-wording", daemon=True).start()
        try:
            while (one := await line.get()) is not None:
                if isinstance(one, BaseException):
                    raise one
                yield one
        finally:
            stop.set()

    def _crowded(self) -> Written:
        return Written(
            state="failed",
            trouble=f"{self._most} answers are being worded already: this one comes without.",
            trouble_arabic="يصوغ النموذج الآن إجاباتٍ أخرى كثيرة، فجاءت هذه الإجابة بلا صياغة.",
        )


async def last_of(answers: AsyncGenerator[Answer, None], request: Request) -> Answer | None:
    """The last of ``answers``, or None; they are closed as soon as whoever asked goes away."""
    from anyio import create_task_group

    last = None
    async with create_task_group() as tasks, aclosing(answers):

        async def watch() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch)
        async for answer in answers:
            last = answer
        tasks.cancel_scope.cancel()
    return last


def _written(replied: Replied, answer: Answer, stopped: Callable[[], bool]) -> Iterator[Answer]:
    """What the pipeline writes, checked once more; an error of the index ends it in words."""
    last, check = answer, _Check(answer, replied.pipeline.context)
    # It has a close(), which its protocol need not know.
    states = cast("Stream[Answer]", replied.pipeline.write(answer, stopped))
    try:
        for state in states:
            yield (last := check(state))
            if stopped():
                break
    except DalilError as error:
        yield replace(last, written=broken_off(last.written, error))
    finally:
        states.close()


class _Check:
    """Leaves out citations that do not hold, and the sentences that lean on them.

    Each is looked at once: what was given to somebody cannot be taken back.
    """

    def __init__(self, answer: Answer, find: Callable[[str], Context]) -> None:
        self._find = find
        self._known = dict.fromkeys(answer.citations, True)

    def __call__(self, answer: Answer) -> Answer:
        kept = tuple(citation for citation in answer.citations if self._stands(citation))
        return borne(replace(answer, citations=kept))

    def _stands(self, citation: Citation) -> bool:
        if citation not in self._known:
            try:
                self._known[citation] = holds(self._find(citation.passage_id), citation)
            except DalilError:  # the passage has left the index: its words cannot be checked
                self._known[citation] = False
        return self._known[citation]
