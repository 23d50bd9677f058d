"""An OpenAI-compatible server on loopback that does what a script says, faults included."""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from qa.generator import Generator

Step = bytes | Literal["silence", "drop"]
"""Bytes to send; ``silence``: nothing more until the other side hangs up; ``drop``: hang up now,
as a process does that is killed.
"""


@dataclass(frozen=True)
class Reply:
    """What one request gets. Without ``length``, a body of unknown length in pieces."""

    steps: tuple[Step, ...]
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/event-stream"),)
    before_status: Literal["", "silence", "drop"] = ""


def event(content: object, finish: str | None = None, field_name: str = "content") -> bytes:
    """One event of a stream."""
    choice = {"index": 0, "delta": {field_name: content}, "finish_reason": finish}
    body = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "toy"}
    return f"data: {json.dumps(body | {'choices': [choice]})}\n\n".encode()


END = event("", "stop") + b"data: [DONE]\n\n"


def said(*pieces: str) -> Reply:
    """A model that writes ``pieces`` and comes to its end."""
    return Reply((*(event(piece) for piece in pieces), END))


def refused(status: int, body: object = None, **headers: str) -> Reply:
    """A status that says no, with a body in JSON."""
    words = json.dumps(body if body is not None else {"error": {"message": "no"}}).encode()
    kinds = (("Content-Type", "application/json"), *headers.items())
    return Reply((words,), status, kinds)


def listing(*names: str) -> Reply:
    """The list of models."""
    body = {"object": "list", "data": [{"id": name, "object": "model"} for name in names]}
    return Reply((json.dumps(body).encode(),), 200, (("Content-Type", "application/json"),))


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Scripted:
    """The running server. ``replies`` are taken in turn, and the last again and again."""

    replies: Sequence[Reply]
    models: Reply
    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    fell_silent: threading.Event = field(default_factory=threading.Event)
    hung_up: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def questions(self) -> list[Asked]:
        """What was asked of the model."""
        return [one for one in self.asked if one.method == "POST"]

    def reply_to(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if asked.method == "GET":
            return self.models
        return self.replies[min(len(self.questions), len(self.replies)) - 1]


@contextmanager
def scripted(*replies: Reply, models: Reply | None = None) -> Iterator[Scripted]:
    """A server on a free port that gives ``replies``."""
    script = Scripted(replies, models or listing("toy"))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            self._answer(json.loads(self.rfile.read(size)))

        def _answer(self, body: Any) -> None:
            self.close_connection = True
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = script.reply_to(Asked(self.command, self.path, headers, body))
            try:
                if not reply.before_status or self._does(reply.before_status):
                    self._send(reply)
            except (BrokenPipeError, ConnectionResetError):
                script.hung_up.set()

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in (*reply.headers, ("Transfer-Encoding", "chunked")):
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            for step in reply.steps:
                if isinstance(step, bytes):
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(step), step))
                elif not self._does(step):
                    return
            self.wfile.write(b"0\r\n\r\n")

        def _does(self, step: str) -> bool:
            """Be silent or drop the connection; whether to go on."""
            if step == "drop":
                reset = struct.pack("ii", 1, 0)  # no farewell: what was not read yet is lost too
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
                self.connection.close()
                return False
            script.fell_silent.set()
            while not script.closing.is_set():
                if select.select([self.connection], [], [], 0.02)[0]:
                    script.hung_up.set()
                    return False
            return False

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    script.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield script
    finally:
        script.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def known(generator: Generator) -> Generator:
    """``generator``, once it has found out whether it can be reached, however long that takes."""
    generator.prepare()
    for thread in threading.enumerate():
        if thread.name == "dalil-reach":
            thread.join(30)
    return generator


def none_at_work() -> bool:
    """Whether no thread of a generator stays when those that end have ended."""
    threads = [one for one in threading.enumerate() if one.name == "dalil-generator"]
    for thread in threads:
        thread.join(60)
    return not any(thread.is_alive() for thread in threads)
