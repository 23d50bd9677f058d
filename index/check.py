"""Verify an index on disk, file by file and passage by passage, and the models in the cache."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from corpus.errors import left_to_right
from index.cached_folder import cached_folders, changed_files
from index.damage import GENERATIONS, DamageError
from index.disk import file_hash
from index.engines import FAISS_STORE, require_store
from index.generation import Generation
from index.leftovers import OURS
from index.manifest import MANIFEST, Manifest
from index.progress import Progress, Silent
from index.search import open_vectors, require_generation

_MEGABYTE = 1_000_000


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


def check_index(
    folder: Path, store: str = FAISS_STORE, progress: Progress | None = None
) -> list[Fault]:
    """Every fault found in the index that serves, in words; an empty list when it is sound.

    Checksums of all files, row counts of all parts, and that each passage's text is exactly what
    stands at its offsets in its document. ``store`` is the setting of that name; ``progress`` is
    told of megabytes. Raises DalilError when there is no index at all, and when the engine of its
    vectors cannot be asked.
    """
    faults = _strangers(folder)
    try:
        current = require_generation(folder)
        manifest = Manifest.load(current)
        faults += _file_faults(current, manifest, progress or Silent())
        if faults:
            return faults
        require_store(folder, manifest, store)
        generation = Generation.open(current)
        return _row_faults(current, generation, store) + _passage_faults(generation)
    except DamageError as error:
        return [*faults, Fault(error.message, error.arabic)]


def check_models(cache: Path, progress: Progress | None = None) -> list[Fault]:
    """Every file in the models that Dalil has converted into ``cache`` which is not as it was made,
    with what to do about it.
    """
    folders = cached_folders(cache)
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    hashes = _hashed(paths, progress or Silent())
    return [
        Fault(
            f"{folder / name} has changed since it was made (it is made again once you delete it: "
            f"rm -r '{folder}')",
            f"تغيّر ملف من ملفّات النماذج بعد إعداده: «{left_to_right(folder / name)}». احذف مجلّده "
            f"فيُعدّ من جديد: «{left_to_right(folder)}».",
        )
        for folder in folders
        for name in changed_files(folder, hashes)
    ]


def _hashed(paths: Iterable[Path], progress: Progress) -> dict[Path, str]:
    """SHA-256 of each file."""
    sizes = {path: path.stat().st_size for path in paths}
    progress.start("checking", -(-sum(sizes.values()) // _MEGABYTE))
    behind = 0

    def done(read: int) -> None:
        nonlocal behind
        steps, behind = divmod(behind + read, _MEGABYTE)
        progress.advance(steps)

    return {path: file_hash(path, done) for path in sizes}


def _strangers(folder: Path) -> list[Fault]:
    """Files that no build has written."""
    if not folder.is_dir():
        return []
    names = sorted({path.name for path in folder.iterdir()} - OURS)
    generations = folder / GENERATIONS
    beside = generations.iterdir() if generations.is_dir() else ()
    names += sorted(f"{GENERATIONS}/{path.name}" for path in beside if not path.is_dir())
    return [_stranger(name) for name in names]


def _stranger(name: str) -> Fault:
    return Fault(f"{name} does not belong to the index", f"الملف «{name}» ليس من ملفّات الفهرس.")


def _file_faults(folder: Path, manifest: Manifest, progress: Progress) -> list[Fault]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != MANIFEST]
    hashes = _hashed(paths, progress)
    expected = manifest.checksums
    found = {path.relative_to(folder).as_posix(): digest for path, digest in hashes.items()}
    missing = [
        Fault(f"{name} is missing", f"الملف «{name}» مفقود من الفهرس.")
        for name in expected.keys() - found.keys()
    ]
    added = [_stranger(name) for name in found.keys() - expected.keys()]
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
