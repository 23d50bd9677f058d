"""How a malicious server sends what it says: broken, endless, slow, refused, or somebody else's."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from random import Random


class Wire:
    """One reply on its way, as a stream of events where it was asked for, else as one body."""

    def __init__(
        self,
        handler: BaseHTTPRequestHandler,
        streams: bool = False,
        pace: float = 0.3,
        most: int = 2_000_000,
    ) -> None:
        self._handler = handler
        self.streams, self.pace, self.most = streams, pace, most

    def whole(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        """A complete reply."""
        self._head(status, kind, {"Content-Length": str(len(body)), **headers})
        self._handler.wfile.write(body)

    def begin(self, kind: str = "text/event-stream") -> None:
        """The head of a stream in parts of any length."""
        self._head(200, kind, {"Transfer-Encoding": "chunked"})

    def part(self, data: bytes) -> None:
        """One part of the stream, sent now."""
        self._handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self._handler.wfile.flush()

    def end(self) -> None:
        """The stream's proper end."""
        self._handler.wfile.write(b"0\r\n\r\n")

    def cut(self, data: bytes) -> None:
        """Promise more than ``data``, and hang up."""
        self._handler.wfile.write(b"%x\r\n%s" % (len(data) + 500, data))
        self._handler.wfile.flush()
        self._handler.connection.shutdown(socket.SHUT_RDWR)

    def _head(self, status: int, kind: str, headers: dict[str, str]) -> None:
        self._handler.send_response(status)
        for name, value in {"Content-Type": kind, "Connection": "close", **headers}.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()


Send = Callable[[Wire, str, Random], None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A way to send; one that ``refuses`` has no words in it, and may be asked again."""

    send: Send
    refuses: bool = False


def frame(content: object, **choice: object) -> bytes:
    """An event with a piece of text, or with whatever else stands in its place."""
    event = {"index": 0, "delta": {"content": content}, "finish_reason": None, **choice}
    body = {"object": "chat.completion.chunk", "model": "adversary", "choices": [event]}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


_DONE = b"data: [DONE]\n\n"


def steady(wire: Wire, text: str, rng: Random) -> None:
    """As any server sends: the words alone are bad."""
    if not wire.streams:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        body = {"object": "chat.completion", "model": "adversary", "choices": [choice]}
        return wire.whole(200, "application/json", json.dumps(body).encode())
    wire.begin()
    for piece in pieces(text, rng):
        wire.part(frame(piece))
    wire.part(frame("", finish_reason="stop"))
    wire.part(_DONE)
    return wire.end()


def pieces(text: str, rng: Random) -> Iterator[str]:
    """``text`` in pieces of one to twelve characters."""
    while text:
        length = rng.randint(1, 12)
        yield text[:length]
        text = text[length:]


def broken_frames(wire: Wire, text: str, rng: Random) -> None:
    """Events that are not JSON, are of another shape, or are no events, among some that are."""
    bad = (
        b"data: {\"choices\": [{\"delta\": {\"content\": \"\n\n",
        b"data: [1, 2\n\n",
        b"data: null\n\n",
        b"data: {\"choices\": []}\n\n",
        b"data: {\"choices\": [null]}\n\n",
        b"data: {\"choices\": {\"0\": 1}}\n\n",
        b"data: \xff\xfe\xff\n\n",
        b"event: error\ndata: {\"error\": {\"message\": \"overloaded\"}}\n\n",
        b": a comment\n\n",
        b"garbage without a colon\n\n",
        frame(None), frame(4812), frame(["a", "b"]), frame({"text": "c"}),
    )  # fmt: skip
    wire.begin()
    for piece in pieces(text, rng):
        if rng.random() < 0.2:
            wire.part(rng.choice(bad))
        wire.part(frame(piece))
    wire.part(_DONE)
    wire.end()


def half_frame(wire: Wire, text: str, rng: Random) -> None:  # noqa: ARG001
    """The connection breaks in the middle of an event."""
    wire.begin()
    wire.part(frame(text[: len(text) // 2]))
    wire.cut(frame(text[len(text) // 2 :])[:40])


def silent_end(wire: Wire, text: str, rng: Random) -> None:  # noqa: ARG001
    """The stream ends properly in the middle of a sentence, and never says that it is done."""
    wire.begin()
    wire.part(frame(text[: len(text) * 2 // 3]))
    wire.end()


def wrong_type(wire: Wire, text: str, rng: Random) -> None:  # noqa: ARG001
    """A page of HTML, with a status of success."""
    body = f"<html><body><h1>Log in</h1><p>{text}</p></body></html>"
    wire.whole(200, "text/html; charset=utf-8", body.encode("utf-8", "replace"))


def nothing(wire: Wire, text: str, rng: Random) -> None:  # noqa: ARG001
    """A stream that is done before it began."""
    wire.begin()
    wire.part(_DONE)
    wire.end()


def hangs_up(wire: Wire, text: str, rng: Random) -> None:  # noqa: ARG001
    """No reply at all."""
    wire.cut(b"")


def server_error(wire: Wire, text: str, rng: Random) -> None:  # noqa: ARG001
    """500, as often as it is asked, with words that nobody should show."""
    body = json.dumps({"error": {"message": f"<b>{text}</b>" * 50}}).encode()
    wire.whole(500, "application/json", body)


def too_many(wire: Wire, text: str, rng: Random) -> None:  # noqa: ARG001
    """429, and to be asked again in an hour."""
    wire.whole(429, "application/json", b'{"error": {"message": "slow down"}}', Retry_After="3600")


def elsewhere(wire: Wire, text: str, rng: Random) -> None:  # noqa: ARG001
    """Sends whoever asks, with the key that they carry, to another address."""
    wire.whole(307, "text/plain", b"", Location="http://127.0.0.1:9/v1/chat/completions")


def slow_drip(wire: Wire, text: str, rng: Random) -> None:  # noqa: ARG001
    """A letter now and then, for as long as anyone listens."""
    wire.begin()
    for letter in text:
        wire.part(frame(letter))
        time.sleep(wire.pace)
    wire.part(_DONE)
    wire.end()


def huge_piece(wire: Wire, text: str, rng: Random) -> None:  # noqa: ARG001
    """All at once, behind and before more than anyone reads."""
    wire.begin()
    wire.part(frame(f"{text}\n" + "كلام " * (wire.most // 10)))
    wire.part(b"data: " + b"x" * (wire.most // 2))  # a line that has no end
    wire.end()


def endless(wire: Wire, text: str, rng: Random) -> None:
    """The same sentences over and over, each time with another number behind them."""
    wire.begin()
    sent = 0
    while sent < wire.most:
        again = f"{text}\nوهذا القول رقم {rng.randint(100, 10_000_000)} لا نهاية له [1].\n"
        wire.part(frame(again))
        sent += len(again)
    wire.end()


def one_sentence(wire: Wire, text: str, rng: Random) -> None:
    """One sentence that never comes to its full stop."""
    wire.begin()
    words = text.replace(".", " ").split() or ["كلام"]
    sent = 0
    while sent < wire.most:
        run = " ".join(rng.choice(words) for _ in range(40)) + " "
        wire.part(frame(run))
        sent += len(run)
    wire.end()


DELIVERIES: dict[str, Delivery] = {
    send.__name__: Delivery(send, refuses)
    for send, refuses in (
        (broken_frames, False), (half_frame, False), (silent_end, False), (wrong_type, True),
        (nothing, True), (hangs_up, True), (server_error, True), (too_many, True),
        (elsewhere, True), (slow_drip, False), (huge_piece, False), (endless, False),
        (one_sentence, False),
    )
}  # fmt: skip
"""How a reply is sent, by its name; what is said is a mixture of one truth and lies."""
