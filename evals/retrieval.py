"""Retrieval alone, over a grid of settings: how the search was tuned.

Run it as ``python -m evals.retrieval``; without options it prints the standard settings' figures
on the development sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path

import click
import numpy as np

from corpus import bundled_texts
from corpus.passages import PassageSize
from evals.cached import CachedEmbedder
from evals.collections import DEVELOPMENT_SETS, Collection, open_collection
from evals.command import load_questions
from evals.datasets import Question, load_lines
from evals.measures import RANKING, mean
from evals.outcomes import rank_all
from evals.stemmers import STEMMERS, load_stemmer
from index.embedder import load_embedder
from index.fusion import DENSE_WEIGHT
from index.lexical import STANDARD, Bm25Index, Bm25Settings
from index.progress import Silent
from index.text import indexed_text
from qa.settings import load_settings

_SETTINGS = (
    "set",
    "words/overlap",
    "stemmer",
    "more heading",
    "k1",
    "b",
    "exact",
    "parts",
    "dense",
)
_COLUMNS = (*_SETTINGS, *RANKING.values(), "n")


def rows(
    collection: Collection,
    words: Sequence[tuple[str, int, Bm25Settings]],
    weights: Sequence[float],
) -> Iterator[str]:
    """Markdown rows, one for each way of matching words and weight of the dense score.

    ``words`` are stemmers, how often more a heading counts among words, and settings of BM25.
    """
    index = collection.index
    index.model.embed_queries([question.text for question in collection.dataset.questions])
    passages = index.generation.store.passages_at(np.arange(len(index.vectors)))
    for (stemmer, more, settings), weight in product(words, weights):
        texts = [f"{indexed_text(p)}\n{more * (p.heading + ' ')}" for p, _ in passages]
        lexical = Bm25Index.build(texts, stemmer=load_stemmer(stemmer), settings=settings)
        search = partial(replace(index, words=lexical).search, weight=weight)
        found = list(rank_all(collection, search, _quietly).values())
        figures = [mean([scores[name] for scores in found]) for name in found[0]]
        yield (
            f"{stemmer} | {more} | {settings.k1:g} | {settings.b:g} | {settings.exact:g} "
            f"| {settings.parts:g} | {weight:g} | {' | '.join(map(str, figures))} "
            f"| {figures[0].n} |"
        )


def _quietly(questions: Iterable[Question], label: str) -> Iterator[Question]:  # noqa: ARG001
    return iter(questions)


@click.command()
@click.option("--dataset", "paths", multiple=True, type=click.Path(path_type=Path))
@click.option("--split", help="Only this part of a set in JSON Lines.")
@click.option("--weight", "weights", multiple=True, type=float, default=[DENSE_WEIGHT])
@click.option("--words", "lengths", multiple=True, type=int, help="Passage sizes to compare.")
@click.option("--overlap", type=int, default=PassageSize().overlap, help="In words.")
@click.option("--stemmer", "stemmers", multiple=True, type=click.Choice(list(STEMMERS)))
@click.option("--heading", "more", multiple=True, type=int, default=[0], help="Times more.")
@click.option("--k1", "k1s", multiple=True, type=float, default=[STANDARD.k1])
@click.option("--b", "bs", multiple=True, type=float, default=[STANDARD.b])
@click.option("--exact", "exacts", multiple=True, type=float, default=[STANDARD.exact])
@click.option("--parts", multiple=True, type=float, default=[STANDARD.parts])
def main(
    paths: tuple[Path, ...],
    split: str | None,
    weights: tuple[float, ...],
    lengths: tuple[int, ...],
    overlap: int,
    stemmers: tuple[str, ...],
    more: tuple[int, ...],
    k1s: tuple[float, ...],
    bs: tuple[float, ...],
    exacts: tuple[float, ...],
    parts: tuple[float, ...],
) -> None:
    """Print ranking measures with 95% intervals, one row for each combination of settings."""
    settings = load_settings()
    cache = settings.cache / "evals"
    model = load_embedder(settings.embedder, settings.cache, click.echo)
    remembering = CachedEmbedder(model, cache / "vectors.sqlite")
    words = [
        (name, times, Bm25Settings(*numbers))
        for name, times, *numbers in product(stemmers or ("light10",), more, k1s, bs, exacts, parts)
    ]
    click.echo(f"| {' | '.join(_COLUMNS)} |\n|{'---|' * len(_COLUMNS)}")
    for path, length in product(paths or DEVELOPMENT_SETS, lengths or (PassageSize().words,)):
        dataset = (
            load_lines(path, bundled_texts(), f"{path.stem}-{split}", split)
            if split
            else load_questions(path)
        )
        size = PassageSize(length, overlap)
        index = open_collection(dataset, remembering, cache, size, Silent())
        for row in rows(Collection(dataset, index), words, weights):
            click.echo(f"| {dataset.name} | {length}/{overlap} | {row}")


if __name__ == "__main__":
    main()
