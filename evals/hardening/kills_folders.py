"""Kills of what else is written: converted models in the cache, and conversations."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from evals.hardening.kills_builder import CONTEXT, Stages, traced
from index.cached_folder import cached_folder, is_whole
from qa.conversations import Conversations
from qa.turn import Turn

_OWNER = "somebody"
_SLOWEST = 120  # seconds that a conversion may take


def fill(folder: Path) -> None:
    """Stands for a conversion: some files, small and larger, and a folder."""
    (folder / "1_Pooling").mkdir()
    for number, name in enumerate(("config.json", "tokenizer.json", "1_Pooling/config.json")):
        (folder / name).write_text(f'{{"number": {number}}}' * 200, "utf-8")
    (folder / "model.safetensors").write_bytes(b"\x17\x2a" * 400_000)


def _cache(target: Path, at: int | None, told: Connection) -> None:
    stages = Stages(at)
    with traced(stages, target.parent):
        cached_folder(target, {"converter": 1}, fill)
    told.send(stages.steps)


def _convert(cache: Path, what: str, told: Connection) -> None:
    told.send(None)
    convert(cache, what)
    told.send(None)


def convert(cache: Path, what: str) -> Path:
    """The real default model under ``cache``; with ``what`` "compiled", its form for OpenVINO."""
    from index.compiled_embedder import load_compiled
    from index.default_model import default_model_folder
    from index.tokens import load_tokenizer

    folder = default_model_folder(cache)
    if what == "compiled":
        load_tokenizer.cache_clear()  # each conversion stands for a process of its own
        load_compiled(folder, "default", cache)
    return folder


def steps_of_a_folder(target: Path) -> int:
    """At how many steps a process that fills a folder of the cache can die."""
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_cache, args=(target, None, theirs))
    process.start()
    steps = len(ours.recv())
    process.join()
    shutil.rmtree(target)
    return steps


def lost_in_a_folder(target: Path, at: int, damage: bool) -> str:
    """Kill the filling of ``target`` at a step; what is wrong then, or after the next one.

    With ``damage`` there was a folder before, one of whose files had changed.
    """
    shutil.rmtree(target.parent, ignore_errors=True)
    cached_folder(target, {"converter": 1}, fill)
    whole = contents(target)
    if damage:
        (target / "config.json").write_text("{}", "utf-8")
    else:
        shutil.rmtree(target)
    _, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_cache, args=(target, at, theirs))
    process.start()
    process.join()
    if is_whole(target) and contents(target) != whole:
        return "a folder that is not whole passes for one"
    cached_folder(target, {"converter": 1}, fill)
    return _unlike(target, whole)


def lost_in_a_conversion(cache: Path, what: str, whole: dict[str, str], moment: float) -> str:
    """Kill the real conversion after a share of its time; what is wrong after the next one."""
    shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir(parents=True)
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_convert, args=(cache, what, theirs))
    process.start()
    ours.recv()
    ours.poll(moment)
    process.kill()
    process.join()
    convert(cache, what)
    return "" if contents(cache) == whole else "the next conversion makes other files"


def _unlike(target: Path, whole: dict[str, str]) -> str:
    if contents(target) != whole:
        return "the next filling makes other files"
    names = sorted(p.name for p in target.parent.iterdir() if p.name != f".{target.name}.lock")
    return "" if names == [target.name] else f"left over: {names}"


def contents(folder: Path) -> dict[str, str]:
    """The hash of every file below ``folder`` but locks and OpenVINO's own order of things."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in {".lock", ".xml", ".bin"}
        and path.name != "dalil-manifest.json"
    }  # fmt: skip


def _converse(path: Path, told: Connection) -> None:
    kept, id = Conversations(path), None
    for number in range(10_000):
        id = kept.append(_OWNER, id, "own", Turn(f"سؤال {number}؟", failure="لا جواب."))
        told.send((id, number))


def lost_in_conversations(path: Path, moment: float) -> str:
    """Kill who keeps turns, after so many seconds; what is wrong with the file then."""
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_converse, args=(path, theirs))
    process.start()
    theirs.close()
    told = ours.recv()
    until = time.monotonic() + moment
    while time.monotonic() < until:
        told = ours.recv()
    process.kill()
    process.join()
    while True:
        try:
            told = ours.recv()
        except EOFError:
            break
    id, last = told
    kept = Conversations(path)
    turns = kept.turns(_OWNER, id)
    asked = [turn.question for turn in turns]
    kept.append(_OWNER, id, "own", Turn("سؤال بعد القتل؟", failure="لا جواب."))
    kept.close()
    return "" if asked[: last + 1] == [f"سؤال {n}؟" for n in range(last + 1)] else "a turn is lost"


Ending = Callable[[], str]


def folder_kills(folder: Path, count: int, dice: random.Random) -> list[tuple[str, Ending]]:
    """So many kills of filling a folder of the cache, each with its description."""
    target = folder / "cache" / "model"
    steps = steps_of_a_folder(target)
    found: list[tuple[str, Ending]] = []
    for number in range(count):
        at, damage = dice.randrange(steps), bool(number % 2)
        name = f"model folder, step {at} of {steps}, {'damaged' if damage else 'missing'} before"
        found.append((name, _later(lost_in_a_folder, target, at, damage)))
    return found


def conversation_kills(folder: Path, count: int, dice: random.Random) -> list[tuple[str, Ending]]:
    """So many kills of who keeps conversations."""
    found: list[tuple[str, Ending]] = []
    for number in range(count):
        moment = dice.uniform(0, 0.3)
        path = folder / f"conversations-{number}.sqlite"
        found.append(
            (f"conversations, {moment:.3f} s", _later(lost_in_conversations, path, moment))
        )
    return found


def conversion_kills(folder: Path, count: int, dice: random.Random) -> list[tuple[str, Ending]]:
    """So many kills of the real model's conversion, two thirds of them of its first form."""
    found: list[tuple[str, Ending]] = []
    for what in ("folder", "compiled") if count else ():
        begun = time.monotonic()
        whole = contents(convert(folder / what, what).parent)
        took = min(time.monotonic() - begun, _SLOWEST)
        for number in range(count):
            if (number % 3 == 2) == (what == "compiled"):
                moment = dice.uniform(0, took)
                name = f"conversion ({what}), {moment:.2f} s of {took:.2f}"
                end = _later(lost_in_a_conversion, folder / f"{what}-killed", what, whole, moment)
                found.append((name, end))
    return found


def _later(function: Callable[..., str], *values: Any) -> Ending:
    return lambda: function(*values)
