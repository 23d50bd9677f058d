"""The file behind a document: its very bytes, or nothing."""

import os
from pathlib import Path

import pytest

import qa.original
from index.build import build_index
from index.search import SearchIndex
from qa.pipeline import Pipeline
from tests.index.doubles import HashEmbedder

TEXT = "القمر تابع الأرض. يدور القمر حول الأرض في نحو سبعة وعشرين يوماً."


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two files with one text, and a third with another."""
    texts = {"أ.txt": TEXT, "ب.txt": TEXT, "ج.txt": "البحر الميت أخفض بقعة على اليابسة."}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [tmp_path / name for name in texts]


@pytest.fixture
def pipeline(files: list[Path], tmp_path: Path) -> Pipeline:
    model = HashEmbedder()
    build_index(tmp_path / "an.index", files, model.name, lambda: model)
    index = SearchIndex.open(tmp_path / "an.index", model)
    return Pipeline(lambda: index, lambda _: pytest.fail("no reader is needed"), 0.5)


@pytest.fixture
def document_id(pipeline: Pipeline) -> str:
    [hit, *_] = pipeline._open().search("حول ماذا يدور القمر؟")
    return hit.passage.document_id


def test_the_bytes_that_were_read(pipeline: Pipeline, document_id: str) -> None:
    assert pipeline.original(document_id) == TEXT.encode()


def test_any_file_that_still_holds_the_text_will_do(
    pipeline: Pipeline, document_id: str, files: list[Path]
) -> None:
    files[0].unlink()
    assert pipeline.original(document_id) == TEXT.encode()
    files[1].write_text(TEXT + " ", encoding="utf-8")
    assert pipeline.original(document_id) is None
    files[0].write_text(TEXT, encoding="utf-8")
    assert pipeline.original(document_id) == TEXT.encode()


def test_an_unknown_document_has_no_file(pipeline: Pipeline) -> None:
    assert pipeline.original("0" * 16) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes to name")
def test_a_pipe_or_a_folder_in_its_place_is_not_waited_for(
    pipeline: Pipeline, document_id: str, files: list[Path]
) -> None:
    for file in files[:2]:
        file.unlink()
    os.mkfifo(files[0])
    files[1].mkdir()
    assert pipeline.original(document_id) is None


def test_a_file_over_the_limit_is_not_read_whole(
    pipeline: Pipeline, document_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qa.original, "MAX_FILE_BYTES", len(TEXT.encode()) - 1)
    assert pipeline.original(document_id) is None
