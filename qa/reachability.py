"""Whether a server answers: found out beside the work, so that a dead one costs no time."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Lock, Thread

from qa.generator import GeneratorError

KEEP = 30.0
"""Seconds for which what was found is taken to hold."""
PATIENCE = 0.25
"""Most seconds that one waits for a check that is under way."""
FIRST_PATIENCE = 2.0
"""The same for the first one, which loads the library that asks."""


class Reachability:
    """What is known of one server. Safe to share among threads.

    ``probe`` finds out whether it answers: it returns None, or what is wrong, within seconds.
    """

    def __init__(
        self,
        probe: Callable[[], GeneratorError | None],
        name: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._probe, self._name, self._clock = probe, name, clock
        self._lock = Lock()
        self._known_at: float | None = None
        self._trouble: GeneratorError | None = None
        self._checked: Event | None = None  # of the check that is under way

    def look(self) -> None:
        """Begin a check in the background, unless enough is known or one is under way."""
        with self._lock:
            if self._checked or self._is_known():
                return
            self._checked = Event()
            thread = Thread(
                target=self._check, args=(self._checked,), name="dalil-reach", daemon=True
            )
        thread.start()

    def require(self) -> None:
        """Return when the server answers; raises GeneratorError when it does not, or when that is
        not known ``PATIENCE`` seconds from now, the first time ``FIRST_PATIENCE``.
        """
        self.look()
        with self._lock:
            under_way = self._checked
            patience = FIRST_PATIENCE if self._known_at is None else PATIENCE
        if under_way and not under_way.wait(patience):
            raise GeneratorError(
                f"{self._name} has not answered yet.",
                "Ask again in a moment.",
                arabic="لم يردّ خادم النموذج اللغوي بعد. أعد السؤال بعد قليل.",
            )
        with self._lock:
            trouble = self._trouble
        if trouble:
            raise GeneratorError(
                f"{trouble.message} It is tried again after half a minute.",
                trouble.hint,
                arabic=f"{trouble.arabic} ويُعاد الاتصال به بعد نصف دقيقة.",
            )

    def found(self) -> None:
        """It answered just now."""
        self._know(None)

    def lost(self, trouble: GeneratorError) -> None:
        """It did not answer just now."""
        self._know(trouble)

    def _is_known(self) -> bool:
        return self._known_at is not None and self._clock() - self._known_at <= KEEP

    def _know(self, trouble: GeneratorError | None) -> None:
        with self._lock:
            self._known_at, self._trouble = self._clock(), trouble

    def _check(self, checked: Event) -> None:
        try:
            self._know(self._probe())
        finally:
            with self._lock:
                self._checked = None
            checked.set()
