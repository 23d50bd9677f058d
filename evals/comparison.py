"""A run against an earlier one: paired differences on the questions that both asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import DalilError
from evals.measures import Measured, difference

Asked = Mapping[str, Any]
"""An outcome as ``run.json`` holds it."""
_Words = Callable[[Asked], Hashable]


@dataclass(frozen=True, slots=True)
class Change:
    """A measure's mean change since the earlier run, with the p-value of a paired test."""

    dataset: str
    measure: str
    change: Measured
    p: float


@dataclass(frozen=True, slots=True)
class Paired:
    """How many questions of a set are compared, and how many each of the two runs asked."""

    dataset: str
    both: int
    earlier: int
    now: int

    def __str__(self) -> str:
        return (
            f"{self.dataset}: {self.both} questions paired, of {self.now} asked now and "
            f"{self.earlier} in the earlier run"
        )


def load_run(path: Path) -> dict[str, Any]:
    """A ``run.json``, or the one in a folder; raises DalilError when it is not one."""
    file = path / "run.json" if path.is_dir() else path
    try:
        run = json.loads(file.read_text(encoding="utf-8"))
        for result in run["datasets"].values():
            for outcome, _ in _pairs(result["outcomes"], result["outcomes"]):
                _scores(outcome)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DalilError(
            f"{file} is not an earlier run: {error!r}.",
            "Give the folder that `dalil eval --out` wrote.",
        ) from error
    return dict(run)


def compare(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """Changes of every measure on every set that both runs asked."""
    for dataset, before, after in _sets(earlier, now):
        found = [(_scores(old), _scores(new)) for old, new in _pairs(before, after)]
        for measure in dict.fromkeys(name for _, scores in found for name in scores):
            shared = [(a[measure], b[measure]) for a, b in found if measure in a and measure in b]
            if shared:
                values = [old for old, _ in shared], [new for _, new in shared]
                yield Change(dataset, measure, *difference(*values))


def paired(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> list[Paired]:
    """For every set asked now, how much of it ``compare`` compares: what it leaves out is seen."""
    return [
        Paired(dataset, len(_pairs(before, after)), len(before), len(after))
        for dataset, before, after in _sets(earlier, now)
    ]


def _sets(
    earlier: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[tuple[str, Sequence[Asked], Sequence[Asked]]]:
    for dataset, result in now["datasets"].items():
        before = earlier["datasets"].get(dataset, {"outcomes": []})
        yield dataset, before["outcomes"], result["outcomes"]


def _pairs(before: Sequence[Asked], after: Sequence[Asked]) -> list[tuple[Asked, Asked]]:
    """Each question that both runs asked, in the order of ``after``.

    By id and words; those left over by their words alone, where these are left once in each run.
    """
    # Runs saved before outcomes kept what was typed know only what was searched for.
    words = _typed if all(one.get("typed") for one in (*before, *after)) else _searched
    left = {(str(old["id"]), words(old)): old for old in before}
    partners = [left.pop((str(new["id"]), words(new)), None) for new in after]
    # The id of a question from a table is its row, and a row put in above shifts those below.
    alone = _lone(left.values(), words)
    fresh = _lone((new for new, old in zip(after, partners, strict=True) if old is None), words)
    pairs = []
    for new, same in zip(after, partners, strict=True):
        old = alone.get(words(new)) if same is None and words(new) in fresh else same
        if old is not None:
            pairs.append((old, new))
    return pairs


def _lone(outcomes: Iterable[Asked], words: _Words) -> dict[Hashable, Asked]:
    """The outcomes whose words no other one has, by these words."""
    some = list(outcomes)
    times = Counter(words(one) for one in some)
    return {words(one): one for one in some if times[words(one)] == 1}


def _typed(outcome: Asked) -> Hashable:
    """What a person typed, with the questions before it: no rule and no answer changes it."""
    return tuple(map(str, outcome.get("typed") or ()))


def _searched(outcome: Asked) -> Hashable:
    return str(outcome["question"])


def _scores(outcome: Asked) -> dict[str, float]:
    """Scores by measure; false answers count as a measure of their own."""
    scores = {measure: float(score) for measure, score in outcome["scores"].items()}
    name = "coverage" if outcome["expected"] else "false_answer_rate"
    return scores | {f"abstention.{name}": float(outcome["answered"])}
