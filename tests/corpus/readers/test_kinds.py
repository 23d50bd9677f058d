"""A file is what its bytes say."""

import io
import zipfile
from pathlib import Path

import pytest

from corpus.errors import UnreadableFileError
from corpus.readers import SUFFIXES, document_in
from corpus.readers.kinds import require_kind

FIXTURES = Path(__file__).parents[1] / "fixtures"
PDF = (FIXTURES / "three_pages.pdf").read_bytes()
TEXT = "يدور القمر حول الأرض.".encode()


def package() -> bytes:
    blob = io.BytesIO()
    with zipfile.ZipFile(blob, "w") as archive:
        archive.writestr("a.txt", "نص " * 99)
    return blob.getvalue()


OTHERS = {
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a gzip archive": b"\x1f\x8b\x08\0",
    "a program": b"MZ\x90\0" + TEXT,
    "a database": b"SQLite format 3\0",
    "an RTF document": b"{\\rtf1\\ansi \\'e3\\'cf}",
    "a file of old Office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
}


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("kind", sorted(OTHERS))
def test_what_nobody_reads_is_named_whatever_it_is_called(suffix: str, kind: str) -> None:
    with pytest.raises(UnreadableFileError, match=kind) as told:
        document_in(OTHERS[kind], suffix, "س")
    assert "Save its text" in told.value.hint
    assert told.value.arabic


@pytest.mark.parametrize("suffix", sorted(SUFFIXES - {".pdf"}))
def test_a_pdf_by_another_name_says_which_ending_it_had(suffix: str) -> None:
    with pytest.raises(UnreadableFileError, match="is a PDF") as told:
        document_in(PDF, suffix, "س")
    assert told.value.hint.endswith(".pdf.")


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".csv", ".jsonl", ".pdf"])
def test_a_package_by_another_name_is_refused(suffix: str) -> None:
    with pytest.raises(UnreadableFileError, match="ZIP package"):
        document_in(package(), suffix, "س")


@pytest.mark.parametrize("text", ["MZ هي حروف", "GIF8 صورة", "PK", "Rar! كتب", "7z"])
@pytest.mark.parametrize("suffix", [".txt", ".md", ".csv"])
def test_a_text_may_begin_with_any_letters(text: str, suffix: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        require_kind(text.encode(encoding), suffix, "س")
    assert text in document_in(text.encode(), suffix, "س").text
