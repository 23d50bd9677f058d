"""What `dalil doctor` says of a Dalil that others reach."""

import os
import socket
from contextlib import closing
from pathlib import Path

import pytest

import qa.shipped
import ui.deployment
from corpus.errors import DalilError
from qa.settings import load_settings
from ui.deployment import deployment
from ui.doctor import _generator
from ui.finding import Finding

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(tmp_path: Path, **flags: object) -> dict[str, Finding]:
    settings = load_settings(data=tmp_path / "data", **flags)
    return {finding.name: finding for finding in deployment(settings)}


def unsound(findings: dict[str, Finding]) -> set[str]:
    faults = {name for name, finding in findings.items() if not finding.sound}
    assert all(findings[name].hint for name in faults), "each says how to mend it"
    return faults


def test_alone_on_its_machine_it_is_sound(tmp_path: Path) -> None:
    findings = found(tmp_path)
    assert unsound(findings) == set()
    assert "this machine alone" in findings["page"].text
    assert "transport" not in findings


def test_beyond_it_without_a_word_it_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    findings = found(tmp_path, host="0.0.0.0")
    assert unsound(findings) == {"page", "transport", "account"}
    assert "DALIL_PASSWORD" in findings["page"].hint
    assert "shut out" in findings["programs"].text


def test_behind_a_proxy_with_a_password_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    findings = found(
        tmp_path, public_name="dalil.example", user="u", password=PASSWORD, api_keys="k" * 16
    )
    assert unsound(findings) == set()
    assert "1 keys" in findings["programs"].text
    assert PASSWORD not in str(findings)
    assert "k" * 16 not in str(findings)


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_what_others_can_read_is_named(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "conversations.sqlite").touch(mode=0o600)
    config = tmp_path / "dalil.toml"
    config.write_text('mood = "eager"\n')
    config.chmod(0o644)
    assert unsound(found(tmp_path)) == set()
    data.chmod(0o755)
    (data / "conversations.sqlite").chmod(0o644)
    config.write_text(f'user = "u"\npassword = "{PASSWORD}"\n')
    findings = found(tmp_path)
    assert unsound(findings) == {"data", "conversations", "dalil.toml"}
    assert findings["data"].hint.startswith("chmod 700")
    assert PASSWORD not in str(findings)


def test_other_weights_and_packages_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "locked.txt"
    lock.write_text("click==0.0.1 \\\n    --hash=sha256:x\nnot-here==1 \\\n")
    monkeypatch.setattr(ui.deployment, "_LOCK", lock)
    monkeypatch.setattr(qa.shipped, "_FOLDER", tmp_path)
    qa.shipped.shipped.cache_clear()
    try:
        findings = found(tmp_path)
    finally:
        qa.shipped.shipped.cache_clear()
    assert unsound(findings) == {"weights", "packages"}
    assert "locked: 0.0.1" in findings["packages"].text
    lock.unlink()
    assert found(tmp_path)["packages"].sound


def test_a_generator_that_does_not_answer_is_named() -> None:
    assert _generator(load_settings()).sound
    with closing(socket.create_server(("127.0.0.1", 0))) as door:
        port = door.getsockname()[1]
    told = _generator(load_settings(generator=f"http://127.0.0.1:{port}/v1"))
    assert not told.sound
    assert told.hint
    with pytest.raises(DalilError):
        load_settings(generator_wait=-1)
