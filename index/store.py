"""Documents and passages of one generation, in SQLite; the raw text stays, for citations."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Self

from corpus.document import Document, Passage
from corpus.errors import AbsentError
from index.damage import damaged

_SCHEMA = """
CREATE TABLE files (
    path TEXT PRIMARY KEY, source TEXT NOT NULL, root TEXT NOT NULL, file_hash TEXT NOT NULL,
    document_id TEXT NOT NULL
);
CREATE TABLE documents (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, text TEXT NOT NULL, title TEXT NOT NULL,
    pages TEXT NOT NULL, headings TEXT NOT NULL, warnings TEXT NOT NULL
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL,
    position INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    text TEXT NOT NULL, heading TEXT NOT NULL, page INTEGER, vector_key TEXT NOT NULL
);
CREATE INDEX passages_by_document ON passages (document_id, position);
"""
_READ_AT_ONCE = 2_000
_MISTAKES = (sqlite3.IntegrityError, sqlite3.InternalError, sqlite3.ProgrammingError)
"""What a file on disk cannot be the cause of."""
_PASSAGE = 'id, document_id, start, "end", text, heading, page, position'


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as the index last read it; ``document_id`` names the text that it held."""

    path: str
    source: str
    root: str
    file_hash: str
    document_id: str


class PassageStore:
    """One SQLite file. Written once by a build, then only read; safe to share among threads."""

    def __init__(self, connection: sqlite3.Connection, read_from: Path | None = None) -> None:
        """Over ``connection``; ``read_from`` is the file of one that is only read."""
        self._db, self._file = connection, read_from
        self._lock = Lock()
        self.document = lru_cache(maxsize=64)(self._document)

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new, empty store at ``path``."""
        connection = sqlite3.connect(path)
        connection.executescript(_SCHEMA)
        return cls(connection)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open for reading; raises DamageError when the file is missing or damaged, here and
        wherever a damaged part is read.
        """
        try:
            connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            connection.execute("SELECT row FROM passages LIMIT 1")
        except sqlite3.DatabaseError as error:
            raise damaged(path, error) from error
        return cls(connection, path)

    def close(self) -> None:
        """Commit and let go of the file."""
        self._db.commit()
        self._db.close()

    def add_file(self, record: FileRecord) -> None:
        """Remember that a file was read."""
        self._db.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?)",
            (record.path, record.source, record.root, record.file_hash, record.document_id),
        )

    def add_document(
        self, document: Document, passages: Sequence[Passage], keys: Sequence[str]
    ) -> None:
        """Add a document with its passages, one row each in the order given."""
        first = self.passage_count()
        self._db.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                document.id,
                document.source,
                document.text,
                document.title,
                json.dumps(document.pages),
                json.dumps(document.headings),
                json.dumps(document.warnings, ensure_ascii=False),
            ),
        )
        self._db.executemany(
            f"INSERT INTO passages (row, vector_key, {_PASSAGE})"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (first + i, key, p.id, p.document_id, p.start, p.end, p.text, p.heading, p.page,
                 p.position)
                for i, (p, key) in enumerate(zip(passages, keys, strict=True))
            ),
        )  # fmt: skip

    def passage_count(self) -> int:
        """Number of passages, which is also the number of vectors."""
        # Rows are numbered without gaps; counting them would read all of them.
        return int(self._one("SELECT coalesce(max(row) + 1, 0) FROM passages")[0])

    def document_count(self) -> int:
        """Number of different texts."""
        return int(self._one("SELECT count(*) FROM documents")[0])

    def files(self) -> list[FileRecord]:
        """Every file behind the index, by path."""
        return [FileRecord(*row) for row in self._all("SELECT * FROM files ORDER BY path")]

    def files_of(self, document_id: str) -> list[FileRecord]:
        """The files that held this text when they were last read, by path."""
        rows = self._all("SELECT * FROM files WHERE document_id = ? ORDER BY path", document_id)
        return [FileRecord(*row) for row in rows]

    def document_ids(self) -> list[str]:
        """Every document's id, by source."""
        return [row[0] for row in self._all("SELECT id FROM documents ORDER BY source, id")]

    def _document(self, document_id: str) -> Document:
        """The document, whole; raises DalilError when the index does not hold it."""
        row = self._one(
            "SELECT source, text, title, pages, headings, warnings FROM documents WHERE id = ?",
            document_id,
        )
        with self._readable():
            document = Document(
                source=row[0],
                text=row[1],
                title=row[2],
                pages=tuple(json.loads(row[3])),
                headings=tuple((start, end) for start, end in json.loads(row[4])),
                warnings=tuple(json.loads(row[5])),
            )
            if document.id != document_id:
                raise ValueError(f"the text of {row[0]} is not the one that was written")
        return document

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id; raises DalilError when the index does not hold it."""
        return Passage(*self._one(f"SELECT {_PASSAGE} FROM passages WHERE id = ?", passage_id))

    def passages_of(self, document_id: str) -> list[Passage]:
        """A document's passages in text order."""
        return [
            Passage(*row)
            for row in self._all(
                f"SELECT {_PASSAGE} FROM passages WHERE document_id = ? ORDER BY position",
                document_id,
            )
        ]

    def passages_at(self, rows: Iterable[int]) -> list[tuple[Passage, str]]:
        """Passages and their sources at the given rows, in the order given."""
        query = (
            f"SELECT {', '.join('p.' + name for name in _PASSAGE.split(', '))}, d.source"
            " FROM passages p JOIN documents d ON d.id = p.document_id WHERE p.row = ?"
        )
        found = [self._one(query, int(row)) for row in rows]
        return [(Passage(*row[:-1]), row[-1]) for row in found]

    def passage_rows(self) -> Iterator[tuple[Passage, str]]:
        """Every passage with its vector key, in row order; few of them in memory at a time."""
        query = (
            f"SELECT {_PASSAGE}, vector_key FROM passages WHERE row >= ? AND row < ? ORDER BY row"
        )
        for first in range(0, self.passage_count(), _READ_AT_ONCE):
            for row in self._all(query, first, first + _READ_AT_ONCE):
                yield Passage(*row[:-1]), row[-1]

    def vector_keys(self) -> list[str]:
        """The key of each row's vector, in row order."""
        return [key for (key,) in self._all("SELECT vector_key FROM passages ORDER BY row")]

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Say of a damaged file what to do about it; one that is being written is not damaged."""
        try:
            yield
        except (sqlite3.DatabaseError, ValueError, TypeError, AttributeError) as error:
            if self._file is None or isinstance(error, _MISTAKES):
                raise
            raise damaged(self._file, error) from error

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._readable():
            return self._db.execute(query, values).fetchall()

    def _one(self, query: str, *values: object) -> tuple[Any, ...]:
        with self._lock, self._readable():
            row = self._db.execute(query, values).fetchone()
        if row is None:
            raise AbsentError(
                f"The index does not hold {values[0]!r} any more.",
                "It was rebuilt since; ask the question again.",
                arabic="أُعيد بناء الفهرس بعد هذا الجواب، فلم يعد هذا الموضع فيه. اسأل من جديد.",
            )
        return tuple(row)
