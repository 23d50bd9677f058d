"""A language model in this process: a folder, a hub name fetched before, or a .gguf file."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from qa.generator import Message, never
from qa.timed import TICK, Limits, Outlet, timed

if TYPE_CHECKING:
    from qa.local_model import LocalModel

_UNLIMITED = Limits(math.inf, math.inf)


class LocalGenerator:
    """One model, loaded when it is first asked, which writes one answer at a time.

    ``words`` is the most tokens of one answer. Loading is outside the time limits; one that is
    stopped goes on for the next question. Safe to share among threads.
    """

    def __init__(self, source: str, cache: Path, *, limits: Limits, words: int) -> None:
        path = Path(source).expanduser()
        self._path = path if path.exists() else None
        self._source, self._cache = str(path) if self._path else source, cache
        self._limits, self._words = limits, words
        self._model: LocalModel | None = None
        self._loading, self._turn = Lock(), Lock()

    @property
    def name(self) -> str:
        """The folder's or file's own name, or the hub's."""
        return self._path.resolve().name if self._path else self._source

    def prepare(self) -> None:
        """Nothing: it is always there, and loading it is for who asks."""

    def write(
        self, messages: Sequence[Message], stopped: Callable[[], bool] = never
    ) -> Iterator[str]:
        """What the model writes, word by word. Raises GeneratorError."""

        def work(outlet: Outlet) -> None:
            while not self._turn.acquire(timeout=TICK):
                if outlet.left:
                    return
            try:
                self._loaded().write(messages, self._words, outlet.give, lambda: outlet.left)
            finally:
                self._turn.release()

        if self._model is None:
            yield from timed(lambda _: self._load(), self.name, _UNLIMITED, stopped)
        if not stopped():
            yield from timed(work, self.name, self._limits, stopped)

    def _load(self) -> None:
        self._loaded()

    def _loaded(self) -> LocalModel:
        """The model, loaded once; others wait while it is."""
        with self._loading:
            if self._model is None:
                from qa.gguf_folder import gguf_folder
                from qa.local_model import LocalModel

                source = self._source
                if self._path and self._path.is_file():
                    source = str(gguf_folder(self._path, self._cache))
                self._model = LocalModel(source, self.name)
            return self._model
