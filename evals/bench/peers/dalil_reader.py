"""Dalil's search as programs ask for it: the reader reads the first passages and orders them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from evals.bench.peers import dalil_cut
from evals.bench.peers.dalil import searching
from evals.bench.peers.system import Answer, Search
from evals.bench.peers.workload import Workload


def load(work: Workload) -> Any:
    """Embedder and reader."""
    from qa.models import Models
    from qa.settings import load_settings

    return Models.load(load_settings(embedder=work.embedder))


def build(model: Any, work: Workload, folder: Path) -> None:
    """As without the reader."""
    dalil_cut.build(model.embedder, work, folder)


def update(model: Any, work: Workload, folder: Path) -> None:
    """As without the reader."""
    dalil_cut.update(model.embedder, work, folder)


def open_search(model: Any, folder: Path) -> Search:
    """Search, then read."""
    return searching(model.pipeline(folder).search)


def open_answer(model: Any, folder: Path, work: Workload) -> Answer:  # noqa: ARG001
    """What `dalil ask` prints first, without abstaining; its reader is the one that ships."""
    pipeline = replace(model, threshold=0.0, moods={}).pipeline(folder)

    def answer(query: str) -> str:
        return str(pipeline.ask(query).text)

    return answer
