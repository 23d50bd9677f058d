"""The gate before the doors for programs: who may come in, and with how much."""

from collections.abc import Sequence
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING

from corpus.readers import MAX_FILE_BYTES
from ui.doors import turned_away

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_JSON = 1024**2
"""Bytes of a request, but for one with files."""
MOST_FORM = MAX_FILE_BYTES + MOST_JSON
"""Bytes of a request with files."""
_HEADERS = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]


class Gate:
    """ASGI layer: with ``keys``, a request must have one; without, it must be ``local``."""

    def __init__(self, app: "ASGIApp", keys: Sequence[str], local: bool) -> None:
        self.app = app
        self._keys = [_digest(key.encode()) for key in keys]
        self._local = local

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Let one request in, or turn it away."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        most = MOST_FORM if scope["path"].endswith("/documents") else MOST_JSON
        if not self._keys and not self._local:
            answer = turned_away(403)
        elif self._keys and not self._knows(headers.get(b"authorization", b"")):
            answer = turned_away(401, www_authenticate="Bearer")
        elif _length(headers) > most:
            answer = turned_away(413)
        else:
            await self.app(scope, _limited(receive, most), _guarded(send))
            return
        await answer(scope, receive, _guarded(send))

    def _knows(self, header: bytes) -> bool:
        """Whether the header has one of the keys; it takes as long to find out for any."""
        kind, _, key = header.partition(b" ")
        given = _digest(key.strip())
        found = [compare_digest(given, known) for known in self._keys]
        return any(found) and kind.lower() == b"bearer"


def _digest(key: bytes) -> bytes:
    return sha256(key).digest()


def _length(headers: "dict[bytes, bytes]") -> int:
    said = headers.get(b"content-length", b"")
    return int(said[:15]) if said.isdigit() else 0


def _limited(receive: "Receive", most: int) -> "Receive":
    """What a request sends, as far as ``most`` bytes: its length need not be said beforehand."""
    left = most

    async def limited() -> "Message":
        nonlocal left
        from starlette.exceptions import HTTPException

        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413)
        return message

    return limited


def _guarded(send: "Send") -> "Send":
    async def guarded(message: "Message") -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *_HEADERS]}
        await send(message)

    return guarded
