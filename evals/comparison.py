"""A run against an earlier one: paired differences on the questions that both asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import DalilError
from evals.measures import Measured, difference


@dataclass(frozen=True, slots=True)
class Change:
    """A measure's mean change since the earlier run, with the p-value of a paired test."""

    dataset: str
    measure: str
    change: Measured
    p: float


def load_run(path: Path) -> dict[str, Any]:
    """A ``run.json``, or the one in a folder; raises DalilError when it is not one."""
    file = path / "run.json" if path.is_dir() else path
    try:
        run = json.loads(file.read_text(encoding="utf-8"))
        for result in run["datasets"].values():
            _scores(result)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DalilError(
            f"{file} is not an earlier run: {error!r}.",
            "Give the folder that `dalil eval --out` wrote.",
        ) from error
    return dict(run)


def compare(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """Changes of every measure on every set that both runs asked."""
    for dataset, result in now["datasets"].items():
        before = _scores(earlier["datasets"].get(dataset, {"outcomes": []}))
        after = _scores(result)
        for measure in dict.fromkeys(name for _, name in after):
            shared = [key for key in after if key[1] == measure and key in before]
            if shared:
                values = [before[key] for key in shared], [after[key] for key in shared]
                yield Change(dataset, measure, *difference(*values))


def _scores(result: Mapping[str, Any]) -> dict[tuple[str, str], float]:
    """Scores by question and measure; false answers count as a measure of their own."""
    found: dict[tuple[str, str], float] = {}
    for outcome in result["outcomes"]:
        key = f"{outcome['id']}\0{outcome['question']}"
        for measure, score in outcome["scores"].items():
            found[key, measure] = score
        if not outcome["expected"]:
            found[key, "abstention.false_answer_rate"] = float(outcome["answered"])
        else:
            found[key, "abstention.coverage"] = float(outcome["answered"])
    return found
