"""Systems take turns, each step in a process of its own, until every round is done."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

from evals.bench.peers.step import MARK
from evals.bench.peers.system import Described
from evals.bench.peers.workload import Workload

ROOT = Path(__file__).resolve().parents[3]
_LIMIT = 3_600  # seconds of one step
_QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
    "PYTHONUNBUFFERED": "1",
}
_ASK = "ask"


@dataclass(slots=True)
class Measured:
    """What became of one system: what each step printed, round by round, and why it ended early.

    ``repeated`` are the last words of steps that broke once and then did not.
    """

    described: Described
    steps: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    failure: str = ""
    repeated: list[str] = field(default_factory=list)

    def values(self, step: str, name: str) -> list[float]:
        """One figure of one step, of every round that has it."""
        return [float(found[name]) for found in self.steps.get(step, []) if name in found]


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured, and where: ``work`` is the workload's file; indexes lie in ``scratch``.

    ``peers`` is the Python of the peers, or the words why there is none.
    """

    work: Path
    scratch: Path
    peers: Path | str
    tell: Callable[[str], None]

    def measure(self, systems: Sequence[Described], rounds: int) -> list[Measured]:
        """Every step of every system, ``rounds`` times; one that fails twice is left out then."""
        measured = [Measured(described) for described in systems]
        for number in range(1, rounds + 1):
            for one in measured:
                for step in _steps(one.described):
                    if not one.failure:
                        self.tell(f"round {number} of {rounds}: {one.described.name}: {step}")
                        self._take(one, step)
        return measured

    def _take(self, one: Measured, step: str) -> None:
        python = Path(sys.executable) if one.described.ours else self.peers
        if isinstance(python, str):
            one.failure = python
            return
        folder = self.scratch / one.described.module
        found, error = self._run(python, one.described.module, step, folder)
        if error:
            one.repeated.append(f"{step}: {error}")
            found, error = self._run(python, one.described.module, step, folder)
        if error:
            one.failure = f"{step}: {error}"
        else:
            one.steps.setdefault(step, []).append(found)

    def _run(
        self, python: Path, module: str, step: str, folder: Path
    ) -> tuple[dict[str, Any], str]:
        """What the step found, or the words with which it failed."""
        if step == "index":
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        words = ["evals.bench.peers.step", module, step, self.work, folder]
        if step == _ASK:
            question = Workload.load(self.work).questions[0][0]
            words = ["ui", "ask", question, "--index", folder]
        printed, seconds, error = run([str(word) for word in (python, "-m", *words)])
        if error:
            return {}, error
        found = {} if step == _ASK else json.loads(printed)
        found["wall_s"] = seconds - found.get("checking_s", 0)
        if step == "index":
            found["disk_mb"] = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6
        return found, ""


def _steps(described: Described) -> tuple[str, ...]:
    """The steps of a round; an index is updated last, for it is another one then."""
    more = {"plain": ("encode",), "dalil_reader": (_ASK,)}.get(described.module, ())
    answer = ("answer",) if described.answers else ()
    return ("index", "cold", *more, "search", *answer, "update")


def run(command: Sequence[str]) -> tuple[str, float, str]:
    """What a command printed behind ``MARK``, the seconds until it did, or else until it ended, and
    its last line where it failed.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | _QUIET,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        limit = Timer(_LIMIT, process.kill)
        limit.start()
        marked = last = ""
        seconds = 0.0
        for line in process.stdout:
            last = line.strip() or last
            if line.startswith(MARK):
                marked, seconds = line.removeprefix(MARK), time.perf_counter() - start
        status = process.wait()
        limit.cancel()
    error = f"exit {status}: {last}" if status else ""
    return marked, seconds or time.perf_counter() - start, error
