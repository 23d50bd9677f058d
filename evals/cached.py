"""An embedder that remembers, so that a second run of the evals embeds nothing again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from index.embedder import Embedder, Vectors


class CachedEmbedder:
    """The same vectors as ``model``'s, kept in the SQLite file ``path``; for one thread."""

    def __init__(self, model: Embedder, path: Path) -> None:
        self.name, self.fingerprint, self.dim = model.name, model.fingerprint, model.dim
        self._model = model
        path.parent.mkdir(parents=True, exist_ok=True)
        self._kept = sqlite3.connect(path, isolation_level=None)
        self._kept.execute("PRAGMA journal_mode=WAL")
        self._kept.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape ``(n, dim)``."""
        return self._embed("query", texts, self._model.embed_queries)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, shape ``(n, dim)``."""
        return self._embed("passage", texts, self._model.embed_passages)

    def _embed(
        self, role: str, texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]
    ) -> Vectors:
        keys = [sha256(f"{self.fingerprint}\0{role}\0{text}".encode()).digest() for text in texts]
        found = {key: vector for key in set(keys) if (vector := self._vector(key)) is not None}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if missing:
            made = dict(zip(missing, embed(list(missing.values())), strict=True))
            rows = [(key, vector.tobytes()) for key, vector in made.items()]
            self._kept.execute("BEGIN")
            self._kept.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
            self._kept.execute("COMMIT")
            found |= made
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        return np.stack([found[key] for key in keys])

    def _vector(self, key: bytes) -> Vectors | None:
        row = self._kept.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
        return None if row is None else np.frombuffer(row[0], dtype=np.float32)
