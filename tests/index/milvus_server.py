"""Run a command beside a real Milvus server, in a network namespace where nobody else is.

python -m tests.index.milvus_server FOLDER COMMAND...    with MILVUS_URI in its environment

The server listens on every interface, so the namespace must have none but its own loopback.
"""

import fcntl
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1


def main(folder: str, *command: str) -> int:
    """Start the server, run the command, stop the server; returns the command's status."""
    if {name for _, name in socket.if_nameindex()} != {"lo"}:
        raise SystemExit("There are interfaces here; start this under `unshare --net`.")
    _bring_loopback_up()
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


def _bring_loopback_up() -> None:
    with socket.socket() as any_socket:
        asked = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16xh14x", fcntl.ioctl(any_socket, _GET_FLAGS, asked))[0]
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", flags | _UP))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
