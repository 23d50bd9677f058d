"""The door of the page: whoever gives the name and the password gets a ticket, in a cookie.

A ticket is the time until which it holds, signed with a key that is made of the password: the
server keeps nothing of it, and another password voids them all.
"""

import hashlib
import hmac
import math
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from ui.access import Access
from ui.login_page import login_page
from ui.rates import Rates, address_of
from ui.strings import strings_for

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "dalil-ticket"
WEEK = 7 * 24 * 3600.0
_PAGES = {"/": "", "/ar/": "ar", "/en/": "en"}
# Programs have keys; what the page is made of is known to everybody.
_FREE = re.compile(r"/(?:api/v1|v1)/|/dalil/(?!conversations/)")
_MOST_FORM = 4096  # bytes
_TRIES = (6, 5)  # a minute from one address, and at once
_ALL_TRIES = (60, 30)  # from all addresses together


class Tickets:
    """Signs tickets and knows its own. ``clock`` gives seconds since 1970."""

    def __init__(self, access: Access, clock: Callable[[], float] = time.time) -> None:
        secret = f"{access.user}\0{access.password}".encode()
        # Slow on purpose: a stolen ticket must not give the password away to one who guesses.
        self._key = hashlib.scrypt(secret, salt=b"dalil ticket", n=2**14, r=8, p=1)
        self._clock = clock

    def new(self) -> str:
        """A ticket for a week."""
        until = str(int(self._clock() + WEEK))
        return f"{until}.{self._signature(until)}"

    def holds(self, ticket: str) -> bool:
        """Whether this is one of ours, and still good."""
        until, _, signature = ticket.partition(".")
        ours = hmac.compare_digest(self._signature(until).encode(), signature.encode())
        return ours and int(until) > self._clock()

    def _signature(self, until: str) -> str:
        return hmac.new(self._key, until.encode(), "sha256").hexdigest()


class Login:
    """ASGI layer around the pages; ``language`` is that of the page at /."""

    def __init__(self, app: "ASGIApp", access: Access, language: str) -> None:
        self.app = app
        self._language = language
        self._tickets = Tickets(access)
        self._wanted = _digest(access.user) + _digest(access.password)
        self._tries, self._all_tries = Rates(*_TRIES), Rates(*_ALL_TRIES)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request."""
        from starlette.requests import Request
        from starlette.responses import PlainTextResponse, RedirectResponse

        path = scope.get("path", "")
        answer: Response
        if scope["type"] != "http" or _FREE.match(path):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        inside = self._tickets.holds(request.cookies.get(COOKIE, ""))
        if path == "/login":
            answer = await self._login(request)
        elif path == "/logout":
            answer = RedirectResponse("/login", 303)
            answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        elif inside:
            await self.app(scope, receive, send)
            return
        elif path in _PAGES:
            answer = RedirectResponse(f"/login?language={_PAGES[path] or self._language}", 303)
        else:
            answer = PlainTextResponse("The page asks for a password: /login", 401)
        await answer(scope, receive, send)

    async def _login(self, request: "Request") -> "Response":
        from starlette.responses import PlainTextResponse

        language = request.query_params.get("language", self._language)
        if language not in {"ar", "en"}:
            language = self._language
        if request.method == "GET":
            return self._shown(language)
        if request.method != "POST":
            return PlainTextResponse("Method Not Allowed", 405)
        wait = max(self._tries.wait(address_of(request.scope)), self._all_tries.wait(""))
        if wait:
            return self._shown(language, 429, math.ceil(wait))
        body = await _body(request)
        given = _digest(body.get("username", "")) + _digest(body.get("password", ""))
        if not hmac.compare_digest(given, self._wanted):
            return self._shown(language, 401)
        return self._let_in(request, language)

    def _let_in(self, request: "Request", language: str) -> "Response":
        from starlette.responses import RedirectResponse, Response

        # A browser goes on to the page; Gradio's client wants a plain success.
        browser = "text/html" in request.headers.get("accept", "")
        answer = RedirectResponse(f"/{language}/", 303) if browser else Response()
        answer.set_cookie(
            COOKIE,
            self._tickets.new(),
            max_age=int(WEEK),
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return answer

    def _shown(self, language: str, status: int = 200, wait: int = 0) -> "Response":
        from starlette.responses import HTMLResponse

        strings = strings_for(language)
        trouble = {401: strings.wrong_password, 429: strings.too_many_tries}.get(status, "")
        page, policy = login_page(strings, trouble.format(seconds=wait))
        headers = {
            "cache-control": "no-store",
            "content-security-policy": policy,
            "referrer-policy": "same-origin",  # without one, a form's origin is not told either
        }
        if wait:
            headers["retry-after"] = str(wait)
        return HTMLResponse(page, status, headers)


async def _body(request: "Request") -> dict[str, str]:
    """The fields of a form, as far as 4 KB; none of a longer one."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_FORM:
            return {}
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10, keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
