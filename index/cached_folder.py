"""Folders that are made once in the user's cache, whole or not at all."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from filelock import FileLock

from index.disk import file_hash, from_digested, is_small, sync, with_digest

_MANIFEST = "dalil-manifest.json"
_CONVERTING = Lock()  # two conversions in one process would want twice the memory


def cached_folder(target: Path, origin: Mapping[str, object], make: Callable[[Path], None]) -> Path:
    """Return ``target``, filled by ``make`` when it is missing, incomplete or damaged.

    ``make`` gets an empty folder beside it, which takes its place in one step; of processes that
    come at once one makes it. ``origin`` is written down with it. Raises OSError, and what ``make``
    raises; then nothing is left behind.
    """
    if not is_whole(target) or any(path.exists() for path in _beside(target)):
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.parent / f".{target.name}.lock"), _CONVERTING:
            _clear(target)
            if not is_whole(target):
                _put(target, origin, make)
    return target


def is_whole(folder: Path) -> bool:
    """Say whether ``folder`` holds the files its manifest lists, unharmed as far as is cheap, and
    no others: of large ones only the size is compared.
    """
    try:
        files = _recorded(folder)
        there = {path.relative_to(folder).as_posix() for path in _files(folder)}
        return files.keys() == there and all(
            _is_unharmed(folder / name, files[name]) for name in files
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False


def cached_folders(cache: Path) -> list[Path]:
    """The folders that were made in ``cache``, by name; one without a manifest is none: it is made
    again before it is used.
    """
    locks = sorted([*cache.glob(".*.lock"), *cache.glob("*/.*.lock")])
    made = [lock.with_name(lock.name.removeprefix(".").removesuffix(".lock")) for lock in locks]
    return [folder for folder in made if (folder / _MANIFEST).exists()]


def changed_files(folder: Path, hashes: Mapping[Path, str]) -> list[str]:
    """The names of what in a folder is not as it was made; ``hashes`` are those of its files."""
    try:
        recorded = {name: file["sha256"] for name, file in _recorded(folder).items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return [_MANIFEST]
    there = {
        path.relative_to(folder).as_posix(): digest
        for path, digest in hashes.items()
        if path.is_relative_to(folder) and path != folder / _MANIFEST
    }
    return sorted(
        name for name in recorded.keys() | there.keys() if recorded.get(name) != there.get(name)
    )


def _recorded(folder: Path) -> dict[str, dict[str, Any]]:
    """What the manifest says of each file; raises what a damaged one makes go wrong."""
    values = from_digested((folder / _MANIFEST).read_text("utf-8"))
    files: dict[str, dict[str, Any]] = values["files"]
    if next(reversed(values)) != "files" or not files:
        raise ValueError("the manifest is not as Dalil wrote it")
    return files


def _files(folder: Path) -> Iterator[Path]:
    """Every file but the manifest."""
    return (p for p in sorted(folder.rglob("*")) if p.is_file() and p != folder / _MANIFEST)


def _is_unharmed(path: Path, recorded: dict[str, Any]) -> bool:
    size = path.stat().st_size
    return size == recorded["bytes"] and (
        not is_small(size) or file_hash(path) == recorded["sha256"]
    )


def _beside(target: Path) -> tuple[Path, Path]:
    """Where a folder is made, and where one that is damaged is put."""
    return target.with_name(f".{target.name}.making"), target.with_name(f".{target.name}.broken")


def _clear(target: Path) -> None:
    """Remove what a killed process left, with the lock held."""
    for leftover in _beside(target):
        shutil.rmtree(leftover, ignore_errors=True)


def _put(target: Path, origin: Mapping[str, object], make: Callable[[Path], None]) -> None:
    making, broken = _beside(target)
    making.mkdir()
    try:
        make(making)
        _write_manifest(making, origin)
        for path in [*making.rglob("*"), making]:
            sync(path)
        if target.exists():
            target.rename(broken)
        making.rename(target)
        sync(target.parent)
    finally:
        _clear(target)


def _write_manifest(folder: Path, origin: Mapping[str, object]) -> None:
    files = {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": file_hash(path),
        }
        for path in _files(folder)
    }
    (folder / _MANIFEST).write_text(with_digest({**origin, "files": files}), "utf-8")
