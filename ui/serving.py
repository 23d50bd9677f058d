"""The server that runs the page, until Ctrl+C."""

import os
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from corpus.errors import DalilError
from ui.access import Access
from ui.strings import ARABIC, ENGLISH, strings_for
from ui.workspace import Workspace

if TYPE_CHECKING:
    import uvicorn

_UPLOADS = "GRADIO_TEMP_DIR"


def serve(
    workspace: Workspace,
    host: str = "127.0.0.1",
    port: int = 7860,
    language: str = "ar",
    open_browser: bool = True,
    access: Access | None = None,
) -> None:
    """Serve the page until Ctrl+C, to ``host`` only, and programs as `ui.web.web_app` says.

    Raises DalilError when the port is taken, and where ``access`` says too little.
    """
    access = access or Access()
    access.require(host)
    with _uploads(), listener(host, port) as door:
        named = "127.0.0.1" if host == "0.0.0.0" else f"[{host}]" if ":" in host else host
        address = f"http://{named}:{door.getsockname()[1]}"

        def ready() -> None:
            print(f"{ARABIC.ready}: {address}  ({ARABIC.stop_how})")
            print(f"{ENGLISH.ready}: {address}  ({ENGLISH.stop_how})", flush=True)
            if open_browser:
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

        try:
            with suppress(KeyboardInterrupt):
                server(workspace, door, language, ready, access).run(sockets=[door])
            print(f"\n{strings_for(language).stopped}", flush=True)
        finally:
            workspace.close()


@contextmanager
def _uploads() -> Iterator[None]:
    """Where Gradio keeps what pages send until it is taken: a folder of this server's own, which
    nobody else may open and which goes with it, unless another was named.
    """
    if os.environ.get(_UPLOADS):
        yield
        return
    with TemporaryDirectory(prefix="dalil-sent-", ignore_cleanup_errors=True) as folder:
        os.environ[_UPLOADS] = folder
        try:
            yield
        finally:
            del os.environ[_UPLOADS]


def listener(host: str, port: int) -> socket.socket:
    """A socket listening on ``host`` and ``port`` (0: any free one); DalilError when it cannot."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise DalilError(
            f"Cannot serve the page on {host}, port {port}: {error}",
            f"Choose another port: dalil chat --port {port + 1 if 0 < port < 65535 else 7861}",
        ) from error


def server(
    workspace: Workspace,
    door: socket.socket,
    language: str = "ar",
    ready: Callable[[], None] = lambda: None,
    access: Access | None = None,
) -> "uvicorn.Server":
    """A server for the page, to run with ``sockets=[door]``; calls ``ready`` once it answers."""
    import uvicorn

    from ui.web import web_app

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            workspace.stopping.clear()
            await super().startup(sockets)
            if self.started:
                ready()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            workspace.stopping.set()
            # An open page holds a connection that never ends by itself: end it from this side.
            for connection in list(self.server_state.connections):
                connection.transport.close()
            await super().shutdown(sockets)

    host, port = door.getsockname()[:2]
    application = web_app(workspace, language, host, port, access)
    settings = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    return Announcing(settings)
