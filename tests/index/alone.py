"""Run tests where nobody else is: in a network and a process namespace of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALONE = [
    "unshare",
    *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]),
    # Servers ask /proc how much memory there is; when a test ends, so does all that it started.
    *("--net", "--pid", "--mount-proc", "--fork", "--kill-child"),
]


def require_namespaces() -> None:
    """Skip the test where none may be made."""
    probe = subprocess.run([*ALONE, "true"], capture_output=True, text=True, check=False)
    if probe.returncode:
        pytest.skip(f"no namespaces may be made here: {probe.stderr.strip()}")


def run_alone(*words: str, before: tuple[str, ...] = (), **variables: str) -> None:
    """Run pytest with ``words`` there, started by ``before``; fails when it does."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(
        [*ALONE, *before, *tests, *words],
        cwd=ROOT, env=kept | variables, capture_output=True, text=True, timeout=540, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-8000:]}\n{done.stderr[-4000:]}"
    assert " passed" in done.stdout
