"""A disk of its own that is full or cannot be written, for one build: run by ``kills_disturbed``
in a mount namespace that ends with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from corpus.errors import DalilError
from evals.hardening.kills_after import leftovers
from evals.hardening.kills_builder import QuickEmbedder
from evals.hardening.kills_cases import Case, answers, case_named
from evals.hardening.kills_folders import convert, fill
from index.cached_folder import cached_folder
from index.check import check_index

NAMESPACE = ("unshare", "-m", *(() if os.geteuid() == 0 else ("--user", "--map-root-user")))


def refused(build: Callable[[], object]) -> str:
    """How a build ends that must be refused, or succeed: empty where it does either in words."""
    try:
        build()
    except DalilError as error:
        return "" if error.hint and error.arabic else f"no hint: {error.message}"
    except Exception as error:
        return f"a traceback: {error!r}"
    return ""


def _full(case: Case, disk: Path, room: int) -> str:
    """What is lost where ``room`` bytes are left for a build, and where there is room again."""
    _mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk))
    target, filler, model = case.fresh(disk / "an.index"), disk / "filler", QuickEmbedder()
    before = answers(target, model)
    state = os.statvfs(disk)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, state.f_bavail * state.f_frsize - room)
    if told := refused(lambda: case.work.run(target)):
        return told
    now = answers(target, model)
    if now not in (before, answers(case.after, model)):
        return "answers are neither those before nor those after"
    if len(list((target / "generations").glob("*"))) > (now is not None):
        return "what could not be written fills the disk"
    filler.unlink()
    case.work.run(target)
    if answers(target, model) != answers(case.after, model):
        return "the next build's answers are not those of an undisturbed one"
    return "; ".join(check_index(target)) or leftovers(target)


def _read_only(case: Case, disk: Path, _: int) -> str:
    """What is lost where nothing can be written."""
    target, model = case.fresh(disk / "an.index"), QuickEmbedder()
    before = answers(target, model)
    _mount("--bind", str(disk), str(disk))
    _mount("-o", "remount,ro,bind", str(disk))
    ended = []
    if told := refused(lambda: ended.append(case.work.run(target))):
        return told
    if ended:
        return "a build succeeds where nothing can be written"
    if answers(target, model) != before:
        return "answers are not those before"
    return "; ".join(check_index(target)) if before else ""


def _cache_full(_: Case, disk: Path, room: int) -> str:
    """What is lost where a folder of the cache does not fit."""
    _mount("-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(disk))
    try:
        cached_folder(disk / "model", {}, fill)
    except OSError:
        names = sorted(path.name for path in disk.iterdir())
        return "" if names == [".model.lock"] else f"left over: {names}"
    return ""


def _conversion_full(_: Case, disk: Path, room: int) -> str:
    """What is lost where the real model does not fit."""
    _mount("-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(disk))
    if told := refused(lambda: convert(disk, "compiled")):
        return told
    names = [p.name for p in disk.iterdir() if p.name.endswith((".making", ".broken"))]
    return f"left over: {names}" if names else ""


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


ACTIONS = {
    "full": _full,
    "read-only": _read_only,
    "cache full": _cache_full,
    "conversion full": _conversion_full,
}


def lost_on_a_disk(action: str, name: str, folder: Path, room: int) -> str:
    """What an action finds lost, in a process with mounts of its own; the case is ``prepared``."""
    words = [sys.executable, "-m", __name__, action, name, str(folder), str(room)]
    ended = subprocess.run([*NAMESPACE, *words], capture_output=True, text=True, check=False)
    if ended.returncode:
        return f"the builder ended with {ended.returncode}: {ended.stderr[-300:].strip()}"
    return str(json.loads(ended.stdout.splitlines()[-1]))


def main(action: str, name: str, folder: str, room: str) -> None:
    """In that process: print what was lost, as JSON."""
    disk = Path(folder) / "disk"
    disk.mkdir(exist_ok=True)
    lost = ACTIONS[action](case_named(name, Path(folder)), disk, int(room))
    print(json.dumps(lost))


if __name__ == "__main__":
    main(*sys.argv[1:])
