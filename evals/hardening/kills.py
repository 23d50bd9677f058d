"""Kill the builder, again and again: ``python -m evals.hardening.kills``.

Real processes die by SIGKILL at steps counted before and after every change of the disk, and at
random moments. After each the index must open and answer as before or as after, be without fault,
and be put right by the next build. Most builders embed with a double that is quick, some with the
default model. What else can go wrong with a build, though nothing dies, is counted apart.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from evals.hardening.kills_after import Watch
from evals.hardening.kills_builder import STAGES, builder, preload
from evals.hardening.kills_cases import NAMES, Case, prepared, steps_of
from evals.hardening.kills_disturbed import disturbances
from evals.hardening.kills_folders import (
    Ending,
    conversation_kills,
    conversion_kills,
    folder_kills,
)


@dataclass(slots=True)
class Tally:
    """How many were tried, by kind, and what was lost in which."""

    kinds: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def take(self, kind: str, name: str, lost: str) -> None:
        """Count one; ``lost`` is empty where it was withstood."""
        self.kinds[kind] += 1
        if lost:
            self.lost.append(f"{name}: {lost}")

    def line(self, what: str) -> str:
        """The suite's figure."""
        tried = self.kinds.total()
        kept = "nothing lost" if not self.lost else f"{len(self.lost)} lost something"
        return f"{what}: {tried - len(self.lost)} of {tried}, {kept}"


def kills_of(
    case: Case, count: int, moments: int, dice: random.Random
) -> Iterator[tuple[str, ...]]:
    """Kill the case's builder at ``count`` steps, spread over its stages, and at ``moments``.

    Yields the kind, the description, and what was lost.
    """
    target = case.folder / "killed.index"
    begun = time.monotonic()
    steps = steps_of(case)
    took = time.monotonic() - begun
    for at in _spread(steps, count, dice):
        watch = Watch(case, case.fresh(target), case.work.model())
        with builder(case.work, target, at) as (process, _):
            pass
        died = process.exitcode == -9
        lost = watch.lost() if died else f"the builder ended with {process.exitcode}"
        yield steps[at], f"{case.name}, step {at} of {len(steps)} ({steps[at]})", lost
    for _ in range(moments):
        watch, moment = Watch(case, case.fresh(target), case.work.model()), dice.uniform(0, took)
        with builder(case.work, target) as (process, told):
            told.poll(moment)
            process.kill()
        yield "a moment", f"{case.name}, after {moment:.3f} s of {took:.3f}", watch.lost()


def _spread(steps: list[str], count: int, dice: random.Random) -> list[int]:
    """Different steps, as many of each stage as there are, as far as that goes."""
    of_stage = {stage: [i for i, one in enumerate(steps) if one == stage] for stage in STAGES}
    for places in of_stage.values():
        dice.shuffle(places)
    chosen: list[int] = []
    while len(chosen) < min(count, len(steps)):
        for places in of_stage.values():
            if places and len(chosen) < count:
                chosen.append(places.pop())
    return chosen


def run_kills(
    folder: Path,
    kills: int,
    moments: int,
    real: int,
    others: int,
    conversions: int,
    seed: int,
    names: Sequence[str] = NAMES,
    count: int = 70,
) -> Tally:
    """All of them, in the new ``folder``; ``names`` are the ways to build, from ``count`` texts."""
    dice, tally = random.Random(seed), Tally()
    preload()
    for number, name in enumerate(names):
        case = prepared(name, folder / f"case-{number}", count)
        share = (kills + number) // len(names), (moments + number) // len(names)
        for kind, description, lost in _shown(kills_of(case, *share, dice), sum(share), name):
            tally.take(kind, description, lost)
    if real:
        case = prepared("add", folder / "real", 12, real=True)
        for kind, description, lost in _shown(kills_of(case, real, 0, dice), real, "real model"):
            tally.take(kind, f"real model, {description}", lost)
    ends: list[tuple[str, str, Ending]] = [
        *(("cache", *one) for one in folder_kills(folder, others, dice)),
        *(("conversations", *one) for one in conversation_kills(folder, others // 2, dice)),
        *(("conversion", *one) for one in conversion_kills(folder / "models", conversions, dice)),
    ]
    for kind, description, end in _shown(ends, len(ends), "caches and conversations"):
        tally.take(kind, description, end())
    return tally


def _shown(items: Iterable[tuple], total: int, name: str) -> Iterator[tuple]:  # type: ignore[type-arg]
    return iter(track(items, name, total=total, console=Console(stderr=True)))


@click.command()
@click.option("--kills", default=180, show_default=True, help="At steps of the ways to build.")
@click.option("--moments", default=44, show_default=True, help="At random moments.")
@click.option("--real", default=12, show_default=True, help="Of builders with the default model.")
@click.option("--others", default=40, show_default=True, help="Of caches; half as many of chats.")
@click.option("--conversions", default=6, show_default=True, help="Of the real model's conversion.")
@click.option("--disturbed/--undisturbed", default=True, help="Also what kills nothing.")
@click.option("--seed", default=8, show_default=True)
def main(
    kills: int,
    moments: int,
    real: int,
    others: int,
    conversions: int,
    disturbed: bool,
    seed: int,
) -> None:
    """Kill builders, and print how many kills the indexes survived."""
    click.echo(f"seed {seed}")
    apart = Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        tally = run_kills(folder, kills, moments, real, others, conversions, seed)
        cases = disturbances(folder / "disturbed", seed) if disturbed else []
        for kind, description, end in _shown(cases, len(cases), "disturbances"):
            apart.take(kind, description, end())
    for one in (tally, apart):
        click.echo("; ".join(f"{kind} {count}" for kind, count in one.kinds.items()))
    for lost in [*tally.lost, *apart.lost]:
        click.echo(f"lost: {lost}")
    if disturbed:
        click.echo(apart.line("disturbances withstood"))
    click.echo(tally.line("kills survived"))
    sys.exit(1 if tally.lost or apart.lost else 0)


if __name__ == "__main__":
    main()
