"""Run all measurements that a suite asks for on one question set."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from corpus.passages import PassageSize
from evals.ablations import ablations
from evals.cached import CachedEmbedder
from evals.collections import Collection, open_collection
from evals.datasets import Dataset
from evals.dialogues import asked_of, standing_alone
from evals.measures import mean
from evals.outcomes import System, Track, judge
from evals.results import Latency, Result
from evals.robustness import spellings, without_gold
from index.embedder import Embedder
from index.progress import Progress
from index.search import SearchIndex

_TIMED = 20
"""Questions that are timed, with nothing remembered from before."""


@dataclass(frozen=True, slots=True)
class Suite:
    """How to measure. ``full`` adds ablations, spellings, and questions without their answer.

    ``timed`` is the same system as ``system``, but remembers nothing.
    """

    model: Embedder
    system: System
    timed: System
    size: PassageSize
    cache: Path
    full: bool

    def run(self, dataset: Dataset, progress: Progress, track: Track) -> Result:
        """Index the set's texts, unless that was done before, and measure."""
        remembering = CachedEmbedder(self.model, self.cache / "vectors.sqlite")
        index = open_collection(dataset, remembering, self.cache, self.size, progress)
        return self.measure(Collection(dataset, index), track)

    def measure(self, collection: Collection, track: Track) -> Result:
        """Measure on an index that stands."""
        asked = standing_alone(collection.dataset, asked_of(self.system.pipeline(collection.index)))
        collection = replace(collection, dataset=asked)
        outcomes = judge(collection, self.system, track)
        absent: list[float] = []
        stages: dict[str, dict[str, list[float]]] = {}
        if self.full:
            absent = without_gold(collection, self.system, track)
            stages = dict(ablations(collection, self.system, track))
        return Result(
            name=collection.dataset.name,
            passages=len(collection.index.vectors),
            threshold=self.system.threshold,
            outcomes=tuple(outcomes),
            without_gold=tuple(absent),
            ablations={
                stage: {measure: mean(values) for measure, values in found.items()}
                for stage, found in stages.items()
            },
            spellings=tuple(spellings(collection, track)) if self.full else (),
            latency=self._latency(collection, track),
        )

    def _latency(self, collection: Collection, track: Track) -> Latency:
        """Some questions again, with nothing remembered, after one to warm up."""
        index = collection.index
        bare = SearchIndex(
            index.generation, self.model, index.vectors, index.words, index.rows, index.centre
        )
        pipeline = self.timed.pipeline(bare)
        every = max(1, len(collection.dataset.questions) // _TIMED)
        timed = collection.dataset.questions[::every][:_TIMED]
        pipeline.ask(timed[-1].text)
        taken = []
        for question in track(timed, "timing"):
            start = time.perf_counter()
            pipeline.ask(question.text)
            taken.append(1_000 * (time.perf_counter() - start))
        median, p95 = np.percentile(taken, [50, 95])
        return Latency(float(median), float(p95), tuple(taken))
