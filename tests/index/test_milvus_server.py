"""The engines' tests once more, against a real Milvus server that runs for them alone."""

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALONE = [
    "unshare",
    *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]),
    # The server asks /proc how much memory it has; when this test ends, so does the server.
    *("--net", "--pid", "--mount-proc", "--fork", "--kill-child"),
]


def test_a_real_server_passes_what_the_other_engines_pass() -> None:
    if find_spec("milvus") is None:
        pytest.skip("the wheel of the Milvus server is not installed")
    probe = subprocess.run([*ALONE, "true"], capture_output=True, text=True, check=False)
    if probe.returncode:
        pytest.skip(f"no namespaces may be made here: {probe.stderr.strip()}")
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    chosen = ["tests/index/test_engines.py", "-k", "milvus-server"]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    with tempfile.TemporaryDirectory(prefix="dalil-milvus-") as folder:
        server = [sys.executable, "-m", "tests.index.milvus_server", folder]
        done = subprocess.run(
            [*ALONE, *server, *tests, *chosen],
            cwd=ROOT, env=kept, capture_output=True, text=True, timeout=540, check=False,
        )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-8000:]}\n{done.stderr[-4000:]}"
    assert " passed" in done.stdout
