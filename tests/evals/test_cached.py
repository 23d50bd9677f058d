import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import DalilError
from evals.cached import CachedEmbedder
from index.embedder import Embedder, Vectors
from tests.index.doubles import HashEmbedder
from tests.index.test_embedder import test_every_embedder_keeps_the_contract as keeps_the_contract

TEXTS = ["القمر تابع الأرض.", "", "Geneva 2017"]


class TwoFaced(HashEmbedder):
    """Other vectors for questions than for passages; counts both."""

    def __init__(self, name: str = "hash") -> None:
        super().__init__(name)
        self.asked: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        return -np.stack([self._vector(text) for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        return np.stack([self._vector(text) for text in texts])


def test_it_keeps_the_contract_of_embedders(tmp_path: Path) -> None:
    embedder: Embedder = CachedEmbedder(HashEmbedder(), tmp_path / "deep" / "vectors.sqlite")
    keeps_the_contract(embedder)
    keeps_the_contract(embedder)  # now from the file


def test_its_vectors_are_exactly_the_models(tmp_path: Path) -> None:
    model, cached = TwoFaced(), CachedEmbedder(TwoFaced(), tmp_path / "v.sqlite")
    assert (cached.name, cached.fingerprint, cached.dim) == ("hash", model.fingerprint, 64)
    for _ in range(2):
        np.testing.assert_array_equal(cached.embed_passages(TEXTS), model.embed_passages(TEXTS))
        np.testing.assert_array_equal(cached.embed_queries(TEXTS), model.embed_queries(TEXTS))


def test_a_second_instance_embeds_nothing(tmp_path: Path) -> None:
    first, second = TwoFaced(), TwoFaced()
    before = CachedEmbedder(first, tmp_path / "v.sqlite")
    made = before.embed_passages(TEXTS), before.embed_queries(TEXTS)
    after = CachedEmbedder(second, tmp_path / "v.sqlite")
    for old, new in zip(
        made, (after.embed_passages(TEXTS), after.embed_queries(TEXTS)), strict=True
    ):
        np.testing.assert_array_equal(old, new)
    assert (second.asked, second.embedded) == ([], [])


def test_only_what_is_new_is_embedded_and_each_text_once(tmp_path: Path) -> None:
    model = TwoFaced()
    cached = CachedEmbedder(model, tmp_path / "v.sqlite")
    cached.embed_passages(["أ", "ب"])
    vectors = cached.embed_passages(["ج", "أ", "ج", "ب"])
    assert model.embedded == ["أ", "ب", "ج"]
    np.testing.assert_array_equal(vectors, TwoFaced().embed_passages(["ج", "أ", "ج", "ب"]))


def test_another_model_gets_its_own_vectors_from_the_same_file(tmp_path: Path) -> None:
    CachedEmbedder(TwoFaced(), tmp_path / "v.sqlite").embed_passages(TEXTS)
    other = TwoFaced("other")
    CachedEmbedder(other, tmp_path / "v.sqlite").embed_passages(TEXTS)
    assert other.embedded == TEXTS


def test_no_texts_give_no_vectors(tmp_path: Path) -> None:
    vectors = CachedEmbedder(HashEmbedder(), tmp_path / "v.sqlite").embed_queries([])
    assert vectors.shape == (0, 64)
    assert vectors.dtype == np.float32


def test_a_damaged_file_is_named_and_may_be_deleted(tmp_path: Path) -> None:
    path = tmp_path / "v.sqlite"
    path.write_bytes(b"not a database " * 300)
    with pytest.raises(DalilError, match=re.escape(str(path))) as said:
        CachedEmbedder(HashEmbedder(), path)
    assert "Delete that file" in said.value.hint
    assert path.read_bytes().startswith(b"not a database")
