"""What is measured at one size. Each step is to run in a process of its own, for its memory."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from evals.bench.scale_texts import Texts
from evals.bench.scale_vectors import MadeVectors
from index.build import build_index
from index.embedder import Vectors
from index.generation import FAISS, PASSAGES, VECTORS, WORDS, Generation
from index.manifest import MANIFEST, current_generation
from index.search import CANDIDATES, SearchIndex
from index.vectors import Rows

Figures = dict[str, Any]

CHANGED_FILES = 1_000
_BEST = 10
_WARMED = 20  # questions asked before time is taken, beside the first round of all


class Stages:
    """Progress that remembers when each stage began and when it last went on."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {}
        self.last: dict[str, float] = {}
        self._stage = ""

    def start(self, stage: str, total: int) -> None:  # noqa: ARG002
        """A stage begins."""
        self._stage = stage
        self.began[stage] = self.last[stage] = time.time()

    def advance(self, steps: int = 1) -> None:  # noqa: ARG002
        """It goes on."""
        self.last[self._stage] = time.time()


def build(index: Path, texts: Path, vectors: Path) -> Figures:
    """Build or update the index as ``dalil index`` does: seconds by phase, memory, size on disk."""
    stages = Stages()
    model = MadeVectors.load(vectors)
    start = time.time()
    with _memory() as memory:
        report = build_index(index, [texts], model.name, lambda: model, progress=stages)
    end = time.time()
    folder = current_generation(index)
    assert folder is not None
    return {
        "passages": report.passages,
        "documents": report.documents,
        "embedded": report.embedded,
        "seconds": _phases(folder, stages, start, end),
        "memory": memory,
        "disk": _disk(folder),
        "kind": Generation.open(folder).manifest.vector_kind,
    }


def _phases(folder: Path, stages: Stages, start: float, end: float) -> dict[str, float]:
    """Seconds of each phase, from when stages began and files were last written."""
    written = {name: (folder / name).stat().st_mtime for name in (VECTORS, FAISS, MANIFEST)}
    words = max(path.stat().st_mtime for path in (folder / WORDS).rglob("*"))
    ends = {
        "read": stages.last["reading"],
        "cut and store": stages.began["embedding"],
        "embed (made vectors)": stages.last["embedding"],
        "gather vectors": stages.began["writing"],
        "tokenise": stages.last["writing"],
        "postings": words,
        "FAISS": written[FAISS],
        "checksums": written[MANIFEST],
        "publish": end,
    }
    times = [start, *ends.values()]
    return {"all": end - start} | {
        name: later - earlier for name, earlier, later in zip(ends, times, times[1:], strict=False)
    }


def _disk(folder: Path) -> dict[str, int]:
    """Bytes by part."""
    parts = {
        "passages": PASSAGES, "vectors": VECTORS, "FAISS": FAISS, "stems": f"{WORDS}/stems",
        "exact": f"{WORDS}/exact", "parts of words": f"{WORDS}/parts", "tokens": f"{WORDS}/tokens",
    }  # fmt: skip
    sizes = {name: _bytes(folder / part) for name, part in parts.items()}
    return {"all": _bytes(folder)} | sizes


def _bytes(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


@contextmanager
def _memory() -> Iterator[dict[str, int]]:
    """Peak bytes of this process: ``own`` memory, and ``resident`` with mapped files."""
    found = {"own": 0, "resident": 0}
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            found["own"] = max(found["own"], _status("RssAnon"))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()
        found["resident"] = _status("VmHWM")


def _status(name: str) -> int:
    """A figure of the kernel's about this process, in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def opening(index: Path, vectors: Path) -> Figures:
    """Seconds to open and to find the first hits; ``cold`` with the files out of memory."""
    model = MadeVectors.load(vectors)
    question = next(iter(model.queries))
    folder = current_generation(index)
    assert folder is not None
    for path in folder.rglob("*"):
        if path.is_file():
            _forget(path)
    found: Figures = {}
    for name in ("cold", "warm"):
        start = time.perf_counter()
        opened = SearchIndex.open(index, model)
        between = time.perf_counter()
        opened.search(question)
        found[name] = {"open": between - start, "first": time.perf_counter() - between}
    return found


def _forget(path: Path) -> None:
    """Ask the kernel to drop what it keeps of a file in memory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)


def searching(index: Path, vectors: Path, exactly: int) -> Figures:
    """Milliseconds of a search and of its parts, and how much of the exact search it finds.

    ``exactly`` questions are compared. Vectors of questions are known: embedding takes no time.
    """
    model = MadeVectors.load(vectors)
    opened = SearchIndex.open(index, model)
    questions = list(model.queries)
    for question in questions:  # so that what is asked for lies in memory
        opened.search(question)
    legs: dict[str, Callable[[str], object]] = {
        "search": opened.search,
        "dense": lambda question: opened.vectors.search(model.queries[question], CANDIDATES),
        "lexical": lambda question: opened.words.best(question, CANDIDATES),
    }
    times = {name: _percentiles(leg, questions) for name, leg in legs.items()}
    compared = questions[:: max(1, len(questions) // exactly)]
    return {"ms": times, "recall@10": _recall(opened, model, compared)} | {
        "questions": len(questions),
        "compared": len(compared),
        "memory": {"own": _status("RssAnon"), "resident": _status("VmHWM")},
    }


def _percentiles(work: Callable[[str], object], questions: list[str]) -> dict[str, float]:
    for question in questions[:_WARMED]:
        work(question)
    taken = []
    for question in questions:
        start = time.perf_counter()
        work(question)
        taken.append(1_000 * (time.perf_counter() - start))
    return {f"p{p}": float(np.percentile(taken, p)) for p in (50, 95, 99)}


def _recall(opened: SearchIndex, model: MadeVectors, questions: list[str]) -> Figures:
    """Shares of the exact search's ten: of FAISS alone, of its candidates in exact order, and of
    the hits of the whole search.
    """
    asked = np.stack([model.queries[question] for question in questions])
    best = exact_rows(opened.rows, asked, CANDIDATES)
    shares: dict[str, list[float]] = {"FAISS": [], "dense": [], "search": []}
    for question, vector, exact in zip(questions, asked, best, strict=True):
        near, _ = opened.vectors.search(vector, CANDIDATES)
        ordered = near[np.argsort(-(opened.rows[near] @ vector), kind="stable")]
        shares["FAISS"].append(_shared(near[:_BEST], exact[:_BEST]))
        shares["dense"].append(_shared(ordered[:_BEST], exact[:_BEST]))
        sure = replace(opened, vectors=_Known(exact))
        found, wanted = ([h.passage.id for h in i.search(question)] for i in (opened, sure))
        shares["search"].append(_shared(found, wanted))
    return {name: float(np.mean(values)) for name, values in shares.items()}


class _Known:
    """A vector store that gives rows which are known to be the nearest."""

    kind = "exact"

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def search(self, query: Vectors, limit: int) -> tuple[Rows, Vectors]:
        """The known rows; their scores are not asked for."""
        return self._rows[:limit], np.zeros(len(query[:limit]), dtype=np.float32)


def exact_rows(rows: Vectors, queries: Vectors, limit: int) -> Rows:
    """The nearest rows to each query by plain arithmetic, best first, ``(queries, limit)``."""
    limit = min(limit, len(rows))
    best = np.empty((len(queries), 0), dtype=np.int64)
    scores = np.empty((len(queries), 0), dtype=np.float32)
    for first in range(0, len(rows), 20_000):
        block = rows[first : first + 20_000]
        numbers = np.broadcast_to(np.arange(first, first + len(block)), (len(queries), len(block)))
        best = np.concatenate((best, numbers), axis=1)
        scores = np.concatenate((scores, queries @ block.T), axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :limit]
        best = np.take_along_axis(best, order, axis=1)
        scores = np.take_along_axis(scores, order, axis=1)
    return best


def _shared(found: Any, wanted: Any) -> float:
    return len(set(found) & set(wanted)) / max(1, len(set(wanted)))


def updating(index: Path, texts: Path, vectors: Path, pool: Texts) -> Figures:
    """Change files and build again."""
    pool.change(texts, min(CHANGED_FILES, sum(1 for _ in texts.rglob("*.txt"))))
    return build(index, texts, vectors)
