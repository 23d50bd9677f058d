"""The web server around the Gradio page: its own assets, nothing from elsewhere, nothing more.

Gradio fixes the page's language and direction in its own HTML and opens routes (uploads, files,
a proxy) that this page never uses. So one small layer rewrites the page on its way out, before a
browser first paints it, names what the browser may load, and closes the other routes.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.strings import Strings

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASSETS = Path(__file__).parent / "assets"
_FONTS = {400: "Regular", 500: "Medium", 700: "Bold"}
_OPEN = re.compile(
    r"/($|config/?$|theme\.css$|manifest\.json$|assets/|static/|dalil/"
    r"|gradio_api/(info/?$|startup-events$|queue/(join|data)$|heartbeat/|cancel$|reset/?$"
    r"|theme\.css$|call/ask(/|$)))"
)
_PREVIEWS = re.compile(rb'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>')
_LOCAL = ("127.0.0.1", "localhost", "::1")


def web_app(blocks: "gr.Blocks", strings: Strings, host: str, port: int) -> "FastAPI":
    """An ASGI application that serves ``blocks`` at / and the page's assets under /dalil/.

    On a loopback ``host`` it answers to loopback names only, so that no web site can reach it by
    pointing a name of its own at this machine.
    """
    import gradio as gr
    from fastapi import FastAPI
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for name, path in assets():
        app.add_route(f"/dalil/{name}", _asset(path))
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        server_name=host,
        server_port=port,
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        blocked_paths=[str(Path.cwd()), str(Path.home())],
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=_theme(),
    )
    app.add_middleware(Shell, strings=strings)
    if host in _LOCAL:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(_LOCAL), www_redirect=False)
    return app


def _asset(path: Path) -> "Callable[[Request], Response]":
    # A Starlette endpoint, not a FastAPI one: that would take ``path`` from the query.
    def send(request: "Request") -> "Response":  # noqa: ARG001
        from starlette.responses import FileResponse

        return FileResponse(path, headers={"cache-control": "no-cache"})

    return send


def assets() -> Iterator[tuple[str, Path]]:
    """Name and file of what is served under /dalil/: the style, the icon, the installed fonts."""
    yield "style.css", ASSETS / "style.css"
    yield "icon.svg", ASSETS / "icon.svg"
    found = find_spec("fontpkg_ibm_plex_sans_arabic")
    if found is not None and found.origin is not None:
        folder = Path(found.origin).parent / "files"
        for weight, style in _FONTS.items():
            path = folder / f"IBMPlexSansArabic-{style}.ttf"
            if path.is_file():
                yield f"font-{weight}.ttf", path


def _theme() -> Any:
    """Gradio's barest theme with system fonts: its usual ones are fetched from another server."""
    import gradio as gr

    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])


class Shell:
    """ASGI layer: closes unused routes, sets the browser's limits, and puts the page in order."""

    def __init__(self, app: "ASGIApp", strings: Strings) -> None:
        self.app = app
        self.strings = strings

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request."""
        from starlette.responses import PlainTextResponse

        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif not _OPEN.match(scope["path"]):
            await PlainTextResponse("Not found", status_code=404)(scope, receive, send)
        elif scope["path"] == "/":
            plain = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
            await self.app({**scope, "headers": plain}, receive, _Page(send, self.strings))
        else:
            await self.app(scope, receive, send)


class _Page:
    """A ``send`` that holds the page back until it is whole, then rewrites it."""

    def __init__(self, send: "Send", strings: Strings) -> None:
        self.send = send
        self.strings = strings
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: "Message") -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        nonce = secrets.token_urlsafe(16)
        body = dressed(self.body, self.strings, nonce)
        replaced = {b"content-length", b"cache-control", b"content-security-policy"}
        headers = [(k, v) for k, v in self.start["headers"] if k.lower() not in replaced]
        headers += [*_limits(nonce), (b"content-length", str(len(body)).encode())]
        await self.send({**self.start, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


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
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
    ]


def dressed(page: bytes, strings: Strings, nonce: str) -> bytes:
    """Gradio's page with our language, direction, style and nonce, ready before the first paint."""
    fonts = "".join(
        f"@font-face{{font-family:'Dalil';font-weight:{name[5:8]};font-display:swap;"
        f"src:url('/dalil/{name}') format('truetype')}}"
        for name, _ in assets()
        if name.startswith("font-")
    )
    # Gradio words its own notices, and marks the page, by the browser's language: name the page's.
    language = f"Object.defineProperty(navigator,'language',{{get:()=>'{strings.language}'}})"
    head = (
        f"<script>{language}</script><title>{strings.title}</title>"
        '<link rel="icon" type="image/svg+xml" href="/dalil/icon.svg">'
        f'<style>{fonts}</style><link rel="stylesheet" href="/dalil/style.css">'
    )
    root = f'<html lang="{strings.language}" dir="{strings.direction}"'
    page = re.sub(rb'<html\s+lang="en"', root.encode(), page, count=1)
    page = _PREVIEWS.sub(b"", page)
    told = f"<noscript><p class='no-script'>{strings.no_script}</p></noscript><gradio-app"
    page = page.replace(b"<gradio-app", told.encode(), 1)
    page = page.replace(b"<head>", b"<head>" + head.encode(), 1)
    return page.replace(b"<script", f'<script nonce="{nonce}"'.encode())
