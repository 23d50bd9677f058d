"""Which articles of a set are kept away from training."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from evals.datasets import Dataset

_SEED = "dalil-reader-split-1"
_SHARE = 0.2


def held_out_articles(dataset: Dataset) -> frozenset[str]:
    """A fifth of the articles, rounded up, never trained on; the same on every machine.

    Articles are ordered by a seeded hash of their name, so the choice does not depend on the order
    of the file, and no article is on both sides.
    """
    articles = sorted(set(dataset.articles), key=_order)
    return frozenset(articles[: -(-len(articles) // round(1 / _SHARE))])


def unseen(dataset: Dataset) -> Dataset:
    """The questions on held-out articles, over all contexts of the set."""
    away = held_out_articles(dataset)
    questions = tuple(q for q in dataset.questions if dataset.articles[q.context] in away)
    return replace(dataset, name=f"{dataset.name}-held-out", questions=questions)


def _order(article: str) -> str:
    return sha256(f"{_SEED}\0{article}".encode()).hexdigest()
