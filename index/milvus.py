"""Vector search in Milvus: embedded (Lite, a local file), one server, or a cluster."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from corpus.errors import DalilError
from index.embedder import Vectors
from index.engines import absent, not_installed, unreachable
from index.vectors import EXACT_LIMIT, Rows, VectorStore

_PATIENCE = 10.0  # seconds that a question waits
_LOADING = 3600.0  # seconds that a build waits for the engine
_MOST_HITS = 16_384  # that one search may ask for
_BYTES_AT_ONCE = 4 << 20
_NOT_THERE = 100


class Milvus:
    """The collections of one Milvus; ``address`` is a file *.db (Lite) or http(s)://host:port.

    A Lite file is open to one process at a time.
    """

    name = "milvus"

    def __init__(self, address: str) -> None:
        try:
            from pymilvus import MilvusClient
        except ImportError as error:
            raise not_installed("Milvus", "pymilvus milvus-lite") from error
        for logger in ("pymilvus", "milvus_lite"):  # what they log is raised too
            logging.getLogger(logger).setLevel(logging.CRITICAL)
        parts = urlsplit(address)
        self._lite = not parts.netloc
        self._shown = address if self._lite else f"{parts.scheme}://{_place(parts.netloc)}"
        uri = str(Path(address).expanduser().resolve()) if self._lite else address
        with self._said():
            self._client = MilvusClient(uri, timeout=_PATIENCE)
            self.version = str(self._client.get_server_version(timeout=_PATIENCE))
        self.has_graph = not self._lite  # Lite's own lose hits; it is for sizes that need none
        if not self._lite and _numbers(self.version) < (2, 3):  # which cannot count its rows
            raise unreachable("Milvus", self._shown, f"it is {self.version}; 2.3 is needed.")

    def write(self, collection: str, vectors: Vectors, kind: str | None = None) -> VectorStore:
        """Fill a collection and load it; ``kind`` is `FLAT` (exact) or `HNSW`."""
        graph = self.has_graph and len(vectors) > EXACT_LIMIT
        kind = kind or ("HNSW" if graph else "FLAT")
        with self._said(collection):
            self.drop(collection)
            self._create(collection, vectors.shape[1])
            step = max(1, _BYTES_AT_ONCE // (4 * vectors.shape[1]))
            for first in range(0, len(vectors), step):
                rows = enumerate(vectors[first : first + step], start=first)
                data = [{"id": row, "vector": vector} for row, vector in rows]
                self._client.insert(collection, data, timeout=_LOADING)
            self._client.flush(collection, timeout=_LOADING)
            self._index(collection, kind)
        store = self.open(collection)
        if len(store) != len(vectors):
            raise unreachable("Milvus", self._shown, f"of {len(vectors)} rows it has {len(store)}.")
        return store

    def _create(self, collection: str, dim: int) -> None:
        from pymilvus import DataType

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
        self._client.create_collection(collection, schema=schema, timeout=_LOADING)

    def _index(self, collection: str, kind: str) -> None:
        effort = {"M": 32, "efConstruction": 200} if kind == "HNSW" else {}
        params = self._client.prepare_index_params()
        params.add_index("vector", index_type=kind, metric_type="IP", params=effort)
        self._client.create_index(collection, params, timeout=_LOADING)

    def open(self, collection: str) -> VectorStore:
        """Load the collection into the engine's memory, where it is not."""
        with self._said(collection):
            self._client.load_collection(collection, timeout=_LOADING)
            found = self._client.describe_index(collection, "vector", timeout=_PATIENCE)
        return _Collection(self, collection, str(found["index_type"]))

    def names(self, prefix: str) -> list[str]:
        """The collections whose names begin so, in order."""
        with self._said():
            found = self._client.list_collections(timeout=_PATIENCE)
        return sorted(name for name in found if name.startswith(prefix))

    def drop(self, collection: str) -> None:
        """Remove a collection; nothing happens where there is none."""
        with self._said():
            self._client.drop_collection(collection, timeout=_LOADING)

    def count(self, collection: str) -> int:
        """How many rows the engine has, after all that was written."""
        with self._said(collection):
            found = self._client.query(
                collection,
                filter="",
                output_fields=["count(*)"],
                consistency_level="Strong",
                timeout=_LOADING,
            )
        return int(found[0]["count(*)"])

    def search(self, collection: str, query: Vectors, limit: int) -> list[tuple[int, float]]:
        """Rows and inner products of at most ``limit`` nearest vectors, best first."""
        with self._said(collection):
            found = self._client.search(
                collection,
                data=[query],
                limit=limit,
                output_fields=["id"],
                search_params={"metric_type": "IP", "params": {"ef": max(limit, 128)}},
                consistency_level="Eventually",  # nothing is written after the first search
                timeout=_PATIENCE,
            )
        return [(int(hit["id"]), float(hit["distance"])) for hit in found[0]]

    @contextmanager
    def _said(self, collection: str = "") -> Iterator[None]:
        """Say what went wrong in Milvus as a DalilError."""
        from pymilvus import MilvusException

        try:
            yield
        except MilvusException as error:
            if error.code == _NOT_THERE and collection:
                raise absent("Milvus", self._shown, collection) from error
            raise self._unusable(error) from error

    def _unusable(self, error: Any) -> DalilError:
        reason = str(error.message).strip().splitlines()[0].removesuffix(".")
        if self._lite and "Open local milvus failed" in reason:
            reason += "; another process has it open, or it is no file of Milvus Lite"
        return unreachable("Milvus", self._shown, f"{reason}.")


class _Collection:
    """One collection, searched."""

    def __init__(self, milvus: Milvus, name: str, kind: str) -> None:
        self._milvus, self._name, self.kind = milvus, name, kind

    def __len__(self) -> int:
        return self._milvus.count(self._name)

    def search(self, query: Vectors, limit: int) -> tuple[Rows, NDArray[np.float32]]:
        """Rows and inner products of the nearest vectors, best first."""
        limit = min(limit, _MOST_HITS)
        found = self._milvus.search(self._name, query, limit) if limit > 0 else []
        rows = np.array([row for row, _ in found], dtype=np.int64)
        return rows, np.array([score for _, score in found], dtype=np.float32)


def _place(netloc: str) -> str:
    """Host and port, without what opens the door."""
    return netloc.rpartition("@")[2]


def _numbers(version: str) -> tuple[int, ...]:
    """(2, 3) for v2.3.5-lite; a version without numbers is a newer one."""
    digits = version.lstrip("v").split("-")[0].split(".")[:2]
    return tuple(int(part) for part in digits) if all(map(str.isdigit, digits)) else (9, 9)
