"""What is installed, what is wrong, and how to mend it."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.errors import DalilError
from qa.settings import Settings

_PACKAGES = (
    "dalil",
    "torch",
    "sentence-transformers",
    "transformers",
    "openvino",
    "faiss-cpu",
    "bm25s",
    "gradio",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination; ``hint`` says how to mend what is not sound."""

    name: str
    text: str
    sound: bool = True
    hint: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at versions, folders, the model and the index, one after another."""
    yield Finding("Python", f"{platform.python_version()} on {platform.platform()}")
    for package in _PACKAGES:
        yield _package(package)
    yield Finding("cache", str(settings.cache))
    yield _model(settings)
    yield _reader(settings)
    yield _index(settings)


def _package(name: str) -> Finding:
    try:
        return Finding(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, "not installed", sound=False, hint="python3 start.py setup")


def _model(settings: Settings) -> Finding:
    from index.embedder import load_embedder

    try:
        model = load_embedder(settings.embedder, settings.cache)
    except DalilError as error:
        return Finding("model", error.message, sound=False, hint=error.hint)
    return Finding(
        "model", f"{model.name}, {model.dim} dimensions, fingerprint {model.fingerprint}"
    )


def _reader(settings: Settings) -> Finding:
    from qa.readers import make_reader, threshold_of

    try:
        make_reader(settings)
        least = threshold_of(settings)
    except DalilError as error:
        return Finding("reader", error.message, sound=False, hint=error.hint)
    return Finding("reader", f"{settings.reader}, {settings.mood}: answers from {least:.0%} on")


def _index(settings: Settings) -> Finding:
    from index.check import check_index
    from index.generation import Generation
    from index.search import require_generation

    folder = settings.index_folder
    try:
        faults = check_index(folder, settings.store)
        manifest = Generation.open(require_generation(folder)).manifest if not faults else None
    except DalilError as error:
        return Finding("index", error.message, sound=False, hint=error.hint)
    if manifest is None:
        hint = f"dalil index --rebuild --index {folder}"
        return Finding("index", f"{folder}: {'; '.join(faults[:5])}", sound=False, hint=hint)
    return Finding(
        "index",
        f"{folder}: {manifest.documents} texts, {manifest.passages} passages, "
        f"{manifest.vector_kind} in {manifest.store}, "
        f"model {manifest.embedder} ({manifest.fingerprint})",
    )
