"""Folders that are made once in the user's cache, whole or not at all."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from filelock import FileLock

from index.disk import file_hash, sync

_MANIFEST = "dalil-manifest.json"
_CONVERTING = Lock()  # two conversions in one process would want twice the memory
_SMALL = 16_000_000
"""Files up to this many bytes are hashed at each start, which takes some milliseconds; of larger
ones only the size is compared."""


def cached_folder(target: Path, origin: Mapping[str, object], make: Callable[[Path], None]) -> Path:
    """Return ``target``, filled by ``make`` when it is missing, incomplete or damaged.

    ``make`` gets an empty folder beside it, which takes its place in one step; of processes that
    come at once one makes it. ``origin`` is written down with it. Raises OSError, and what ``make``
    raises; then nothing is left behind.
    """
    if not is_whole(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.parent / f".{target.name}.lock"), _CONVERTING:
            if not is_whole(target):
                _put(target, origin, make)
    return target


def is_whole(folder: Path) -> bool:
    """Say whether ``folder`` holds every file its manifest lists, unharmed as far as is cheap."""
    try:
        files = json.loads((folder / _MANIFEST).read_text("utf-8"))["files"]
        return bool(files) and all(_is_unharmed(folder / name, files[name]) for name in files)
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _is_unharmed(path: Path, recorded: dict[str, Any]) -> bool:
    size = path.stat().st_size
    return size == recorded["bytes"] and (size > _SMALL or file_hash(path) == recorded["sha256"])


def _put(target: Path, origin: Mapping[str, object], make: Callable[[Path], None]) -> None:
    making = target.with_name(f".{target.name}.making")
    broken = target.with_name(f".{target.name}.broken")
    for leftover in (making, broken):
        shutil.rmtree(leftover, ignore_errors=True)
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
        for leftover in (making, broken):
            shutil.rmtree(leftover, ignore_errors=True)


def _write_manifest(folder: Path, origin: Mapping[str, object]) -> None:
    files = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": digest}
        for path, digest in ((p, file_hash(p)) for p in sorted(folder.rglob("*")) if p.is_file())
    }
    text = json.dumps({**origin, "files": files}, indent=2)
    (folder / _MANIFEST).write_text(text + "\n", "utf-8")
