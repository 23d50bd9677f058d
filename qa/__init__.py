"""A question and the hits for it become an answer with verified citations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.opened import OpenIndex
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


def open_index(folder: Path | str | None = None, **settings: object) -> OpenIndex:
    """The index in ``folder``, or else the one that the settings name, ready to be asked.

    ``settings`` are those of `qa.settings.Settings`, as flags: ``mood="cautious"``, or
    ``generator="http://127.0.0.1:11434/v1"`` for a language model that words answers. Raises
    DalilError as ``open_pipeline`` does, and when a setting does not fit.
    """
    from qa.opened import OpenIndex
    from qa.settings import load_settings

    return OpenIndex(open_pipeline(load_settings(index=folder, **settings)))
