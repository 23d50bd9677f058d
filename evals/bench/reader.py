"""How long the reader takes for one question, on every engine that is here.

Run it as ``python -m evals.bench.reader``. The questions are our own over the bundled texts, each
with the passages that the search really found; engines take turns, so that what else the machine
does falls on all of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
import numpy as np

from corpus import bundled_texts
from corpus.passages import PassageSize
from evals.collections import open_collection
from evals.command import OWN_SET
from evals.datasets import load_lines
from index.default_model import default_model_folder
from index.embedder import load_embedder
from index.progress import Silent
from index.tokens import load_tokenizer
from qa.engines import TorchEngine, best_engine, has_bfloat16
from qa.network_reader import Engine, NetworkReader
from qa.pairs import PairEncoder
from qa.reader_network import load_network
from qa.readers import weights_folder
from qa.settings import Settings, load_settings

Asked = list[tuple[str, list[str]]]


def engines(base: Path, cache: Path) -> dict[str, Engine]:
    """The engines by name, the reference first."""
    weights = weights_folder() / "reader.safetensors"
    network = load_network(base, weights)
    found: dict[str, Engine] = {"torch float32": TorchEngine(network)}
    if has_bfloat16():
        found["torch bfloat16"] = TorchEngine(network, fast=True)
    best = best_engine(lambda: network, base, cache, "bench")
    if not isinstance(best, TorchEngine):
        found["OpenVINO"] = best
    return found


def asked(settings: Settings, questions: int, candidates: int) -> Asked:
    """Questions with the passages that the search finds."""
    model = load_embedder(settings.embedder, settings.cache, click.echo)
    dataset = load_lines(OWN_SET, bundled_texts())
    index = open_collection(dataset, model, settings.cache / "evals", PassageSize(), Silent())
    every = max(1, len(dataset.questions) // questions)
    return [
        (question.text, [hit.passage.text for hit in index.search(question.text, candidates)])
        for question in dataset.questions[::every][:questions]
    ]


def milliseconds(work: Callable[[], object]) -> float:
    """How long it takes once."""
    start = time.perf_counter()
    work()
    return 1_000 * (time.perf_counter() - start)


@click.command()
@click.option("--questions", default=30, help="Questions that are timed.")
@click.option("--candidates", default=10, help="Passages read for each.")
def main(questions: int, candidates: int) -> None:
    """Print the median and 95th percentile of each engine, and its speed against the first."""
    settings = load_settings()
    base = default_model_folder(settings.cache, click.echo)
    encoder = PairEncoder(load_tokenizer(base, settings.cache))
    readers = {
        name: NetworkReader(engine, encoder, name)
        for name, engine in engines(base, settings.cache).items()
    }
    taken: dict[str, list[float]] = {name: [] for name in readers}
    rounds = asked(settings, questions, candidates)
    with click.progressbar([rounds[0], *rounds], label="reading") as bar:
        for question, passages in bar:  # the first question again, to warm up
            for name, reader in readers.items():
                taken[name].append(milliseconds(partial(reader.read, question, passages)))
    reference = float(np.median(taken["torch float32"][1:]))
    click.echo(f"one question, {candidates} passages, n={len(rounds)}")
    for name, times in taken.items():
        median, p95 = np.percentile(times[1:], [50, 95])
        click.echo(f"  {name}: {median:.0f} ms, p95 {p95:.0f} ms, {reference / median:.1f} times")


if __name__ == "__main__":
    main()
