"""Embed many texts: here, or wherever the setting ``embed_on`` says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from index.batches import batched
from index.embedder import Embedder, Vectors

HERE = "here"
"""The setting's value for this process."""

BATCH = 32
"""Texts that are safe on disk together: a build that dies loses no more than these."""


class BulkEmbedder(Protocol):
    """Vectors of any number of texts."""

    def vectors(
        self, texts: Iterable[tuple[str, str]], model: Embedder
    ) -> Iterator[tuple[Sequence[str], Vectors]]:
        """For keys with their texts, keys with their vectors, of shape ``(n, dim)``: each key once,
        in any order, as they are made.

        ``model`` is what vectors must be of. Texts are taken as they are wanted. Raises DalilError.
        """


class Here:
    """In this process."""

    def vectors(
        self, texts: Iterable[tuple[str, str]], model: Embedder
    ) -> Iterator[tuple[Sequence[str], Vectors]]:
        """In the order given."""
        for batch in batched(texts, BATCH):
            yield [key for key, _ in batch], model.embed_passages([text for _, text in batch])


def bulk_embedder(setting: str, embedder: str, cache: Path) -> BulkEmbedder:
    """What the settings ``embed_on``, ``embedder`` and ``cache`` describe."""
    if setting == HERE:
        return Here()
    from index.ray_embedding import RayEmbedder

    return RayEmbedder(setting.partition(":")[2], embedder, cache)
