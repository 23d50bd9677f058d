"""Vector search with FAISS: the kind of index follows the number of passages."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from corpus.errors import DalilError
from index.embedder import Vectors

Rows = NDArray[np.int64]

EXACT_LIMIT = 100_000
GRAPH_LIMIT = 1_000_000


class VectorStore(Protocol):
    """Nearest rows by inner product, best first."""

    @property
    def kind(self) -> str:
        """How it searches, as written in the manifest."""

    def __len__(self) -> int: ...

    def search(self, query: Vectors, limit: int) -> tuple[Rows, NDArray[np.float32]]:
        """Rows and scores of at most ``limit`` nearest vectors to ``query`` of shape ``(dim,)``."""


def kind_for(count: int) -> str:
    """FAISS factory string for ``count`` vectors: exact, then a graph, then compressed lists."""
    if count <= EXACT_LIMIT:
        return "Flat"
    if count <= GRAPH_LIMIT:
        return "HNSW32,SQ8"
    return f"IVF{4 * round(count**0.5)},PQ96"


class FaissStore:
    """A FAISS index over inner products of normalised vectors."""

    def __init__(self, index: Any, kind: str) -> None:
        self._index = index
        self.kind = kind

    @classmethod
    def build(cls, vectors: Vectors, kind: str | None = None) -> Self:
        """Index ``vectors`` of shape ``(n, dim)``; ``kind`` is a FAISS factory string."""
        import faiss

        kind = kind or kind_for(len(vectors))
        index = faiss.index_factory(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
        rows = np.ascontiguousarray(vectors)
        if not index.is_trained:
            index.train(rows)
        index.add(rows)
        return cls(_tuned(index), kind)

    @classmethod
    def open(cls, path: Path, kind: str) -> Self:
        """Map an index file into memory; raises DalilError when FAISS cannot read it."""
        import faiss

        flags = faiss.IO_FLAG_MMAP_IFC if not kind.startswith("IVF") else faiss.IO_FLAG_MMAP
        try:
            return cls(_tuned(faiss.read_index(str(path), flags)), kind)
        except RuntimeError as error:
            raise DalilError(
                f"The vector file {path} cannot be read: it is damaged or not from FAISS.",
                "Build the index again: dalil index --rebuild",
                arabic="فهرس هذه المجموعة تالف لا تُقرأ متّجهاته. أعد بناءها في هذه الصفحة، "
                "أو في نافذة الأوامر: dalil index --rebuild",
            ) from error

    def save(self, path: Path) -> None:
        """Write the index file."""
        import faiss

        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: Vectors, limit: int) -> tuple[Rows, NDArray[np.float32]]:
        """Rows and inner products of the nearest vectors, best first; no padding."""
        limit = min(limit, len(self))
        if limit <= 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        scores, rows = self._index.search(query.reshape(1, -1), limit)
        found = rows[0] >= 0  # FAISS pads with -1 when it finds fewer.
        return rows[0][found], scores[0][found]


def _tuned(index: Any) -> Any:
    """Search effort for a recall above 0.97 at ten results."""
    import faiss

    if hasattr(index, "hnsw"):
        index.hnsw.efSearch = 128
    elif isinstance(index, faiss.IndexIVF):
        index.nprobe = 64
    return index
