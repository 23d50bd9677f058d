"""The examples for other programs do what they say."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from index.build import build_index
from qa.conversations import Conversations
from tests.index.doubles import HashEmbedder
from tests.ui.conftest import serving
from tests.ui.library_doubles import MOON, NILE, library_in, settings_in
from ui.workspace import Workspace

ROOT = Path(__file__).parents[1]
HERE = "http://127.0.0.1:7860"
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def examples(page: str, kind: str) -> list[str]:
    """The blocks of one kind, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "moon.txt").write_text(MOON, encoding="utf-8")
    (tmp_path / "nile.txt").write_text(NILE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    settings = settings_in(folder / "data")
    texts = [folder / "moon.txt", folder / "nile.txt"]
    build_index(settings.own_index, texts, "hash", HashEmbedder, size=settings.size)
    library = library_in(folder / "data")
    library.create("كتبي")
    library.pipeline("own")
    workspace = Workspace(library, Conversations(folder / "conversations.sqlite"))
    with serving(workspace) as address:
        yield address


def run(folder: Path, *command: str, **settings: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **settings},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_the_examples_with_curl(address: str, folder: Path) -> None:
    (folder / ".curlrc").write_text("fail-with-body\nsilent\nshow-error\n")
    said = []
    for block in examples(API, "bash"):
        for line in block.replace("\\\n", " ").replace("\n       ", " ").splitlines():
            words = shlex.split(line.replace(HERE, address))
            said.append(run(folder, *words, CURL_HOME=str(folder)))
    whole, stream, hits, collections, none, added, removed = said
    assert '"citations":[{' in whole
    assert "event: citation" in stream
    assert "event: done" in stream
    assert '"text":' in hits
    assert '"كتبي"' in collections
    assert none == '{"documents":[]}'
    assert added.count('"state":"indexed"') == 2
    assert '"documents":1' in removed


def test_the_example_with_the_client_of_openai(address: str, folder: Path) -> None:
    (code,) = [one for one in examples(API, "python") if "openai" in one]
    said = run(folder, sys.executable, "-c", code.replace(HERE, address))
    assert said.rstrip().splitlines()[-1] in MOON
    assert "يدور القمر" in said.splitlines()[0]


def test_the_examples_in_python(folder: Path, tiny_model: Path) -> None:
    settings = {
        "DALIL_EMBEDDER": str(tiny_model),
        "DALIL_READER": "sentences",
        "DALIL_THRESHOLD": "0",
        "DALIL_DATA": str(folder / "data"),
    }
    dalil = (sys.executable, "-m", "ui", "index", "moon.txt", "nile.txt", "--index", "my.index")
    run(folder, *dalil, **settings)
    for page in (API, README):
        (code,) = [one for one in examples(page, "python") if "open_index" in one]
        said = run(folder, sys.executable, "-c", code, **settings)
        assert "moon.txt" in said
        assert MOON.split(".")[0] in said


def test_every_address_that_is_named_is_there(address: str) -> None:
    described = httpx.get(f"{address}/api/v1/openapi.json").json()["paths"]
    named = {path.rstrip("./") for path in re.findall(r"/api/v1(/[a-z.]+)", API)}
    assert named - {"/openapi.json", "/docs"} == {path.split("/{")[0] for path in described}
