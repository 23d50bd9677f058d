"""``python -m evals.reader_training train | export | measure``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import click

from corpus.passages import PassageSize
from evals.collections import open_collection
from evals.datasets import Dataset, Question, load_squad
from evals.measures import Measured
from evals.reader_training.batches import Mixture
from evals.reader_training.examples import training_examples
from evals.reader_training.export import mixed, save_weights
from evals.reader_training.measure import (
    gold_figures,
    gold_matches,
    judge,
    near_scope_auroc,
    rerank_figures,
)
from evals.reader_training.negatives import look_alikes
from evals.reader_training.split import unseen
from evals.reader_training.train import Recipe, Training, last_checkpoint
from evals.reader_training.written import written_examples
from index.default_model import default_model_folder
from index.embedder import Embedder, load_embedder
from index.progress import Silent
from index.search import SearchIndex
from index.tokens import TextTokenizer
from qa.engines import TorchEngine, has_bfloat16
from qa.network_reader import NetworkReader
from qa.pairs import PairEncoder
from qa.reader_network import ReaderNetwork, base_network
from qa.readers import load_reader
from qa.settings import load_settings
from qa.shipped import write_sums

_DATA = Path("../shared/data")
_DEPTH = 20
_FUSED_WEIGHTS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, float("inf"))


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


@click.group()
def main() -> None:
    """Train, export and measure the reader that ships with Dalil."""


@main.command()
@click.option("--data", type=click.Path(path_type=Path), default=_DATA)
@click.option("--work", type=click.Path(path_type=Path), required=True, help="Checkpoints, log.")
@click.option("--minutes", default=Recipe().minutes, help="Minutes of training proper.")
@click.option("--rate", default=Recipe().rate)
@click.option("--start", type=click.Path(path_type=Path), help="Begin with another --work's end.")
@click.option("--written/--no-written", default=True, help="With the texts of our own.")
@click.option("--arcd", default=1, help="Times that ARCD's examples come round.")
@click.option("--others", default=Mixture().others, help="Share of the other languages' examples.")
@click.option("--unanswered", default=Mixture().unanswered, help="Share without its sentence.")
@click.option("--look-alike", default=Mixture().look_alike, help="Share with a near passage.")
@click.option("--tokens", default=Mixture().tokens, help="Tokens in a batch.")
@click.option("--dropout", default=0.1, help="Share of hidden values left out.")
@click.option("--frozen", default=Recipe().frozen, help="Lowest layers that are not trained.")
@click.option("--end", default=Recipe().end, help="Share of the rate that is left at the end.")
@click.option("--threads", default=2)
def train(
    data: Path,
    work: Path,
    minutes: float,
    rate: float,
    start: Path | None,
    written: bool,
    arcd: int,
    others: float,
    unanswered: float,
    look_alike: float,
    tokens: int,
    dropout: float,
    frozen: int,
    end: float,
    threads: int,
) -> None:
    """Train, or go on from the checkpoint in --work."""
    import torch

    torch.set_num_threads(threads)
    settings = load_settings()
    base = default_model_folder(settings.cache, click.echo)
    embedder = load_embedder(settings.embedder, settings.cache, click.echo)
    found = training_examples(data)
    crowd = [example for example in found.examples if example.language == "arabic"]
    examples = [*found.examples, *(arcd - 1) * crowd, *(written_examples() if written else [])]
    click.echo(f"{len(examples)} examples; {found.dropped} dropped")
    negatives = look_alikes(examples, embedder, work.parent / "cache")
    sets = development_sets(data, embedder, settings.cache)
    encoder = PairEncoder(TextTokenizer(base))
    network = base_network(base, dropout)
    before = last_checkpoint(start) if start else None
    if before:
        network.load_state_dict(before["network"])
    mixture = Mixture(
        others=others,
        unanswered=unanswered,
        look_alike=look_alike,
        tokens=tokens,
    )
    recipe = Recipe(minutes=minutes, rate=rate, frozen=frozen, end=end, mixture=mixture)
    training = Training(network, recipe, work)
    click.echo("going on" if training.resume() else "starting")
    training.run(examples, negatives, encoder, lambda net: quick_figures(net, encoder, sets))


@main.command()
@click.option("--work", "works", multiple=True, type=click.Path(path_type=Path), required=True)
@click.option("--to", "target", type=click.Path(path_type=Path), required=True)
@click.option("--share", default=1.0, help="Of the trained encoder; the rest is the base model's.")
def export(works: tuple[Path, ...], target: Path, share: float) -> None:
    """Write the mean of the checkpoints in each --work as the file that Dalil loads."""
    settings = load_settings()
    base = default_model_folder(settings.cache, click.echo)
    kept = [last_checkpoint(work) for work in works]
    network = base_network(base)
    found = [one for one in kept if one is not None]
    if len(found) < len(works):
        raise click.ClickException("There is no checkpoint in one of the folders.")
    network.load_state_dict(mixed([one["network"] for one in found], network.state_dict(), share))
    stages = [{key: one[key] for key in ("progress", "recipes") if key in one} for one in found]
    about = {"base": "multilingual-e5-small", "folder": base.name}
    save_weights(network, target, {**about, "share": share, "stages": stages})
    write_sums(target.parent)
    click.echo(f"{target}: {target.stat().st_size / 1e6:.1f} MB")


@main.command()
@click.option("--data", type=click.Path(path_type=Path), default=_DATA)
@click.option(
    "--weights", type=click.Path(path_type=Path), default=Path("qa/weights/reader.safetensors")
)
@click.option("--limit", default=100_000, help="Questions re-ranked of each set at most.")
@click.option("--depth", default=_DEPTH, help="Passages re-ranked.")
def measure(data: Path, weights: Path, limit: int, depth: int) -> None:
    """Print figures with 95% intervals: gold passage, re-ranking, presence of the answer."""
    settings = load_settings()
    base = default_model_folder(settings.cache, click.echo)
    embedder = load_embedder(settings.embedder, settings.cache, click.echo)
    model = load_reader(base, weights, settings.cache)
    for one in development_sets(data, embedder, settings.cache):
        gold = gold_figures(list(gold_matches(model, one.dataset, one.questions)))
        questions = one.sample(limit)
        click.echo(f"\n{one.dataset.name}, n={len(one.questions)}; re-ranked n={len(questions)}")
        _print("gold passage", gold)
        judged = list(judge(model, one.index, questions, depth))
        for weight in _FUSED_WEIGHTS:
            _print(f"relevance + {weight:g} * fused", rerank_figures(judged, weight))
        _print("near scope", {"AUROC": near_scope_auroc(judged)})


def _print(name: str, figures: dict[str, Measured]) -> None:
    click.echo(f"  {name}: " + "; ".join(f"{key} {value}" for key, value in figures.items()))


if __name__ == "__main__":
    main()
