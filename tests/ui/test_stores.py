"""The setting `store` from the command line and in the library."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from index.engines import collections_of, engine_for
from index.manifest import Manifest, current_generation
from tests.ui.library_doubles import MOON, ended, light_models, settings_in, text
from ui.library import Library


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"milvus:{tmp_path / 'vectors.db'}"


def collections(folder: Path, store: str) -> list[str]:
    engine = engine_for(store)
    assert engine is not None
    return engine.names(collections_of(folder))


def test_a_collection_is_searched_and_deleted_in_its_store(tmp_path: Path, store: str) -> None:
    settings = settings_in(tmp_path / "data", store=store)
    library = Library(settings, lambda: replace(light_models(), store=store))
    made = library.create("كتبي")
    ended(library.add(made.id, [("قمر.txt", text(tmp_path / "uploads", MOON))]))
    assert library.pipeline(made.id).ask("في كم يوماً يدور القمر حول الأرض؟").citations
    assert library.check(made.id) == ()
    folder = library.collection(made.id).folder
    assert len(collections(folder, store)) == 1
    ended(library.remove(made.id, "قمر.txt"))
    assert collections(folder, store) == []
    ended(library.add(made.id, [("قمر.txt", text(tmp_path / "uploads", MOON))]))
    prefix = collections_of(folder)
    library.delete(made.id)
    engine = engine_for(store)
    assert engine is not None
    assert engine.names(prefix) == []


def test_indexing_and_asking_only_change_a_setting(
    dalil: Callable[..., Result],
    tmp_path: Path,
    tiny_model: Path,
    store: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DALIL_READER", "sentences")
    (tmp_path / "قمر.txt").write_text(MOON, encoding="utf-8")
    index = ("--index", tmp_path / "an.index", "--embedder", tiny_model)
    made = dalil("index", tmp_path / "قمر.txt", *index, "--store", store)
    assert made.exit_code == 0, made.output
    generation = current_generation(tmp_path / "an.index")
    assert generation
    assert Manifest.load(generation).store == "milvus"
    assert not (generation / "vectors.faiss").exists()
    sound = dalil("index", "--check", *index, "--store", store)
    assert "is sound" in sound.output
    asked = dalil("ask", "في كم يوماً يدور القمر حول الأرض؟", *index, "--store", store)
    assert asked.exit_code == 0, asked.output
    refused = dalil("ask", "متى؟", *index)
    assert refused.exit_code == 2
    assert "are in milvus" in refused.output
    moved = dalil("index", *index)
    assert "stays in the engine that was used before" in moved.output
    assert "0 passages embedded" in moved.output
    assert dalil("ask", "متى؟", *index).exit_code == 0
