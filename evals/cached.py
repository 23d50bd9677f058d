"""Models that remember, so that a second run of the evals computes nothing again."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from hashlib import sha256
from pathlib import Path

import numpy as np

from corpus.errors import DalilError
from index.embedder import Embedder, Vectors
from qa.reader import PassageReader, Read


class CachedEmbedder:
    """The same vectors as ``model``'s, kept in the SQLite file ``path``; for one thread."""

    def __init__(self, model: Embedder, path: Path) -> None:
        self.name, self.fingerprint, self.dim = model.name, model.fingerprint, model.dim
        self._model = model
        self._kept = _Kept(path)

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
            self._kept.put([(key, vector.tobytes()) for key, vector in made.items()])
            found |= made
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        return np.stack([found[key] for key in keys])

    def _vector(self, key: bytes) -> Vectors | None:
        found = self._kept.get(key)
        return None if found is None else np.frombuffer(found, dtype=np.float32)


class CachedReads:
    """The same readings as ``network``'s, kept in the SQLite file ``path``; for one thread."""

    def __init__(self, network: PassageReader, path: Path) -> None:
        self.fingerprint = network.fingerprint
        self._network = network
        self._kept = _Kept(path)

    def read(self, question: str, passages: Sequence[str]) -> list[Read]:
        """One reading for each passage, in the order given."""
        keys = [
            sha256("\0".join((self.fingerprint, question, passage)).encode()).digest()
            for passage in passages
        ]
        found = {
            key: Read(*_READ.unpack(value))
            for key in set(keys)
            if (value := self._kept.get(key)) is not None
        }
        missing = {key: text for key, text in zip(keys, passages, strict=True) if key not in found}
        if missing:
            made = self._network.read(question, list(missing.values()))
            found |= dict(zip(missing, made, strict=True))
            self._kept.put([(key, _READ.pack(*astuple(found[key]))) for key in missing])
        return [found[key] for key in keys]


_READ = struct.Struct("<dqqd")


class _Kept:
    """Values by key in an SQLite file; DalilError says which where it is damaged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path, isolation_level=None)
        with self._or_say():
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=OFF")  # what is lost can be computed again
            self._file.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB)")

    def get(self, key: bytes) -> bytes | None:
        """The value, or None."""
        with self._or_say():
            row = self._file.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])

    def put(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        """Keep all of them."""
        with self._or_say():
            self._file.execute("BEGIN")
            self._file.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)
            self._file.execute("COMMIT")

    @contextmanager
    def _or_say(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            busy = getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCK"))
            raise DalilError(
                f"What the evals keep in {self._path} cannot be used: {error}",
                "Wait until the other eval has ended." if busy else _DELETE,
            ) from error


_DELETE = "Delete that file; all in it is computed again."
