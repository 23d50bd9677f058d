"""What parsing one file may take, and how a process is held to it."""

import os
import sys
import threading
from contextlib import suppress
from time import sleep

DRAWING_SECONDS = 10
MOST_SECONDS = 1800
_MIB = 1024**2
_LEAST_SECONDS = 8
_SECONDS_A_MIB = 60  # seen: two thousand full pages of Arabic in 3 MiB take 150 s
_LEAST_MEMORY = 1536 * _MIB
_MEMORY_A_BYTE = 10  # seen: 13 for 200 MiB of short lines, of which the text itself is two
_LARGE = 512 * _MIB
_WATCH = 1.0  # seconds
_OUT_OF_MEMORY = 77

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def reading_seconds(size: int) -> int:
    """Seconds of processor time for a file of ``size`` bytes."""
    return min(_LEAST_SECONDS + _SECONDS_A_MIB * size // _MIB, MOST_SECONDS)


def memory(size: int) -> int:
    """Bytes of memory for a file of ``size`` bytes."""
    return _LEAST_MEMORY + _MEMORY_A_BYTE * size


def confine() -> None:
    """Take from this process what parsing does not need, before it is given a file.

    No file can be written, no process started and no core left behind; where the system lets
    anyone ask for it (Linux), there is no network. Windows has none of these limits: there the
    parent's clock alone ends a child.
    """
    _leave_network()
    _watch_parent()
    if sys.platform == "win32":
        return
    import resource

    for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        with suppress(ValueError, OSError):  # a system that does not know the limit
            resource.setrlimit(limit, (0, 0))


def allow(seconds: int, bytes_: int) -> None:
    """Let this process use so much more processor time, and so much memory in all.

    What goes on after the time is killed by the system; what goes beyond the memory raises
    MemoryError, or ends the process in a library that does not expect it.
    """
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + seconds
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (bytes_, resource.getrlimit(resource.RLIMIT_AS)[1]))
    else:  # macOS takes the limit and forgets it
        _Watch.most = bytes_


def is_large() -> bool:
    """Whether this process has ever held so much memory that a fresh one should follow it."""
    return peak_memory() > _LARGE


def peak_memory() -> int:
    """The most bytes of memory that this process ever held; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    if sys.platform == "linux":
        # What getrusage tells there begins with what the process that started this one held.
        with open("/proc/self/status", "rb") as file:  # noqa: PTH123
            return 1024 * next(int(line.split()[1]) for line in file if line.startswith(b"VmHWM"))
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


class _Watch:
    """How much memory the process may hold where only a look now and then can tell."""

    most = sys.maxsize


def _watch_parent() -> None:
    """End this process when its parent is gone, even in the middle of a file."""
    parent = os.getppid()

    def watch() -> None:
        while True:
            sleep(_WATCH)
            if os.getppid() != parent:
                os._exit(1)
            if peak_memory() > _Watch.most:
                os._exit(_OUT_OF_MEMORY)

    threading.Thread(target=watch, daemon=True).start()


def resident(process: int) -> int:
    """How many bytes of memory a process holds now; 0 where the system does not simply tell."""
    try:
        with open(f"/proc/{process}/statm", "rb") as file:  # noqa: PTH123 - each second
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    except (OSError, IndexError):
        return 0


def is_out_of_memory(status: int) -> bool:
    """Whether a process of this exit status was ended for its memory."""
    return status in (_OUT_OF_MEMORY, -9)  # Linux kills what it has no memory for


def _leave_network() -> None:
    """Go where there is no network. Many systems do not let a process; then it stays."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)
