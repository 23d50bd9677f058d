"""The web server around the Gradio pages: its own assets and downloads, nothing from elsewhere."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import DalilError
from corpus.readers import MAX_FILE_BYTES
from ui.strings import Language, strings_for
from ui.workspace import Workspace

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

ASSETS = Path(__file__).parent / "assets"
_FONTS = {400: "Regular", 500: "Medium", 700: "Bold"}
_LOCAL = ("127.0.0.1", "localhost", "::1")
_LANGUAGES: tuple[Language, ...] = ("ar", "en")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def web_app(
    workspace: Workspace, language: str, host: str, port: int, keys: Sequence[str] = ()
) -> "FastAPI":
    """An ASGI application with the page in ``language`` at /, and in each language at /ar and /en.

    The page's assets lie under /dalil/. Beside it are the doors for programs, /api/v1 and /v1: with
    ``keys``, a request there must have one; without, they are open on a loopback ``host`` only. On
    such a ``host`` it answers to loopback names only, so that no web site can reach it by pointing
    a name of its own at this machine.
    """
    from fastapi import FastAPI
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from ui.rest_app import open_doors
    from ui.shell import Shell

    strings_for(language)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for name, path in assets():
        app.add_route(f"/dalil/{name}", _asset(path))
    app.add_route("/dalil/health", _health(secrets.token_urlsafe(8)))
    app.add_route("/dalil/conversations/{name}", _download(workspace))
    open_doors(app, workspace, keys, local=host in _LOCAL)
    for at, spoken in (*((f"/{one}", one) for one in _LANGUAGES), ("/", language)):
        _mount(app, workspace, at, spoken, host, port)
    app.add_middleware(Shell, language=language)
    if host in _LOCAL:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(_LOCAL), www_redirect=False)
    return app


def _mount(
    app: "FastAPI", workspace: Workspace, at: str, language: str, host: str, port: int
) -> None:
    import gradio as gr

    from ui.app import build_app

    gr.mount_gradio_app(
        app,
        build_app(workspace, language),
        path=at,
        server_name=host,
        server_port=port,
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        blocked_paths=[str(Path.cwd()), str(Path.home())],
        show_error=False,
        max_file_size=MAX_FILE_BYTES,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=_theme(),
    )


def _asset(path: Path) -> "Callable[[Request], Response]":
    # A Starlette endpoint, not a FastAPI one: that would take ``path`` from the query.
    def send(request: "Request") -> "Response":  # noqa: ARG001
        from starlette.responses import FileResponse

        return FileResponse(path, headers={"cache-control": "no-cache"})

    return send


def _health(boot: str) -> "Callable[[Request], Response]":
    """Says which start of the server this is: a page from an earlier one loads again."""

    def send(request: "Request") -> "Response":  # noqa: ARG001
        from starlette.responses import JSONResponse

        return JSONResponse({"boot": boot}, headers={"cache-control": "no-store"})

    return send


def _download(workspace: Workspace) -> "Callable[[Request], Response]":
    """A conversation of the browser that asks, as Markdown (ID.md) or for Word (ID.docx)."""

    def send(request: "Request") -> "Response":
        from starlette.responses import PlainTextResponse, Response

        from ui.export import as_markdown, as_word

        name, _, kind = request.path_params["name"].rpartition(".")
        owner = request.cookies.get("dalil", "")
        kept = workspace.conversations
        strings = strings_for("en" if request.query_params.get("language") == "en" else "ar")
        try:
            heading = kept.heading(owner, name) if owner else None
            if heading is None or kind not in {"md", "docx"}:
                return PlainTextResponse("Not found", status_code=404)
            turns = kept.turns(owner, name)
        except DalilError as error:
            said = "\n".join(error.told(strings.language))
            return PlainTextResponse(said.strip(), status_code=503)
        headers = {"content-disposition": f'attachment; filename="dalil-{name[:8]}.{kind}"'}
        if kind == "md":
            words = as_markdown(heading, turns, strings)
            return Response(words, media_type="text/markdown; charset=utf-8", headers=headers)
        return Response(as_word(heading, turns, strings), media_type=_WORD, headers=headers)

    return send


def assets() -> Iterator[tuple[str, Path]]:
    """Name and file of what is served under /dalil/: styles, scripts, icon, installed fonts."""
    for path in sorted(ASSETS.iterdir()):
        if path.suffix in {".css", ".js", ".svg"}:
            yield path.name, path
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
