"""Vectors that a build has computed but not yet published, so that a killed build loses none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import numpy as np

from index.embedder import Vectors

_NAME = "pending.sqlite"


class PendingVectors:
    """A SQLite file beside the generations; every ``add`` is durable when it returns."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._path = folder / _NAME
        self._db = self._open()
        if self._owner() != fingerprint:
            # Another model's vectors are of no use to this build.
            self._db.close()
            self._path.unlink()
            self._db = self._open()
            self._db.execute("INSERT INTO owner VALUES (?)", (fingerprint,))
            self._db.commit()

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.DatabaseError:  # A torn file holds nothing worth more than embedding again.
            self._path.unlink()
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path)
        db.execute("CREATE TABLE IF NOT EXISTS owner (fingerprint TEXT)")
        db.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB)")
        db.commit()
        return db

    def _owner(self) -> str | None:
        row = self._db.execute("SELECT fingerprint FROM owner").fetchone()
        return None if row is None else str(row[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def add(self, keys: Iterable[str], vectors: Vectors) -> None:
        """Keep one vector for each key."""
        rows = ((key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True))
        self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        self._db.commit()

    def keys(self) -> set[str]:
        """The keys whose vectors are kept."""
        return {row[0] for row in self._db.execute("SELECT key FROM vectors")}

    def get(self, key: str) -> Vectors:
        """The vector of ``key``, shape ``(dim,)``; raises KeyError when it is not kept."""
        row = self._db.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return np.frombuffer(row[0], dtype=np.float32)

    def clear(self) -> None:
        """Forget everything: the vectors are published now."""
        self._db.close()
        self._path.unlink(missing_ok=True)
