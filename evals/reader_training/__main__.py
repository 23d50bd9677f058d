"""``python -m evals.reader_training train | export | measure | teach``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random

import click

from evals.datasets import load_squad
from evals.measures import Measured
from evals.reader_training.adapter import add_adapter, without_adapter
from evals.reader_training.batches import Mixture
from evals.reader_training.development import development_sets, quick_figures
from evals.reader_training.examples import training_examples
from evals.reader_training.export import mixed, save_weights, told_of
from evals.reader_training.measure import (
    gold_figures,
    gold_matches,
    judge,
    near_scope_auroc,
    rerank_figures,
)
from evals.reader_training.negatives import look_alikes
from evals.reader_training.taught import judged, listed, taught
from evals.reader_training.train import Recipe, Training, last_checkpoint
from evals.reader_training.written import drawn, written_examples
from index.default_model import default_model_folder
from index.embedder import load_embedder
from index.tokens import TextTokenizer
from qa.pairs import PairEncoder
from qa.reader_network import base_network, load_network
from qa.readers import load_reader
from qa.settings import load_settings
from qa.shipped import write_sums

_DATA = Path("../shared/data")
_WEIGHTS = Path("qa/weights/reader.safetensors")
_DEPTH = 20
_WAYS = {"as it is": None, "labels": (1.0, 0.0), "search": (0.0, 1.0), "both": (1.0, 1.0)}
_FUSED_WEIGHTS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, float("inf"))


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
@click.option("--close", default=1, help="Times that the texts of hard reading come round.")
@click.option("--close-from", default=1, help="The first number of their files.")
@click.option("--close-to", default=99, help="The last number of their files.")
@click.option("--older", default=1.0, help="Share of our other texts' examples.")
@click.option("--dense/--no-dense", default=True, help="Near passages by the embedder too.")
@click.option("--others", default=Mixture().others, help="Share of the other languages' examples.")
@click.option("--unanswered", default=Mixture().unanswered, help="Share without its sentence.")
@click.option("--look-alike", default=Mixture().look_alike, help="Share with a near passage.")
@click.option("--tokens", default=Mixture().tokens, help="Tokens in a batch.")
@click.option("--dropout", default=0.1, help="Share of hidden values left out.")
@click.option("--frozen", default=Recipe().frozen, help="Lowest layers that are not trained.")
@click.option("--lora", default=0, help="Train adapters of this rank, not the layers themselves.")
@click.option("--layer-decay", default=Recipe().layer_decay, help="Of a layer's rate, below it.")
@click.option("--end", default=Recipe().end, help="Share of the rate that is left at the end.")
@click.option("--measured-every", default=Recipe().measured_every, help="So many checkpoints.")
@click.option("--threads", default=2)
def train(
    data: Path,
    work: Path,
    minutes: float,
    rate: float,
    start: Path | None,
    written: bool,
    arcd: int,
    close: int,
    close_from: int,
    close_to: int,
    older: float,
    dense: bool,
    others: float,
    unanswered: float,
    look_alike: float,
    tokens: int,
    dropout: float,
    frozen: int,
    lora: int,
    layer_decay: float,
    end: float,
    measured_every: int,
    threads: int,
) -> None:
    """Train, or go on from the checkpoint in --work."""
    import torch

    torch.set_num_threads(threads)
    before = last_checkpoint(start) if start else None
    if start and before is None:  # else it would silently begin from the base model
        raise click.ClickException(f"There is no checkpoint in {start}.")
    settings = load_settings()
    base = default_model_folder(settings.cache, click.echo)
    embedder = load_embedder(settings.embedder, settings.cache, click.echo)
    found = training_examples(data)
    crowd = [example for example in found.examples if example.language == "arabic"]
    ours = (
        drawn(written_examples(), close, older, range(close_from, close_to + 1)) if written else []
    )
    examples = [*found.examples, *(arcd - 1) * crowd, *ours]
    click.echo(f"{len(examples)} examples; {found.dropped} dropped")
    negatives = look_alikes(examples, embedder if dense else None, work.parent / "cache")
    sets = development_sets(data, embedder, settings.cache)
    encoder = PairEncoder(TextTokenizer(base))
    network = base_network(base, dropout)
    if before:
        network.load_state_dict(without_adapter(before["network"]))
    if lora:
        add_adapter(network, lora)
    mixture = Mixture(
        others=others,
        unanswered=unanswered,
        look_alike=look_alike,
        tokens=tokens,
    )
    recipe = Recipe(
        minutes=minutes,
        rate=rate,
        layer_decay=layer_decay,
        frozen=frozen,
        end=end,
        measured_every=measured_every,
        mixture=mixture,
    )
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
    network.load_state_dict(
        mixed([without_adapter(one["network"]) for one in found], network.state_dict(), share)
    )
    stages = [{key: one[key] for key in ("progress", "recipes") if key in one} for one in found]
    about = {"base": "multilingual-e5-small", "folder": base.name}
    save_weights(network, target, {**about, "share": share, "stages": stages})
    write_sums(target.parent)
    click.echo(f"{target}: {target.stat().st_size / 1e6:.1f} MB")


@main.command()
@click.option("--data", type=click.Path(path_type=Path), default=_DATA)
@click.option("--weights", type=click.Path(path_type=Path), default=_WEIGHTS)
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


@main.command()
@click.option("--data", type=click.Path(path_type=Path), default=_DATA)
@click.option("--weights", type=click.Path(path_type=Path), default=_WEIGHTS)
@click.option("--lists", default=300, help="Questions of ARCD's training articles to teach with.")
@click.option("--limit", default=150, help="Questions measured of each set at most.")
@click.option("--depth", default=8, help="Passages of a question.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="Write weights that have it.")
@click.option("--way", type=click.Choice(tuple(_WAYS)), default="both", help="Which is written.")
def teach(
    data: Path, weights: Path, lists: int, limit: int, depth: int, target: Path | None, way: str
) -> None:
    """Compare relevance taught by labels, by the search, and by both."""
    settings = load_settings()
    base = default_model_folder(settings.cache, click.echo)
    embedder = load_embedder(settings.embedder, settings.cache, click.echo)
    network, encoder = load_network(base, weights), PairEncoder(TextTokenizer(base))
    sets = development_sets(data, embedder, settings.cache)
    arcd = load_squad(data / "dev" / "arcd-train.json")
    held_out = {question.id for question in sets[1].questions}
    known = [q for q in arcd.questions if q.answers and q.id not in held_out]
    some = Random(0).sample(known, min(lists, len(known)))
    lessons = list(listed(network, encoder, sets[1].index, some, depth))
    exams = [list(listed(network, encoder, s.index, s.sample(limit), depth)) for s in sets]
    for name, weighed in _WAYS.items():
        head = taught(network.relevance, lessons, *weighed) if weighed else network.relevance
        if target and name == way:
            chosen = head.state_dict()
        for one, exam in zip(sets, exams, strict=True):
            answers = judged(head, exam)
            click.echo(f"{name}, {one.dataset.name}, n={len(exam)}")
            _print("relevance alone", rerank_figures(answers, 0.0))
            _print("with the fused score, 8 times", rerank_figures(answers, 8.0))
            _print("near scope", {"AUROC": near_scope_auroc(answers)})
    if target:
        network.relevance.load_state_dict(chosen)
        save_weights(network, target, {**told_of(weights), "relevance": [way, len(lessons)]})
        write_sums(target.parent)


def _print(name: str, figures: Mapping[str, Measured]) -> None:
    click.echo(f"  {name}: " + "; ".join(f"{key} {value}" for key, value in figures.items()))


if __name__ == "__main__":
    main()
