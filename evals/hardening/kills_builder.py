"""A builder that dies where it is told to: in a process of its own, by SIGKILL."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from corpus.passages import PassageSize
from corpus.terms import stems
from index import build as building
from index.embedder import DEFAULT_MODEL, Embedder, Vectors, load_embedder
from index.leftovers import discard_leftovers
from index.manifest import publish
from qa.settings import load_settings

SIZE = PassageSize(words=12, overlap=0)
GRAPH_FROM = 40
"""Passages from which the quick collections get a graph, where a case asks for one."""

STAGES = ("extract", "embed", "write", "swap", "clean")
_TRACED = ("fsync", "rename", "replace", "unlink", "mkdir", "rmdir", "posix_fallocate", "scandir")


class QuickEmbedder:
    """A double that does not understand texts: bags of stems, hashed into a few dimensions."""

    name, fingerprint, dim = "quick", "quick-64", 64

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""
        return np.stack([self._vector(text) for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages."""
        return self.embed_queries(texts)

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.dim, 0.01, dtype=np.float32)
        for stem in stems(text):
            vector[int.from_bytes(sha256(stem.encode()).digest()[:4], "big") % self.dim] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Work:
    """What a build is asked to do. ``graph`` puts the vectors into a graph; ``real`` embeds with
    the default model, else a double does.
    """

    paths: tuple[Path, ...] = ()
    remove: tuple[Path, ...] = ()
    rebuild: bool = False
    graph: bool = False
    real: bool = False
    words: int = SIZE.words

    def model(self) -> Embedder:
        """What embeds."""
        if self.real:
            return load_embedder(DEFAULT_MODEL, load_settings().cache)
        return QuickEmbedder()

    def run(self, target: Path, progress: Stages | None = None) -> building.BuildReport:
        """Build the index ``target``."""

        def load() -> Embedder:
            model = self.model()
            if progress:
                progress.stage = "write"
            return model

        name = DEFAULT_MODEL if self.real else QuickEmbedder.name
        with patch("index.vectors.EXACT_LIMIT", GRAPH_FROM if self.graph else 100_000):
            return building.build_index(
                target, self.paths, name, load, size=PassageSize(self.words, 0),
                remove=self.remove, rebuild=self.rebuild, progress=progress,
            )  # fmt: skip


class Stages:
    """Progress that knows the stage, and counts the steps at which a builder can die."""

    def __init__(self, at: int | None) -> None:
        """Die at step ``at``, counted from 0; None lives on."""
        self.stage, self.steps = "extract", list[str]()
        self._at, self._left = at, 0

    def start(self, stage: str, total: int) -> None:
        """A stage of the build begins."""
        self.stage = {"reading": "extract", "embedding": "embed"}.get(stage, "write")
        self._left = total
        self.step()

    def advance(self, steps: int = 1) -> None:
        """A batch is safe on disk, or a text read."""
        self._left -= steps
        self.step()
        if self.stage == "embed" and self._left <= 0:
            self.stage = "write"

    def step(self, *_: object) -> None:
        """One more step; the last one, where it is the one to die at."""
        self.steps.append(self.stage)
        if len(self.steps) - 1 == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def traced(stages: Stages, folder: Path) -> Iterator[None]:
    """Count a step before and after whatever changes the disk: fsync, rename, removal, a new
    folder, room taken, a commit to SQLite, a FAISS file; and at each file opened in ``folder``.
    """
    import faiss

    def around(function: Callable[..., Any], stage: str = "") -> Callable[..., Any]:
        def call(*values: Any, **named: Any) -> Any:
            stages.stage = stage or stages.stage
            stages.step()
            result = function(*values, **named)
            stages.step()
            return result

        return call

    class Traced(sqlite3.Connection):
        def commit(self) -> None:
            stages.step()
            super().commit()
            stages.step()

    def opened(event: str, values: tuple[Any, ...]) -> None:
        if event == "open" and tracing and str(values[0]).startswith(str(folder)):
            stages.step()

    connect = sqlite3.connect
    patches = [patch.object(os, name, around(getattr(os, name))) for name in _TRACED]
    patches += [
        patch.object(sqlite3, "connect", lambda *v, **n: connect(*v, **{**n, "factory": Traced})),
        patch.object(faiss, "write_index", around(faiss.write_index)),
        patch.object(building, "publish", around(publish, "swap")),
        patch.object(building, "discard_leftovers", around(discard_leftovers, "clean")),
    ]
    tracing = True
    sys.addaudithook(opened)  # for good: the process is this build's alone
    for one in patches:
        one.start()
    try:
        yield
    finally:
        tracing = False
        for one in patches:
            one.stop()


def _build(work: Work, target: Path, at: int | None, told: Connection) -> None:
    """In the builder's process: say that it begins, build, and tell the stage of each step."""
    stages = Stages(at)
    told.send(None)
    with traced(stages, target):
        work.run(target, stages)
    told.send(stages.steps)


CONTEXT = multiprocessing.get_context("forkserver")


def preload() -> None:
    """Have every builder forked from a process that holds the libraries already, with one thread:
    many small builds wait for one another's threads far longer than they work.
    """
    import faiss

    os.environ.setdefault("OMP_NUM_THREADS", "1")
    faiss.omp_set_num_threads(1)
    CONTEXT.set_forkserver_preload([__name__, "faiss", "scipy.sparse"])


@contextmanager
def builder(work: Work, target: Path, at: int | None = None) -> Iterator[tuple[Any, Connection]]:
    """A process that has begun to build ``target``, and dies at step ``at``; ended at the end."""
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_build, args=(work, target, at, theirs))
    process.start()
    theirs.close()
    ours.recv()
    try:
        yield process, ours
    finally:
        process.join()
        ours.close()
