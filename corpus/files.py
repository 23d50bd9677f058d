"""Find the files that the paths on a command line stand for."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import DalilError, left_to_right
from corpus.readers import SUFFIXES


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read: its absolute path, its name for people, and the given path that led to it."""

    path: Path
    source: str
    root: Path


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """What was not read, and why. ``count`` files, where one record stands for many."""

    source: str
    reason: str
    count: int = 1


def find_files(paths: Sequence[Path]) -> Iterator[FoundFile | SkippedFile]:
    """The files below ``paths``, in order, each real file once.

    A file's source is its path as given; in a folder, the folder as given and the path inside it,
    with forward slashes. Hidden files and folders are passed over. Files of unknown types are
    counted in a folder, and skipped with the reason when named. Raises DalilError for a path that
    does not exist, before anything is yielded.
    """
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises where a folder is locked
            raise DalilError(
                f"{path}: there is no such file or folder.",
                "Check the path. Put quotes around a path with spaces.",
                arabic=f"لا يوجد ملف ولا مجلّد بهذا الاسم: «{left_to_right(path)}». "
                "أعِده إلى مكانه، ثم حدّث المجموعة.",
            )
    return _find(paths)


def _find(paths: Sequence[Path]) -> Iterator[FoundFile | SkippedFile]:
    seen: set[Path] = set()
    for path in paths:
        for file in _walk(path) if path.is_dir() else [_named(path)]:
            if isinstance(file, SkippedFile):
                yield file
            elif file.path not in seen:
                seen.add(file.path)
                yield file


def _named(path: Path) -> FoundFile | SkippedFile:
    if path.suffix.lower() in SUFFIXES:
        return FoundFile(path.resolve(), path.as_posix(), path)
    kinds = ", ".join(sorted(SUFFIXES))
    return SkippedFile(path.as_posix(), f"unknown type; Dalil reads {kinds}")


def _walk(root: Path) -> list[FoundFile | SkippedFile]:
    """The files below a folder by name, then what was skipped; each real folder is entered once."""
    found: list[FoundFile] = []
    skipped: list[SkippedFile] = []
    unknown = 0
    folders, entered = [root], set()
    while folders:
        folder = folders.pop()
        if folder.resolve() in entered:
            continue
        entered.add(folder.resolve())
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            skipped.append(SkippedFile(folder.as_posix(), f"cannot be opened: {error.strerror}"))
            continue
        for entry in entries:
            path = Path(entry)
            if entry.name.startswith("."):
                continue
            if _is(entry.is_dir):
                folders.append(path)
            elif path.suffix.lower() not in SUFFIXES:
                unknown += 1
            elif _is(entry.is_file):
                found.append(FoundFile(path.resolve(), path.as_posix(), root))
            else:
                reason = "a link that leads nowhere" if entry.is_symlink() else "not a file"
                skipped.append(SkippedFile(path.as_posix(), reason))
    if unknown:
        reason = "not of a type that Dalil reads"
        skipped.append(SkippedFile(root.as_posix(), reason, unknown))
    return [*sorted(found, key=lambda file: file.source), *skipped]


def _is(kind: Callable[[], bool]) -> bool:
    """The answer to ``is_dir`` or ``is_file``; no for a link that leads nowhere or to itself."""
    try:
        return kind()
    except OSError:
        return False
