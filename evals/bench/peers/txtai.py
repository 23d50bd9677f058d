"""txtai: one hybrid index that keeps its texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evals.bench.peers.system import Answer, Search
from evals.bench.peers.workload import BATCH, PASSAGE, QUERY, Workload


def load(work: Workload) -> Any:
    """Its settings, and the models loaded so far, the one among them."""
    from txtai import Embeddings

    settings = {
        "path": work.model,
        "instructions": {"query": QUERY, "data": PASSAGE},
        "encodebatch": BATCH,
        "hybrid": True,
        "content": True,
    }
    models: dict[str, Any] = {}
    Embeddings(settings, models)
    return settings, models


def build(model: Any, work: Workload, folder: Path) -> None:
    """Index and save."""
    from txtai import Embeddings

    embeddings = Embeddings(*model)
    embeddings.index((name, text, None) for name, text in work.texts.items())
    embeddings.save(str(folder))


def update(model: Any, work: Workload, folder: Path) -> None:
    """Upsert what changed."""
    embeddings = _opened(model, folder)
    embeddings.upsert((name, text, None) for name, text in work.changed.items())
    embeddings.save(str(folder))


def open_search(model: Any, folder: Path) -> Search:
    """Its own hybrid search."""
    embeddings = _opened(model, folder)

    def search(query: str, limit: int) -> list[str]:
        return [found["id"] for found in embeddings.search(query, limit)]

    return search


def open_answer(model: Any, folder: Path, work: Workload) -> Answer:
    """Its RAG pipeline with an extractive model, as it comes: the first three texts are joined."""
    from txtai.pipeline import RAG

    answering = RAG(
        _opened(model, folder), work.reader, task="question-answering", output="flatten"
    )

    def answer(query: str) -> str:
        return answering([{"query": query, "question": query}])[0] or ""

    return answer


def _opened(model: Any, folder: Path) -> Any:
    from txtai import Embeddings

    embeddings = Embeddings(models=model[1])
    embeddings.load(str(folder))
    return embeddings
