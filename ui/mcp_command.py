"""`dalil mcp`: the MCP server on standard input and output, or on a local port."""

import os
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from corpus.errors import DalilError
from index.search import require_generation
from qa.models import Models
from qa.settings import Settings
from ui.access import LOOPBACK
from ui.indexing import prepare
from ui.library import Library
from ui.mcp_server import AskedCollection, mcp_server
from ui.strings import strings_for

if TYPE_CHECKING:
    import uvicorn
    from mcp.server import MCPServer

PATH = "/mcp"


def serve_stdio(settings: Settings) -> None:
    """Speak the protocol on standard input and output until the input ends, or until Ctrl+C.

    Whatever else is written to standard output goes to standard error.
    """
    server = server_for(settings)
    if sys.stdin.isatty():
        _to_stderr("Waiting for a program that speaks MCP on standard input; Ctrl+C ends it.")
    # Reading standard input cannot be broken off, and there is nothing to tidy up.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        server.run("stdio")  # which keeps the descriptor to itself as long as it serves
    finally:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # for what still waits in buffers


def serve_http(settings: Settings, host: str, port: int) -> None:
    """Serve streamable HTTP at ``/mcp`` on this machine until Ctrl+C.

    Raises DalilError for a ``host`` beyond this machine, and when the port is taken.
    """
    with listener(host, port) as door:
        application = http_server(server_for(settings), host)
        named = f"[{host}]" if ":" in host else host
        _to_stderr(f"http://{named}:{door.getsockname()[1]}{PATH}")
        try:
            application.run(sockets=[door])
        except KeyboardInterrupt:
            _to_stderr(strings_for(settings.language).stopped)


def server_for(settings: Settings, tell: Callable[[str], None] | None = None) -> "MCPServer":
    """A server over the index that the settings name, whose models begin to load in a thread.

    ``tell`` is told how that goes, standard error without it. Raises DalilError at once when there
    is no such index.
    """
    if settings.index_folder != settings.bundled_index:
        require_generation(settings.index_folder)
    told = tell or _to_stderr
    library = Library(settings, lambda: Models.load(settings, told))
    # The pool's thread is waited for at the end: native libraries abort when they end amid loading.
    pool = ThreadPoolExecutor(1, "dalil-loading")
    prepared = pool.submit(prepare, settings)
    collection = AskedCollection(library, prepared)
    pool.submit(_load, collection, told)
    pool.shutdown(wait=False)
    return mcp_server(collection, strings_for(settings.language))


def _load(collection: AskedCollection, tell: Callable[[str], None]) -> None:
    try:
        collection.pipeline()
    except DalilError as error:  # whoever calls a tool is told so too
        tell(f"✗ {error}")


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def listener(host: str, port: int) -> socket.socket:
    """A socket listening on ``host``, which must be this machine, and ``port`` (0: any free one).

    Raises DalilError when that cannot be.
    """
    if host not in LOOPBACK:
        raise DalilError(
            f"`dalil mcp` serves this machine only, and {host!r} is beyond it: whoever reached "
            "it there could read every text, and this version asks for no key.",
            f"Leave --host out, or choose one of {', '.join(LOOPBACK)}; "
            "from another machine, come through a tunnel such as ssh -L.",
        )
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise DalilError(
            f"Cannot serve on {host}, port {port}: {error}",
            f"Choose another port: dalil mcp --transport http --port {min(port + 1, 65535)}",
        ) from error


def http_server(server: "MCPServer", host: str) -> "uvicorn.Server":
    """A web server for the protocol, to run with ``sockets=[door]``.

    It answers to loopback names only, so that no web site can reach it by pointing a name of its
    own at this machine. It keeps nothing between requests.
    """
    import uvicorn

    application = server.streamable_http_app(
        streamable_http_path=PATH, stateless_http=True, json_response=True, host=host
    )
    settings = uvicorn.Config(
        application, log_level="warning", access_log=False, ws="none", timeout_graceful_shutdown=5
    )
    return uvicorn.Server(settings)
