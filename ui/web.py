"""The web server around the Gradio pages: its own assets and downloads, nothing from elsewhere."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import DalilError
from corpus.readers import MAX_FILE_BYTES
from ui.access import LOOPBACK, Access
from ui.strings import Language, strings_for
from ui.workspace import Workspace

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

ASSETS = Path(__file__).parent / "assets"
_FONTS = {400: "Regular", 500: "Medium", 700: "Bold"}
_LANGUAGES: tuple[Language, ...] = ("ar", "en")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def web_app(
    workspace: Workspace, language: str, host: str, port: int, access: Access | None = None
) -> "FastAPI":
    """An ASGI application with the page in ``language`` at /, and in each language at /ar and /en.

    The page's assets lie under /dalil/. Beside it are the doors for programs, /api/v1 and /v1.
    ``access`` says who may come in, by default whoever is on this machine. With keys, a program
    must have one; without, the doors are open on a loopback ``host`` only, and where there is no
    password. On such a ``host`` it answers to loopback names only, so that no web site can reach it
    by pointing a name of its own at this machine. Raises DalilError where others reach ``host`` and
    ``access`` does not say which of them may come in.
    """
    from fastapi import FastAPI
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from ui.limits import Limits
    from ui.login import Login
    from ui.rest_app import open_doors
    from ui.shell import Shell

    access = access or Access()
    access.require(host)
    strings_for(language)
    alone = access.alone(host)
    workspace = replace(workspace, login=bool(access.password))
    if access.read_only(host):
        workspace = workspace.for_visitors()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for name, path in assets():
        app.add_route(f"/dalil/{name}", _asset(path))
    app.add_route("/dalil/health", _health(secrets.token_urlsafe(8)))
    app.add_route("/dalil/conversations/{name}", _download(workspace))
    open_doors(app, workspace, access.keys, local=alone and not access.password)
    for at, spoken in (*((f"/{one}", one) for one in _LANGUAGES), ("/", language)):
        _mount(app, workspace, at, spoken, host, port)
    if access.password:
        app.add_middleware(Login, access=access, language=language)
    app.add_middleware(
        Shell,
        language=language,
        login=bool(access.password),
        uploads=not access.read_only(host),
    )
    if host in LOOPBACK:
        names = [*LOOPBACK, *filter(None, [access.public_name])]
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False)
    app.add_middleware(Limits, per_minute=0 if alone else access.per_minute)
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
