import os
from pathlib import Path

import pytest

from corpus.errors import DalilError
from corpus.files import FoundFile, SkippedFile, find_files


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("نص", encoding="utf-8")


def sources(paths: list[Path]) -> list[str]:
    return [file.source for file in find_files(paths) if isinstance(file, FoundFile)]


def skipped(paths: list[Path]) -> list[SkippedFile]:
    return [file for file in find_files(paths) if isinstance(file, SkippedFile)]


def test_a_named_file_keeps_the_name_that_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "نصوص/مقال.TXT")
    monkeypatch.chdir(tmp_path)
    path = Path("نصوص/مقال.TXT")
    assert list(find_files([path])) == [FoundFile(tmp_path / path, "نصوص/مقال.TXT", path)]


def test_a_folder_is_walked_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "in/b.md", "in/a.txt", "in/sub/deep/c.html", "in/sub/a.pdf", "in/z.docx")
    monkeypatch.chdir(tmp_path)
    assert sources([Path("in")]) == [
        *("in/a.txt", "in/b.md", "in/sub/a.pdf", "in/sub/deep/c.html", "in/z.docx")
    ]
    assert all(
        isinstance(file, FoundFile) and file.path.is_absolute() for file in find_files([Path("in")])
    )


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, ".secret.txt", ".git/notes.md", "seen.txt")
    assert sources([tmp_path]) == [f"{tmp_path.as_posix()}/seen.txt"]
    assert skipped([tmp_path]) == []


def test_unknown_files_are_counted_in_a_folder_and_skipped_by_name(tmp_path: Path) -> None:
    write(tmp_path, "a.jpg", "b.zip", "sub/c", "d.txt")
    [record] = skipped([tmp_path])
    assert record.count == 3
    [named] = skipped([tmp_path / "a.jpg"])
    assert named.source.endswith("a.jpg")
    assert ".pdf" in named.reason


def test_a_missing_path_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    with pytest.raises(DalilError) as caught:
        find_files([tmp_path, tmp_path / "gone"])
    assert "gone" in caught.value.message
    assert caught.value.hint


def test_the_same_file_comes_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "in/a.txt", "in/sub/b.txt")
    (tmp_path / "in/link.txt").symlink_to("a.txt")
    (tmp_path / "other").symlink_to("in", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    assert sources([Path("in"), Path("in/sub"), Path("in/a.txt"), Path("other")]) == [
        *("in/a.txt", "in/sub/b.txt")
    ]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    write(tmp_path, "a/b/one.txt")
    (tmp_path / "a/b/up").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "a/self").symlink_to(tmp_path / "a/self")
    (tmp_path / "a/nowhere.txt").symlink_to(tmp_path / "not-there.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert [Path(source).name for source in sources([tmp_path])] == ["one.txt"]
    reasons = {Path(record.source).name: record.reason for record in skipped([tmp_path])}
    assert reasons["nowhere.txt"] == "a link that leads nowhere"
    assert reasons["pipe.txt"] == "not a file"


def test_a_locked_folder_is_reported_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.txt", "locked/b.txt", "open/c.txt")
    scan = os.scandir

    def refuse(path: Path) -> "os._ScandirIterator[str]":
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [Path(source).name for source in sources([tmp_path])] == ["a.txt", "c.txt"]
    [record] = skipped([tmp_path])
    assert record.source.endswith("locked")
    assert "Permission denied" in record.reason


def test_a_folder_without_anything_gives_nothing(tmp_path: Path) -> None:
    assert list(find_files([tmp_path])) == []
