"""A question and the hits for it become an answer with verified citations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.search import SearchIndex
    from qa.pipeline import Pipeline
    from qa.reader import Reader
    from qa.settings import Settings


def open_pipeline(settings: Settings, progress: Callable[[str], None] | None = None) -> Pipeline:
    """The pipeline that the settings describe.

    ``progress`` is told what is being loaded. Raises DalilError when the model or the index is
    missing, damaged, or the two do not belong together.
    """
    from index.embedder import load_embedder
    from index.live import LiveIndex
    from index.search import require_generation
    from qa.pipeline import Pipeline

    folder = settings.index_folder
    require_generation(folder)
    index = LiveIndex(folder, load_embedder(settings.embedder, settings.cache, progress))
    index()
    return Pipeline(index, make_reader(settings), settings.threshold, settings.candidates)


def make_reader(settings: Settings) -> Callable[[SearchIndex], Reader]:  # noqa: ARG001
    """What makes the reader that the settings describe for an index."""
    from qa.sentence_reader import SentenceReader

    return SentenceReader
