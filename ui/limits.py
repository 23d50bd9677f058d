"""The outermost layer: how often one address may make work, and headers that guard a browser."""

import math
import re
from typing import TYPE_CHECKING

from ui.doors import turned_away
from ui.rates import Rates, address_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_WORK = re.compile(
    r"/(?:api/v1|v1)/|(?:/(?:ar|en))?/gradio_api/(?:upload$|queue/join$|call/)|/dalil/conversations/"
)
_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    # The page has a policy of its own; what is no page needs nothing at all.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


class Limits:
    """ASGI layer; ``per_minute`` requests that make work from each address, 0 for any number.

    Half of them may come at once.
    """

    def __init__(self, app: "ASGIApp", per_minute: int = 0) -> None:
        self.app = app
        self._rates = Rates(per_minute, max(per_minute // 2, 1)) if per_minute else None

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Let a request through, or say when to come again."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wait = 0.0
        if self._rates and _WORK.match(scope["path"]):
            wait = self._rates.wait(address_of(scope))
        if wait:
            answer = turned_away(429, retry_after=str(math.ceil(wait)))
            await answer(scope, receive, _headed(send))
        else:
            await self.app(scope, receive, _headed(send))


def _headed(send: "Send") -> "Send":
    async def headed(message: "Message") -> None:
        if message["type"] == "http.response.start":
            named = {name.lower() for name, _ in message["headers"]}
            missing = [(name, value) for name, value in _HEADERS if name not in named]
            message = {**message, "headers": [*message["headers"], *missing]}
        await send(message)

    return headed
