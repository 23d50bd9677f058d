"""A real server as a process, what it takes of memory, and its index rebuilt underneath it."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from corpus.errors import DalilError
from evals.hardening.load_texts import Version, texts

_START_SECONDS = 300
_WORK_SECONDS = 300
_LOG_LINES = 20


@dataclass
class Server:
    """A running `dalil chat`. ``peaks`` holds (seconds since its start, bytes resident)."""

    process: subprocess.Popen[bytes]
    address: str
    data: Path
    log: Path
    began: float = field(default_factory=time.monotonic)
    memory: list[tuple[float, int]] = field(default_factory=list)

    def look(self) -> None:
        """Note how much memory it holds now; nothing where the system does not tell."""
        path = Path(f"/proc/{self.process.pid}/statm")
        if path.exists():
            pages = int(path.read_text("ascii").split()[1])
            held = pages * os.sysconf("SC_PAGE_SIZE")
            self.memory.append((time.monotonic() - self.began, held))

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def last_lines(self) -> str:
        """The end of what it printed."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-_LOG_LINES:])


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[Server]:
    """`dalil chat` over the first version of the texts, with its own data in ``folder``.

    ``settings`` are variables such as ``DALIL_GENERATOR``. Raises DalilError when it does not
    start.
    """
    data, log = folder / "data", folder / "server.log"
    environment = os.environ | {"DALIL_DATA": str(data)} | settings
    first = folder / "first"
    _write(first, {"about.txt": "دليل الجسور والمكتبات: أسماء من يديرها ومواعيد افتتاحها."})
    _run(["index", str(first)], environment)
    indexes = data / "indexes"
    shutil.copytree(indexes / "own", indexes / "bundled")  # nobody asks it: spare the time for it
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ui", "chat", "--no-browser", "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        server = Server(process, f"http://127.0.0.1:{port}", data, log)
        try:
            _wait_for(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(server: Server) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and server.alive:
        try:
            if httpx.get(f"{server.address}/api/v1/ready", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise DalilError(f"The server did not start.\n{server.last_lines()}", "Look at what it says.")


class Rebuilding:
    """Turns the server's texts from one version to the other and back: over REST, and by
    `dalil index` in another process, in turn.
    """

    def __init__(self, server: Server, **settings: str) -> None:
        self._server = server
        self._environment = os.environ | {"DALIL_DATA": str(server.data)} | settings
        self.builds: list[str] = []
        self.refused = 0
        self.version: Version = "before"

    async def over_rest(self, version: Version) -> None:
        """Send every text in ``version``, in one request: one generation follows another.

        Raises DalilError when the server says no.
        """
        files = [("files", (name, text.encode())) for name, text in texts(version).items()]
        async with httpx.AsyncClient(timeout=_WORK_SECONDS) as client:
            while True:
                address = f"{self._server.address}/api/v1/documents?collection=own"
                answer = await client.post(address, files=files)
                if answer.status_code not in {409, 429}:
                    break
                self.refused += 1
                await asyncio.sleep(float(answer.headers.get("retry-after", 1)))
        if answer.status_code != 200:
            raise DalilError(f"The texts were not taken: {answer.status_code} {answer.text[:300]}")
        self.version = version
        self.builds.append("rest")

    async def from_outside(self, version: Version) -> None:
        """Write the files where the server keeps them, and index in a process of its own."""
        _write(self._server.data / "files" / "own", texts(version))
        await asyncio.to_thread(_run, ["index"], self._environment)
        self.version = version
        self.builds.append("process")

    async def go_on(self, until: float, pause: float) -> None:
        """Rebuild until the monotonic clock says ``until``, with ``pause`` seconds between."""
        while time.monotonic() < until:
            other: Version = "after" if self.version == "before" else "before"
            turn = self.from_outside if len(self.builds) % 2 else self.over_rest
            await turn(other)
            await asyncio.sleep(pause)


def _write(folder: Path, some: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in some.items():
        new = folder / f".{name}.new"
        new.write_text(text, encoding="utf-8")
        new.replace(folder / name)


def _run(words: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=_WORK_SECONDS,
        check=False,
    )
    if done.returncode:
        raise DalilError(f"dalil {' '.join(words)} failed: {done.stderr[-500:]}")
