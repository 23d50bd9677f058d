"""Bring a collection's index up to date with its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from corpus import bundled_texts
from corpus.errors import DalilError
from index.build import BuildReport, build_index
from index.embedder import Embedder, model_name
from index.manifest import Manifest, current_generation
from qa.settings import Settings
from ui.catalogue import Collection
from ui.work import Task


def bring_up(
    collection: Collection,
    settings: Settings,
    load: Callable[[], Embedder],
    task: Task,
    *,
    remove: Sequence[Path] = (),
    rebuild: bool = False,
) -> BuildReport:
    """Read what is new, embed it, and forget the roots in ``remove``; ``task`` is told of it.

    Raises DalilError as ``build_index`` does.
    """

    def loading() -> Embedder:
        task.start("loading", 0)
        return load()

    return build_index(
        collection.folder,
        paths_of(collection),
        model_name(settings.embedder),
        loading,
        size=settings.size,
        # Added files go by their names alone: «.» for their folder is no part of a path.
        label="dalil" if collection.fixed else ".",
        remove=[*remove, *_moved(collection)],
        rebuild=rebuild,
        store=settings.store,
        progress=task,
    )


def paths_of(collection: Collection) -> list[Path]:
    """What a build reads besides the paths that the index remembers."""
    if collection.fixed:
        return [bundled_texts()]
    files = collection.files
    if files is None or not files.is_dir():
        return []
    return [files] if any(not path.name.startswith(".") for path in files.iterdir()) else []


def _moved(collection: Collection) -> list[Path]:
    """Where the added files lay before the data folder was moved, as the index remembers it."""
    try:
        current = current_generation(collection.folder) if collection.made else None
        roots = [Path(root) for root in Manifest.load(current).roots] if current else []
    except DalilError:
        return []  # the build says what is wrong, or was told to build anew
    return [root for root in roots if root.name == collection.id and not root.exists()]
