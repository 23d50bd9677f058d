"""Verify an index on disk, file by file and passage by passage."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import DalilError
from index.engines import FAISS_STORE, require_store
from index.generation import Generation
from index.manifest import checksums
from index.search import open_vectors, require_generation


class Fault(str):
    """A fault in English words, with the same in Arabic."""

    arabic: str

    def __new__(cls, english: str, arabic: str) -> Fault:
        """Both are whole; the Arabic ends with a stop."""
        fault = super().__new__(cls, english)
        fault.arabic = arabic
        return fault

    def told(self, language: str) -> str:
        """The fault in that language: Arabic for "ar", English for any other."""
        return self.arabic if language == "ar" and self.arabic else self


def check_index(folder: Path, store: str = FAISS_STORE) -> list[Fault]:
    """Every fault found in the index that serves, in words; an empty list when it is sound.

    Checksums of all files, row counts of all parts, and that each passage's text is exactly what
    stands at its offsets in its document. ``store`` is the setting of that name. Raises DalilError
    when there is no index at all, and when the engine of its vectors cannot be asked.
    """
    current = require_generation(folder)
    try:
        generation = Generation.open(current)
    except DalilError as error:
        return [Fault(error.message, error.arabic)]
    faults = _file_faults(current, generation)
    if faults:
        return faults
    require_store(folder, generation.manifest, store)
    return _row_faults(current, generation, store) + _passage_faults(generation)


def _file_faults(folder: Path, generation: Generation) -> list[Fault]:
    expected, found = generation.manifest.checksums, checksums(folder)
    missing = [
        Fault(f"{name} is missing", f"الملف «{name}» مفقود من الفهرس.")
        for name in expected.keys() - found.keys()
    ]
    added = [
        Fault(f"{name} does not belong to the index", f"الملف «{name}» ليس من ملفّات الفهرس.")
        for name in found.keys() - expected.keys()
    ]
    changed = [
        Fault(f"{name} has changed since it was built", f"تغيّر الملف «{name}» بعد بناء الفهرس.")
        for name in expected.keys() & found.keys()
        if expected[name] != found[name]
    ]
    return sorted(missing + added + changed)


def _row_faults(folder: Path, generation: Generation, store: str) -> list[Fault]:
    expected = generation.manifest.passages
    counts = {
        "passages": generation.store.passage_count(),
        "vectors": len(generation.vectors()),
        generation.manifest.store: len(open_vectors(folder, generation.manifest, store)),
    }
    return [
        Fault(
            f"{part} has {count} rows, the manifest says {expected}",
            f"في الجزء «{part}» من الصفوف {count}، وفي بيان الفهرس أنّها {expected}.",
        )
        for part, count in counts.items()
        if count != expected
    ]


def _passage_faults(generation: Generation) -> list[Fault]:
    return [
        Fault(
            f"passage {passage.id} is not what stands at {passage.start}:{passage.end}",
            f"المقطع «{passage.id}» لا يطابق ما في موضعه من النصّ.",
        )
        for passage, _ in generation.store.passage_rows()
        if generation.store.document(passage.document_id).text[passage.start : passage.end]
        != passage.text
    ]
