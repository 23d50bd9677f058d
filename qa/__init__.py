"""A question and the hits for it become an answer with verified citations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.pipeline import Pipeline
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
    from qa.readers import make_reader, threshold_of

    folder = settings.index_folder
    require_generation(folder)
    index = LiveIndex(folder, load_embedder(settings.embedder, settings.cache, progress))
    index()
    reader = make_reader(settings, progress)
    return Pipeline(index, reader, threshold_of(settings), settings.candidates)
