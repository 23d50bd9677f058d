from pathlib import Path

import pytest

from corpus.errors import DalilError
from qa.settings import load_settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_flags_beat_the_environment_which_beats_the_file_which_beats_defaults(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_settings().port == 7860
    (elsewhere / "dalil.toml").write_text("port = 7001\ncandidates = 7\n", encoding="utf-8")
    assert load_settings().port == 7001
    monkeypatch.setenv("DALIL_PORT", "7002")
    assert load_settings().port == 7002
    assert load_settings(port=7003).port == 7003
    assert load_settings(port=None).port == 7002
    assert load_settings().candidates == 7


@pytest.mark.parametrize(
    ("text", "name"),
    [("prot = 7001", "prot"), ("port = 'x'", "port"), ("threshold = 3", "threshold")],
)
def test_what_does_not_fit_is_named(elsewhere: Path, text: str, name: str) -> None:
    (elsewhere / "dalil.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DalilError, match=name):
        load_settings()


def test_a_store_that_does_not_fit_is_named_without_its_password() -> None:
    assert load_settings().store == "faiss"
    with pytest.raises(DalilError, match="'store' does not fit") as refused:
        load_settings(store="qdrant:http://reader:hidden@there")
    assert "hidden" not in str(refused.value)


def test_a_broken_file_is_a_clear_error(elsewhere: Path) -> None:
    (elsewhere / "dalil.toml").write_text("port = = 1", encoding="utf-8")
    with pytest.raises(DalilError, match=r"dalil\.toml"):
        load_settings()


def test_which_index_is_asked(elsewhere: Path) -> None:
    settings = load_settings(data=elsewhere)
    assert settings.index_folder == elsewhere / "indexes" / "bundled"
    own = elsewhere / "indexes" / "own"
    own.mkdir(parents=True)
    (own / "CURRENT").write_text("000001")
    assert settings.index_folder == own
    named = load_settings(data=elsewhere, index=elsewhere / "named")
    assert named.index_folder == elsewhere / "named"


def test_conversations_lie_in_the_data_folder(elsewhere: Path) -> None:
    assert load_settings(data=elsewhere).conversations == elsewhere / "conversations.sqlite"


@pytest.mark.parametrize(
    "flags",
    [
        {"api_key": "sk-very-secret-indeed"},
        {"passwort": "sk-very-secret-indeed", "user": "u"},
        {"password": "sk-very-secret-indeed"},
        {"api_keys": "sk-very-secret-indeed, short"},
        {"generator_key": "sk-very-secret-indeed ü"},
        {"store": "oracle:user:sk-very-secret-indeed@host"},
        {"user": "u", "generator_key": "sk-very-secret-indeed"},
    ],
)
def test_a_secret_is_never_in_a_message(flags: dict[str, str]) -> None:
    with pytest.raises(DalilError) as told:
        load_settings(**flags)
    assert "very-secret" not in f"{told.value} {told.value.hint} {told.value.arabic}"
