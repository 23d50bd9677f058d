"""Dalil's two searches, each paragraph one passage, as the other systems have them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evals.bench.peers.system import Search
from evals.bench.peers.workload import Workload

_WHOLE = 100_000  # words: no paragraph is cut


def load(work: Workload) -> Any:
    """The embedder, one thread at a time as the server has it."""
    from index.embedder import load_embedder
    from qa.models import EmbedderInTurn
    from qa.settings import load_settings

    return EmbedderInTurn(load_embedder(work.embedder, load_settings().cache))


def build(model: Any, work: Workload, folder: Path) -> None:
    """Read the files, and index them."""
    from corpus.passages import PassageSize

    index_files(model, work, folder, PassageSize(_WHOLE, 0))


def update(model: Any, work: Workload, folder: Path) -> None:
    """The same command again: it finds out what changed."""
    build(model, work, folder)


def open_search(model: Any, folder: Path) -> Search:
    """Meaning and words, fused."""
    from index.search import SearchIndex

    return searching(SearchIndex.open(folder, model).search)


def index_files(model: Any, work: Workload, folder: Path, size: Any) -> None:
    """`dalil index` on the folder of texts, the model loaded already."""
    from index.build import build_index

    build_index(folder, [Path(work.files)], model.name, lambda: model, size=size)


def searching(hits: Any) -> Search:
    """``hits`` as ids of texts, each once."""

    def search(query: str, limit: int) -> list[str]:
        # A text may be cut in passages: enough of them to name ``limit`` texts.
        found = hits(query, 2 * limit)
        return list(dict.fromkeys(Path(hit.source).stem for hit in found))[:limit]

    return search
