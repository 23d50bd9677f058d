"""The SQLite file that conversations are kept in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from corpus.errors import DalilError, left_to_right
from index.disk import private_folder

VERSION = 1
_PATIENCE = 10.0  # seconds that one program waits while another writes
_SCHEMA = (
    """CREATE TABLE conversations (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, folded TEXT NOT NULL,
        collection TEXT NOT NULL, updated TEXT NOT NULL, changed INTEGER NOT NULL)""",
    "CREATE INDEX conversations_by_owner ON conversations (owner, changed)",
    "CREATE INDEX conversations_by_change ON conversations (changed)",
    """CREATE TABLE turns (
        conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
        number INTEGER NOT NULL, collection TEXT NOT NULL, turn TEXT NOT NULL,
        folded TEXT NOT NULL, PRIMARY KEY (conversation, number))""",
    """CREATE TABLE judgements (
        ordinal INTEGER PRIMARY KEY, conversation TEXT NOT NULL, number INTEGER NOT NULL,
        kind TEXT NOT NULL, comment TEXT NOT NULL, UNIQUE (conversation, number),
        FOREIGN KEY (conversation, number) REFERENCES turns ON DELETE CASCADE)""",
)


class ConversationFile:
    """One SQLite file, made with its folder; safe among threads and among processes.

    ``changed`` and ``ordinal`` grow with each change, whatever the clock says. Every method raises
    DalilError when the file is damaged, out of reach, or a newer version's.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        try:
            private_folder(path.parent)
            path.touch(mode=0o600)  # what people ask is theirs alone
        except OSError as error:
            raise self._unusable(error) from error
        self._db = self._connect()
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the file throughout."""
        with self._transaction("BEGIN") as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept together, or none of them."""
        with self._transaction("BEGIN IMMEDIATE") as db:
            yield db

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def _connect(self) -> sqlite3.Connection:
        try:
            return sqlite3.connect(
                self._path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )
        except sqlite3.OperationalError as error:
            raise self._unusable(error) from error

    def _prepare(self) -> None:
        with self._words():
            self._db.execute("PRAGMA foreign_keys = ON")
        with self.reading() as db:
            version = self._version(db)
        if version == 0:
            with self.writing() as db:
                if self._version(db) == 0:  # no other program was faster
                    for statement in _SCHEMA:
                        db.execute(statement)
                    db.execute(f"PRAGMA user_version = {VERSION}")
        # Two programs that start at once may hinder each other here; the file stays as the other
        # one leaves it, and everything works in either mode.
        with self._words(), suppress(sqlite3.OperationalError):
            self._db.execute("PRAGMA journal_mode = WAL")

    def _version(self, db: sqlite3.Connection) -> int:
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            raise DalilError(
                f"The conversations in {self._path} were kept by a newer Dalil: "
                f"form {version}, expected at most {VERSION}.",
                "Bring Dalil up to date, or move the file away: a new one is made.",
                arabic="حُفظت المحادثات بنسخة من دليل أحدث من هذه. حدّث دليل، أو انقل ملفّها إلى "
                f"مكان آخر فيُنشأ ملف جديد: «{left_to_right(self._path)}».",
            )
        return version

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, self._words():
            self._db.execute(begin)
            try:
                yield self._db
                self._db.commit()
            except BaseException:
                self._db.rollback()
                raise

    @contextmanager
    def _words(self) -> Iterator[None]:
        """What a person can mend, in words; a mistake of the program stays what it is."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise self._unusable(error) from error
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:
                raise
            raise DalilError(
                f"The conversations file {self._path} is damaged: {error}.",
                "Move it away, with the files beside it that end in -wal and -shm, and start "
                "again: a new one is made.",
                arabic=f"ملف المحادثات تالف: «{left_to_right(self._path)}». انقله إلى مكان آخر مع "
                "الملفّين اللذين بجواره بالاسم نفسه، وشغّل دليل من جديد، فيُنشأ ملف جديد.",
            ) from error

    def _unusable(self, error: Exception) -> DalilError:
        return DalilError(
            f"The conversations file {self._path} cannot be used: {error}.",
            "See that it can be written and that the disk is not full, or set another folder: "
            "DALIL_DATA=FOLDER",
            arabic=f"تعذّر استعمال ملف المحادثات: «{left_to_right(self._path)}». تأكّد من أنّ "
            "الكتابة فيه مسموحة ومن أنّ القرص غير ممتلئ، أو شغّل دليل على مجلّد آخر. "
            "في نافذة الأوامر: DALIL_DATA=FOLDER",
        )
