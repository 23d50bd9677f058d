"""Vector search in PostgreSQL with pgvector, for those who run one already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors
from index.engines import absent, not_installed, unreachable
from index.vectors import Rows, VectorStore

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.sql import SQL, Composed, Identifier

_EXACT_LIMIT = 10_000
"""A table is read through for each question up to this many rows; a graph is built beyond."""
_MOST_DIMENSIONS = 2_000  # that a graph over single-precision vectors takes
_EFFORT = 200
_PATIENCE = 10  # seconds to connect
_ROWS_AT_ONCE = 1_000
_COPY_HEAD, _COPY_END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"


class Postgres:
    """The tables of one database; ``address`` is a connection string or URI of libpq.

    One connection is shared and made again when the server was restarted.
    """

    name = "postgres"

    def __init__(self, address: str) -> None:
        try:
            import psycopg
        except ImportError as error:
            raise not_installed("PostgreSQL", "'psycopg[binary]'") from error
        try:
            parts = psycopg.conninfo.conninfo_to_dict(address)
        except psycopg.ProgrammingError:  # whose words may hold a password
            raise unreachable(
                "PostgreSQL", "the address given", "this is no connection string."
            ) from None
        parts.setdefault("connect_timeout", _PATIENCE)
        self._parts: dict[str, Any] = dict(parts)
        self._shown = " ".join(
            f"{key}={parts[key]}" for key in ("host", "port", "dbname") if parts.get(key)
        )
        self._shown = self._shown or "this machine"
        self._lock = Lock()
        self._connection: Connection[Any] | None = None
        with self._said():
            self._connected()

    def write(self, collection: str, vectors: Vectors, kind: str | None = None) -> VectorStore:
        """Fill a table, wholly or not at all; ``kind`` is `exact` or `hnsw`."""
        from psycopg import sql

        graph = len(vectors) > _EXACT_LIMIT and vectors.shape[1] <= _MOST_DIMENSIONS
        kind = kind or ("hnsw" if graph else "exact")
        table = sql.Identifier(collection)
        dim = sql.Literal(vectors.shape[1])
        with self._said(collection), self._lock, self._connected().transaction():
            connection = self._connected()
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
            columns = sql.SQL("CREATE TABLE {} (id bigint NOT NULL, vector vector({}) NOT NULL)")
            connection.execute(columns.format(table, dim))
            _copy(connection, table, vectors)
            if kind == "hnsw":
                index = sql.SQL("CREATE INDEX ON {} USING hnsw (vector vector_ip_ops)")
                connection.execute(index.format(table))
            # The kind stands with the table, so that whoever opens it need not guess.
            comment = sql.SQL("COMMENT ON TABLE {} IS {}").format(table, sql.Literal(kind))
            connection.execute(comment)
        return self.open(collection)

    def open(self, collection: str) -> VectorStore:
        """The table, which must be there."""
        from psycopg import sql

        found = self.rows(sql.SQL("SELECT obj_description(to_regclass(%s))"), collection)
        if found[0][0] is None:
            raise absent("PostgreSQL", self._shown, collection)
        return _Table(self, collection, str(found[0][0]))

    def names(self, prefix: str) -> list[str]:
        """The tables whose names begin so, in order."""
        from psycopg import sql

        query = sql.SQL(
            "SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false))"
            " AND starts_with(tablename, %s) ORDER BY tablename"
        )
        return [str(name) for (name,) in self.rows(query, prefix)]

    def drop(self, collection: str) -> None:
        """Remove a table; nothing happens where there is none."""
        from psycopg import sql

        with self._said(), self._lock:
            query = sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(collection))
            self._connected().execute(query)

    def rows(
        self, query: SQL | Composed, *values: object, collection: str = ""
    ) -> list[tuple[Any, ...]]:
        """What a query finds; asked once more when the connection had died meanwhile."""
        import psycopg

        with self._said(collection), self._lock:
            try:
                return self._connected().execute(query, values).fetchall()
            except psycopg.OperationalError:
                if self._connection is None or not self._connection.closed:
                    raise
            return self._connected().execute(query, values).fetchall()

    def _connected(self) -> Connection[Any]:
        import psycopg

        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(**self._parts, autocommit=True)
            _prepare(self._connection, self._shown)
        return self._connection

    @contextmanager
    def _said(self, collection: str = "") -> Iterator[None]:
        """Say what went wrong in the database as a DalilError."""
        import psycopg

        try:
            yield
        except psycopg.errors.UndefinedTable as error:
            raise absent("PostgreSQL", self._shown, collection) from error
        except psycopg.Error as error:
            lines = str(error).strip().splitlines() or [type(error).__name__]
            raise unreachable("PostgreSQL", self._shown, lines[0]) from error


class _Table:
    """One table, searched."""

    def __init__(self, postgres: Postgres, name: str, kind: str) -> None:
        from psycopg import sql

        self._postgres, self._name, self.kind = postgres, name, kind
        self._count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))
        self._nearest = sql.SQL(
            "SELECT id, -(vector <#> %s::vector) FROM {} ORDER BY vector <#> %s::vector LIMIT %s"
        ).format(sql.Identifier(name))

    def __len__(self) -> int:
        return int(self._postgres.rows(self._count, collection=self._name)[0][0])

    def search(self, query: Vectors, limit: int) -> tuple[Rows, NDArray[np.float32]]:
        """Rows and inner products of the nearest vectors, best first."""
        told = "[" + ",".join(map(repr, query.tolist())) + "]"
        limit = max(limit, 0)
        found = self._postgres.rows(self._nearest, told, told, limit, collection=self._name)
        rows = np.array([row for row, _ in found], dtype=np.int64)
        return rows, np.array([score for _, score in found], dtype=np.float32)


def _prepare(connection: Connection[Any], shown: str) -> None:
    """Make sure of pgvector, and let its graphs look as far as the recall asks for."""
    query = "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
    found = connection.execute(query).fetchone()
    if found is None:
        connection.execute("CREATE EXTENSION vector")
        found = connection.execute(query).fetchone()
    version = tuple(int(part) for part in str(found[0] if found else 0).split(".")[:2])
    if version < (0, 5):
        raise unreachable("PostgreSQL", shown, f"its pgvector is {version}; 0.5 is needed.")
    connection.execute(f"SET hnsw.ef_search = {_EFFORT}")
    if version >= (0, 8):  # goes on where more than that many are asked for
        connection.execute("SET hnsw.iterative_scan = strict_order")


def _copy(connection: Connection[Any], table: Identifier, vectors: Vectors) -> None:
    """Send all rows in the binary form of COPY, a thousand at a time."""
    from psycopg import sql

    row = _row(vectors.shape[1])
    query = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(table)
    with connection.cursor().copy(query) as copy:
        copy.write(_COPY_HEAD)
        for first in range(0, len(vectors), _ROWS_AT_ONCE):
            part = vectors[first : first + _ROWS_AT_ONCE]
            rows = np.zeros(len(part), dtype=row)
            rows["fields"], rows["id_bytes"], rows["dim"] = 2, 8, vectors.shape[1]
            rows["vector_bytes"] = 4 + 4 * vectors.shape[1]
            rows["id"] = np.arange(first, first + len(part))
            rows["vector"] = part
            copy.write(rows.tobytes())
        copy.write(_COPY_END)


def _row(dim: int) -> np.dtype[np.void]:
    """A row as COPY and pgvector write it, big-endian."""
    return np.dtype(
        [
            ("fields", ">i2"),
            ("id_bytes", ">i4"),
            ("id", ">i8"),
            ("vector_bytes", ">i4"),
            ("dim", ">i2"),
            ("unused", ">i2"),
            ("vector", ">f4", (dim,)),
        ]
    )
