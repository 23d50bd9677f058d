"""A dataset's contexts as a real index: files, passages, vectors, words."""

from __future__ import annotations

from pathlib import Path

from corpus.document import content_id
from corpus.passages import PassageSize
from evals.datasets import Dataset
from index.build import build_index
from index.embedder import Embedder
from index.progress import Progress
from index.search import SearchIndex

DEVELOPMENT_SETS = (
    Path("../shared/data/dev/xquad-ar.json"),
    Path("../shared/data/dev/arcd-train.json"),
)


def open_collection(
    dataset: Dataset, model: Embedder, cache: Path, size: PassageSize, progress: Progress
) -> SearchIndex:
    """Index the contexts, one text file each, and open the index; the work is kept in ``cache``."""
    texts = cache / f"{dataset.name}-{content_id(*dataset.contexts)}"
    folder = cache / f"{texts.name}-{content_id(model.fingerprint, repr(size))}.index"
    texts.mkdir(parents=True, exist_ok=True)
    for number, context in enumerate(dataset.contexts):
        path = texts / f"{number:05}.txt"
        if not path.exists():
            path.write_text(context, encoding="utf-8", newline="")
    build_index(folder, [texts], model.name, lambda: model, size=size, progress=progress)
    return SearchIndex.open(folder, model)


def context_of(source: str) -> int:
    """The context's number behind a hit's source."""
    return int(Path(source).stem)
