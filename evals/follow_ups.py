"""How often follow-up questions are answered, beside the same questions asked in full.

Run it as ``python -m evals.follow_ups``. Each question is asked after its history as the chat
would, and again as someone would ask it who has talked of nothing before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console

from corpus import bundled_texts
from evals.cached import CachedEmbedder, CachedReads
from evals.collections import Collection, open_collection
from evals.command import OWN_SET, Bars
from evals.datasets import Dataset, Question, load_lines
from evals.dialogues import alone, asked_of
from evals.measures import Measured, mean
from evals.outcomes import Outcome, System, Track, judge
from index.embedder import load_embedder
from index.search import SearchIndex
from qa.readers import make_reader, threshold_of
from qa.settings import load_settings

OWN_IN_FULL = OWN_SET.with_name("follow-ups-in-full.jsonl")
DIALOGUES = OWN_SET.with_name("dialogues.jsonl")
HALVES = ("dev", "test")
NEW_SUBJECT = "new_subject"
"""The kind of a question that follows others and leans on none of them."""
_RESAMPLES = 1_000

SENSES: dict[str, Callable[[Outcome], bool]] = {
    "answered": lambda outcome: outcome.answered,
    "right": lambda outcome: outcome.scores["end_to_end.cited_first"] == 1,
}
"""What a question can be: not abstained from; its first citation meets a place that answers it."""
_COLUMNS = ("set", "half", "n", *(f"{sense}: after, in full, ratio" for sense in SENSES))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of one half of a set, judged after its history and in full."""

    half: str
    set: str
    question: Question
    follow_up: Outcome
    in_full: Outcome

    @property
    def lost(self) -> bool:
        """Whether it is right in full alone."""
        right = SENSES["right"]
        return right(self.in_full) and not right(self.follow_up)


def load_half(half: str) -> list[Dataset]:
    """The follow-up questions of both sets, of one of ``HALVES``; each has its ``in_full``."""
    own = load_lines(OWN_SET, bundled_texts(), "own", half)
    full = _in_full(OWN_IN_FULL)
    paired = tuple(replace(q, in_full=full[q.id]) for q in own.questions if q.history)
    talks = load_lines(DIALOGUES, bundled_texts(), "dialogues", half)
    return [replace(own, questions=paired), talks]


def _in_full(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {entry["id"]: entry["question"] for entry in map(json.loads, lines)}


def ask_both_ways(collection: Collection, system: System, half: str, track: Track) -> list[Asked]:
    """Judge each question of the collection after its history, and in full without it."""
    dataset = collection.dataset
    ask = asked_of(system.pipeline(collection.index))
    after = tuple(alone(question, ask) for question in track(dataset.questions, "talking"))
    whole = tuple(replace(q, text=q.in_full, history=()) for q in dataset.questions)
    follow_ups, in_full = (
        judge(replace(collection, dataset=replace(dataset, questions=questions)), system, track)
        for questions in (after, whole)
    )
    return [
        Asked(half, dataset.name, *three)
        for three in zip(dataset.questions, follow_ups, in_full, strict=True)
    ]


def ratio(follow_ups: Sequence[float], in_full: Sequence[float], seed: int = 0) -> Measured | None:
    """The share of the first over that of the second, with its 95% bootstrap interval.

    Both hold 0 or 1 for the same questions in the same order, and are resampled together. None
    when no question is answered in full.
    """
    pairs = np.array([follow_ups, in_full], dtype=np.float64)
    count = pairs.shape[1]
    if not pairs[1].any():
        return None
    rng = np.random.default_rng(seed)
    draws = pairs[:, rng.integers(0, count, (_RESAMPLES, count))].sum(axis=2)
    defined = draws[:, draws[1] > 0]
    low, high = np.percentile(defined[0] / defined[1], [2.5, 97.5])
    return Measured(float(pairs[0].sum() / pairs[1].sum()), float(low), float(high), count)


def compared(asked: Sequence[Asked]) -> dict[str, dict[str, Measured | None]]:
    """By sense: the share of follow-ups, that of the same in full, and their ratio."""
    found: dict[str, dict[str, Measured | None]] = {}
    for sense, holds in SENSES.items():
        follow_ups = [float(holds(one.follow_up)) for one in asked]
        in_full = [float(holds(one.in_full)) for one in asked]
        found[sense] = {
            "follow_up": mean(follow_ups),
            "in_full": mean(in_full),
            "ratio": ratio(follow_ups, in_full),
        }
    return found


def figures(asked: Sequence[Asked], lost_of: Sequence[str]) -> dict[str, Any]:
    """All figures, by set and half, and the questions lost in the halves ``lost_of``.

    A change of subject is no follow-up to be answered: it is counted apart, kept when it is
    searched for as it was typed.
    """
    leaning = [one for one in asked if one.question.kind != NEW_SUBJECT]
    turned = [one for one in asked if one.question.kind == NEW_SUBJECT]
    return {
        "follow_ups": [
            {"set": name, "half": half, "n": len(some), **compared(some)}
            for name, half, some in _rows(leaning)
        ],
        "new_subject": [
            {
                "set": name,
                "half": half,
                "n": len(some),
                "kept": sum(one.follow_up.question == one.question.text for one in some),
                **compared(some),
            }
            for name, half, some in _rows(turned)
        ],
        "lost": [_lost(one) for one in asked if one.lost and one.half in lost_of],
    }


def _rows(asked: Sequence[Asked]) -> list[tuple[str, str, list[Asked]]]:
    """The questions by set and half, then both halves, then both sets."""
    names = list(dict.fromkeys(one.set for one in asked))
    rows = []
    for name in [*names, "all"] if len(names) > 1 else names:
        of_set = [one for one in asked if name in (one.set, "all")]
        for half in (*HALVES, "both"):
            some = [one for one in of_set if half in (one.half, "both")]
            rows += [(name, half, some)] if some else []
    return rows


def _lost(one: Asked) -> dict[str, Any]:
    return {
        "id": one.question.id,
        "half": one.half,
        "history": one.question.history,
        "question": one.question.text,
        "searched": one.follow_up.question,
        "in_full": one.question.in_full,
        "answered": one.follow_up.answered,
        "answer": one.follow_up.answer,
        "retrieved": one.follow_up.retrieved[:1],
    }


def as_text(found: dict[str, Any]) -> str:
    """The figures as Markdown tables, and a line or two for each question lost."""
    lines = [f"| {' | '.join(_COLUMNS)} |", "|---" * len(_COLUMNS) + "|"]
    lines += [f"{_cells(row)} |" for row in found["follow_ups"]]
    lines += ["", "A change of subject, and how many were searched for as typed:", ""]
    lines += [f"| {' | '.join((*_COLUMNS, 'as typed'))} |", "|---" * (len(_COLUMNS) + 1) + "|"]
    lines += [f"{_cells(row)} | {row['kept']} |" for row in found["new_subject"]]
    lines += ["", f"Right in full, and not after the history: {len(found['lost'])}"]
    for lost in found["lost"]:
        said = lost["answer"].replace("\n", " / ") if lost["answered"] else "abstained"
        lines.append(f"- {lost['id']}: {' > '.join((*lost['history'], lost['question']))}")
        lines.append(f"  searched for: {lost['searched']} ({said})")
    return "\n".join(lines)


def _cells(row: dict[str, Any]) -> str:
    senses = (", ".join(str(found or "-") for found in row[sense].values()) for sense in SENSES)
    return f"| {row['set']} | {row['half']} | {row['n']} | {' | '.join(senses)}"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option(
    "--lost",
    "lost_of",
    multiple=True,
    type=click.Choice(HALVES),
    default=["dev"],
    help="List what is lost in this half; the test half is for figures alone.",
)
def main(as_json: bool, lost_of: tuple[str, ...]) -> None:
    """Compare follow-up questions over the bundled texts with the same asked in full."""
    console = Console(stderr=True)
    settings = load_settings()
    cache = settings.cache / "evals"
    model = load_embedder(settings.embedder, settings.cache, console.print)
    remembering = CachedEmbedder(model, cache / "vectors.sqlite")
    reader = make_reader(
        settings, console.print, remember=lambda net: CachedReads(net, cache / "reads.sqlite")
    )
    system = System(reader, threshold_of(settings), settings.candidates)
    asked: list[Asked] = []
    with Bars(console) as bars:
        for half in HALVES:
            for dataset in load_half(half):
                index: SearchIndex = open_collection(
                    dataset, remembering, cache, settings.size, bars
                )
                collection = Collection(dataset, index)
                asked += ask_both_ways(collection, system, half, bars.track)
    found = figures(asked, lost_of)
    click.echo(
        json.dumps(found, ensure_ascii=False, indent=2, default=asdict)
        if as_json
        else as_text(found)
    )


if __name__ == "__main__":
    main()
