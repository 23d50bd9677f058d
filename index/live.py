"""An index that follows its rebuilds while questions go on."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from corpus.errors import DalilError
from index.embedder import Embedder
from index.engines import FAISS_STORE
from index.search import SearchIndex, require_generation

_ATTEMPTS = 3


class LiveIndex:
    """Calling it gives the generation that serves now, opened once for each generation."""

    def __init__(self, folder: Path, model: Embedder, store: str = FAISS_STORE) -> None:
        self._folder, self._model, self._store = folder, model, store
        self._lock = Lock()
        self._open: SearchIndex | None = None

    def __call__(self) -> SearchIndex:
        """The open generation; raises DalilError when there is none or it is of another model."""
        with self._lock:
            serving = require_generation(self._folder)
            if self._open is None or self._open.generation.folder != serving:
                self._open = self._reopen()
            return self._open

    def _reopen(self) -> SearchIndex:
        """A build may drop the generation while it is being opened; then there is a newer one."""
        for attempt in range(1, _ATTEMPTS + 1):
            serving = require_generation(self._folder)
            try:
                return SearchIndex.open(self._folder, self._model, self._store)
            except (OSError, DalilError):
                if attempt == _ATTEMPTS or require_generation(self._folder) == serving:
                    raise
        raise AssertionError("unreachable")
