"""How far the judge agrees with people: ``python -m evals.agreement``.

Reads sentences that people labelled, ``evals/data/worded-judged.jsonl`` unless others are named.
``--draw N --out FILE KEPT`` takes N sentences from what ``--keep`` wrote, to be labelled.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import click
import numpy as np

from corpus.errors import DalilError
from evals.command import OWN_SET
from evals.generation import write_kept
from evals.judge import bears_out
from evals.measures import Measured, mean

JUDGED = OWN_SET.with_name("worded-judged.jsonl")
_RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence, and whether a person, and the judge, find that its quotes bear it out."""

    sentence: str
    person: bool
    judge: bool
    why: str


def load_labelled(path: Path) -> list[Labelled]:
    """Judge each line: ``sentence``, ``question``, ``heading``, ``quotes`` (or a ``passage``), and
    the label, ``borne_out`` or ``supported``. Raises DalilError that names a line that is not so.
    """
    found = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DalilError(f"{path} cannot be read: {error}.", "Name a file of labels.") from error
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            label = row["borne_out"] if "borne_out" in row else row["supported"]
            if not isinstance(label, bool):
                raise TypeError(f"expected true or false, got {label!r}")
            quotes = row["quotes"] if "quotes" in row else [row["passage"]]
            said = bears_out(
                row["sentence"], quotes, row.get("heading", ""), row.get("question", "")
            )
            found.append(Labelled(row["sentence"], label, said.borne_out, said.why))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DalilError(f"Line {number} of {path} does not fit: {error!r}.") from error
    if not found:
        raise DalilError(f"{path} holds no sentence.")
    return found


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa (1960): agreement beyond chance, 1 at most; None where chance alone decides."""
    return _kappa(np.asarray(pairs, dtype=np.float64))


def _kappa(pairs: Any) -> float | None:
    first, second = pairs[:, 0], pairs[:, 1]
    agreed = float((first == second).mean())
    chance = float(first.mean() * second.mean() + (1 - first.mean()) * (1 - second.mean()))
    return None if chance > 1 - 1e-12 else (agreed - chance) / (1 - chance)


def agreement(labelled: Sequence[Labelled]) -> dict[str, Any]:
    """Raw agreement and kappa with 95% bootstrap intervals, and the four counts.

    ``missed`` are sentences that the judge passes and the person does not: the dangerous ones.
    """
    pairs = np.array([(one.person, one.judge) for one in labelled], dtype=np.float64)
    rng = np.random.default_rng(0)
    draws = [_kappa(pairs[rng.integers(0, len(pairs), len(pairs))]) for _ in range(_RESAMPLES)]
    value, defined = _kappa(pairs), [draw for draw in draws if draw is not None]
    measured = None
    if value is not None:
        low, high = np.percentile(defined, [2.5, 97.5])
        measured = Measured(value, float(low), float(high), len(pairs))
    return {
        "raw": mean([float(one.person == one.judge) for one in labelled]),
        "kappa": measured,
        "both_yes": sum(one.person and one.judge for one in labelled),
        "both_no": sum(not one.person and not one.judge for one in labelled),
        "missed": sum(one.judge and not one.person for one in labelled),
        "too_strict": sum(one.person and not one.judge for one in labelled),
    }


def draw(path: Path, count: int, shown_only: bool, seed: int = 0) -> list[dict[str, Any]]:
    """``count`` sentences that have quotes, the same each time, with a label to be filled in."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    able = [row for row in rows if row.get("quotes") and (row["shown"] or not shown_only)]
    names = ("id", "question", "sentence", "heading", "quotes", "sources", "run", "attack", "shown")
    chosen = Random(seed).sample(able, min(count, len(able)))
    return [{n: row[n] for n in names if n in row} | {"borne_out": None} for row in chosen]


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--draw", "count", type=click.IntRange(1), help="Take so many sentences to label.")
@click.option("--shown", "shown_only", is_flag=True, help="Draw from the sentences shown alone.")
@click.option("--out", type=click.Path(path_type=Path), help="Where what is drawn is written.")
@click.option("--disagreements", is_flag=True, help="List them.")
def main(
    files: tuple[Path, ...], count: int | None, shown_only: bool, out: Path | None,
    disagreements: bool,
) -> None:  # fmt: skip
    """Compare the judge with people."""
    try:
        if count:
            if not out or len(files) != 1:
                raise DalilError("--draw needs --out and one file that --keep wrote.")
            return write_kept(out, draw(files[0], count, shown_only))
        for path in files or (JUDGED,):
            labelled = load_labelled(path)
            click.echo(as_text(path.name, agreement(labelled)))
            for one in labelled:
                if disagreements and one.person != one.judge:
                    click.echo(
                        f"  person {one.person}, judge {one.judge} {one.why}: {one.sentence}"
                    )
    except DalilError as error:
        raise click.ClickException(str(error)) from error
    return None


def as_text(name: str, found: dict[str, Any]) -> str:
    """The agreement in two lines; kappa runs to 1, agreement to 100."""
    k = found["kappa"]
    said = f"{k.value:.2f} [{k.low:.2f}, {k.high:.2f}]" if k else "undefined"
    return (
        f"{name}: n={found['raw'].n}, agreement {found['raw']}, Cohen's kappa {said}\n"
        f"  both yes {found['both_yes']}, both no {found['both_no']}, judge alone says yes "
        f"{found['missed']}, judge alone says no {found['too_strict']}"
    )


if __name__ == "__main__":
    main()
