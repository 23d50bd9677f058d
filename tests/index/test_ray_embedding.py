"""The same index from a Ray cluster as from here: a real one, on this machine alone."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from corpus import bundled_texts
from corpus.errors import DalilError
from index.build import build_index
from index.bulk import BATCH, BulkEmbedder, Here, bulk_embedder
from index.embedder import Embedder
from index.generation import Generation
from index.manifest import current_generation
from index.pending import PendingVectors
from index.ray_embedding import RayEmbedder
from qa.settings import load_settings
from tests.index.alone import require_namespaces, run_alone
from tests.index.doubles import HashEmbedder

INSIDE = "DALIL_TEST_RAY"
inside = pytest.mark.skipif(INSIDE not in os.environ, reason="runs in a namespace of its own")


def test_a_real_cluster_makes_what_is_made_here() -> None:
    if find_spec("ray") is None:
        pytest.skip("ray is not installed")
    require_namespaces()
    loopback = (sys.executable, "-m", "tests.index.loopback")
    run_alone(__file__, "-k", "inside", before=loopback, **{INSIDE: "1"})


def built(folder: Path, model: Embedder, texts: Path, bulk: BulkEmbedder) -> Generation:
    build_index(folder, [texts], model.name, lambda: model, label="t", bulk=bulk)
    current = current_generation(folder)
    assert current
    return Generation.open(current)


def some_texts(folder: Path, count: int) -> Path:
    folder.mkdir()
    for path in sorted(bundled_texts().iterdir())[:count]:
        shutil.copy(path, folder)
    return folder


@inside
def test_inside_the_same_passages_ids_and_vectors(model: Embedder, tmp_path: Path) -> None:
    cache = load_settings().cache
    here = built(tmp_path / "here", model, bundled_texts(), Here())
    there = built(
        tmp_path / "there", model, bundled_texts(), bulk_embedder("ray", "default", cache)
    )
    assert list(here.store.passage_rows()) == list(there.store.passage_rows())
    np.testing.assert_allclose(there.vectors(), here.vectors(), atol=1e-5)


@inside
def test_inside_what_was_embedded_before_a_build_died_is_not_embedded_again(
    model: Embedder, tmp_path: Path
) -> None:
    cache, index = load_settings().cache, tmp_path / "an.index"
    texts = some_texts(tmp_path / "texts", 10)

    class Dies:
        """The cluster, but the process ends when the first batch is safe."""

        def vectors(self, *given: object) -> object:
            yield next(iter(RayEmbedder("", "default", cache).vectors(*given)))  # type: ignore[arg-type]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        built(index, model, texts, Dies())  # type: ignore[arg-type]
    with PendingVectors(index, model.fingerprint) as pending:
        kept = len(pending.keys())
    report = build_index(
        index, [texts], model.name, lambda: model, label="t", bulk=RayEmbedder("", "default", cache)
    )
    assert 0 < kept < report.passages
    assert report.embedded == report.passages - kept


@inside
def test_inside_another_model_on_the_machines_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("يدور القمر حول الأرض في شهر.", encoding="utf-8")
    bulk = RayEmbedder("", "default", load_settings().cache)
    with pytest.raises(DalilError, match="could not embed"):
        built(tmp_path / "an.index", HashEmbedder(), tmp_path / "a.txt", bulk)


@inside
def test_inside_a_cluster_that_is_not_there_is_named(tmp_path: Path) -> None:
    bulk = RayEmbedder("127.0.0.1:9", "default", tmp_path)
    with pytest.raises(DalilError, match=r"127\.0\.0\.1:9 cannot be reached"):
        list(bulk.vectors([("k", "نص")], HashEmbedder()))


def test_without_the_package_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(DalilError, match="not installed") as raised:
        list(RayEmbedder("", "default", tmp_path).vectors([("k", "نص")], HashEmbedder()))
    assert "ray[data]" in raised.value.hint


def test_here_gives_every_key_once_in_batches() -> None:
    texts = [(f"k{i}", f"نص {i}") for i in range(BATCH + 3)]
    made = list(bulk_embedder("here", "default", Path()).vectors(iter(texts), HashEmbedder()))
    assert [key for keys, _ in made for key in keys] == [key for key, _ in texts]
    assert [len(vectors) for _, vectors in made] == [BATCH, 3]
