"""Vector search with FAISS: the kind of index follows the number of passages."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.damage import damaged
from index.disk import load_array, save_array
from index.embedder import Vectors
from index.reuse import Reuse

Rows = NDArray[np.int64]

EXACT_LIMIT = 100_000
GRAPH_LIMIT = 1_000_000
_SLACK = 1.1
"""A graph may grow so far beyond the size at which another kind would be built."""
_MOST_GONE = 0.2
"""A graph with a larger share of entries that are gone is built anew."""


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
    """A FAISS index over inner products of normalised vectors.

    ``rows`` gives the row of each entry of the index, -1 where the row is gone; None where entries
    are rows.
    """

    def __init__(self, index: Any, kind: str, rows: Rows | None = None) -> None:
        self._index = index
        self.kind = kind
        self._rows = rows
        self._effort = None if rows is None else _living(index, rows)

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
        """Map an index file into memory; raises DamageError when FAISS cannot read it."""
        return cls._read(path, kind, _mapping(kind))

    @classmethod
    def grown(cls, path: Path, kind: str, reuse: Reuse, vectors: Vectors) -> Self | None:
        """The graph saved at ``path``, with new rows of ``vectors`` added and lost ones marked.

        None where building anew is better: it is no graph, would not be at this size, or too much
        of it is gone. ``reuse`` says where its rows are now. Raises DamageError when FAISS
        cannot read it.
        """
        kinds = {kind_for(len(vectors)), kind_for(round(len(vectors) / _SLACK))}
        if not kind.startswith("HNSW") or kind not in kinds:
            return None
        earlier = cls._read(path, kind, 0)
        entries = np.arange(earlier._index.ntotal) if earlier._rows is None else earlier._rows
        moved = np.append(reuse.moved, -1)[entries]
        if np.count_nonzero(moved < 0) > _MOST_GONE * len(vectors):
            return None
        new = reuse.new
        earlier._index.add(np.ascontiguousarray(vectors[new]))
        return cls(earlier._index, kind, np.concatenate((moved, new)))

    @classmethod
    def _read(cls, path: Path, kind: str, flags: int) -> Self:
        import faiss

        try:
            index = _tuned(faiss.read_index(str(path), flags))
        except (RuntimeError, ValueError, MemoryError) as error:
            raise damaged(path, "it is no index of FAISS") from error
        rows = _rows_file(path)
        try:
            return cls(index, kind, load_array(rows) if rows.exists() else None)
        except (OSError, ValueError) as error:
            raise damaged(rows, error) from error

    def save(self, path: Path) -> int:
        """Write the index file, and beside it the rows of its entries where they differ.

        Returns how many bytes of the file stand before its vectors: FAISS follows them blindly.
        Raises OSError where not all of it can be written.
        """
        import faiss

        try:
            faiss.write_index(self._index, str(path))
            # It says nothing of an end that does not fit on the disk.
            faiss.read_index(str(path), _mapping(self.kind))
        except RuntimeError as error:
            raise OSError(f"{path}: {error}") from error
        if self._rows is not None:
            save_array(_rows_file(path), self._rows)
        return path.stat().st_size - int(self._index.ntotal) * _width(self._index)

    def __len__(self) -> int:
        if self._rows is not None:
            return int(np.count_nonzero(self._rows >= 0))
        return int(self._index.ntotal)

    def search(self, query: Vectors, limit: int) -> tuple[Rows, NDArray[np.float32]]:
        """Rows and inner products of the nearest vectors, best first; no padding."""
        limit = min(limit, len(self))
        if limit <= 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        scores, found = self._index.search(query.reshape(1, -1), limit, params=self._effort)
        there = found[0] >= 0  # FAISS pads with -1 when it finds fewer.
        entries = found[0][there]
        return entries if self._rows is None else self._rows[entries], scores[0][there]


def _rows_file(path: Path) -> Path:
    return path.with_suffix(".rows.npy")


def _mapping(kind: str) -> int:
    """The flag that maps an index file into memory."""
    import faiss

    return int(faiss.IO_FLAG_MMAP if kind.startswith("IVF") else faiss.IO_FLAG_MMAP_IFC)


def _width(index: Any) -> int:
    """Bytes that one more entry takes at the end of the file."""
    import faiss

    if isinstance(index, faiss.IndexIVF):
        return int(index.code_size) + 8  # beside its number
    flat: Any = faiss.downcast_index(index.storage) if hasattr(index, "hnsw") else index
    return int(flat.code_size)


def _living(index: Any, rows: Rows) -> Any:
    """Search parameters that leave out entries whose row is gone."""
    import faiss

    engine: Any = faiss  # its type stubs describe the C++ arguments
    living = engine.IDSelectorBitmap(np.packbits(rows >= 0, bitorder="little"))
    return engine.SearchParametersHNSW(sel=living, efSearch=index.hnsw.efSearch)


def _tuned(index: Any) -> Any:
    """Search effort for a recall above 0.97 at ten results, once the candidates are scored exactly.

    Of a graph over 200,000 vectors, efSearch 128 finds 0.935 so, 512 finds 0.985 and 1,024 finds
    0.993 in 4 ms at the median (docs/scaling.md).
    """
    import faiss

    if hasattr(index, "hnsw"):
        index.hnsw.efSearch = 1024
    elif isinstance(index, faiss.IndexIVF):
        index.nprobe = 64
    return index
