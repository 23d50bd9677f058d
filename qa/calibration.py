"""From what the network says to an order of readings and a probability."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path

from corpus.errors import DalilError


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for the best reading of a question.

    ``relevance`` in log odds; ``lead`` is how far it stands above the next passage's, at most 5;
    ``span`` the log probability of the answer's ends; ``fused`` the search score in 0..1;
    ``dense`` the cosine of question and passage; ``lacks`` is 1 when a number or a date is asked
    for and the quote has none; ``shared`` is the share of the question's stems in the passage.
    """

    relevance: float
    lead: float
    span: float
    fused: float
    dense: float
    lacks: float
    shared: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights fitted by ``python -m evals.fit_reader`` on development data.

    Readings are ordered by relevance plus ``fused_weight`` times the search score. The probability
    that the best one is right is a logistic model of its signs. ``thresholds`` are the least
    probabilities of an answer, by mood.
    """

    fused_weight: float
    weights: Signs
    bias: float
    thresholds: dict[str, float] = field(default_factory=dict)

    @classmethod
    def plain(cls) -> Calibration:
        """For a network that nothing was fitted for: its own log odds as they are."""
        weights = Signs(relevance=1, lead=0, span=0, fused=0, dense=0, lacks=0, shared=0)
        return cls(1.0, weights, 0.0, {"cautious": 0.7, "balanced": 0.5, "eager": 0.3})

    def order(self, relevance: float, fused: float) -> float:
        """The score that orders the readings of a question."""
        return relevance + self.fused_weight * fused

    def probability(self, signs: Signs) -> float:
        """How probable it is that the reading answers the question, 0..1."""
        values, weights = asdict(signs), asdict(self.weights)
        logit = self.bias + sum(weights[name] * value for name, value in values.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read the JSON file that the fit wrote; raises DalilError when it is missing or broken."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            weights = Signs(**{name: float(w) for name, w in values["weights"].items()})
            thresholds = {mood: float(least) for mood, least in values["thresholds"].items()}
            return cls(float(values["fused_weight"]), weights, float(values["bias"]), thresholds)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise DalilError(
                f"The reader's calibration {path} cannot be read: {error!r}.",
                "Install Dalil again, or set `reader` to `sentences`.",
            ) from error

    def save(self, path: Path) -> None:
        """Write what ``load`` reads."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
