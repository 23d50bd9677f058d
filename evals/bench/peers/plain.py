"""sentence-transformers and a flat FAISS index: the floor, without words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evals.bench.peers.system import Search
from evals.bench.peers.workload import BATCH, PASSAGE, QUERY, Workload

_VECTORS, _TEXTS = "vectors.faiss", "texts.json"


def load(work: Workload) -> Any:
    """The model."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(work.model)


def encode(model: Any, texts: list[str], prompt: str = PASSAGE) -> Any:
    """Normalised vectors, shape ``(n, dim)``."""
    return model.encode(
        texts, prompt=prompt, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
    )


def build(model: Any, work: Workload, folder: Path) -> None:
    """Encode everything at once, which sorts it by length."""
    _save(encode(model, list(work.texts.values())), work.texts, folder)


def update(model: Any, work: Workload, folder: Path) -> None:
    """Encode what changed, and put the new rows in their places."""
    import faiss

    texts = json.loads((folder / _TEXTS).read_text(encoding="utf-8"))
    index = faiss.read_index(str(folder / _VECTORS))
    vectors = index.reconstruct_n(0, index.ntotal)
    rows = {name: row for row, name in enumerate(texts)}
    vectors[[rows[name] for name in work.changed]] = encode(model, list(work.changed.values()))
    _save(vectors, texts | work.changed, folder)


def open_search(model: Any, folder: Path) -> Search:
    """One query, one product with every vector."""
    import faiss

    names = list(json.loads((folder / _TEXTS).read_text(encoding="utf-8")))
    index = faiss.read_index(str(folder / _VECTORS))

    def search(query: str, limit: int) -> list[str]:
        _, rows = index.search(encode(model, [query], QUERY), limit)
        return [names[row] for row in rows[0] if row >= 0]

    return search


def _save(vectors: Any, texts: dict[str, str], folder: Path) -> None:
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / _VECTORS))
    (folder / _TEXTS).write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
