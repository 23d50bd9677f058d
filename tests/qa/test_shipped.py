"""What ships is checked before it is used."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import qa.shipped
from corpus.errors import DalilError
from qa.readers import make_reader, threshold_of, weights_folder
from qa.settings import Settings, load_settings
from qa.shipped import shipped, sums, write_sums

FILES = sorted(sums(weights_folder()))


def test_all_weights_have_a_sum_that_others_can_check() -> None:
    folder = weights_folder()
    assert (
        sorted(p.name for p in folder.iterdir() if p.suffix in {".json", ".safetensors"}) == FILES
    )
    done = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=folder, check=False)
    assert done.returncode == 0


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "weights"
    shutil.copytree(weights_folder(), folder)
    monkeypatch.setattr(qa.shipped, "_FOLDER", folder)
    shipped.cache_clear()
    yield folder
    shipped.cache_clear()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["flipped", "cut", "gone"])
def test_a_changed_file_is_refused_and_named(copied: Path, name: str, harm: str) -> None:
    assert shipped(name) == copied / name
    shipped.cache_clear()
    data = bytearray((copied / name).read_bytes())
    data[len(data) // 2] ^= 1
    if harm == "gone":
        (copied / name).unlink()
    else:
        (copied / name).write_bytes(data if harm == "flipped" else data[:-1])
    with pytest.raises(DalilError, match=name) as told:
        shipped(name)
    assert "git checkout" in told.value.hint
    assert told.value.arabic


@pytest.mark.parametrize("use", [make_reader, threshold_of])
def test_the_reader_uses_no_other_files(copied: Path, use: Callable[[Settings], object]) -> None:
    for name in FILES:
        (copied / name).write_bytes(b"{}")
    with pytest.raises(DalilError, match="came with Dalil"):
        use(load_settings())


@pytest.mark.parametrize("text", ["", "x", "\xff", "0" * 64 + "  other.json\n"])
def test_without_its_sum_no_file_is_trusted(copied: Path, text: str) -> None:
    (copied / "SHA256SUMS").write_text(text, "latin-1")
    with pytest.raises(DalilError, match="came with Dalil"):
        shipped(FILES[0])


def test_whoever_trains_anew_gets_new_sums(copied: Path) -> None:
    (copied / FILES[0]).write_text("{}")
    write_sums(copied)
    assert shipped(FILES[0])
    write_sums(copied.parent)
    assert not (copied.parent / "SHA256SUMS").exists()
