import os
from pathlib import Path

import pytest

import corpus.readers
from corpus.errors import UnreadableFileError
from corpus.readers import SUFFIXES, read_document


def refusal(path: Path, source: str = "نصوص/ملف") -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as caught:
        read_document(path, source)
    assert caught.value.message.startswith(f"{source}: ")
    assert caught.value.hint
    return caught.value


def test_the_endings_that_are_read() -> None:
    texts = {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".csv", ".tsv", ".jsonl"}
    assert texts | {".pdf", ".docx", ".pptx", ".xlsx", ".epub"} == SUFFIXES


@pytest.mark.parametrize(
    "name", ["a.txt", "a.TXT", "a.text", "a.md", "a.Markdown", "a.html", "a.HTM"]
)
def test_the_ending_chooses_the_reader_in_either_case(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("أهلاً بالقارئ", encoding="utf-8")
    document = read_document(path, name)
    assert document.text == "أهلاً بالقارئ"
    assert document.source == name
    assert document.pages == ()


@pytest.mark.parametrize("name", ["song.mp3", "book.doc", "README", ".txt"])
def test_unknown_endings_are_refused_with_the_known_ones(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("نص", encoding="utf-8")
    error = refusal(path)
    assert ".docx" in error.hint


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize(
    "data", [b"", b"\0" * 64, b"%PDF-1.7\n%%EOF", b"PK\x03\x04", bytes(range(256))]
)
def test_no_reader_makes_a_document_of_rubbish(suffix: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(data)
    texts = {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".csv", ".tsv"}
    if not (suffix in texts and data[:4] == b"%PDF"):
        refusal(path)


@pytest.mark.parametrize(
    "text", [" \n\t\r\n ", "\ufeff", "---\n***\n", "<html><body><!-- لا شيء --></body>"]
)
def test_a_file_without_words_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / ("a.html" if text.startswith("<") else "a.txt")
    path.write_text(text, encoding="utf-8")
    assert "no text" in refusal(path).message


def test_a_folder_a_pipe_and_a_vanished_file(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "circle.txt").symlink_to("circle.txt")
    assert "folder" in refusal(tmp_path / "folder.txt").message
    assert "ordinary" in refusal(tmp_path / "pipe.txt").message
    assert "no such file" in refusal(tmp_path / "gone.txt").message
    refusal(tmp_path / "circle.txt")


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("سر", encoding="utf-8")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "permission" in refusal(path).message


def test_a_failing_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("نص", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", fail)
    assert "Input/output error" in refusal(path).message


def test_a_file_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.readers, "MAX_FILE_BYTES", 10)
    path = tmp_path / "a.txt"
    path.write_bytes(b"0123456789")
    assert read_document(path, "a").text == "0123456789"
    path.write_bytes(b"0123456789a")
    assert "larger" in refusal(path).message
