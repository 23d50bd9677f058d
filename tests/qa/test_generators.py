"""Which generator the settings name, and what is said when they name none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import DalilError
from qa.generators import address_of, load_generator
from qa.local_generator import LocalGenerator
from qa.openai_generator import OpenAIGenerator
from qa.settings import load_settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("named", ["", "  "])
def test_none_is_set_by_default(named: str) -> None:
    assert load_generator(load_settings()) is None
    assert load_generator(load_settings(generator=named)) is None


@pytest.mark.parametrize(
    ("named", "address"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1"),
        ("http://localhost:11434/", "http://localhost:11434/v1"),
        ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1"),
        ("https://models.example.org/api/v3", "https://models.example.org/api/v3"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
    ],
)
def test_an_address_is_a_server(named: str, address: str) -> None:
    assert address_of(named) == address
    generator = load_generator(load_settings(generator=f" {named} "))
    assert isinstance(generator, OpenAIGenerator)
    assert generator.name == address
    named_model = load_generator(load_settings(generator=named, generator_model="toy"))
    assert named_model
    assert named_model.name == "toy"


@pytest.mark.parametrize(
    "named",
    [
        "localhost:11434",
        "127.0.0.1:8080/v1",
        "ftp://localhost/v1",
        "http://",
        "http://:8080/v1",
        "http://localhost:port/v1",
        "http://localhost:99999/v1",
        "http://[::1/v1",
        "http://local host/v1",
        "[::1]:8080",
    ],
)
def test_a_malformed_address_is_answered_with_an_example(named: str) -> None:
    with pytest.raises(DalilError, match="not an address") as error:
        load_generator(load_settings(generator=named))
    assert "http://127.0.0.1:11434/v1" in error.value.hint
    assert "http://127.0.0.1:11434/v1" in error.value.arabic


@pytest.mark.parametrize(
    "named",
    [
        "http://me:secret@localhost/v1",
        "http://localhost/v1?key=secret",
        "ftp://me:secret@localhost",
    ],
)
def test_a_secret_in_the_address_is_not_shown(named: str) -> None:
    with pytest.raises(DalilError) as error:
        load_generator(load_settings(generator=named))
    assert "secret" not in f"{error.value} {error.value.arabic}"


def test_a_folder_a_file_or_a_hub_name_is_a_local_model(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}")
    (tmp_path / "small.gguf").touch()
    found = {
        str(tmp_path / "model"): "model",
        "model": "model",
        str(tmp_path / "small.gguf"): "small.gguf",
        "Qwen/Qwen3-4B": "Qwen/Qwen3-4B",
        "gpt2": "gpt2",
    }
    for named, name in found.items():
        generator = load_generator(load_settings(generator=named))
        assert isinstance(generator, LocalGenerator)
        assert generator.name == name


@pytest.mark.parametrize(
    "named",
    ["/nowhere/model", "./model", "~/no-such-model", "lost.gguf", "owner/lost.gguf", "empty"],
)
def test_a_model_that_is_not_there_is_a_clear_error(named: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DalilError, match=r"is not there|holds no model") as error:
        load_generator(load_settings(generator=named))
    assert named in error.value.message
    assert "gguf" in error.value.arabic


def test_the_servers_key_is_in_no_error_and_in_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_GENERATOR_KEY", "sk-hidden with spaces")
    with pytest.raises(DalilError, match="generator_key") as error:
        load_settings()
    assert "hidden" not in str(error.value)
    monkeypatch.setenv("DALIL_GENERATOR_KEY", "sk-hidden")
    assert "hidden" not in repr(load_settings())
    monkeypatch.setenv("DALIL_GENERATOR_KEY", "")
    assert load_settings().generator_key is None


def test_a_local_model_is_named_without_loading_what_runs_it() -> None:
    code = (
        "import sys; from qa.generators import load_generator; from qa.settings import Settings;"
        "load_generator(Settings(generator='owner/model')).prepare();"
        "print('torch' in sys.modules, 'transformers' in sys.modules, 'openai' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False"] * 3
