"""A question set's texts as a real index: files, passages, vectors, words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.document import Passage, content_id
from corpus.passages import PassageSize
from evals.datasets import Dataset, Question, source_of
from evals.overlap import contains
from index.build import build_index
from index.embedder import Embedder
from index.hit import Hit
from index.manifest import SCHEMA_VERSION
from index.progress import Progress
from index.search import SearchIndex
from index.sources import TEXT_VERSION

DEVELOPMENT_SETS = (
    Path("../shared/data/dev/xquad-ar.json"),
    Path("../shared/data/dev/arcd-train.json"),
)


_LABEL = "texts"


def named(source: str) -> str:
    """A source as a question set names it."""
    return source.removeprefix(f"{_LABEL}/")


@dataclass(frozen=True)
class Collection:
    """A question set and an index of its texts.

    What is ranked and judged, a unit, is a whole context where the set has contexts, and a passage
    where it has files.
    """

    dataset: Dataset
    index: SearchIndex

    def unit(self, hit: Hit) -> str:
        """The unit that a hit belongs to."""
        return named(hit.source) if self.dataset.contexts else hit.passage.id

    def relevant(self, question: Question) -> frozenset[str]:
        """The units that answer the question."""
        if self.dataset.contexts:
            return frozenset(region.source for region in question.regions)
        return frozenset(passage.id for passage in self._gold_passages(question))

    def gold_rows(self, question: Question) -> NDArray[np.int64]:
        """Rows of the passages that hold the answer, or of the whole answering context."""
        units = self.relevant(question)
        found = [
            row
            for row, (passage, source) in enumerate(self._passages)
            if (source if self.dataset.contexts else passage.id) in units
        ]
        return np.array(found, dtype=np.int64)

    def other_rows(self, question: Question) -> NDArray[np.int64]:
        """Rows of all other passages: what is left when the answering text is taken away."""
        return np.setdiff1d(np.arange(len(self._passages)), self.gold_rows(question))

    @cached_property
    def _passages(self) -> list[tuple[Passage, str]]:
        rows = np.arange(len(self.index.vectors))
        found = self.index.generation.store.passages_at(rows)
        return [(passage, named(source)) for passage, source in found]

    @cached_property
    def _by_source(self) -> dict[str, list[Passage]]:
        found = defaultdict(list)
        for passage, source in self._passages:
            found[source].append(passage)
        return found

    def _gold_passages(self, question: Question) -> list[Passage]:
        if not question.regions:  # only the words are known: whatever passage holds them
            return [p for p, _ in self._passages if contains(p.text, question.answers)]
        return [
            passage
            for region in question.regions
            for passage in self._by_source[region.source]
            if region.end is not None
            and passage.start <= region.start
            and region.end <= passage.end
        ]


def open_collection(
    dataset: Dataset, model: Embedder, cache: Path, size: PassageSize, progress: Progress
) -> SearchIndex:
    """Index the texts, each context a text file, and open the index; it is kept in ``cache``."""
    texts = dataset.folder or _written(dataset, cache)
    versions = f"{SCHEMA_VERSION}.{TEXT_VERSION}"
    key = content_id(str(texts.resolve()), model.fingerprint, repr(size), versions)
    folder = cache / f"{texts.name}-{key}.index"
    build_index(
        folder, [texts], model.name, lambda: model, size=size, label=_LABEL, progress=progress
    )
    return SearchIndex.open(folder, model)


def context_of(source: str) -> int:
    """The context's number behind a hit's source."""
    return int(Path(source).stem)


def _written(dataset: Dataset, cache: Path) -> Path:
    """The contexts as text files, in a folder named after what they hold."""
    folder = cache / f"{dataset.name}-{content_id(*dataset.contexts)}"
    folder.mkdir(parents=True, exist_ok=True)
    for number, context in enumerate(dataset.contexts):
        path = folder / source_of(number)
        if not path.exists() or path.read_bytes() != context.encode():  # a killed run's half
            path.write_text(context, encoding="utf-8", newline="")
    return folder
