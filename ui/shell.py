"""The layer around Gradio: what is open, who may act, and how the page looks before it runs.

Gradio fixes the page's language and direction in its own HTML and opens routes (files, a proxy)
that this page never uses. So this layer rewrites the page on its way out, before a browser first
paints it, names what the browser may load, closes the other routes, and gives each browser a
cookie, by which it finds its own conversations again.
"""

import re
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ui.strings import Strings, strings_for
from ui.web import assets

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OPEN = re.compile(
    r"/(?:api/v1/|v1/(?:chat/completions$|models(?:/|$)))"
    r"|(?:/(?:ar|en))?/($|config/?$|theme\.css$|manifest\.json$|assets/|static/|dalil/"
    r"|gradio_api/(info/?$|app_id/?$|startup-events$|queue/(join|data)$|heartbeat/|cancel$|reset/?$"
    r"|theme\.css$|upload$|call/ask(/|$)))"
)
_DOOR = frozenset({"/login", "/logout"})
_PAGE = re.compile(r"/(?:(ar|en)/?)?")
_PREVIEWS = re.compile(rb'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>')
_READING = {"GET", "HEAD", "OPTIONS"}
_COOKIE = "dalil"
_NAME = re.compile(r"[\w-]{1,100}", re.ASCII)  # what goes back into a header
_YEAR = 365 * 24 * 3600


class Shell:
    """ASGI layer around the pages; ``language`` is that of the page at /, and ``login`` says that
    there is a door before it. Without ``uploads`` no file is taken.
    """

    def __init__(
        self, app: "ASGIApp", language: str, login: bool = False, uploads: bool = True
    ) -> None:
        self.app = app
        self.language = language
        self.login = login
        self.uploads = uploads

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request."""
        from starlette.responses import PlainTextResponse, RedirectResponse

        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif not self._open(scope["path"]):
            await PlainTextResponse("Not found", status_code=404)(scope, receive, send)
        elif scope["method"] not in _READING and not _from_here(scope):
            await PlainTextResponse("Forbidden", status_code=403)(scope, receive, send)
        elif scope["path"] in {"/ar", "/en"}:  # a mounted application has its page at its slash
            await RedirectResponse(f"{scope['path']}/")(scope, receive, send)
        elif page := _PAGE.fullmatch(scope["path"]):
            plain = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
            strings = strings_for(page[1] or self.language)
            dressing = _Page(send, strings, _renewed(scope))
            await self.app({**scope, "headers": plain}, receive, dressing)
        else:
            await self.app(scope, receive, send)

    def _open(self, path: str) -> bool:
        if path.endswith("/upload") and not self.uploads:
            return False
        return bool(_OPEN.match(path) or _PAGE.fullmatch(path) or (self.login and path in _DOOR))


def _header(scope: "Scope", name: bytes) -> str:
    found = (value for key, value in scope["headers"] if key == name)
    return next(found, b"").decode("latin-1")


def _from_here(scope: "Scope") -> bool:
    """Whether a request comes from our own page, or from a program: another site's page says so."""
    origin = _header(scope, b"origin")
    return not origin or urlsplit(origin).netloc == _header(scope, b"host")


def _cookie(scope: "Scope") -> str:
    # Read as the handlers read it: the standard library's parser gives up at the first cookie that
    # it cannot read, and cookies of any program on this machine may come along.
    from starlette.requests import cookie_parser

    return cookie_parser(_header(scope, b"cookie")).get(_COOKIE, "")


class _Page:
    """A ``send`` that holds the page back until it is whole, then rewrites it."""

    def __init__(self, send: "Send", strings: Strings, cookie: bytes) -> None:
        self.send = send
        self.strings = strings
        self.cookie = cookie
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: "Message") -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        if self.start["status"] != 200:  # a redirect, or a refusal
            await self.send(self.start)
            await self.send({"type": "http.response.body", "body": self.body})
            return
        nonce = secrets.token_urlsafe(16)
        body = dressed(self.body, self.strings, nonce)
        replaced = {b"content-length", b"cache-control", b"content-security-policy"}
        headers = [(k, v) for k, v in self.start["headers"] if k.lower() not in replaced]
        headers += [*_limits(nonce), (b"content-length", str(len(body)).encode())]
        if self.cookie:
            headers.append((b"set-cookie", self.cookie))
        await self.send({**self.start, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def _renewed(scope: "Scope") -> bytes:
    """The browser's name for another year, or one that nobody can guess; no script can read it.

    Nothing where it has a name of another form, which stays as it is.
    """
    name = _cookie(scope) or secrets.token_urlsafe(24)
    if not _NAME.fullmatch(name):
        return b""
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    # Lax: a link from another site finds the conversations too; what one posts has an Origin.
    limits = f"Path=/; Max-Age={_YEAR}; HttpOnly; SameSite=Lax{secure}"
    return f"{_COOKIE}={name}; {limits}".encode()


def _limits(nonce: str) -> list[tuple[bytes, bytes]]:
    # Gradio renders its HTML component through Function(), hence 'unsafe-eval'; inline scripts
    # need the nonce, so that no text that slips into the page can run.
    policy = (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return [
        (b"content-security-policy", policy.encode()),
        (b"cache-control", b"no-store"),
    ]


def _linked() -> str:
    """The page's own styles and script."""
    styles: Iterable[str] = (name for name, _ in assets() if name.endswith(".css"))
    sheets = "".join(f'<link rel="stylesheet" href="/dalil/{name}">' for name in styles)
    return f'{sheets}<script type="module" src="/dalil/page.js"></script>'


def font_faces() -> str:
    """The style rules of the fonts that are installed."""
    return "".join(
        f"@font-face{{font-family:'Dalil';font-weight:{name[5:8]};font-display:swap;"
        f"src:url('/dalil/{name}') format('truetype')}}"
        for name, _ in assets()
        if name.startswith("font-")
    )


def dressed(page: bytes, strings: Strings, nonce: str) -> bytes:
    """Gradio's page with our language, direction, style and nonce, ready before the first paint."""
    # Gradio words its own notices, and marks the page, by the browser's language: name the page's.
    language = f"Object.defineProperty(navigator,'language',{{get:()=>'{strings.language}'}})"
    # The theme that was chosen here is put on before the first paint too.
    theme = "document.documentElement.dataset.theme=localStorage.getItem('dalil-theme')??''"
    head = (
        f"<script>{language};try{{{theme}}}catch{{}}</script><title>{strings.title}</title>"
        f'<meta name="description" content="{strings.promise}">'
        '<link rel="icon" type="image/svg+xml" href="/dalil/icon.svg">'
        f"<style>{font_faces()}</style>{_linked()}"
    )
    root = f'<html lang="{strings.language}" dir="{strings.direction}"'
    page = re.sub(rb'<html\s+lang="en"', root.encode(), page, count=1)
    page = _PREVIEWS.sub(b"", page)
    told = f"<noscript><p class='no-script'>{strings.no_script}</p></noscript><gradio-app"
    page = page.replace(b"<gradio-app", told.encode(), 1)
    page = page.replace(b"<head>", b"<head>" + head.encode(), 1)
    return page.replace(b"<script", f'<script nonce="{nonce}"'.encode())
