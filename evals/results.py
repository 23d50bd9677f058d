"""All figures on one question set, and how they become JSON and come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from evals.measures import Measured, mean
from evals.outcomes import Outcome
from evals.robustness import Drop, abstention

Section = dict[str, Measured]
SECTIONS = ("retrieval", "reader", "end_to_end", "abstention")
"""The sections that programs are promised; others may be added beside them."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from question to answer on this machine, one question at a time."""

    median: float
    p95: float
    samples: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that was found on one set.

    ``without_gold`` are confidences after the answering text was taken away; ``ablations`` are
    ranking measures by stage of the search.
    """

    name: str
    passages: int
    threshold: float
    outcomes: tuple[Outcome, ...]
    without_gold: tuple[float, ...] = ()
    ablations: dict[str, Section] = field(default_factory=dict)
    spellings: tuple[Drop, ...] = ()
    latency: Latency | None = None

    def sections(self) -> dict[str, Section]:
        """Measures by section; a section that does not apply is absent."""
        found = dict(scores_of(self.outcomes))
        present = [o.confidence for o in self.outcomes if o.answerable]
        absent = [o.confidence for o in self.outcomes if not o.answerable]
        found["abstention"] = abstention(present, absent, self.threshold)
        found["near_scope"] = abstention(present, list(self.without_gold), self.threshold)
        return {name: section for name, section in found.items() if section}

    def groups(self) -> dict[str, dict[str, dict[str, Section]]]:
        """Sections by the questions' type, kind and style."""
        members: dict[str, dict[str, list[Outcome]]] = defaultdict(lambda: defaultdict(list))
        for outcome in self.outcomes:
            for name, value in outcome.groups.items():
                members[name][value].append(outcome)
        return {
            name: {value: _group(some, self.threshold) for value, some in sorted(values.items())}
            for name, values in members.items()
        }

    def worst(self, count: int = 20) -> list[Outcome]:
        """The questions that went most wrong: surest false answers first, then missed ones."""
        return [o for o in sorted(self.outcomes, key=_badness, reverse=True) if _badness(o) > 0][
            :count
        ]

    def as_json(self) -> dict[str, Any]:
        """Everything, as plain values."""
        return {
            **_plain(self.sections()),
            "passages": self.passages,
            "threshold": self.threshold,
            "groups": _plain(self.groups()),
            "ablations": _plain(self.ablations),
            "spellings": [asdict(drop) for drop in self.spellings],
            "latency": asdict(self.latency) if self.latency else None,
            "without_gold": self.without_gold,
            "outcomes": [asdict(outcome) for outcome in self.outcomes],
        }


def scores_of(outcomes: Iterable[Outcome]) -> dict[str, Section]:
    """Means of the outcomes' own scores, by section and measure."""
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for outcome in outcomes:
        for name, score in outcome.scores.items():
            section, measure = name.split(".", 1)
            values[section][measure].append(score)
    return {
        section: {measure: mean(scores) for measure, scores in measures.items()}
        for section, measures in values.items()
    }


def _group(outcomes: list[Outcome], threshold: float) -> dict[str, Section]:
    found = scores_of(outcomes)
    false = [float(o.confidence >= threshold) for o in outcomes if not o.answerable]
    if false:
        found["abstention"] = {"false_answer_rate": mean(false)}
    return found


def _badness(outcome: Outcome) -> float:
    """0 for a question that went well; up to 2 for one answered wrongly and surely."""
    if not outcome.answerable:
        return 1 + outcome.confidence if outcome.answered else 0.0
    if outcome.scores.get("end_to_end.answer_in_quote"):
        return 0.0
    ranked = outcome.scores.get("retrieval.ndcg@10", 0.0)
    return 1 + outcome.confidence if outcome.answered else 1 - ranked / 2


def _plain(value: Any) -> Any:
    if isinstance(value, Measured):
        return asdict(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return value
