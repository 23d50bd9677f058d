"""Vectors that a build has computed but not yet published, so that a killed build loses none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self
from zlib import crc32

import numpy as np

from index.embedder import Vectors

PENDING = "pending.sqlite"
PENDING_FILES = (PENDING, *(f"{PENDING}-{end}" for end in ("journal", "wal", "shm")))
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS owner (fingerprint TEXT)",
    "CREATE TABLE IF NOT EXISTS made (key TEXT PRIMARY KEY, vector BLOB, check_sum INTEGER)"
    " WITHOUT ROWID",
)
_DISK = (
    *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN),
)
"""What is no fault of the file: it is kept then, and the build ends."""


class PendingVectors:
    """A SQLite file beside the generations; every ``add`` is durable when it returns.

    A damaged file, or a vector of which a byte has changed, is as if it had not been kept.
    Methods raise sqlite3.Error where the disk does not play its part.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._folder, self._fingerprint = folder, fingerprint
        try:
            self._db = self._opened()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DISK:
                raise
            self._db = self._anew()
        if not self._is_ours():
            self._db.close()
            self._db = self._anew()

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._folder / PENDING)
        try:
            for statement in _SCHEMA:
                db.execute(statement)
            if db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("the file is torn")
            rows = db.execute("SELECT key, vector, check_sum FROM made")
            changed = [(key,) for key, vector, kept in rows if _check_sum(key, vector) != kept]
            db.executemany("DELETE FROM made WHERE key = ?", changed)
            db.commit()
        except BaseException:
            db.close()
            raise
        return db

    def _is_ours(self) -> bool:
        """Whether the vectors are of this model; another's are of no use to this build."""
        return self._db.execute("SELECT fingerprint FROM owner").fetchall() == [
            (self._fingerprint,)
        ]

    def _anew(self) -> sqlite3.Connection:
        discard_pending(self._folder)
        db = self._opened()
        db.execute("INSERT INTO owner VALUES (?)", (self._fingerprint,))
        db.commit()
        return db

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def add(self, keys: Iterable[str], vectors: Vectors) -> None:
        """Keep one vector for each key."""
        blobs = ((key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True))
        rows = ((key, blob, _check_sum(key, blob)) for key, blob in blobs)
        self._db.executemany("INSERT OR REPLACE INTO made VALUES (?, ?, ?)", rows)
        self._db.commit()

    def keys(self) -> set[str]:
        """The keys whose vectors are kept."""
        return {row[0] for row in self._db.execute("SELECT key FROM made")}

    def get(self, key: str) -> Vectors:
        """The vector of ``key``, shape ``(dim,)``; raises KeyError when it is not kept."""
        row = self._db.execute("SELECT vector FROM made WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return np.frombuffer(row[0], dtype=np.float32)

    def clear(self) -> None:
        """Forget everything: the vectors are published now."""
        self._db.close()
        discard_pending(self._folder)


def discard_pending(folder: Path) -> None:
    """Remove what a build in ``folder`` has left; the file first, for a journal without one is
    never played back.
    """
    for name in PENDING_FILES:
        with suppress(FileNotFoundError):
            (folder / name).unlink()


def _check_sum(key: object, vector: object) -> int:
    if not isinstance(key, str) or not isinstance(vector, bytes):
        return -1
    return crc32(vector, crc32(key.encode()))
