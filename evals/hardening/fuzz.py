"""Feed Dalil what nobody should: ``python -m evals.hardening.fuzz``.

Damaged files of every format, bombs, texts and questions made at random, requests, and index files
with something wrong in them. Each case must end in a result or in a DalilError, within ten seconds
and within the memory that it may have. A case is made of the seed, its target and its number alone:
``--only TARGET --case NUMBER`` runs it again.
"""

from __future__ import annotations

import platform
import resource
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from random import Random
from typing import Any

import click

from evals.hardening.fuzz_bombs import bombs
from evals.hardening.fuzz_files import MUTATIONS, bombing, drawing, reading
from evals.hardening.fuzz_index import opening
from evals.hardening.fuzz_judging import MOST_MEMORY, Maker, Outcome, judged
from evals.hardening.fuzz_server import asking, requesting
from evals.hardening.fuzz_words import normalising, questioning, splitting

_MOST_AT_ONCE = 500  # cases of one process
_SHARES: Mapping[str, float] = {  # of the cases that are not bombs
    **{"reader.pdf": 12, "reader.docx": 7, "reader.pptx": 5, "reader.xlsx": 9, "reader.epub": 8},
    **{"reader.html": 11, "reader.csv": 7, "reader.jsonl": 6, "reader.txt": 4, "reader.md": 4},
    **{"picture": 2, "splitter": 8, "normaliser": 6, "questions": 5, "pipeline": 1},
    **{"requests": 2.5, "index": 2.5},
}
_SLOW_TO_START = ("pipeline", "requests")  # they load the models
_TARGETS: Mapping[str, Callable[[], AbstractContextManager[Maker]]] = {
    **{f"reader{suffix}": partial(reading, suffix) for suffix in MUTATIONS},
    **{"bombs": bombing, "picture": drawing, "splitter": splitting, "normaliser": normalising},
    **{"questions": questioning, "pipeline": asking, "requests": requesting, "index": opening},
}


@dataclass(slots=True)
class Tally:
    """What became of a target's cases; ``peak`` is in bytes, of any process that it ran in."""

    endings: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_case: str = ""
    peak: int = 0
    faults: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count a case."""
        self.endings[outcome.ending] += 1
        if outcome.ending in ("crash", "hang"):
            self.faults.append(outcome)
        if outcome.seconds > self.slowest:
            self.slowest, self.slowest_case = outcome.seconds, outcome.case

    def join(self, other: Tally) -> None:
        """Count the cases of another process."""
        self.endings += other.endings
        self.faults += other.faults
        self.peak = max(self.peak, other.peak)
        if other.slowest > self.slowest:
            self.slowest, self.slowest_case = other.slowest, other.slowest_case


def run(target: str, seed: int, numbers: Sequence[int]) -> Tally:
    """Run these cases of one target in this process."""
    tally = Tally()
    with _TARGETS[target]() as make:
        for number in numbers:
            work = make(Random(f"{seed}/{target}/{number}"), number)
            tally.add(judged(f"{target} {number}", work))
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    most = max(resource.getrusage(kind).ru_maxrss for kind in kinds)
    tally.peak = most if sys.platform == "darwin" else most * 1024
    return tally


def plan(cases: int, targets: Sequence[str]) -> dict[str, int]:
    """How many of ``cases`` each target gets; every bomb goes off once, in a full run."""
    counts = {"bombs": min(len(bombs()), max(cases // 20, 1))} if "bombs" in targets else {}
    shares = {target: share for target, share in _SHARES.items() if target in targets}
    left, total = cases - sum(counts.values()), sum(shares.values())
    for target, share in shares.items():
        counts[target] = max(round(left * share / total), 1)
    if shares:
        counts[max(shares, key=lambda target: shares[target])] += cases - sum(counts.values())
    return counts


def fuzz(
    counts: Mapping[str, int], seed: int, processes: int, told: Callable[[int], None]
) -> dict[str, Tally]:
    """Run so many cases of each target, in processes of their own; ``told`` of how many ended."""
    tallies = {target: Tally() for target in counts}
    parts = [
        (target, range(start, min(start + _MOST_AT_ONCE, count)))
        for target, count in sorted(counts.items(), key=lambda pair: pair[0] not in _SLOW_TO_START)
        for start in range(0, count, _MOST_AT_ONCE)
    ]
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, context, max_tasks_per_child=1) as pool:
        running: dict[Future[Tally], tuple[str, int]] = {
            pool.submit(run, target, seed, numbers): (target, len(numbers))
            for target, numbers in parts
        }
        while running:
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                target, count = running.pop(done)
                tallies[target].join(done.result())
                told(count)
    return tallies


def show(tallies: Mapping[str, Tally], say: Callable[[Any], None]) -> None:
    """Print a table of the targets, and every fault."""
    from rich.table import Table

    heads = ("target", "cases", "read", "refused", "stopped", "slowest, s", "most memory, MiB")
    table = Table(*heads, box=None)
    for target, tally in tallies.items():
        ends = [tally.endings[ending] for ending in ("read", "refused", "stopped")]
        figures = (tally.endings.total(), *ends)
        row = [f"{figure:,}" for figure in figures]
        table.add_row(target, *row, f"{tally.slowest:.1f}", f"{tally.peak / 1024**2:,.0f}")
    say(table)
    for tally in tallies.values():
        for fault in tally.faults:
            say(f"{fault.ending}: --only {fault.case.replace(' ', ' --case ')}\n{fault.told}")


@click.command()
@click.option("--cases", type=click.IntRange(1), default=20_000, show_default=True)
@click.option("--seed", type=int, default=2026, show_default=True)
@click.option("--only", type=click.Choice(sorted(_TARGETS)), multiple=True, help="These targets.")
@click.option("--case", "number", type=int, help="Only the case of this number, of one target.")
@click.option("--processes", type=click.IntRange(1), default=2, show_default=True)
def main(cases: int, seed: int, only: tuple[str, ...], number: int | None, processes: int) -> None:
    """Feed Dalil what nobody should, and count what breaks."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(highlight=False, markup=False)
    console.print(f"seed {seed}, {platform.machine()}, Python {platform.python_version()}")
    if number is not None:
        tallies = {target: run(target, seed, [number]) for target in only}
    else:
        counts = plan(cases, only or tuple(_TARGETS))
        with Progress(console=console) as progress:
            task = progress.add_task("cases", total=sum(counts.values()))
            tallies = fuzz(counts, seed, processes, partial(progress.advance, task))
    show(tallies, console.print)
    raise SystemExit(not conclude(tallies, console.print))


def conclude(tallies: Mapping[str, Tally], say: Callable[[str], None]) -> bool:
    """Say in a line how it went; whether nothing broke."""
    whole = Tally()
    for tally in tallies.values():
        whole.join(tally)
    ends = whole.endings
    over = whole.peak > MOST_MEMORY
    say(
        f"fuzz: {ends.total():,} cases, {ends['crash']} crashes, {ends['hang']} hangs, "
        f"{ends['refused']:,} refused, {ends['stopped']} stopped at a limit, slowest "
        f"{whole.slowest:.1f} s ({whole.slowest_case}), most memory {whole.peak / 1024**2:,.0f} "
        f"of {MOST_MEMORY // 1024**2:,} MiB"
    )
    return not (ends["crash"] or ends["hang"] or over)


if __name__ == "__main__":
    main()
