"""The sets that a reader in training may be measured on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from corpus.passages import PassageSize
from evals.collections import open_collection
from evals.datasets import Dataset, Question, load_squad
from evals.reader_training.measure import gold_figures, gold_matches
from evals.reader_training.split import unseen
from index.embedder import Embedder
from index.progress import Silent
from index.search import SearchIndex
from qa.engines import TorchEngine, has_bfloat16
from qa.network_reader import NetworkReader
from qa.pairs import PairEncoder
from qa.reader_network import ReaderNetwork


@dataclass(frozen=True, slots=True)
class Development:
    """A set with the questions that may be measured on, and its paragraphs as an index."""

    dataset: Dataset
    questions: list[Question]
    index: SearchIndex

    def sample(self, n: int) -> list[Question]:
        """The same ``n`` questions each time."""
        return Random(0).sample(self.questions, min(n, len(self.questions)))


def development_sets(data: Path, model: Embedder, cache: Path) -> list[Development]:
    """All of XQuAD-ar, which is never trained on, and the held-out articles of ARCD-train."""
    xquad = load_squad(data / "dev" / "xquad-ar.json")
    arcd = unseen(load_squad(data / "dev" / "arcd-train.json"))
    return [
        Development(
            dataset,
            [q for q in dataset.questions if q.answers],
            open_collection(dataset, model, cache / "evals", PassageSize(), Silent()),
        )
        for dataset in (xquad, arcd)
    ]


def quick_figures(
    network: ReaderNetwork, encoder: PairEncoder, sets: Sequence[Development]
) -> dict[str, float]:
    """Figures on small samples, in percent, to watch training by."""
    model = NetworkReader(TorchEngine(network, fast=has_bfloat16()), encoder, "")
    found: dict[str, float] = {}
    for one in sets:
        name = one.dataset.name.split("-")[0]
        gold = gold_figures(list(gold_matches(model, one.dataset, one.sample(250))))
        found |= {f"{name} {key}": 100 * value.value for key, value in gold.items()}
    return found
