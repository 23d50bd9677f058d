"""What one generation of an index is made of, and which generation is current."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import DalilError
from index.disk import file_hash, sync

SCHEMA_VERSION = 3
MANIFEST = "manifest.json"
REBUILD = "أعد بناء المجموعة في هذه الصفحة، أو في نافذة الأوامر: dalil index --rebuild"
"""What to do about a damaged index, for a reader of the Arabic page."""
_POINTER = "CURRENT"
_GENERATIONS = "generations"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Written last into a generation's folder.

    ``roots`` maps the absolute paths that it was built from to their names; ``text_version``
    counts changes of the readers and the splitter; ``checksums`` are SHA-256 by file. ``store``
    names the engine that searches the vectors, and ``collection`` is where they are in it.
    """

    embedder: str
    fingerprint: str
    dim: int
    passage_words: int
    passage_overlap: int
    documents: int
    passages: int
    vector_kind: str
    roots: dict[str, str]
    text_version: int
    checksums: dict[str, str] = field(default_factory=dict)
    store: str = "faiss"
    collection: str = ""
    schema: int = SCHEMA_VERSION

    def save(self, folder: Path) -> None:
        """Write into the generation's folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read a manifest; raises DalilError when it is missing or of another schema."""
        try:
            values: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            found = values.get("schema")
            if found == SCHEMA_VERSION:
                return cls(**values)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise DalilError(
                f"The manifest in {folder} cannot be read: {error}.",
                "Build the index again: dalil index --rebuild",
                arabic=f"فهرس هذه المجموعة تالف لا يُقرأ بيانه. {REBUILD}",
            ) from error
        raise DalilError(
            f"The index in {folder} has schema {found!r}; this Dalil reads {SCHEMA_VERSION}.",
            "Build it again: dalil index --rebuild",
            arabic=f"بُني فهرس هذه المجموعة بنسخة أخرى من دليل لا تُقرأ هنا. {REBUILD}",
        )


def current_generation(index: Path) -> Path | None:
    """The folder of the generation that serves, or None where nothing was built yet.

    Raises DalilError when the pointer cannot be read or leads nowhere.
    """
    name = _pointed_at(index)
    while name is not None:
        folder = index / _GENERATIONS / name
        if name.isalnum() and folder.is_dir():
            return folder
        # A build that ended in between has dropped it, and points at a newer one.
        before, name = name, _pointed_at(index)
        if name == before:
            raise DalilError(
                f"The index in {index} points at generation {name!r}, which is not there.",
                "Build the index again: dalil index --rebuild",
                arabic=f"فهرس هذه المجموعة ناقص، وقد ضاع منه الجيل الأحدث. {REBUILD}",
            )
    return None


def _pointed_at(index: Path) -> str | None:
    try:
        return (index / _POINTER).read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise DalilError(
            f"The file {index / _POINTER} cannot be read: {error}.",
            "Build the index again: dalil index --rebuild",
            arabic=f"فهرس هذه المجموعة تالف لا يُعرف أيّ جيل منه هو الأحدث. {REBUILD}",
        ) from error


def new_generation(index: Path) -> Path:
    """An empty folder for a build, beside the generation that serves."""
    generations = index / _GENERATIONS
    generations.mkdir(parents=True, exist_ok=True)
    numbers = [int(path.name) for path in generations.iterdir() if path.name.isdigit()]
    folder = generations / f"{max(numbers, default=0) + 1:06d}"
    folder.mkdir()
    return folder


def publish(index: Path, generation: Path) -> None:
    """Make ``generation`` the one that serves, at once or not at all, and drop the others."""
    for path in [*generation.rglob("*"), generation]:
        sync(path)
    staged = index / f"{_POINTER}.new"
    staged.write_text(generation.name + "\n", encoding="ascii")
    sync(staged)
    staged.replace(index / _POINTER)
    sync(index)
    discard_others(index, generation)


def discard_others(index: Path, keep: Path | None) -> None:
    """Remove generations that do not serve: old ones, and what killed builds left."""
    generations = index / _GENERATIONS
    for path in generations.iterdir() if generations.is_dir() else ():
        if path != keep:
            shutil.rmtree(path, ignore_errors=True)


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a generation but its manifest, by relative path."""
    return {
        path.relative_to(folder).as_posix(): file_hash(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
