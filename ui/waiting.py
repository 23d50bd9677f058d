"""Fair use: what takes the models goes one by one, and so many may wait."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from ui.doors import CrowdedError

T = TypeVar("T")


class Queue:
    """Runs one piece of work at a time in a thread, first come, first served.

    ``room`` is how many may wait. For use from one event loop.
    """

    def __init__(self, room: int) -> None:
        from anyio import CapacityLimiter

        self._turn = CapacityLimiter(1)
        self._room = room
        self._inside = 0

    def require_room(self) -> None:
        """Raise CrowdedError when as many wait as may."""
        if self._inside > self._room:
            raise CrowdedError(
                f"{self._room} requests wait already.",
                "Ask again in a few seconds.",
                arabic="الطلبات المنتظرة كثيرة. أعِد السؤال بعد ثوانٍ.",
            )

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place among those that wait; raises CrowdedError when there is no room."""
        self.require_room()
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    async def turn(self, work: Callable[[], T]) -> T:
        """What ``work`` gives once it is its turn, for who has a place."""
        from anyio.to_thread import run_sync

        return await run_sync(work, limiter=self._turn)

    async def run(self, work: Callable[[], T]) -> T:
        """What ``work`` gives, once it is its turn; CrowdedError when there is no room."""
        with self.place():
            return await self.turn(work)
