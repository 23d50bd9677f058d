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
    from index.search import require_generation
    from qa.models import Models

    require_generation(settings.index_folder)  # known at once, before any model is loaded
    return Models.load(settings, progress).pipeline(settings.index_folder)
