"""An index with one damaged file, opened and searched in a process of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from corpus import bundled_texts
from evals.hardening.fuzz_judging import HANG, MOST_MEMORY, HangError, Maker, Work
from evals.hardening.fuzz_mutations import BYTES, mutated

if TYPE_CHECKING:
    from index.embedder import Vectors

_DIM = 32
_ROOM = 2  # times: address space is more than memory


class HashedWords:
    """An embedder without weights: the words of a text, hashed into few dimensions."""

    name, fingerprint, dim = "hashed words", "hashed words", _DIM

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""
        import numpy as np

        made = np.full((len(texts), _DIM), 0.01, np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                made[row, sha256(word.encode("utf-8", "replace")).digest()[0] % _DIM] += 1
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages."""
        return self.embed_queries(texts)


@contextmanager
def opening() -> Iterator[Maker]:
    """A sound index each time, with one of its files damaged."""
    from index.build import build_index

    with tempfile.TemporaryDirectory(prefix="dalil-fuzz-") as folder:
        sound, broken = Path(folder, "sound"), Path(folder, "broken")
        build_index(sound, [bundled_texts()], HashedWords.name, HashedWords)
        files = sorted(path for path in sound.rglob("*") if path.is_file() and path.name != ".lock")
        process = _Process()

        def make(random: Random, _number: int) -> Work:
            shutil.rmtree(broken, ignore_errors=True)
            shutil.copytree(sound, broken)
            file = broken / random.choice(files).relative_to(sound)
            file.write_bytes(mutated(random, file.read_bytes(), BYTES))
            return lambda: process.look(broken)

        try:
            yield make
        finally:
            process.close()


class _Process:
    """Where indexes are opened, so that one that crashes it takes nothing else along."""

    def __init__(self) -> None:
        self._pool = self._started()

    def look(self, folder: Path) -> None:
        """Open and search; raises what is raised there, HangError, or RuntimeError for a crash."""
        from corpus.errors import DalilError

        try:
            refused = self._pool.submit(_looked, folder).result(HANG)
        except BrokenProcessPool as error:
            self._pool = self._started()
            raise RuntimeError("the process that opened the index crashed") from error
        except TimeoutError as error:
            self._kill()
            self._pool = self._started()
            raise HangError from error
        if refused:
            raise DalilError(*refused[:2], arabic=refused[2])

    def close(self) -> None:
        """End the process."""
        self._pool.shutdown()

    def _kill(self) -> None:
        for process in list(self._pool._processes.values()):
            with suppress(ProcessLookupError):
                process.kill()

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, get_context("spawn"), initializer=_limit_memory)


def _limit_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_ROOM * MOST_MEMORY, _ROOM * MOST_MEMORY))


def _looked(folder: Path) -> tuple[str, str, str] | None:
    """The words of a refusal, or None where the index could be searched."""
    from corpus.errors import DalilError
    from index.search import SearchIndex

    try:
        index = SearchIndex.open(folder, HashedWords())
        for hit in index.search("أين تقع مدينة القاهرة؟", limit=5):
            index.generation.store.document(hit.passage.document_id)
    except DalilError as error:
        return error.message, error.hint, error.arabic or "—"
    return None
