"""Run a command beside a real Milvus server, in a network namespace where nobody else is.

python -m tests.index.milvus_server FOLDER COMMAND...    with MILVUS_URI in its environment

The server listens on every interface, so the namespace must have none but its own loopback.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.index.loopback import bring_loopback_up, require_alone


def main(folder: str, *command: str) -> int:
    """Start the server, run the command, stop the server; returns the command's status."""
    require_alone()
    bring_loopback_up()
    from milvus import MilvusServer, MilvusServerConfig

    server = MilvusServer(MilvusServerConfig())
    server.show_startup_banner = False
    server.set_base_dir(str(Path(folder).resolve()))
    server.start()
    try:
        uri = f"http://127.0.0.1:{server.listen_port}"
        return subprocess.run(
            command, env={**os.environ, "MILVUS_URI": uri}, check=False
        ).returncode
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
