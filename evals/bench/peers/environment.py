"""The virtual environment that the peers run in, made once for each list of requirements."""

from __future__ import annotations

import os
import subprocess
import venv
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from corpus.errors import DalilError

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def peers_python(cache: Path, tell: Callable[[str], None]) -> Path:
    """The Python of the environment under ``cache``, installing it when need be.

    Takes minutes and 2 GB the first time. ``tell`` is told before that. Raises DalilError with the
    installer's last words when it cannot be made.
    """
    wanted = sha256(REQUIREMENTS.read_bytes()).hexdigest()
    folder = cache / "bench-peers"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / "requirements.sha256"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return python
    tell(f"Installing the peers, once, in {folder}")
    try:
        venv.create(folder, with_pip=True, clear=True)
        _install(python)
        stamp.write_text(wanted, encoding="ascii")
    except (OSError, subprocess.CalledProcessError) as error:
        words = str(getattr(error, "stderr", "") or error).strip().splitlines()
        raise DalilError(
            f"The environment of the peers could not be made: {words[-1] if words else error}",
            f"See that the package index can be reached, or remove {folder}.",
        ) from error
    return python


def _install(python: Path) -> None:
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command = [*pip, "--requirement", str(REQUIREMENTS)]
    subprocess.run(command, check=True, stderr=subprocess.PIPE, text=True, encoding="utf-8")
