"""From what the network says to an order of readings and a probability."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path

from corpus.errors import DalilError
from qa.forest import Forest


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a reading of a question.

    ``relevance`` in log odds; ``lead`` is how far it stands above the other passages' best, within
    5; ``span`` the log probability of the answer's ends; ``fused`` the search score in 0..1;
    ``dense`` the cosine of question and passage, ``meaning`` of question and quote; ``lacks`` is 1
    when a number or a date is asked for and the quote has none; ``words`` and ``around`` are the
    shares of the question's stems, weighted by rarity, in the quote and in the passage; ``echo`` is
    the highest relevance, as a probability, of those that give the same answer elsewhere.
    ``numbers`` counts the question's numbers that the passage lacks.
    """

    relevance: float = 0.0
    lead: float = 0.0
    span: float = 0.0
    fused: float = 0.0
    dense: float = 0.0
    meaning: float = 0.0
    lacks: float = 0.0
    words: float = 0.0
    around: float = 0.0
    echo: float = 0.0
    numbers: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights fitted by ``python -m evals.fit_reader`` on development data.

    ``order`` weighs the signs by which the readings of a question are ordered. The probability that
    the best one is right comes from a logistic model of its signs, ``trust`` and ``bias``; where
    there is a ``forest``, it is the mean of both. ``thresholds`` are the least probabilities of an
    answer, by mood.
    """

    order: Signs
    trust: Signs
    bias: float
    thresholds: dict[str, float] = field(default_factory=dict)
    forest: Forest | None = None

    @classmethod
    def plain(cls) -> Calibration:
        """For a network that nothing was fitted for: its own log odds as they are."""
        moods = {"cautious": 0.7, "balanced": 0.5, "eager": 0.3}
        return cls(Signs(relevance=1, fused=1), Signs(relevance=1), 0.0, moods)

    def score(self, signs: Signs) -> float:
        """What orders the readings of a question, higher is better."""
        return _product(self.order, signs)

    def probability(self, signs: Signs) -> float:
        """How probable it is that the reading answers the question, 0..1."""
        logit = self.bias + _product(self.trust, signs)
        likely = 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
        if self.forest is None:
            return likely
        return (likely + self.forest.probability(astuple(signs))) / 2

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read the JSON file that the fit wrote, and the forest beside it where it names one.

        Raises DalilError when one is missing or broken.
        """
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            order, trust = (Signs(**values[name]) for name in ("order", "trust"))
            thresholds = {mood: float(least) for mood, least in values["thresholds"].items()}
            forest = Forest.load(_forest(path)) if values.get("forest") else None
            return cls(order, trust, float(values["bias"]), thresholds, forest)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise DalilError(
                f"The reader's calibration {path} cannot be read: {error!r}.",
                "Install Dalil again, or set `reader` to `sentences`.",
                arabic="تعذّرت قراءة معايرة القارئ. ثبّت دليل من جديد، أو عيّن القارئ sentences.",
            ) from error

    def save(self, path: Path) -> None:
        """Write what ``load`` reads."""
        values = {
            "order": asdict(self.order),
            "trust": asdict(self.trust),
            "bias": self.bias,
            "thresholds": self.thresholds,
            "forest": self.forest is not None,
        }
        path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
        if self.forest:
            self.forest.save(_forest(path))


def _forest(path: Path) -> Path:
    return path.with_suffix(".safetensors")


def _product(weights: Signs, signs: Signs) -> float:
    pairs = zip(astuple(weights), astuple(signs), strict=True)
    return float(sum(weight * value for weight, value in pairs))
