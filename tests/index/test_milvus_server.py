"""The engines' tests once more, against a real Milvus server that runs for them alone."""

import sys
import tempfile
from importlib.util import find_spec

import pytest

from tests.index.alone import require_namespaces, run_alone


def test_a_real_server_passes_what_the_other_engines_pass() -> None:
    if find_spec("milvus") is None:
        pytest.skip("the wheel of the Milvus server is not installed")
    require_namespaces()
    with tempfile.TemporaryDirectory(prefix="dalil-milvus-") as folder:
        server = (sys.executable, "-m", "tests.index.milvus_server", folder)
        run_alone("tests/index/test_engines.py", "-k", "milvus-server", before=server)
