"""Whether a Dalil that others can reach keeps what docs/security.md promises."""

from __future__ import annotations

import importlib.metadata
import os
import re
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import DalilError
from qa.settings import CONFIG_FILE, Settings
from ui.access import Access
from ui.finding import Finding

_LOCK = Path(__file__).parents[1] / "locked.txt"
_WEIGHTS = ("calibration.json", "calibration.safetensors", "reader.safetensors")
_SECRETS = ("password", "api_keys", "generator_key", "store")


def deployment(settings: Settings) -> Iterator[Finding]:
    """Who may come in, what travels in the clear, who else reads the files, what was installed."""
    access = Access.of(settings)
    yield _page(access, settings.host)
    yield _programs(access, settings.host)
    if not access.alone(settings.host):
        yield _transport(access)
        yield _account()
    yield _private("data", settings.data)
    yield _private("conversations", settings.conversations)
    yield _config(Path(CONFIG_FILE))
    yield _weights()
    yield _packages()


def _page(access: Access, host: str) -> Finding:
    try:
        access.require(host)
    except DalilError as error:
        return Finding("page", error.message, sound=False, hint=error.hint)
    if access.password:
        return Finding("page", f"on {host}, with a password")
    if access.alone(host):
        return Finding("page", f"on {host}: this machine alone reaches it")
    return Finding("page", f"on {host}: anybody may ask, nobody changes the texts")


def _programs(access: Access, host: str) -> Finding:
    if access.keys:
        return Finding("programs", f"{len(access.keys)} keys; each request must have one")
    if access.alone(host) and not access.password:
        return Finding("programs", "those of this machine, without a key")
    return Finding("programs", "shut out: there are no keys")


def _transport(access: Access) -> Finding:
    if access.public_name:
        return Finding("transport", f"a proxy makes it known as {access.public_name}")
    return Finding(
        "transport",
        "what is asked, and the password, cross the network unencrypted",
        sound=False,
        hint="Let a reverse proxy with TLS stand before it: host 127.0.0.1, and the name that "
        "others use in the setting public_name.",
    )


def _account() -> Finding:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Finding(
            "account",
            "it would run as root, which may read and change everything",
            sound=False,
            hint="Run it under an account of its own.",
        )
    return Finding("account", "not root")


def _private(name: str, path: Path) -> Finding:
    if os.name == "nt" or not path.exists():
        return Finding(name, str(path))
    if path.stat().st_mode & 0o077:
        mode = "700" if path.is_dir() else "600"
        return Finding(name, f"others can read {path}", sound=False, hint=f"chmod {mode} '{path}'")
    return Finding(name, f"{path}, for its owner alone")


def _config(path: Path) -> Finding:
    """The file may be read by all, as long as it holds no secret."""
    if os.name == "nt" or not path.exists() or not path.stat().st_mode & 0o077:
        return Finding(CONFIG_FILE, "none here" if not path.exists() else "for its owner alone")
    text = path.read_text("utf-8", errors="replace")
    held = [name for name in _SECRETS if re.search(rf"^\s*{name}\s*=", text, re.MULTILINE)]
    if not held:
        return Finding(CONFIG_FILE, "holds no secret")
    return Finding(
        CONFIG_FILE,
        f"others can read it, and it holds {', '.join(held)}",
        sound=False,
        hint=f"chmod 600 {CONFIG_FILE}",
    )


def _weights() -> Finding:
    from qa.shipped import shipped

    try:
        for name in _WEIGHTS:
            shipped(name)
    except DalilError as error:
        return Finding("weights", error.message, sound=False, hint=error.hint)
    return Finding("weights", "as they shipped, by their sums")


def _packages() -> Finding:
    """Whether the packages of this environment are those that were tested, where that is known."""
    if not _LOCK.exists():
        return Finding("packages", "not installed by start.py: nothing to compare them with")
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", _LOCK.read_text("utf-8"), re.MULTILINE))
    wanted = {name.lower().replace("_", "-"): pinned for name, pinned in locked.items()}
    other = []
    for one in importlib.metadata.distributions():
        name = one.name.lower().replace("_", "-")
        found = one.version.partition("+")[0]
        if name in wanted and found != wanted[name]:
            other.append(f"{name} {found} (locked: {wanted[name]})")
    if other:
        told = ", ".join(sorted(other)[:5])
        return Finding("packages", told, sound=False, hint="python3 start.py setup")
    return Finding("packages", "as they are locked")
