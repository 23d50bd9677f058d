"""Run a command in a network namespace, with its own loopback up: ``python -m ... COMMAND``."""

import fcntl
import socket
import struct
import subprocess
import sys

_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1


def require_alone() -> None:
    """Stop where there are other interfaces: servers here listen on every one."""
    if {name for _, name in socket.if_nameindex()} != {"lo"}:
        raise SystemExit("There are interfaces here; start this under `unshare --net`.")


def bring_loopback_up() -> None:
    """As `ip link set lo up`, which is not everywhere."""
    with socket.socket() as any_socket:
        asked = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16xh14x", fcntl.ioctl(any_socket, _GET_FLAGS, asked))[0]
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", flags | _UP))


if __name__ == "__main__":
    require_alone()
    bring_loopback_up()
    sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
