"""The examples for programs do what they say."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from mcp import Client, StdioServerParameters

from index.build import build_index
from qa.conversations import Conversations
from qa.settings import Settings, load_settings
from tests import generation
from tests.index.doubles import HashEmbedder
from tests.loops import run_async
from tests.ui.conftest import serving
from tests.ui.library_doubles import MOON, NILE, library_in, settings_in
from ui.serving import listener
from ui.workspace import Workspace

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
HERE = "http://127.0.0.1:7860"
OLLAMA = "http://127.0.0.1:11434/v1"
DOORS = ("rest", "openai", "mcp", "python", "gradio-client", "generator")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in DOORS}
WRITES = generation.said(f"{MOON.split('.')[0]} [1]. ", "ويسكن القمر رجل عجوز [1].")


def examples(page: str, kind: str = "") -> list[str]:
    """The blocks of one kind, or of any, in order."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [text for found, text in blocks if kind in {"", found}]


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


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Path:
    """A folder with my.index, in which Dalil is set to small models."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "moon.txt").write_text(MOON, encoding="utf-8")
    (folder / "nile.txt").write_text(NILE, encoding="utf-8")
    configure(folder, tiny_model)
    run(folder, "dalil", "index", "moon.txt", "nile.txt", "--index", "my.index")
    return folder


@pytest.fixture
def indexed(built: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(built, tmp_path / "folder")


def configure(folder: Path, model: Path, more: str = "") -> None:
    own = (
        f'embedder = {json.dumps(str(model))}\nreader = "sentences"\nthreshold = 0\ndata = "data"\n'
    )
    (folder / "dalil.toml").write_text(own + more, encoding="utf-8")


def surroundings(**settings: str) -> dict[str, str]:
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **settings}


def run(folder: Path, *command: str, **settings: str) -> str:
    words = [shutil.which(command[0], path=surroundings()["PATH"]) or command[0], *command[1:]]
    done = subprocess.run(
        words,
        cwd=folder,
        env=surroundings(**settings),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run_python(folder: Path, code: str) -> str:
    return run(folder, sys.executable, "-c", code)


# REST


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_the_examples_with_curl(address: str, folder: Path) -> None:
    (folder / ".curlrc").write_text("fail-with-body\nsilent\nshow-error\n")
    said = []
    for block in examples(PAGES["rest"], "bash"):
        for line in block.replace("\\\n", " ").replace("\n       ", " ").splitlines():
            if line.startswith("curl") and "KEY" not in line:
                words = shlex.split(line.replace(HERE, address))
                said.append(run(folder, *words, CURL_HOME=str(folder)))
    whole, stream, extractive, hits, collections, none, added, removed = said
    assert '"citations":[{' in whole
    assert "event: citation" in stream
    assert "event: done" in stream
    assert '"written":null' in extractive
    assert '"text":' in hits
    assert '"كتبي"' in collections
    assert none == '{"documents":[]}'
    assert added.count('"state":"indexed"') == 2
    assert '"documents":1' in removed


@pytest.mark.skipif(os.name == "nt", reason="needs a shell of POSIX")
@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_the_examples_with_a_key(indexed: Path) -> None:
    blocks = examples(PAGES["rest"], "bash")
    (serve,) = [one for one in blocks if "dalil chat" in one]
    (ask,) = [one for one in blocks if "KEY'" in one]
    with listener("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
    commands = serve.replace("\ndalil chat", "\nexec dalil chat")
    with subprocess.Popen(
        ["/bin/sh", "-c", commands],
        cwd=indexed,
        env=surroundings(DALIL_PORT=str(port)),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            key = process.stdout.readline().strip()
            assert str(port) in process.stdout.readline()  # it says where it is once it answers
            here = ask.replace("http://server:7860", f"http://127.0.0.1:{port}")
            assert '"collections":[{' in run(indexed, *shlex.split(here.replace("KEY", key)))
            refused = httpx.get(f"http://127.0.0.1:{port}/api/v1/collections")
            assert refused.status_code == 401
        finally:
            process.terminate()


def test_the_error_that_is_shown_is_the_one_that_comes(address: str) -> None:
    (shown,) = examples(PAGES["rest"], "json")
    said = httpx.post(f"{address}/api/v1/ask", json={"question": ""})
    assert said.json() == json.loads(shown)


def test_every_address_that_is_named_is_there(address: str) -> None:
    described = httpx.get(f"{address}/api/v1/openapi.json").json()["paths"]
    named = {path.rstrip("./") for path in re.findall(r"/api/v1(/[a-z.]+)", PAGES["rest"])}
    assert named - {"/openapi.json", "/docs"} == {path.split("/{")[0] for path in described}


# Other clients


def test_the_examples_with_the_client_of_openai(address: str, folder: Path) -> None:
    plain, streamed = examples(PAGES["openai"], "python")
    said = run_python(folder, plain.replace(HERE, address))
    assert said.rstrip().splitlines()[-1] in MOON
    assert "يدور القمر" in said.splitlines()[0]
    assert run_python(folder, streamed.replace(HERE, address)) == said


def test_the_example_with_the_client_of_gradio(address: str, folder: Path) -> None:
    (code,) = examples(PAGES["gradio-client"], "python")
    said = run_python(folder, code.replace(HERE, address))
    assert "يدور القمر" in said.splitlines()[0]
    assert "moon.txt" in said.splitlines()[1]


def test_the_example_with_the_client_of_mcp(indexed: Path) -> None:
    (code,) = examples(PAGES["mcp"], "python")
    said = run_python(indexed, code)
    assert "يدور القمر" in said.splitlines()[0]
    assert "moon.txt" in said.splitlines()[1]


def test_the_settings_for_assistants_start_a_server_that_answers(
    indexed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(indexed)

    async def answer(server: StdioServerParameters) -> str:
        async with Client(server) as client:
            said = await client.call_tool("ask", {"question": "ماذا يدور حول الأرض؟"})
            return str((said.structured_content or {})["answer"])

    for block in examples(PAGES["mcp"], "json"):
        (servers,) = json.loads(block).values()
        named = servers["dalil"]
        assert named.get("type", "stdio") == "stdio"
        command = named["command"].replace("/path/to/dalil/.venv/bin", str(BIN))
        arguments = [one.replace("/path/to/", "") for one in named["args"]]
        server = StdioServerParameters(command=command, args=arguments, cwd=indexed)
        assert "القمر" in run_async(answer, server)


# Python, and a language model


def test_the_examples_in_python(indexed: Path) -> None:
    asked, leaning, worded = examples(PAGES["python"], "python")
    (readme,) = [one for one in examples(README, "python") if "open_index" in one]
    for code in (asked, readme):
        said = run_python(indexed, code)
        assert "moon.txt" in said
        assert MOON.split(".")[0] in said
    assert MOON.split(".")[0] in run_python(indexed, leaning)
    with generation.scripted(WRITES) as server:
        said = run_python(indexed, worded.replace(OLLAMA, server.address))
    assert len(server.questions) == 1
    assert f"{MOON.split('.')[0]}. (1,)" in said
    assert said.splitlines()[-1].strip() == "done 1"


@pytest.mark.skipif(os.name == "nt", reason="needs a shell of POSIX")
def test_the_examples_of_a_language_model(indexed: Path, tiny_model: Path) -> None:
    (remote, local), (shell,) = (examples(PAGES["generator"], kind) for kind in ("toml", "bash"))
    question = shlex.split(shell)[-1]
    with generation.scripted(WRITES) as server:
        here = shell.replace(OLLAMA, server.address)
        by_variable = run(indexed, "/bin/sh", "-c", here, DALIL_INDEX="my.index")
        configure(indexed, tiny_model, remote.replace(OLLAMA, server.address))
        by_file = run(indexed, "dalil", "ask", "--index", "my.index", "--json", question)
    named = tomllib.loads(remote)["generator_model"]
    assert [one.body["model"] for one in server.questions] == [named, named]
    assert "عجوز" not in by_variable + by_file
    written = json.loads(by_file)["written"]
    assert [one["citations"] for one in written["sentences"]] == [[1]]
    assert (written["removed"], written["state"]) == (1, "done")
    assert load_settings(**tomllib.loads(local)).generator.endswith(".gguf")


def test_every_setting_of_the_language_model_is_described() -> None:
    table = re.findall(r"^\| `(generator\w*)` \| ([^|]+) \|", PAGES["generator"], re.MULTILINE)
    defaults = {name: default.split(":")[0].strip() for name, default in table}
    fields = {k: v for k, v in Settings.model_fields.items() if k.startswith("generator")}
    words = {"": "empty", None: "none", False: "false"}
    assert defaults == {k: words.get(v.default, str(v.default)) for k, v in fields.items()}


# All pages


@pytest.mark.parametrize("name", DOORS)
def test_every_example_is_of_a_kind_that_is_run(name: str) -> None:
    run_here = {
        "rest": ("bash", "json"),
        "openai": ("python",),
        "mcp": ("json", "python"),
        "python": ("python",),
        "gradio-client": ("python",),
        "generator": ("toml", "bash"),
    }[name]
    page = PAGES[name]
    assert examples(page)
    assert len(examples(page)) == sum(len(examples(page, kind)) for kind in run_here)
    assert page.count("\n```") == 2 * len(examples(page))


def test_every_link_between_pages_leads_somewhere() -> None:
    for page in (*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+?\.\w+)(?:#[\w-]+)?\)", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
