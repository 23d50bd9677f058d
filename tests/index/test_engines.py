"""Every engine that can search the vectors, through the same tests; MILVUS_URI adds a server.

An address in MILVUS_URI, of one server or of a cluster, is written to: collections `dalil_*`, all
of them dropped at the end.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

import index.build
from corpus.errors import AbsentError, DalilError
from corpus.passages import PassageSize
from index.build import BuildReport, build_index
from index.check import check_index
from index.engines import Engine, collections_of, engine_for, keep_only
from index.live import LiveIndex
from index.manifest import Manifest, current_generation
from index.search import SearchIndex
from tests.index.doubles import HashEmbedder
from tests.index.postgres_server import postgres
from tests.index.vector_contract import keeps_the_contract, recall, unit_vectors

SERVER = os.environ.get("MILVUS_URI", "")
ENGINES = ["milvus-lite", "postgres", *(["milvus-server"] if SERVER else [])]
KINDS = {
    "milvus-lite": ["FLAT"],
    "milvus-server": ["FLAT", "HNSW"],
    "postgres": ["exact", "hnsw"],
}
EVERY_KIND = [(name, kind) for name in ENGINES for kind in KINDS[name]]
SIZE = PassageSize(words=12, overlap=0)
TEXTS = {
    "قمر.txt": "القمر تابع الأرض. يدور القمر حول الأرض في نحو سبعة وعشرين يوماً.",
    "بحر.txt": "البحر الميت أخفض بقعة على اليابسة. ماؤه شديد الملوحة.",
    "نيل.md": "# النيل\n\nيجري النيل من الجنوب إلى الشمال. طوله نحو 6650 كيلومتراً.",
}


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"milvus:{tmp_path_factory.mktemp('milvus') / 'vectors.db'}"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres() as address:
        yield f"postgres:{address}"
        engine_for.cache_clear()


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest) -> str:
    return setting(request.param, request)


def setting(name: str, request: pytest.FixtureRequest) -> str:
    """The setting `store` for an engine of these tests, which is started where need be."""
    if name == "milvus-server":
        return f"milvus:{SERVER}"
    return str(request.getfixturevalue("database" if name == "postgres" else "lite"))


def engine_of(store: str) -> Engine:
    engine = engine_for(store)
    assert engine is not None
    return engine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = tmp_path / "texts"
    texts.mkdir()
    for name, text in TEXTS.items():
        (texts / name).write_text(text, encoding="utf-8")
    return texts


@pytest.fixture
def target(tmp_path: Path, store: str) -> Iterator[Path]:
    yield tmp_path / "an.index"
    for made in tmp_path.glob("*.index"):
        keep_only(made, store)


def build(target: Path, *paths: Path, store: str, **options: object) -> BuildReport:
    model = HashEmbedder()
    return build_index(
        target, paths, model.name, lambda: model, size=SIZE, store=store, **options  # type: ignore[arg-type]
    )  # fmt: skip


def found(target: Path, query: str, store: str) -> list[tuple[str, float]]:
    """Passage ids and scores, best first."""
    hits = SearchIndex.open(target, HashEmbedder(), store).search(query, limit=20)
    return [(hit.passage.id, hit.score) for hit in hits]


def collections(target: Path, store: str) -> list[str]:
    return engine_of(store).names(collections_of(target))


@pytest.mark.parametrize(("name", "kind"), EVERY_KIND)
def test_every_kind_keeps_the_contract(
    name: str, kind: str, request: pytest.FixtureRequest
) -> None:
    engine = engine_of(setting(name, request))
    collection = f"dalil_{uuid4().hex}"
    vectors = unit_vectors(2_000)
    engine.write(collection, vectors, kind)
    try:
        opened = engine.open(collection)
        assert opened.kind == kind
        keeps_the_contract(opened, vectors)
        assert recall(opened, vectors) >= (0.97 if kind.lower() == "hnsw" else 1.0)
        engine.write(collection, vectors[:3], kind)
        opened = engine.open(collection)
        assert opened.search(vectors[0], 10)[0].shape == (3,), "nothing of before, no padding"
    finally:
        engine.drop(collection)
    engine.drop(collection)
    assert engine.names(collection) == []
    with pytest.raises(AbsentError, match=collection):
        engine.open(collection)


def test_a_large_table_gets_a_graph(database: str) -> None:
    engine = engine_of(database)
    vectors = unit_vectors(10_001, dim=8)
    try:
        written = engine.write("dalil_large", vectors)
        assert written.kind == "hnsw"
        assert len(written.search(vectors[0], 500)[0]) == 500, "more than a search looks at"
    finally:
        engine.drop("dalil_large")


def test_what_is_found_is_what_exact_search_finds(
    folder: Path, target: Path, store: str, tmp_path: Path
) -> None:
    build(target, folder, store=store)
    build(tmp_path / "faiss.index", folder, store="faiss")
    assert check_index(target, store) == []
    for query in ("كم طول نهر النيل؟", "القمر والأرض", "water", "ماء البحر"):
        here, there = found(target, query, store), found(tmp_path / "faiss.index", query, "faiss")
        assert [id for id, _ in here] == [id for id, _ in there]
        np.testing.assert_allclose([s for _, s in here], [s for _, s in there], atol=1e-5)


def test_a_hundred_near_rows_are_those_of_exact_search(
    folder: Path, target: Path, store: str, tmp_path: Path
) -> None:
    for i in range(300):
        (folder / f"{i:03}.txt").write_text(f"هذا النص رقم {i} عن النيل {i % 7}.", encoding="utf-8")
    build(target, folder, store=store)
    build(tmp_path / "faiss.index", folder, store="faiss")
    query = HashEmbedder().embed_queries(["النيل 3"])[0]
    opened = [
        SearchIndex.open(target, HashEmbedder(), store),
        SearchIndex.open(tmp_path / "faiss.index", HashEmbedder()),
    ]
    here, there = (one.vectors.search(query, 100)[1] for one in opened)
    np.testing.assert_allclose(here, there, atol=1e-5)


def test_an_update_embeds_what_is_new_and_leaves_one_collection(
    folder: Path, target: Path, store: str
) -> None:
    build(target, folder, store=store)
    before = collections(target, store)
    (folder / "قمر.txt").unlink()
    (folder / "شمس.txt").write_text("الشمس نجم من نجوم المجرّة.", encoding="utf-8")
    report = build(target, folder, store=store)
    assert report.embedded == 1
    after = collections(target, store)
    assert len(before) == len(after) == 1
    assert before != after
    assert check_index(target, store) == []
    hits = SearchIndex.open(target, HashEmbedder(), store).search("نجم الشمس", limit=20)
    assert hits[0].source.endswith("شمس.txt")
    assert not any("قمر" in hit.source for hit in hits)


def test_a_build_without_changes_writes_nothing(folder: Path, target: Path, store: str) -> None:
    build(target, folder, store=store)
    before = collections(target, store)
    assert not build(target, folder, store=store).written
    assert collections(target, store) == before


def test_a_rebuild_leaves_one_collection(folder: Path, target: Path, store: str) -> None:
    build(target, folder, store=store)
    before = collections(target, store)
    assert build(target, folder, store=store, rebuild=True).embedded > 0
    assert len(collections(target, store)) == 1
    assert collections(target, store) != before
    assert found(target, "النيل", store)


def test_a_build_killed_before_the_swap_leaves_the_old_index_serving(
    folder: Path, target: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(target, folder / "نيل.md", store=store)
    before = found(target, "النيل", store)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(index.build, "publish", die)
        with pytest.raises(KeyboardInterrupt):
            build(target, folder, store=store)
    assert len(collections(target, store)) == 2
    assert found(target, "النيل", store) == before
    report = build(target, folder, store=store)
    assert (report.embedded, report.documents) == (0, 3), "the vectors made before were kept"
    assert len(collections(target, store)) == 1
    assert check_index(target, store) == []


def test_a_build_killed_after_the_swap_is_tidied_up_by_the_next(
    folder: Path, target: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(target, folder / "نيل.md", store=store)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(index.build, "keep_only", die)
        with pytest.raises(KeyboardInterrupt):
            build(target, folder, store=store)
    assert len(collections(target, store)) == 2
    assert check_index(target, store) == []
    assert not build(target, folder, store=store).written
    assert len(collections(target, store)) == 1


def test_an_open_index_follows_rebuilds(folder: Path, target: Path, store: str) -> None:
    build(target, folder / "نيل.md", store=store)
    live = LiveIndex(target, HashEmbedder(), store)
    held = live()
    build(target, folder, store=store)
    with pytest.raises(AbsentError, match="does not hold") as lost:
        held.search("القمر")
    assert "ask again" in lost.value.hint
    assert live().search("القمر")[0].source.endswith("قمر.txt")


def test_vectors_move_between_stores_without_being_made_again(
    folder: Path, target: Path, store: str
) -> None:
    build(target, folder, store="faiss")
    name = engine_of(store).name
    with pytest.raises(DalilError, match=f"are in faiss; the setting `store` says {name}") as other:
        SearchIndex.open(target, HashEmbedder(), store)
    assert f"dalil index --index {target} --store {name}:..." in other.value.hint
    with pytest.raises(DalilError, match="are in faiss"):
        check_index(target, store)
    there = build(target, store=store)
    assert (there.written, there.embedded, there.changes.warnings) == (True, 0, [])
    assert found(target, "النيل", store)
    with pytest.raises(DalilError, match=f"are in {name}"):
        SearchIndex.open(target, HashEmbedder())
    collection = collections(target, store)[0]
    back = build(target, store="faiss")
    assert (back.written, back.embedded) == (True, 0)
    assert back.changes.warnings == [(collection, "left_in_engine")]
    assert found(target, "النيل", "faiss")


def test_lost_vectors_are_said_to_be_and_written_again(
    folder: Path, target: Path, store: str
) -> None:
    build(target, folder, store=store)
    for collection in collections(target, store):
        engine_of(store).drop(collection)
    with pytest.raises(AbsentError, match="does not hold the vectors"):
        SearchIndex.open(target, HashEmbedder(), store)
    report = build(target, folder, store=store)
    assert (report.written, report.embedded) == (True, 0)
    assert check_index(target, store) == []


def test_other_vectors_than_those_written_are_a_fault(
    folder: Path, target: Path, store: str
) -> None:
    build(target, folder, store=store)
    current = current_generation(target)
    assert current
    manifest = Manifest.load(current)
    engine = engine_of(store)
    engine.write(manifest.collection, unit_vectors(2, manifest.dim))
    name = engine.name
    assert [fault.startswith(f"{name} has 2 rows") for fault in check_index(target, store)] == [
        True
    ]


def test_a_copied_index_never_drops_the_vectors_of_the_first(
    folder: Path, target: Path, store: str
) -> None:
    build(target, folder, store=store)
    copy = target.with_name("copy.index")
    shutil.copytree(target, copy)
    assert found(copy, "النيل", store) == found(target, "النيل", store)
    (folder / "شمس.txt").write_text("الشمس نجم.", encoding="utf-8")
    build(copy, folder, store=store)
    assert len(collections(copy, store)) == len(collections(target, store)) == 1
    assert len(found(copy, "النيل", store)) == len(found(target, "النيل", store)) + 1


@pytest.mark.parametrize(
    "store",
    [
        "milvus:http://reader:hidden@127.0.0.1:1",
        "milvus:/nowhere/vectors.db",
        "milvus:/nowhere/vectors",
        "postgres:host=127.0.0.1 port=1 user=reader password=hidden",
        "postgres:postgresql://reader:hidden@127.0.0.1:1/texts",
        "postgres:hidden",
    ],
)
def test_an_engine_that_is_not_there_is_a_clear_error(
    store: str, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(DalilError, match="cannot be used") as missing:
        build(tmp_path / "an.index", folder, store=store)
    assert missing.value.arabic
    assert "hidden" not in f"{missing.value} {missing.value.arabic}"
    assert not (tmp_path / "an.index").exists()


@pytest.mark.parametrize(
    ("store", "client"), [("milvus:a.db", "pymilvus"), ("postgres:dbname=a", "psycopg")]
)
def test_an_engine_whose_client_is_not_installed_says_how_to_install_it(
    store: str, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, client, None)
    with pytest.raises(DalilError, match="is not installed") as missing:
        engine_for(store)
    assert f"-m pip install {client}" in missing.value.hint.replace("'", "")


def test_an_unknown_store_is_refused() -> None:
    for store in ("qdrant:http://localhost", "milvus", "milvus:", "faiss:here"):
        with pytest.raises(DalilError, match="names no engine"):
            engine_for(store)


def test_a_file_of_milvus_lite_is_open_to_one_process(lite: str) -> None:
    engine_of(lite)
    other = "import sys; from index.engines import engine_for; engine_for(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", other, lite], capture_output=True, text=True, check=False
    )
    assert "another process has it open" in done.stderr


def test_a_connection_that_was_cut_is_made_again(database: str) -> None:
    import psycopg

    engine = engine_of(database)
    vectors = unit_vectors(20)
    opened = engine.write("dalil_cut", vectors)
    try:
        with psycopg.connect(database.removeprefix("postgres:"), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
        assert opened.search(vectors[3], 1)[0].tolist() == [3]
    finally:
        engine.drop("dalil_cut")


def test_a_build_that_dies_while_it_writes_leaves_no_table(database: str) -> None:
    engine = engine_of(database)
    with pytest.raises(DalilError, match="cannot be used"):
        engine.write("dalil_torn", np.full((3, 20_000), np.float32(0.01)))
    assert engine.names("dalil_torn") == []
