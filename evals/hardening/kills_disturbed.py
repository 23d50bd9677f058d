"""What goes wrong with a build though nothing dies: each must end in words and lose nothing."""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from evals.hardening.kills_after import leftovers
from evals.hardening.kills_builder import CONTEXT, QuickEmbedder, Work
from evals.hardening.kills_cases import QUESTIONS, Answers, Case, answers, prepared, texts, write
from evals.hardening.kills_folders import Ending
from evals.hardening.kills_mounted import NAMESPACE, lost_on_a_disk, refused
from index.check import check_index
from index.live import LiveIndex

_OTHER = "هذا نصّ كُتب في الملف وهو يُقرأ. فيه ذكر سور القاهرة وأبوابه الكثيرة."
_VERSIONS = 6


def _build(work: Work, target: Path, before: Callable[[], None], told: Connection) -> None:
    before()
    told.send(refused(lambda: work.run(target)))


class _Limit:
    """No file may grow beyond so many bytes, as on a disk that is full."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __call__(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (self._size, resource.RLIM_INFINITY))


class _AtOpening:
    """Change or remove a file just before it is opened for the ``nth`` time, and each one after."""

    def __init__(self, path: Path, nth: int, text: str | None) -> None:
        self._path, self._left, self._text, self._busy = path, nth, text, False

    def __call__(self) -> None:
        sys.addaudithook(self._heard)

    def _heard(self, event: str, values: tuple[Any, ...]) -> None:
        if event != "open" or self._busy or str(values[0]) != str(self._path):
            return
        self._left -= 1
        if self._left > 0:
            return
        self._busy = True
        if self._text is None:
            self._path.unlink(missing_ok=True)
        else:
            self._path.write_text(f"{self._text} {-self._left}", encoding="utf-8")
        self._busy = False


def _ended(work: Work, target: Path, before: Callable[[], None]) -> str:
    """How a build ends in a process of its own that begins with ``before``."""
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_build, args=(work, target, before, theirs))
    process.start()
    theirs.close()
    try:
        return str(ours.recv())
    except EOFError:
        process.join()
        return f"the builder ended with {process.exitcode}"
    finally:
        process.join()


def _lost_by_limit(case: Case, size: int) -> str:
    target, model = case.fresh(case.folder / "limited.index"), QuickEmbedder()
    if told := _ended(case.work, target, _Limit(size)):
        return told
    either = answers(case.before, model), answers(case.after, model)
    if answers(target, model) not in either:
        return "answers are neither those before nor those after"
    return _lost_after(case.work, target, either[1])


def _lost_after(work: Work, target: Path, expected: Answers | None) -> str:
    """What is wrong after the next, undisturbed build."""
    work.run(target)
    if answers(target, QuickEmbedder()) != expected:
        return "the next build's answers are not those of an undisturbed one"
    return "; ".join(check_index(target)) or leftovers(target)


def _lost_by_reading(folder: Path, nth: int, text: str | None) -> str:
    shutil.rmtree(folder, ignore_errors=True)
    case = prepared("add", folder, 8)
    target = case.fresh(folder / "disturbed.index")
    if told := _ended(case.work, target, _AtOpening(folder / "texts" / "جديد-3.txt", nth, text)):
        return told
    if found := check_index(target):
        return f"faults: {found}"
    anew = folder / "anew.index"
    case.work.run(anew)  # of the texts as they are now
    return _lost_after(case.work, target, answers(anew, QuickEmbedder()))


def _lost_by_two(case: Case) -> str:
    target = case.fresh(case.folder / "two.index")
    pipes = [CONTEXT.Pipe() for _ in range(2)]
    both = [
        CONTEXT.Process(target=_build, args=(case.work, target, _nothing, theirs))
        for _, theirs in pipes
    ]
    for process in both:
        process.start()
    told = [ours.recv() for ours, _ in pipes]
    for process in both:
        process.join()
    return "; ".join(filter(None, told)) or _lost_after(
        case.work, target, answers(case.after, QuickEmbedder())
    )


def _nothing() -> None:
    pass


def _change_and_build(work: Work, target: Path, seconds: float, told: Connection) -> None:
    version, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        version = (version + 1) % _VERSIONS
        write(work.paths[0], _version(version))
        work.run(target)
    told.send("")


def _version(number: int) -> dict[str, str]:
    return texts(10) | {"متغيّر.txt": f"النص الذي تغيّر صار رقم {number}. وسور القاهرة كما هو."}


def _lost_while_live(folder: Path, seconds: float) -> str:
    """What a chat answers that has the index open while it is built again and again."""
    work, model, possible = Work((folder / "texts",)), QuickEmbedder(), []
    for number in range(_VERSIONS):
        write(folder / "texts", _version(number))
        work.run(folder / "an.index")
        possible.append(answers(folder / "an.index", model))
    ours, theirs = CONTEXT.Pipe()
    live = LiveIndex(folder / "an.index", model)
    process = CONTEXT.Process(
        target=_change_and_build, args=(work, folder / "an.index", seconds, theirs)
    )
    process.start()
    theirs.close()
    lost, seen = "", set()
    while not ours.poll():
        index = live()
        found = tuple(
            tuple((h.passage.id, h.source, h.passage.text, h.score) for h in index.search(question))
            for question in QUESTIONS
        )
        if found not in possible:
            lost = "answers are of no version"
            break
        seen.add(possible.index(found))
    process.join()
    return lost or ("" if len(seen) > 1 else "no other version was ever seen")


def disturbances(folder: Path, seed: int, share: float = 1) -> list[tuple[str, str, Ending]]:
    """Every disturbance by kind and description, and what finds out what it loses; ``share`` of
    those that there are many of.
    """
    dice = random.Random(seed)
    add, *others = (
        prepared(name, folder / name.replace(" ", "-"))
        for name in ("add", "first build", "store becomes a graph")[: max(1, round(3 * share))]
    )
    largest = max(path.stat().st_size for path in add.after.rglob("*") if path.is_file())
    found: list[tuple[str, str, Ending]] = []
    for case in (add, *others):
        for _ in range(round(8 * share)):
            size = dice.randrange(largest)
            found.append(("file limit", f"{case.name}, {size}", _later(_lost_by_limit, case, size)))
    for nth in range(1, 1 + max(1, round(5 * share))):
        for kind, text in (("changes", _OTHER), ("vanishes", None)):
            end = _later(_lost_by_reading, folder / "read", nth, text)
            found.append((f"a file {kind}", f"from opening {nth} on", end))
    found += [("two builders", "at once", _later(_lost_by_two, add))] * max(1, round(5 * share))
    live = _later(_lost_while_live, folder / "live", 20 * share)
    found.append(("a chat", "while its index is built again and again", live))
    if can_mount():
        found += _disks((add, *others), dice, max(1, round(6 * share)))
    return found


def can_mount() -> bool:
    """Whether a process may have mounts of its own here."""
    words = [*NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    try:
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _disks(cases: Sequence[Case], dice: random.Random, count: int) -> list[tuple[str, str, Ending]]:
    found: list[tuple[str, str, Ending]] = []
    for case in cases:
        size = 2 * sum(p.stat().st_size for p in case.after.rglob("*") if p.is_file())
        for place in range(count):
            room = os.sysconf("SC_PAGESIZE") + dice.randrange(size * (place + 1) // count)
            end = _later(lost_on_a_disk, "full", case.name, case.folder, room)
            found.append(("disk full", f"{case.name}, {room} bytes left", end))
        end = _later(lost_on_a_disk, "read-only", case.name, case.folder, 0)
        found.append(("read-only folder", case.name, end))
    named = cases[0].name, cases[0].folder
    for room in (4_096, 300_000):
        end = _later(lost_on_a_disk, "cache full", *named, room)
        found.append(("cache full", f"{room} bytes", end))
    for room in (40_000_000, 500_000_000) if len(cases) > 1 else ():
        end = _later(lost_on_a_disk, "conversion full", *named, room)
        found.append(("conversion full", f"{room} bytes", end))
    return found


def _later(function: Callable[..., str], *values: Any) -> Ending:
    return lambda: function(*values)
