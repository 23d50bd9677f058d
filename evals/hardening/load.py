"""A server under load while its index is rebuilt: ``python -m evals.hardening.load``.

It starts `dalil chat` as a process, learns the right answer to each question at each door in both
versions of the texts while nobody else asks, and then sends many clients to all doors at once,
while the texts turn from one version to the other and back. An answer that is letter by letter that
of one version is right, and one of neither, or of another question, is wrong. "Busy" is honest when
it says so: the status 429 with the seconds after which to come back, or words on the page. All else
is lost. From time to time every client rushes to one door, so that its limit is passed.

With ``--model dead`` or ``--model slow``, a language model is set whose server takes connections
and never answers, or lets its answer drip: the same answers must come, as fast as without one.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import get_args

import click
from rich.console import Console
from rich.progress import Progress

from corpus.errors import DalilError
from evals.hardening.load_doors import AT_ONCE, Client
from evals.hardening.load_figures import Known, Tally
from evals.hardening.load_models import MODELS
from evals.hardening.load_server import Rebuilding, Server, served
from evals.hardening.load_texts import Asked, Version, questions

_MIXED = ("page", "ask", "page", "search", "page", "chat", "stream", "program")
"""The doors of clients as they follow one another, outside of a rush."""
_RUSHES = ("page", "ask", "program")
_EVERY, _RUSH = 60.0, 12.0
"""Seconds from one rush to the next, and how long it goes on."""
_GROWTH = 0.25
"""By what share memory may grow over the second half of the run."""
_SLOWER = 2
"""Times as long as without it may answers take beside a useless model: less is this machine's own
unrest."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a server is put under load: so many ``clients`` for so many ``seconds``, a build every
    ``pause`` seconds, and ``doors`` as clients take them. ``model`` is the address of a language
    model, if any.
    """

    asked: Sequence[Asked]
    clients: int
    seconds: float
    pause: float
    seed: int
    doors: Sequence[str] = _MIXED
    rushes: Sequence[str] = _RUSHES
    model: str = ""

    def door(self, number: int, now: float) -> str:
        """The door of a client at a time."""
        turn, within = divmod(now, _EVERY)
        if within > _EVERY - _RUSH:
            return self.rushes[int(turn) % len(self.rushes)]
        return self.doors[number % len(self.doors)]


async def known_answers(server: Server, plan: Plan, rebuilding: Rebuilding) -> Known:
    """What an undisturbed server says to each question at each door, in both versions.

    Of a question on two texts it may answer one part: how well it answers is not what is tried
    here. Raises DalilError when it does not answer, or not with a word of the version: there would
    be nothing to compare with.
    """
    found: dict[tuple[str, str], frozenset[tuple[str, ...]]] = {}
    for version in get_args(Version):
        await rebuilding.over_rest(version)
        client = Client.of(server.address)
        for door in dict.fromkeys((*plan.doors, *plan.rushes)):
            for one in plan.asked:
                reply = await client.ask(door, one.text)
                told = " ".join(reply.said)
                if reply.kind != "answer" or not any(word in told for word in one.holds(version)):
                    raise DalilError(f"Undisturbed, {door} says to «{one.text}»: {reply}")
                key = door, one.text
                found[key] = found.get(key, frozenset()) | {reply.said}
        await client.http.aclose()
    return found


async def load(
    server: Server, known: Known, plan: Plan, rebuilding: Rebuilding, bar: Progress
) -> Tally:
    """Ask with all clients for as long as planned; their last questions are waited for."""
    tally, began = Tally(known), time.monotonic()
    until = began + plan.seconds
    task = bar.add_task("clients asking", total=plan.seconds)

    async def one(number: int) -> None:
        client = Client.of(server.address, worded=bool(plan.model))
        rng = Random(f"{plan.seed}-{number}")
        while (now := time.monotonic()) < until:
            door, question = plan.door(number, now - began), rng.choice(plan.asked).text
            reply = await client.ask(door, question)
            tally.take(door, question, reply, now, time.monotonic())
            if reply.kind != "answer":
                await asyncio.sleep(min(reply.wait, 5) * (0.5 + rng.random()))
        await client.http.aclose()

    async def watch() -> None:
        while time.monotonic() < until:
            server.look()
            bar.update(task, completed=time.monotonic() - began)
            if not server.alive:
                raise DalilError(f"The server is gone.\n{server.last_lines()}")
            await asyncio.sleep(1)

    clients = (one(number) for number in range(plan.clients))
    await asyncio.gather(*clients, watch(), rebuilding.go_on(until, plan.pause))
    return tally


def memory_line(server: Server) -> tuple[str, bool]:
    """Peak memory and its growth in words, and whether it is bounded."""
    held = [size for _, size in server.memory]
    if not held:
        return "memory: this system does not tell", True
    first, rest = held[: len(held) // 2] or held, held[len(held) // 2 :]
    growth = max(rest) - max(first)
    said = (
        f"memory: {held[0] / 1e6:.0f} MB at first, {max(held) / 1e6:.0f} MB at most, "
        f"{growth / 1e6:+.0f} MB in the second half over the first"
    )
    return said, growth <= _GROWTH * max(first)


def run(plan: Plan, console: Console) -> tuple[Tally, bool]:
    """Start a server and put it under load; prints what it came to. Also whether it held.

    Raises DalilError when there is no server to ask.
    """
    settings = {"DALIL_GENERATOR": plan.model}
    with (
        TemporaryDirectory(prefix="dalil-load-") as folder,
        served(Path(folder), **settings) as server,
        Progress(console=console, transient=True) as bar,
    ):
        rebuilding = Rebuilding(server, **settings)
        known = asyncio.run(known_answers(server, plan, rebuilding))
        before = len(rebuilding.builds)
        tally = asyncio.run(load(server, known, plan, rebuilding, bar))
        memory, bounded = memory_line(server)
    done = rebuilding.builds[before:]
    for line in tally.lines():
        click.echo(line)
    click.echo(f"  rebuilt {len(done)} times, {done.count('process')} of them by another process")
    click.echo(f"  {memory}")
    return tally, tally.held and bounded and bool(done)


@click.command()
@click.option("--clients", default=64, show_default=True)
@click.option("--seconds", default=600.0, show_default=True)
@click.option("--questions", "most", type=int, help="Only the first so many questions.")
@click.option("--model", type=click.Choice(sorted(MODELS)), help="A language model that is no use.")
@click.option("--pause", default=5.0, show_default=True, help="Seconds from build to build.")
@click.option("--seed", default=7, show_default=True)
def main(
    clients: int, seconds: float, most: int | None, model: str | None, pause: float, seed: int
) -> None:
    """Put a server under load; exit with 1 when an answer was wrong or lost."""
    console = Console(stderr=True)
    plan = Plan(questions()[:most], clients, seconds, pause, seed)
    try:
        if model is None:
            tally, held = run(plan, console)
        else:
            tally, held = _beside(replace(plan, doors=AT_ONCE, rushes=AT_ONCE), model, console)
    except DalilError as error:
        raise click.ClickException(str(error)) from error
    counts = tally.counts
    click.echo(
        f"load {'held' if held else 'NOT held'}: {clients} clients, {seconds:.0f} s, "
        f"{counts['right'] + counts['wrong']} answers, {counts['wrong']} wrong, "
        f"{counts['lost']} lost, {counts['busy']} told busy, p95 {tally.late:.2f} s (seed {seed})"
    )
    sys.exit(not held)


def _beside(plan: Plan, model: str, console: Console) -> tuple[Tally, bool]:
    """The load without a language model, and then with a useless one: it must not be felt."""
    click.echo("without a language model")
    alone, _ = run(plan, console)
    click.echo(f"with a {model} one")
    with MODELS[model]() as address:
        tally, held = run(replace(plan, model=address), console)
    click.echo(f"p95 without {alone.late:.2f} s, with a {model} language model {tally.late:.2f} s")
    return tally, held and tally.late <= _SLOWER * alone.late + 1


if __name__ == "__main__":
    main()
