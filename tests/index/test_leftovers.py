"""What a build finds that went wrong before it, or goes wrong while it runs."""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.document import Document
from corpus.errors import DalilError
from corpus.readers import read_document
from index import cached_folder as folders
from index import disk, manifest, sources
from index.build import BuildReport, build_index
from index.cached_folder import cached_folder
from index.engines import collections_of
from index.pending import PENDING, PendingVectors
from index.search import SearchIndex, require_generation
from tests.index.doubles import HashEmbedder


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "نصوص"
    (folder / "داخل").mkdir(parents=True)
    for i in range(40):
        (folder / f"{i:02}.txt").write_text(f"هذا النصّ رقم {i} وحده.", "utf-8")
    (folder / "داخل" / "قمر.txt").write_text("القمر تابع الأرض.", "utf-8")
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "an.index"


def build(target: Path, *paths: Path, model: HashEmbedder | None = None) -> BuildReport:
    return build_index(target, paths, "hash", lambda: model or HashEmbedder())


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_build_with_nothing_to_do_clears_away_what_a_killed_one_left(
    texts: Path, target: Path
) -> None:
    build(target, texts)
    with PendingVectors(target, "hash-64") as pending:  # killed after the swap
        pending.add(["a"], np.ones((1, 64), dtype=np.float32))
    for name in (f"{PENDING}-journal", "CURRENT.new"):
        (target / name).touch()
    (target / "generations" / "000009").mkdir()
    assert not build(target).written
    assert names(target) == {"CURRENT", "generations", ".lock"}
    assert names(target / "generations") == {"000001"}


def test_killed_builds_do_not_pile_up(texts: Path, target: Path) -> None:
    build(target, texts)
    (texts / "جديد.txt").write_text("نصّ جديد.", "utf-8")
    for name in ("000002", "000003"):
        (target / "generations" / name).mkdir()
    seen: list[set[str]] = []

    class Looking(HashEmbedder):
        def embed_passages(self, texts: Any) -> Any:
            seen.append(names(target / "generations"))
            return super().embed_passages(texts)

    build(target, model=Looking())
    assert seen == [{"000001", "000004"}]


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), sqlite3.OperationalError("full")]
)
def test_a_build_that_cannot_write_ends_in_words_and_leaves_the_disk_as_it_was(
    error: Exception, texts: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(target, texts)
    (texts / "جديد.txt").write_text("نصّ جديد.", "utf-8")

    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr("index.generation.save_array", full)
    with pytest.raises(DalilError, match=r"cannot be written: (No space|full)") as refused:
        build(target)
    assert "kept" in refused.value.hint
    assert "باقٍ" in refused.value.arabic
    assert names(target / "generations") == {"000001"}
    assert SearchIndex.open(target, HashEmbedder()).search("القمر")


def test_a_generation_that_serves_survives_a_disk_that_fails_right_after_the_swap(
    texts: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_at_once = disk.write_at_once

    def late(path: Path, text: str) -> None:
        write_at_once(path, text)
        if path.name == "CURRENT":
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(manifest, "write_at_once", late)
    with pytest.raises(DalilError, match="Input/output"):
        build(target, texts)
    assert SearchIndex.open(target, HashEmbedder()).search("القمر")


def test_a_generation_is_on_disk_with_its_name_before_the_swap(
    texts: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real: dict[str, Callable[..., None]] = {
        "sync": disk.sync,
        "write_at_once": disk.write_at_once,
    }

    def noted(name: str) -> Callable[..., None]:
        def call(path: Path, *values: str) -> None:
            done.append(path.name)
            real[name](path, *values)

        return call

    for name in real:
        monkeypatch.setattr(manifest, name, noted(name))
    build(target, texts)
    before = done[: done.index("CURRENT")]
    assert {"passages.sqlite", "vectors.npy", "000001", "generations"} <= set(before)


def test_a_pointer_that_is_lost_is_named(texts: Path, target: Path) -> None:
    build(target, texts)
    (target / "CURRENT").unlink()
    with pytest.raises(DalilError, match="CURRENT") as refused:
        require_generation(target)
    assert "--rebuild" in refused.value.hint


def test_a_full_disk_does_not_cost_the_vectors_that_were_made(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target.mkdir()
    with PendingVectors(target, "hash-64") as pending:
        pending.add(["a"], np.ones((1, 64), dtype=np.float32))

    def full(_: PendingVectors) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(PendingVectors, "_opened", full)
        with pytest.raises(sqlite3.OperationalError):
            PendingVectors(target, "hash-64")
    with PendingVectors(target, "hash-64") as pending:
        assert pending.keys() == {"a"}


def test_a_changed_vector_of_a_killed_build_is_made_again(target: Path) -> None:
    target.mkdir()
    with PendingVectors(target, "hash-64") as pending:
        pending.add(["a", "b"], np.eye(2, 64, dtype=np.float32))
    db = sqlite3.connect(target / PENDING)
    db.execute("UPDATE made SET vector = zeroblob(256) WHERE key = 'b'")
    db.commit()
    db.close()
    with PendingVectors(target, "hash-64") as pending:
        assert pending.keys() == {"a"}


@pytest.mark.parametrize("place", range(0, 8192, 97))
def test_no_byte_of_what_a_killed_build_left_does_harm(place: int, target: Path) -> None:
    target.mkdir()
    vectors = np.eye(20, 64, dtype=np.float32)
    with PendingVectors(target, "hash-64") as pending:
        pending.add([f"key-{i}" for i in range(20)], vectors)
    data = bytearray((target / PENDING).read_bytes())
    data[place % len(data)] ^= 0x41
    (target / PENDING).write_bytes(data)
    with PendingVectors(target, "hash-64") as pending:
        kept = pending.keys()
        for key in kept:
            np.testing.assert_array_equal(pending.get(key), vectors[int(key.partition("-")[2])])


def test_a_file_that_changes_while_it_is_read_is_read_as_it_is_now(
    texts: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, late = texts / "00.txt", "نصّ كُتب بعد حساب البصمة."
    original = path.read_text("utf-8")

    def read(file: Path, source: str) -> Document:
        if file == path and file.read_text("utf-8") == original:
            path.write_text(late, "utf-8")
        document = read_document(file, source)
        if file == path:
            path.write_text(original, "utf-8")
        return document

    with monkeypatch.context() as patched:
        patched.setattr(sources, "read_document", read)
        build(target, texts)
    build(target)
    hits = SearchIndex.open(target, HashEmbedder()).search("النصّ رقم 0 وحده", limit=40)
    held = {hit.passage.text for hit in hits if hit.source.endswith("00.txt")}
    assert held <= {original}


def test_a_file_that_does_not_come_to_rest_is_skipped_and_keeps_its_text(
    texts: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(target, texts)
    path = texts / "00.txt"
    path.write_text("نصّ آخر.", "utf-8")

    def read(file: Path, source: str) -> Document:
        path.write_text(path.read_text("utf-8") + " وزيادة", "utf-8")
        return read_document(file, source)

    monkeypatch.setattr(sources, "read_document", read)
    report = build(target)
    (skip,) = report.changes.skipped
    assert "changes while it is being read" in skip.reason
    assert report.documents == 41


def test_texts_in_a_folder_that_cannot_be_opened_are_kept(
    texts: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(target, texts)
    scandir = os.scandir

    def locked(path: Any) -> Iterator[Any]:
        if str(path).endswith("داخل"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", locked)
    (texts / "00.txt").unlink()
    report = build(target)
    assert (len(report.changes.removed), report.documents) == (1, 40)
    monkeypatch.setattr(os, "scandir", scandir)
    (texts / "داخل" / "قمر.txt").unlink()
    assert build(target).documents == 39


def test_a_damaged_name_in_the_engine_is_said(target: Path) -> None:
    target.mkdir()
    name = collections_of(target)
    assert collections_of(target) == name
    path = target / ".store-id"
    path.write_text(path.read_text().replace(" ", "0 "), "utf-8")
    with pytest.raises(DalilError, match=r"\.store-id"):
        collections_of(target)


def test_a_name_in_the_engine_of_an_older_version_stays(target: Path) -> None:
    target.mkdir()
    (target / ".store-id").write_text("0123456789abcdef" * 2 + "\n", "utf-8")
    older = collections_of(target)
    assert older == collections_of(target)


def test_what_a_killed_conversion_left_goes_though_the_model_is_whole(tmp_path: Path) -> None:
    model = cached_folder(tmp_path / "model", {}, lambda folder: (folder / "a.bin").touch())
    for leftover in folders._beside(model):
        leftover.mkdir()
    cached_folder(model, {}, lambda _: pytest.fail("made again"))
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"model"}
