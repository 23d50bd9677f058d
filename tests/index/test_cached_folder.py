from pathlib import Path

import pytest

from index.cached_folder import cached_folder, is_whole


def write(folder: Path) -> None:
    (folder / "large.bin").write_bytes(b"weights" * 10)
    (folder / "small.json").write_text("{}", "utf-8")


def test_it_is_made_once_and_keeps_its_origin(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(folder: Path) -> None:
        made.append(folder)
        write(folder)

    for _ in range(2):
        assert cached_folder(tmp_path / "a" / "model", {"from": "x"}, make) == tmp_path / "a/model"
    assert len(made) == 1
    assert '"from": "x"' in (tmp_path / "a" / "model" / "dalil-manifest.json").read_text("utf-8")


def test_a_flipped_byte_is_seen_in_small_files_and_a_lost_one_in_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.disk.SMALL", 20)
    folder = cached_folder(tmp_path / "model", {}, write)
    (folder / "small.json").write_text("[]", "utf-8")
    assert not is_whole(folder)
    assert cached_folder(tmp_path / "model", {}, write) == folder
    assert is_whole(folder)
    (folder / "large.bin").write_bytes(b"weight")
    assert not is_whole(folder)


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        write(folder)
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        cached_folder(tmp_path / "model", {}, fail)
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []
