"""What each engine costs for the same vectors: ``python -m evals.bench.engines VECTORS.npy``.

The vectors are those of any index (``generations/*/vectors.npy``), or random ones where none are
named, which are the hardest for graphs. The last of them are the questions and are not searched.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import click
import numpy as np

from index.embedder import Vectors
from index.engines import engine_for, named
from index.search import CANDIDATES
from index.vectors import FaissStore, VectorStore

_COLLECTION = "dalil_bench"
_WARM = 20
_HEAD = "| engine | how | rows | written, rows/s | p50 ms | p95 ms | recall@10 | recall@100 |"


def measure(store: str, vectors: Vectors, queries: Vectors) -> str:
    """A row of the table: one question after another, as many hits as Dalil asks for."""
    engine = engine_for(store)
    try:
        begun = perf_counter()
        written = engine.write(_COLLECTION, vectors) if engine else FaissStore.build(vectors)
        rate = len(vectors) / (perf_counter() - begun)
        waits, ten, hundred = _asked(written, vectors, queries)
        p50, p95 = np.percentile(waits, [50, 95])
        return (
            f"| {named(store)} | {written.kind} | {len(vectors):,} | {rate:,.0f} "
            f"| {p50:.1f} | {p95:.1f} | {ten:.3f} | {hundred:.3f} |"
        )
    finally:
        if engine:
            engine.drop(_COLLECTION)


def _asked(
    store: VectorStore, vectors: Vectors, queries: Vectors
) -> tuple[Sequence[float], float, float]:
    """Milliseconds of each question, and the shares of the nearest 10 and 100 that were found."""
    for query in queries[:_WARM]:
        store.search(query, CANDIDATES)
    waits, ten, hundred = [], 0, 0
    for query in queries:
        begun = perf_counter()
        rows, _ = store.search(query, CANDIDATES)
        waits.append(1_000 * (perf_counter() - begun))
        nearest = np.argsort(-(vectors @ query), kind="stable")[:CANDIDATES]
        ten += len(set(nearest[:10].tolist()) & set(rows[:10].tolist()))
        hundred += len(set(nearest.tolist()) & set(rows.tolist()))
    return waits, ten / (10 * len(queries)), hundred / (CANDIDATES * len(queries))


def _vectors(path: Path | None, count: int, dim: int = 384) -> Vectors:
    if path is not None:
        return np.ascontiguousarray(np.load(path, mmap_mode="r")[:count])
    random = np.random.default_rng(7).normal(size=(count, dim)).astype(np.float32)
    return np.asarray(random / np.linalg.norm(random, axis=1, keepdims=True))


@click.command()
@click.argument("vectors", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--store", "stores", multiple=True, default=["faiss"], help="As for dalil index.")
@click.option("--rows", default=50_000, show_default=True, help="Vectors that are searched.")
@click.option("--questions", default=200, show_default=True)
def main(vectors: Path | None, stores: tuple[str, ...], rows: int, questions: int) -> None:
    """Write the vectors to each store, and ask it."""
    found = _vectors(vectors, rows + questions)
    held, queries = found[:-questions], found[-questions:]
    click.echo(_HEAD)
    click.echo("|" + "---|" * _HEAD.count(" | ") + "---|")
    for store in stores:
        click.echo(measure(store, held, queries))


if __name__ == "__main__":
    main()
