"""Child processes that parse, each with one file at a time: started, asked, ended."""

import atexit
import math
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic, sleep
from typing import Any, Literal, cast

from corpus.errors import DalilError, UnreadableFileError
from corpus.limits import is_out_of_memory, resident
from corpus.wire import receive, send

Why = Literal["crash", "memory", "time"]

_ROOT = str(Path(__file__).resolve().parents[1])
# Without the folder in which Dalil was started (-P): there could be another corpus in it.
_START = """import sys
root = sys.argv[1]
root in sys.path or sys.path.insert(0, root)
from corpus.child import main
main()"""
# No passwords and keys, which stand in others.
_ENVIRONMENT = (
    *("PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "TEMP", "TMP", "LANG", "LC_ALL", "LC_CTYPE"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONUTF8"),
)
_WAIT = 3  # times the processor time, on a machine that has other things to do
_LOOK = 0.5  # seconds
_SWOLLEN = 0.5  # of what it may hold, half a second before it ends
_GRACE = 2.0  # seconds for a child to end by itself
_SIGXCPU = -24

_TOLD: dict[Why, tuple[str, str]] = {
    "crash": (
        "reading it broke off: the file is damaged, or made to do harm",
        "القراءة انقطعت: الملف تالف، أو صُنع ليُلحق ضررًا",
    ),
    "memory": (
        "reading it would take more memory than a file of its size may have",
        "قراءته تحتاج إلى ذاكرة أكثر ممّا يُسمح به لملف في حجمه",
    ),
    "time": (
        "reading it takes longer than a file of its size may take",
        "قراءته تطول أكثر ممّا يُسمح به لملف في حجمه",
    ),
}


class BrokenOffError(UnreadableFileError):
    """The child ended before it had read the file. ``told`` is its traceback, where it had one."""

    def __init__(self, why: Why, source: str, told: str = "") -> None:
        english, arabic = _TOLD[why]
        super().__init__(
            f"{source}: {english}.",
            "Open it in its own program and save it again, or split it. Nothing else is hurt.",
            arabic=f"تعذّرت قراءة الملف «{source}»: {arabic}. "
            "افتحه في برنامجه واحفظه من جديد، أو قسّمه.",
        )
        self.why: Why = why
        self.told_by_child = told


class Child:
    """One process of ``corpus.child``."""

    def __init__(self) -> None:
        self._until = math.inf
        self._timed_out = False
        self._most_seen = 0  # bytes of memory
        self._may_hold = sys.maxsize
        kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, _ROOT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=kept | {"OPENBLAS_NUM_THREADS": "1"},  # each thread would reserve memory
            )
        except OSError as error:
            raise DalilError(
                f"No process could be started to read files in: {error.strerror or error}.",
                "Close other programs, and try again.",
                arabic="تعذّر بدء العملية التي تقرأ الملفّات. أغلق برامج أخرى، ثم أعِد المحاولة.",
            ) from error
        Thread(target=self._watch, name="dalil-parsing", daemon=True).start()

    @property
    def is_alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def ask(self, words: dict[str, Any], data: bytes, seconds: int) -> tuple[dict[str, Any], bytes]:
        """Its answer. Raises EOFError, OSError or ValueError where it breaks off; it is over then.

        The child may use ``seconds`` of processor time, and three times that by the clock.
        """
        stdin, stdout = self._pipes()
        self._until = monotonic() + _WAIT * seconds
        self._may_hold = words["memory"]
        try:
            send(stdin, words | {"seconds": seconds}, data)
            return receive(stdout)
        except BaseException:  # Ctrl+C too: a child that still reads must not answer the next
            self.kill()
            raise
        finally:
            self._until = math.inf

    def why(self) -> Why:
        """Why it broke off."""
        status = self._process.wait()
        swollen = self._most_seen > _SWOLLEN * self._may_hold  # PDFium aborts without memory
        if self._timed_out or status == _SIGXCPU:
            return "time"
        return "memory" if swollen or is_out_of_memory(status) else "crash"

    def close(self) -> None:
        """Let the process end, and end it where it does not."""
        stdin, stdout = self._pipes()
        with suppress(OSError):  # what is left to write has no reader
            stdin.close()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.kill()
        stdout.close()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()

    def _watch(self) -> None:
        """Look at the clock; a timer for each file would cost more than most files take."""
        while self.is_alive:
            if monotonic() > self._until:
                self._timed_out = True
                self._process.kill()
            if self._until < math.inf:
                self._most_seen = max(self._most_seen, resident(self._process.pid))
            sleep(_LOOK)

    def _pipes(self) -> tuple[Any, Any]:
        return cast(Any, self._process.stdin), cast(Any, self._process.stdout)


class Children:
    """At most ``most`` children; who wants one more waits until one is free."""

    def __init__(self, most: int) -> None:
        self._places = BoundedSemaphore(most)
        self._lock = Lock()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._owner = 0

    def ask(
        self, words: dict[str, Any], data: bytes, seconds: int, source: str
    ) -> tuple[dict[str, Any], bytes]:
        """What a child answers about ``source``; from any thread.

        Raises BrokenOffError where it ended, or ran out of what ``words`` and ``seconds`` give it.
        """
        with self._places:
            child = self._take()
            keep = False
            try:
                said, blob = child.ask(words, data, seconds)
                keep = said.get("last") is False
            except (EOFError, OSError, ValueError) as error:
                raise BrokenOffError(child.why(), source) from error
            finally:
                self._give_back(child, keep)
        if broken := said.get("broken"):
            told = said.get("told")
            why: Why = "memory" if broken == "memory" else "crash"
            raise BrokenOffError(why, source, told if isinstance(told, str) else "")
        return said, blob

    def close(self) -> None:
        """End every child."""
        with self._lock:
            idle, busy = self._idle, self._busy
            self._idle, self._busy = [], set()
        if self._owner == os.getpid():
            for child in busy:
                child.kill()
            for child in idle:
                child.close()

    def _take(self) -> Child:
        with self._lock:
            if self._owner != os.getpid():  # never asked before, or forked from who asked
                self._owner, self._idle, self._busy = os.getpid(), [], set()
                atexit.register(self.close)
            while self._idle:
                child = self._idle.pop()
                if child.is_alive:
                    self._busy.add(child)
                    return child
        child = Child()
        with self._lock:
            self._busy.add(child)
        return child

    def _give_back(self, child: Child, keep: bool) -> None:
        with self._lock:
            known = child in self._busy
            self._busy.discard(child)
            if keep and known:
                self._idle.append(child)
                return
        child.close()
