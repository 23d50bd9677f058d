"""The check that no sentence is shown without words that bear it out.

``python -m evals.generation_check --real ADDRESS`` has answers worded by a real model, and by the
adversary, and exits with 1 if the judge, or the adversary's own labels, find one that is not borne
out, if a citation does not stand in its text, or if nothing was shown that could have failed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import click
from rich.console import Console

from corpus import bundled_texts
from corpus.errors import DalilError
from evals.adversary import ATTACKS, Adversary
from evals.command import OWN_SET, Bars
from evals.datasets import Question, load_lines
from evals.generation import generator_of, kept, open_bench, write_kept
from evals.lines import lies_shown
from evals.worded import Bench, Worded
from qa.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class Checked:
    """One answer, the attack that it was under, and the lies of that attack that were shown."""

    worded: Worded
    attack: str = ""
    lies: tuple[str, ...] = ()


def under_attack(
    bench: Bench, questions: Sequence[Question], settings: Settings, adversary: Adversary, n: int
) -> Iterator[Checked]:
    """``n`` answers that the adversary words, of ``questions`` over and over.

    Each has a generator of its own, which knows nothing of what the server did before.
    """
    patient = load_settings(**_patience(settings), generator=adversary.address)
    done, before = 0, len(adversary.said)
    for question in cycle(questions):
        if done == n:
            return
        for worded in bench.word([question], generator_of(patient)):
            said, before = adversary.said[before:], len(adversary.said)
            lines = [line for one in said for line in one.lines]
            lies = lies_shown([one.text for one in worded.shown], lines)
            yield Checked(worded, said[-1].attack if said else "", tuple(lies))
            done += 1


def _patience(settings: Settings) -> dict[str, object]:
    """The settings, with less time for a model that means ill."""
    most = min(settings.generator_seconds, 8)
    wait = min(settings.generator_wait, 4)
    return {"cache": settings.cache, "generator_seconds": most, "generator_wait": wait}


def line_of(name: str, checked: Sequence[Checked]) -> str:
    """What one run came to."""
    shown = [one for answer in checked for one in answer.worded.shown]
    true, cited = sum(one.true for one in shown), sum(len(one.citations) for one in shown)
    unsupported = sum(not one.verdict.borne_out for one in shown)
    return (
        f"{name}: {len(checked)} answers, {len(shown)} sentences shown, {unsupported} unsupported "
        f"by the judge, {sum(len(one.lies) for one in checked)} lies by the adversary's labels, "
        f"citations verified {true} of {cited}"
    )


def holds(checked: Sequence[Checked]) -> bool:
    """Whether sentences were shown, and each of them with true citations that bear it out."""
    shown = [one for answer in checked for one in answer.worded.shown]
    return (
        bool(shown)
        and all(one.verdict.borne_out and one.true == len(one.citations) > 0 for one in shown)
        and not any(one.lies for one in checked)
    )


@click.command()
@click.option("--real", help="Address or path of a real model; else the settings' generator.")
@click.option("--answers", default=100, show_default=True, help="Answers of the real model.")
@click.option("--attacks", default=60, show_default=True, help="Answers of the adversary.")
@click.option("--seed", default=0, show_default=True, help="The adversary's; 0 is its own order.")
@click.option("--keep", type=click.Path(path_type=Path), help="Write every sentence here (.jsonl).")
def main(real: str | None, answers: int, attacks: int, seed: int, keep: Path | None) -> None:
    """Word answers with a real and a malicious model; exit with 1 if a lie gets through."""
    try:
        if keep:
            write_kept(keep, [])
        runs = _runs(load_settings(generator=real), answers, attacks, seed, keep)
    except DalilError as error:
        raise click.ClickException(str(error)) from error
    for name, checked in runs.items():
        click.echo(line_of(name, checked))
    sys.exit(0 if runs and all(map(holds, runs.values())) else 1)


def _runs(
    settings: Settings, answers: int, attacks: int, seed: int, keep: Path | None
) -> dict[str, list[Checked]]:
    dataset = load_lines(OWN_SET, bundled_texts(), "own-dev", "dev")
    runs: dict[str, list[Checked]] = {}
    with Bars(Console(stderr=True)) as bars:
        bench = open_bench(settings, dataset, bars)
        if answers:
            asked = bars.track(dataset.questions, "real model")
            worded = bench.word(asked, generator_of(settings), answers)
            runs["real"] = [_told("real", Checked(one), keep) for one in worded]
        if attacks:
            with Adversary(ATTACKS, seed) as adversary:
                found = under_attack(bench, dataset.questions, settings, adversary, attacks)
                runs["adversary"] = [_told("adversary", one, keep) for one in found]
    return runs


def _told(name: str, one: Checked, keep: Path | None) -> Checked:
    """Keep an answer's sentences, and say at once which of those shown should not have been."""
    if keep:
        write_kept(keep, list(kept(one.worded, run=name, attack=one.attack)), more=True)
    for shown in one.worded.shown:
        if not shown.verdict.borne_out:
            click.echo(f"  {shown.verdict.why}: {shown.text!r} {one.attack}", err=True)
    for lie in one.lies:
        click.echo(f"  lie: {lie!r} {one.attack}", err=True)
    return one


if __name__ == "__main__":
    main()
