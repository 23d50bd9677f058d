"""Verify an index on disk, file by file and passage by passage."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import DalilError
from index.generation import FAISS, Generation
from index.manifest import checksums
from index.search import require_generation
from index.vectors import FaissStore


def check_index(folder: Path) -> list[str]:
    """Every fault found in the index that serves, in words; an empty list when it is sound.

    Checksums of all files, row counts of all parts, and that each passage's text is exactly what
    stands at its offsets in its document. Raises DalilError when there is no index at all.
    """
    current = require_generation(folder)
    try:
        generation = Generation.open(current)
    except DalilError as error:
        return [error.message]
    faults = _file_faults(current, generation)
    if faults:
        return faults
    return _row_faults(current, generation) + _passage_faults(generation)


def _file_faults(folder: Path, generation: Generation) -> list[str]:
    expected, found = generation.manifest.checksums, checksums(folder)
    missing = [f"{name} is missing" for name in expected.keys() - found.keys()]
    added = [f"{name} does not belong to the index" for name in found.keys() - expected.keys()]
    changed = [
        f"{name} has changed since it was built"
        for name in expected.keys() & found.keys()
        if expected[name] != found[name]
    ]
    return sorted(missing + added + changed)


def _row_faults(folder: Path, generation: Generation) -> list[str]:
    expected = generation.manifest.passages
    counts = {
        "passages": generation.store.passage_count(),
        "vectors": len(generation.vectors()),
        "FAISS": len(FaissStore.open(folder / FAISS, generation.manifest.vector_kind)),
    }
    return [
        f"{part} has {count} rows, the manifest says {expected}"
        for part, count in counts.items()
        if count != expected
    ]


def _passage_faults(generation: Generation) -> list[str]:
    return [
        f"passage {passage.id} is not what stands at {passage.start}:{passage.end}"
        for passage, _ in generation.store.passage_rows()
        if generation.store.document(passage.document_id).text[passage.start : passage.end]
        != passage.text
    ]
