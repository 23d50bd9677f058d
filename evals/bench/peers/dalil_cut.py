"""Dalil's two searches over passages as it cuts them by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evals.bench.peers.dalil import index_files, load, open_search
from evals.bench.peers.workload import Workload

__all__ = ["build", "load", "open_search", "update"]


def build(model: Any, work: Workload, folder: Path) -> None:
    """Read the files, cut them, and index the passages."""
    from corpus.passages import PassageSize

    index_files(model, work, folder, PassageSize())


def update(model: Any, work: Workload, folder: Path) -> None:
    """The same command again: it finds out what changed."""
    build(model, work, folder)
