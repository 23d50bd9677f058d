"""Open an index and search it: meaning and words together."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document, Passage
from corpus.errors import DalilError, left_to_right
from index.damage import GENERATIONS, damaged
from index.embedder import Embedder, Vectors
from index.engines import FAISS_STORE, engine_for, require_store
from index.fusion import DENSE_WEIGHT, fuse
from index.generation import FAISS, WORDS, Generation, require_model
from index.hit import Hit
from index.lexical import Bm25Index, LexicalIndex
from index.manifest import MANIFEST, POINTER, Manifest, current_generation
from index.text import searched_text
from index.vectors import FaissStore, VectorStore

Rows = NDArray[np.int64]

_ARABIC = re.compile("[\u0621-\u064a]")

CANDIDATES = 100
"""How many passages each of the two searches puts forward."""


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """One open generation. Safe to share among threads; never changes under its user."""

    generation: Generation
    model: Embedder
    vectors: VectorStore
    words: LexicalIndex
    rows: Vectors
    centre: Vectors

    @classmethod
    def open(cls, folder: Path, model: Embedder, store: str = FAISS_STORE) -> SearchIndex:
        """Open the generation that serves; ``store`` is the setting of that name.

        Raises DalilError when there is none, when it is damaged, when ``model`` did not make it, or
        when its vectors are not where ``store`` says.
        """
        current = require_generation(folder)
        generation = Generation.open(current)
        manifest = generation.manifest
        require_model(folder, manifest, model)
        require_store(folder, manifest, store)
        return cls(
            generation=generation,
            model=model,
            vectors=open_vectors(current, manifest, store),
            words=Bm25Index.open(current / WORDS, manifest.passages, generation.blamed),
            rows=generation.vectors(),
            centre=generation.centre(),
        )

    def search(
        self, query: str, limit: int = 10, weight: float | None = None, among: Rows | None = None
    ) -> list[Hit]:
        """The ``limit`` best passages for ``query``, best first; ties go by passage id.

        ``weight`` is the share of the dense score, None for the tuned one. ``among`` are the rows
        of the only passages to search; None searches all. Raises DamageError when it meets a file
        that is damaged.
        """
        with self.generation.blamed():
            return self._search(query, limit, weight, among)

    def _search(
        self, query: str, limit: int, weight: float | None, among: Rows | None
    ) -> list[Hit]:
        text = searched_text(query)
        weight = self._weight(text) if weight is None else weight
        vector = self.model.embed_queries([text])[0]
        candidates = self._candidates(text, vector, among)
        lexical = self.words.scores_of(text, candidates)
        dense = np.asarray(self.rows[candidates] @ vector, dtype=np.float32)
        scores = fuse(dense, lexical, float(self.centre @ vector), weight)
        if len(self.rows) == 1:  # with nothing to compare it with, known words alone tell
            scores = np.full_like(scores, self.words.coverage(text))
        if not np.isfinite(scores).all():
            raise ArithmeticError("a score is not a number")
        # Take a few more than asked, so that ties at the edge are settled by id.
        best = np.argsort(-scores, kind="stable")[: limit + 10]
        found = self.generation.store.passages_at(candidates[best])
        hits = [
            Hit(passage, source, float(scores[i]), float(dense[i]), float(lexical[i]))
            for i, (passage, source) in zip(best, found, strict=True)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))[:limit]

    def _weight(self, query: str) -> float:
        """The tuned weight; more for a query in another language, as far as its words are unknown.

        Words of another language match Arabic texts in names alone. On our own development set's
        English questions this lifts nDCG@10 from 51 to 71 (n=8).
        """
        if _ARABIC.search(query):
            return DENSE_WEIGHT
        return 1 - (1 - DENSE_WEIGHT) * math.sqrt(self.words.coverage(query))

    def _candidates(self, query: str, vector: Vectors, among: Rows | None) -> Rows:
        """Rows that either search puts forward, in row order."""
        if among is None:
            near, _ = self.vectors.search(vector, CANDIDATES)
            by_words = self.words.best(query, CANDIDATES)
        else:
            near = among[_highest(self.rows[among] @ vector, CANDIDATES)]
            lexical = self.words.scores_of(query, among)
            best = _highest(lexical, CANDIDATES)
            by_words = among[best[lexical[best] > 0]]
        return np.union1d(near, by_words).astype(np.int64)

    def document(self, document_id: str) -> Document:
        """The whole document behind a passage."""
        return self.generation.store.document(document_id)

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id."""
        return self.generation.store.passage(passage_id)

    def passages_of(self, document_id: str) -> list[Passage]:
        """A document's passages in text order."""
        return self.generation.store.passages_of(document_id)


def _highest(scores: NDArray[np.float32], count: int) -> Rows:
    """Places of the ``count`` highest scores, in no order."""
    if count >= len(scores):
        return np.arange(len(scores))
    return np.argpartition(-scores, count - 1)[:count].astype(np.int64)


def open_vectors(generation: Path, manifest: Manifest, store: str) -> VectorStore:
    """The vectors of a generation, wherever they are; raises DalilError when they cannot be had."""
    engine = engine_for(store)
    if engine is None:
        return FaissStore.open(generation / FAISS, manifest.vector_kind)
    return engine.open(manifest.collection)


def require_generation(folder: Path) -> Path:
    """The generation that serves in ``folder``; raises DalilError when nothing was built there."""
    current = current_generation(folder)
    if current is None:
        if any((folder / GENERATIONS).glob(f"*/{MANIFEST}")):
            raise damaged(folder / POINTER, "it is missing, or the first build was killed")
        build = f"dalil index FOLDER --index {folder}"
        raise DalilError(
            f"There is no index in {folder}.",
            f"Build one: {build}",
            arabic="لا فهرس لهذه المجموعة بعد. أضِف إليها نصوصًا، أو ابنِ فهرسها في نافذة الأوامر: "
            f"{left_to_right(build)}",
        )
    return current
