"""What is installed, what is wrong, and how to mend it."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterator
from threading import Event

from corpus.errors import DalilError
from qa.settings import Settings
from ui.deployment import deployment
from ui.finding import Finding

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


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at versions, folders, models, the index and who may come in, one after another."""
    yield Finding("Python", f"{platform.python_version()} on {platform.platform()}")
    for package in _PACKAGES:
        yield _package(package)
    yield Finding("cache", str(settings.cache))
    yield _model(settings)
    yield _reader(settings)
    yield _index(settings)
    yield _generator(settings)
    yield from deployment(settings)


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


def _generator(settings: Settings) -> Finding:
    from qa.generator import Message
    from qa.generators import load_generator

    try:
        generator = load_generator(settings)
        if generator is None:
            return Finding("generator", "none: answers are the words of the texts")
        enough = Event()
        for _ in generator.write([Message("user", "اكتب كلمة واحدة.")], enough.is_set):
            enough.set()  # one word tells that it writes
    except DalilError as error:
        return Finding("generator", error.message, sound=False, hint=error.hint)
    return Finding("generator", generator.name)


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
