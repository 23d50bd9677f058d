"""Servers of language models that are no use: one never answers, one lets its answer drip."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from threading import Event, Thread

_DRIP_SECONDS = 1.0
_LISTED = b'{"object": "list", "data": [{"id": "slow", "object": "model"}]}'
_PIECE = (
    b'data: {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "slow", '
    b'"choices": [{"index": 0, "delta": {"content": "\\u0646\\u0639\\u0645 "}, '
    b'"finish_reason": null}]}\n\n'
)


@contextmanager
def dead() -> Iterator[str]:
    """The address of one that takes connections and says nothing."""
    with _listening(lambda _, stopped: stopped.wait()) as address:
        yield address


@contextmanager
def slow() -> Iterator[str]:
    """The address of one that lists its model at once and writes a word each second, for ever."""
    with _listening(_drip) as address:
        yield address


MODELS: Mapping[str, Callable[[], AbstractContextManager[str]]] = {"dead": dead, "slow": slow}
"""Each gives the address to which the setting ``generator`` is set."""


def _drip(connection: socket.socket, stopped: Event) -> None:
    asked = connection.recv(65_536)
    if asked.startswith(b"GET"):
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"
        connection.sendall(head + f"content-length: {len(_LISTED)}\r\n\r\n".encode() + _LISTED)
        return
    connection.sendall(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
    )
    while not stopped.wait(_DRIP_SECONDS):
        connection.sendall(_PIECE)


@contextmanager
def _listening(serve: Callable[[socket.socket, Event], object]) -> Iterator[str]:
    stopped = Event()

    def one(connection: socket.socket) -> None:
        with connection, suppress(OSError):  # whoever asked has gone
            serve(connection, stopped)

    def accept() -> None:
        while not stopped.is_set():
            with suppress(TimeoutError):
                connection, _ = door.accept()
                connection.settimeout(None)
                Thread(target=one, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=256) as door:
        door.settimeout(0.2)
        thread = Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}/v1"
        finally:
            stopped.set()
            thread.join()
