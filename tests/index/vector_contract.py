"""What every vector store keeps to, FAISS or another engine."""

import numpy as np

from index.embedder import Vectors
from index.vectors import VectorStore


def unit_vectors(count: int, dim: int = 32) -> Vectors:
    vectors = np.random.default_rng(7).normal(size=(count, dim)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def keeps_the_contract(store: VectorStore, vectors: Vectors) -> None:
    assert len(store) == len(vectors)
    rows, scores = store.search(vectors[5], 10)
    assert rows[0] == 5
    assert rows.shape == scores.shape == (10,)
    assert rows.dtype == np.int64
    assert scores.dtype == np.float32
    assert (rows >= 0).all()
    assert len(set(rows.tolist())) == 10
    assert (np.diff(scores) <= 1e-6).all()
    assert store.search(vectors[5], 0)[0].shape == (0,)


def recall(store: VectorStore, vectors: Vectors, limit: int = 10) -> float:
    """The share of the nearest that are found, over fifty queries; their scores are checked."""
    shared = 0
    for query in unit_vectors(50, vectors.shape[1])[::-1]:
        rows, scores = store.search(query, limit)
        np.testing.assert_allclose(scores, vectors[rows] @ query, atol=0.02)
        nearest = np.argsort(-(vectors @ query))[:limit]
        shared += len(set(nearest.tolist()) & set(rows.tolist()))
    return shared / (50 * limit)
