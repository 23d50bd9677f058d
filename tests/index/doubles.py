"""A fast embedder for tests: bags of stems hashed into a few dimensions."""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np

from corpus.terms import stems
from index.embedder import Vectors


class HashEmbedder:
    """Texts that share stems are near one another. Counts the passages that it embeds."""

    def __init__(self, name: str = "hash", dim: int = 64) -> None:
        self.name, self.dim = name, dim
        self.fingerprint = f"{name}-{dim}"
        self.embedded: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        return self.embed_queries(texts)

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.dim, 0.01, dtype=np.float32)
        for stem in stems(text):
            vector[int.from_bytes(sha256(stem.encode()).digest()[:4], "big") % self.dim] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
