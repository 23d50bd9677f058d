"""Retrieval alone: every question of a set against all of its paragraphs.

Run it as ``python -m evals.retrieval``; it prints a table for the development sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from corpus.passages import PassageSize
from evals.collections import DEVELOPMENT_SETS, context_of, open_collection
from evals.datasets import Dataset, load_squad
from evals.measures import RANKING, Measured, ranking
from index.embedder import Embedder, load_embedder
from index.fusion import DENSE_WEIGHT
from index.progress import Silent
from index.search import SearchIndex
from qa.settings import load_settings

# Enough passages to name ten different paragraphs, though some are cut in several passages.
_DEPTH = 30


def measure(index: SearchIndex, dataset: Dataset, weight: float) -> dict[str, Measured]:
    """Ranking measures of the fused search; a paragraph ranks where its best passage does."""
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for question in dataset.questions:
        if not question.answers:
            continue
        qrels[question.id] = {str(question.context): 1}
        scores: dict[str, float] = {}
        for hit in index.search(question.text, _DEPTH, weight):
            scores.setdefault(str(context_of(hit.source)), hit.score)
        run[question.id] = scores
    return ranking(qrels, run)


def table(
    datasets: Sequence[Dataset],
    model: Embedder,
    cache: Path,
    sizes: Sequence[PassageSize],
    weights: Sequence[float],
) -> list[str]:
    """Markdown rows, one for each dataset, passage size and dense weight."""
    rows = [
        f"| set | questions | passages | words/overlap | dense weight | {' | '.join(RANKING)} |",
        "|---|---|---|---|---|" + "---|" * len(RANKING),
    ]
    for dataset in datasets:
        for size in sizes:
            index = open_collection(dataset, model, cache, size, Silent())
            for weight in weights:
                measured = measure(index, dataset, weight)
                figures = " | ".join(str(measured[name]) for name in RANKING)
                rows.append(
                    f"| {dataset.name} | {measured[RANKING[0]].n} | {len(index.vectors)} "
                    f"| {size.words}/{size.overlap} | {weight:g} | {figures} |"
                )
    return rows


@click.command()
@click.option("--dataset", "paths", multiple=True, type=click.Path(path_type=Path))
@click.option("--weight", "weights", multiple=True, type=float, default=[DENSE_WEIGHT])
@click.option("--words", "lengths", multiple=True, type=int, help="Passage sizes to compare.")
@click.option("--overlap", type=int, help="Overlap of passages, in words.")
def main(
    paths: tuple[Path, ...], weights: tuple[float, ...], lengths: tuple[int, ...], overlap: int
) -> None:
    """Print nDCG@10, hit@1, hit@5 and MRR@10 with 95% intervals, for the development sets."""
    settings = load_settings()
    standard = PassageSize()
    shared = standard.overlap if overlap is None else overlap
    sizes = [PassageSize(words, shared) for words in lengths] or [standard]
    datasets = [load_squad(path) for path in paths or DEVELOPMENT_SETS]
    model = load_embedder(settings.embedder, settings.cache, click.echo)
    for row in table(datasets, model, settings.cache / "evals", sizes, weights):
        click.echo(row)


if __name__ == "__main__":
    main()
