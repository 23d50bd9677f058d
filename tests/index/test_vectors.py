from pathlib import Path

import numpy as np
import pytest

from corpus.errors import DalilError
from index.reuse import Reuse
from index.vectors import FaissStore, kind_for
from tests.index.vector_contract import keeps_the_contract, recall, unit_vectors

KINDS = ["Flat", "HNSW32,SQ8", "IVF16,PQ8"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_the_contract(kind: str, tmp_path: Path) -> None:
    vectors = unit_vectors(2_000)
    FaissStore.build(vectors, kind).save(tmp_path / "v.faiss")
    keeps_the_contract(FaissStore.open(tmp_path / "v.faiss", kind), vectors)


@pytest.mark.parametrize("kind", ["Flat", "HNSW32,SQ8"])
def test_recall_against_plain_arithmetic(kind: str) -> None:
    vectors = unit_vectors(3_000)
    assert recall(FaissStore.build(vectors, kind), vectors) >= 0.97


def changed(count: int, gone: int, added: int) -> tuple[np.ndarray, np.ndarray, Reuse]:
    """Vectors before and now, rows moved about, and which are which."""
    before = unit_vectors(count + added)
    order = np.random.default_rng(3).permutation(np.arange(gone, count + added))
    return (
        before[:count],
        before[order],
        Reuse.of(list(map(str, range(count))), list(map(str, order))),
    )


@pytest.mark.parametrize("steps", [1, 2])
def test_a_graph_grows_with_what_is_new_and_without_what_is_gone(
    steps: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.vectors.EXACT_LIMIT", 100)
    before, now, reuse = changed(3_000, gone=200, added=300)
    path = tmp_path / "v.faiss"
    FaissStore.build(before, "HNSW32,SQ8").save(path)
    for step in range(steps):  # growing what has grown, too
        grown = FaissStore.grown(path, "HNSW32,SQ8", reuse, now)
        assert grown is not None
        grown.save(path)
        same = list(map(str, range(len(now))))
        reuse = Reuse.of(same, same)
        assert len(grown) == len(now), step
    store = FaissStore.open(path, "HNSW32,SQ8")
    shared = 0
    for query in unit_vectors(100)[::2]:  # some of these are gone
        rows, scores = store.search(query, 10)
        assert rows.shape == (10,)
        np.testing.assert_allclose(scores, now[rows] @ query, atol=0.06)
        shared += len(set(rows) & set(np.argsort(-(now @ query))[:10]))
    assert shared / 500 >= 0.97


@pytest.mark.parametrize(
    ("kind", "gone", "limit"),
    [("HNSW32,SQ8", 900, 100), ("Flat", 1, 100), ("HNSW32,SQ8", 1, 9_999)],
)
def test_where_building_anew_is_better_nothing_grows(
    kind: str, gone: int, limit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.vectors.EXACT_LIMIT", limit)
    before, now, reuse = changed(2_000, gone=gone, added=5)
    FaissStore.build(before, kind).save(tmp_path / "v.faiss")
    assert FaissStore.grown(tmp_path / "v.faiss", kind, reuse, now) is None


@pytest.mark.parametrize(("limit", "grows"), [(1_950, True), (1_700, False)])
def test_a_graph_grows_a_little_beyond_its_limit(
    limit: int, grows: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.vectors.EXACT_LIMIT", 100)
    monkeypatch.setattr("index.vectors.GRAPH_LIMIT", limit)
    before, now, reuse = changed(1_900, gone=0, added=100)
    FaissStore.build(before, "HNSW32,SQ8").save(tmp_path / "v.faiss")
    grown = FaissStore.grown(tmp_path / "v.faiss", "HNSW32,SQ8", reuse, now)
    assert (grown is not None) == grows


def test_fewer_vectors_than_asked_for_are_not_padded() -> None:
    store = FaissStore.build(unit_vectors(3))
    assert store.search(unit_vectors(1)[0], 10)[0].shape == (3,)
    assert store.search(unit_vectors(1)[0], 0)[0].shape == (0,)


def test_the_kind_follows_the_size() -> None:
    assert [kind_for(n).split(",")[0] for n in (10, 100_000, 100_001, 2_000_000)] == [
        "Flat",
        "Flat",
        "HNSW32",
        "IVF5656",
    ]


def test_a_damaged_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "v.faiss").write_bytes(b"not an index at all")
    with pytest.raises(DalilError, match="cannot be read"):
        FaissStore.open(tmp_path / "v.faiss", "Flat")
