"""Fifteen hostile inputs: each ends in a clear message or a skipped file; nothing is lost."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from index.check import check_index

Dalil = Callable[..., Result]
GOOD = "يدور القمر حول الأرض في سبعة وعشرين يوماً. وهو تابعها الوحيد."


def empty(folder: Path) -> None:
    (folder / "bad.txt").write_bytes(b"")


def spaces(folder: Path) -> None:
    (folder / "bad.md").write_text(" \n\t\u200f\n", encoding="utf-8")


def binary(folder: Path) -> None:
    (folder / "bad.txt").write_bytes(bytes(range(256)) * 40)


def broken_pdf(folder: Path) -> None:
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog" + b"\xff" * 300)


def text_called_pdf(folder: Path) -> None:
    (folder / "bad.pdf").write_text(GOOD, encoding="utf-8")


def broken_docx(folder: Path) -> None:
    (folder / "bad.docx").write_bytes(b"PK\x03\x04" + b"\x00" * 100)


def zip_bomb(folder: Path) -> None:
    with zipfile.ZipFile(folder / "bad.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * 600_000_000)


def unreadable(folder: Path) -> None:
    (folder / "bad.txt").symlink_to("/proc/self/mem")


def dangling_link(folder: Path) -> None:
    (folder / "bad.txt").symlink_to(folder / "nowhere.txt")


SKIPPED = [
    empty,
    spaces,
    binary,
    broken_pdf,
    text_called_pdf,
    broken_docx,
    zip_bomb,
    unreadable,
    dangling_link,
]


def symlink_loop(folder: Path) -> None:
    (folder / "loop").symlink_to(folder)


def scripts(folder: Path) -> None:
    (folder / "odd.html").write_text(
        "<html><script>alert(1)</script><p onclick=x()>يعيش الجمل في الصحراء.</p>"
        + "<div>" * 50_000,
        encoding="utf-8",
    )


def wrong_encoding(folder: Path) -> None:
    (folder / "odd.txt").write_bytes("تقع مدينة فاس في المغرب.".encode("windows-1256"))


def bidi_controls(folder: Path) -> None:
    (folder / "\u202eodd\x1b[31m.txt").write_text(
        "\u202e\u2066يصب النيل\u202c في البحر المتوسط.\x1b[2J", encoding="utf-8"
    )


def no_sentences(folder: Path) -> None:
    (folder / "odd.txt").write_text("كلمة" * 10_000, encoding="utf-8")


def names_that_are_commands(folder: Path) -> None:
    (folder / "--rebuild; rm -rf $(x) '\".txt").write_text("نص قصير هنا.", encoding="utf-8")


READ = [
    symlink_loop,
    scripts,
    wrong_encoding,
    bidi_controls,
    no_sentences,
    names_that_are_commands,
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "good.txt").write_text(GOOD, encoding="utf-8")
    return texts


def survives(dalil: Dalil, folder: Path, index: Path) -> str:
    result = dalil("index", folder, "--index", index)
    assert result.exit_code == 0, result.output
    assert "Traceback" not in result.output
    assert "\x1b[31m" not in result.output
    assert "\u202e" not in result.output
    assert check_index(index) == []
    answer = dalil("ask", "--index", index, "في كم يوماً يدور القمر حول الأرض؟")
    assert "سبعة وعشرين" in answer.output
    return result.output


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("make", SKIPPED, ids=lambda make: make.__name__)
def test_a_bad_file_is_skipped_with_a_reason(
    dalil: Dalil, folder: Path, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(folder)
    output = survives(dalil, folder, tmp_path / "an.index")
    assert "1 added" in output
    assert "1 skipped" in output
    assert "bad." in output


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("make", READ, ids=lambda make: make.__name__)
def test_an_odd_file_is_read_and_harms_nothing(
    dalil: Dalil, folder: Path, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(folder)
    survives(dalil, folder, tmp_path / "an.index")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser reads every file")
@pytest.mark.usefixtures("model")
def test_a_file_without_permission_is_skipped(dalil: Dalil, folder: Path, tmp_path: Path) -> None:
    (folder / "bad.txt").write_text("سر", encoding="utf-8")
    (folder / "bad.txt").chmod(0)
    assert "1 skipped" in survives(dalil, folder, tmp_path / "an.index")


def test_fifty_megabytes_on_one_line_become_passages() -> None:
    from corpus.document import Document
    from corpus.passages import passages

    text = "كلمة أخرى " * (50 * 2**20 // 19)
    cut = passages(Document("ضخم.txt", text))
    assert len(cut) > 10_000
    assert all(text[p.start : p.end] == p.text for p in cut[:: len(cut) // 100])
    assert cut[-1].end == len(text.rstrip())
