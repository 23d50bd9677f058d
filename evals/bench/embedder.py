"""What each way to run the default embedder costs and finds: ``python -m evals.bench.embedder``.

The paragraphs of a development set and some of its questions; ways take turns, so that what else
the machine does falls on all of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import click
import numpy as np

from evals.collections import DEVELOPMENT_SETS
from evals.datasets import Dataset, load_squad, sampled
from evals.measures import mean, ranking
from index.default_model import default_model_folder
from index.embedder import Embedder, Vectors, load_embedder
from qa.settings import load_settings

_PLAIN = "SentenceTransformer.encode, float32"
Encode = Callable[[list[str]], Vectors]


def ways() -> dict[str, tuple[Encode, Encode]]:
    """What makes vectors of passages, and of questions, by the name of the way."""
    from sentence_transformers import SentenceTransformer

    cache = load_settings().cache
    base = str(default_model_folder(cache, click.echo))
    plain = SentenceTransformer(base)

    def encode(prompt: str) -> Encode:
        return lambda texts: np.asarray(
            plain.encode(texts, prompt=prompt, normalize_embeddings=True, show_progress_bar=False)
        )

    def both(model: Embedder) -> tuple[Encode, Encode]:
        return model.embed_passages, model.embed_queries

    return {
        _PLAIN: (encode("passage: "), encode("query: ")),
        "Dalil, torch": both(load_embedder(base, cache)),
        "Dalil, the default": both(load_embedder("default", cache)),
    }


def found(passages: Vectors, queries: Vectors, asked: Dataset) -> str:
    """nDCG@10 of the cosines, with its interval."""
    best = np.argsort(-(queries @ passages.T), axis=1, kind="stable")[:, :10]
    qrels = {str(n): {str(question.context): 1} for n, question in enumerate(asked.questions)}
    run = {
        str(n): {str(row): 1 / rank for rank, row in enumerate(rows, start=1)}
        for n, rows in enumerate(best)
    }
    return str(mean([one["ndcg@10"] for one in ranking(qrels, run).values()]))


@click.command()
@click.option("--passages", default=240, show_default=True, help="The first ones of the set.")
@click.option("--questions", default=300, show_default=True, help="On them, in equal parts.")
@click.option("--rounds", default=3, show_default=True, help="Times that each way is measured.")
def main(passages: int, questions: int, rounds: int) -> None:
    """Print passages a second, milliseconds a question, cosines with the first way, and nDCG@10."""
    whole = load_squad(DEVELOPMENT_SETS[0])
    on_them = tuple(q for q in whole.questions if q.answers and q.context < passages)
    texts = list(whole.contexts[:passages])
    dataset = Dataset(whole.name, tuple(texts), whole.articles[:passages], on_them)
    asked = sampled(dataset, questions)
    rates: dict[str, list[float]] = {}
    waits: dict[str, list[float]] = {}
    vectors: dict[str, tuple[Vectors, Vectors]] = {}
    every = ways()
    for _ in range(rounds):
        for name, (embed, ask) in every.items():
            ask(["؟"])
            start = time.perf_counter()
            made = embed(texts)
            rates.setdefault(name, []).append(len(texts) / (time.perf_counter() - start))
            singles = []
            for question in asked.questions:
                start = time.perf_counter()
                singles.append(ask([question.text]))
                waits.setdefault(name, []).append(1_000 * (time.perf_counter() - start))
            vectors[name] = made, np.concatenate(singles)
    click.echo(f"{whole.name}: {len(texts)} passages, n={len(asked.questions)}, {rounds} rounds")
    reference = vectors[_PLAIN][0]
    for name, (made, queries) in vectors.items():
        rate = median(rates[name])
        click.echo(
            f"  {name}: {rate:.1f} [{min(rates[name]):.1f}, {max(rates[name]):.1f}] passages/s, "
            f"{rate / median(rates[_PLAIN]):.2f} times; a question {median(waits[name]):.1f} ms; "
            f"least cosine {float((made * reference).sum(axis=1).min()):.5f}; "
            f"nDCG@10 {found(made, queries, asked)}"
        )


if __name__ == "__main__":
    main()
