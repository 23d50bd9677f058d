"""The connection to an OpenAI-compatible server: what is sent to it, and how much is taken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from qa.openai_troubles import unreadable

if TYPE_CHECKING:
    import ssl

    from httpx2 import AsyncByteStream, Request, Response
    from openai import AsyncOpenAI

CONNECT_SECONDS = 2.0
_SENT = {"host", "accept", "connection", "content-type", "content-length", "transfer-encoding"}


class OpenAIServer:
    """One address, and the key for it, empty for none."""

    def __init__(self, address: str, key: str = "") -> None:
        self.address = address
        self._key = key

    def client(self, most_bytes: int, seconds: float) -> AsyncOpenAI:
        """A client for one event loop, to be closed there. It sends again nothing by itself.

        It takes ``most_bytes`` of an answer at most and lets it rest for ``seconds``. Nothing of
        the environment goes out with its requests; only to other machines they may take a proxy.
        """
        from httpx2 import Timeout
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient

        async def limit(response: Response) -> None:
            self._limit(response, most_bytes)

        connection = DefaultAsyncHttpxClient(
            follow_redirects=False,
            trust_env=not _is_loopback(self.address),
            verify=self._tls,
            timeout=Timeout(seconds, connect=CONNECT_SECONDS),
            event_hooks={"request": [self._only_ours], "response": [limit]},
        )
        return AsyncOpenAI(
            base_url=self.address,
            api_key="none",  # without one it looks in the environment; `_only_ours` sets ours
            organization="",
            project="",
            max_retries=0,
            timeout=Timeout(seconds, connect=CONNECT_SECONDS),
            http_client=connection,
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        from httpx2 import create_ssl_context

        return create_ssl_context(trust_env=not _is_loopback(self.address))

    async def _only_ours(self, request: Request) -> None:
        """Take out of a request what the library tells of this machine and its environment."""
        for name in [name for name in request.headers if name.lower() not in _SENT]:
            del request.headers[name]
        request.headers["user-agent"] = "dalil"
        request.headers["accept-encoding"] = "identity"
        if self._key:
            request.headers["authorization"] = f"Bearer {self._key}"

    def _limit(self, response: Response, most_bytes: int) -> None:
        """Let ``response`` be read to ``most_bytes``, and not at all where it is packed: a small
        body may unpack to a large one.
        """
        from httpx2 import AsyncByteStream

        address = self.address
        if response.headers.get("content-encoding", "identity") != "identity":
            raise unreadable(address)
        body = cast("AsyncByteStream", response.stream)  # an asynchronous client has no other

        class Limited(AsyncByteStream):
            async def __aiter__(self) -> AsyncIterator[bytes]:
                left = most_bytes
                async for some in body:
                    left -= len(some)
                    if left < 0:
                        raise unreadable(address)
                    yield some

            async def aclose(self) -> None:
                await body.aclose()

        response.stream = Limited()


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
