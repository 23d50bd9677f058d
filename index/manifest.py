"""What one generation of an index is made of, and which generation is current."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import DalilError, left_to_right
from index.damage import GENERATIONS, DamageError, Seal, damaged, index_of
from index.disk import checked_word, from_digested, sync, with_check, with_digest, write_at_once

SCHEMA_VERSION = 4
_OLDER = 3
MANIFEST = "manifest.json"
POINTER = "CURRENT"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Written last into a generation's folder.

    ``roots`` maps the absolute paths that it was built from to their names; ``text_version``
    counts changes of the readers and the splitter; ``files`` are the seals of the generation's
    other files. ``store`` names the engine that searches the vectors, and ``collection`` is where
    they are in it.
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
    files: dict[str, Seal] = field(default_factory=dict)
    store: str = "faiss"
    collection: str = ""
    schema: int = SCHEMA_VERSION

    @property
    def checksums(self) -> dict[str, str]:
        """SHA-256 by file."""
        return {name: seal.sha256 for name, seal in self.files.items()}

    def save(self, folder: Path) -> None:
        """Write into the generation's folder."""
        write_at_once(folder / MANIFEST, with_digest(asdict(self)))

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read a manifest; raises DamageError when it is missing or a byte of it has changed, and
        DalilError when it is of a schema that this version does not read.
        """
        path = folder / MANIFEST
        try:
            values = from_digested(path.read_text(encoding="utf-8"))
            found = values.get("schema")
            if found == SCHEMA_VERSION:
                seals = {name: Seal(**seal) for name, seal in values.pop("files").items()}
                return cls(**values, files=seals)
            if found == _OLDER:
                return cls._of_older(values)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise damaged(path, error) from error
        rebuild = f"dalil index --rebuild --index {index_of(path)}"
        raise DalilError(
            f"The index in {folder} has schema {found!r}; this Dalil reads {SCHEMA_VERSION}.",
            f"Build it again: {rebuild}",
            arabic="بُني فهرس هذه المجموعة بنسخة أخرى من دليل لا تُقرأ هنا. أعد بناء المجموعة في "
            f"هذه الصفحة، أو في نافذة الأوامر: {left_to_right(rebuild)}",
        )

    @classmethod
    def _of_older(cls, values: dict[str, Any]) -> Manifest:
        """Schema 3 kept checksums alone; the next build writes all anew, and embeds nothing."""
        seals = {name: Seal(checksum) for name, checksum in values.pop("checksums").items()}
        return cls(**values, files=seals)


def current_generation(index: Path) -> Path | None:
    """The folder of the generation that serves, or None where nothing was built yet.

    Raises DamageError when the pointer cannot be read or leads nowhere.
    """
    name = _named(index)
    while name is not None:
        folder = index / GENERATIONS / name
        if name.isalnum() and folder.is_dir():
            return folder
        # A build that ended in between has dropped it, and points at a newer one.
        before, name = name, _named(index)
        if name == before:
            raise damaged(index / POINTER, f"it points at generation {name!r}, which is not there")
    return None


def pointed_at(index: Path) -> str | None:
    """The generation that the pointer names; None where it names none, or is damaged."""
    try:
        return _named(index)
    except DamageError:
        return None


def _named(index: Path) -> str | None:
    try:
        return checked_word((index / POINTER).read_text(encoding="ascii"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise damaged(index / POINTER, error) from error


def new_generation(index: Path) -> Path:
    """An empty folder for a build, beside the generation that serves."""
    generations = index / GENERATIONS
    generations.mkdir(parents=True, exist_ok=True)
    numbers = [int(path.name) for path in generations.iterdir() if path.name.isdigit()]
    folder = generations / f"{max(numbers, default=0) + 1:06d}"
    folder.mkdir()
    return folder


def publish(index: Path, generation: Path) -> None:
    """Make ``generation`` the one that serves, at once or not at all."""
    for path in [*generation.rglob("*"), generation, generation.parent]:
        sync(path)
    write_at_once(index / POINTER, with_check(generation.name))


def discard_others(index: Path, *kept: Path | None) -> None:
    """Remove every generation but ``kept``: old ones, and what killed builds left."""
    generations = index / GENERATIONS
    for path in generations.iterdir() if generations.is_dir() else ():
        if path not in kept:
            shutil.rmtree(path, ignore_errors=True)


def sealed(folder: Path, structures: Mapping[str, int]) -> dict[str, Seal]:
    """The seal of every file of a generation but its manifest, by relative path.

    ``structures`` says of how many first bytes each opening is to be sure.
    """
    names = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    return {name: Seal.of(path, structures.get(name, 0)) for name, path in names.items()}
