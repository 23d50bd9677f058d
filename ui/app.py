"""The chat page: a Gradio application over a pipeline, and the server that runs it."""

import os
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from corpus.errors import DalilError
from ui.page import Page, Turns, as_data
from ui.protocol import Pipeline
from ui.strings import ARABIC, ENGLISH, Strings, strings_for
from ui.views import Turn, advice, masthead
from ui.web import ASSETS, web_app

if TYPE_CHECKING:
    import gradio as gr
    import uvicorn

_MOST_TURNS = 50  # older ones leave the page: each turn sends the whole conversation
_ONE_AT_A_TIME = {"concurrency_id": "ask", "concurrency_limit": 1}
_UNSEEN: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build_app(pipeline: Pipeline, language: str = "ar") -> "gr.Blocks":
    """The page as a Gradio application, with its chat and an ``/ask`` call for programs.

    ``language`` is "ar" or "en". Raises DalilError for any other, or when the index cannot be read.
    """
    strings = strings_for(language)
    page = Page.over(pipeline, strings)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    script = (ASSETS / "page.js").read_text(encoding="utf-8")
    bare: dict[str, Any] = {"apply_default_css": False}
    blocks: gr.Blocks = gr.Blocks(title=strings.title, analytics_enabled=False, fill_width=True)
    with blocks:
        turns = gr.State(())
        gr.HTML(masthead(strings), elem_id="head", js_on_load=None, **bare)
        with gr.Row(elem_id="stage"):
            with gr.Column(elem_id="talk"):
                log = gr.HTML(page.chat(()), elem_id="log", js_on_load=script, **bare)
                with gr.Row(elem_id="asking"):
                    box = _question_box(strings)
                    send = gr.Button(strings.send, variant="primary", elem_id="send")
                note = gr.HTML("", elem_id="note", js_on_load=None, **bare)
            panel = gr.HTML(page.empty(), elem_id="source", js_on_load=script, **bare)
        parts = {"turns": turns, "log": log, "box": box, "note": note, "panel": panel}
        _wire(page, parts, send)
    return blocks


def _question_box(strings: Strings) -> "gr.Textbox":
    import gradio as gr

    return gr.Textbox(
        lines=1,
        max_lines=6,
        label=strings.question,
        placeholder=strings.placeholder,
        show_label=False,
        container=False,
        autofocus=True,
        rtl=strings.direction == "rtl",
        elem_id="question",
    )


def _wire(page: Page, parts: dict[str, Any], send: "gr.Button") -> None:
    """Join the page's parts to what it does. Runs inside the Blocks that hold them."""
    import gradio as gr
    from gradio.events import api

    turns, log, box, panel = parts["turns"], parts["log"], parts["box"], parts["panel"]

    def shown(**values: Any) -> dict[Any, Any]:
        return {parts[name]: value for name, value in values.items()}

    def asked(question: str, past: Turns) -> Iterator[dict[Any, Any]]:
        for values in conversing(page, question, past):
            yield shown(**values)

    def picked(event: gr.EventData, past: Turns) -> Iterator[dict[Any, Any]]:
        for values in conversing(page, page.examples[int(event.number)], past):
            yield shown(**values)

    def failed(past: Turns) -> dict[Any, Any]:
        if past and past[-1].pending:
            past = (*past[:-1], Turn(past[-1].question, failure=page.strings.fault))
        return shown(turns=past, log=page.chat(past))

    def opened(event: gr.EventData, past: Turns) -> str:
        return page.source(past, event._data)

    def cleared() -> dict[Any, Any]:
        return shown(turns=(), log=page.chat(()), panel=page.empty(), box="", note="")

    def ask(question: str) -> dict[str, Any]:
        try:
            return as_data(page.answer(question))
        except DalilError as error:
            raise gr.Error(str(error), print_exception=False) from error

    everything = list(parts.values())
    asking = {**_UNSEEN, **_ONE_AT_A_TIME}
    for event in (
        gr.on([box.submit, send.click], asked, [box, turns], everything, **asking),
        log.example_select(picked, [turns], everything, **asking),
    ):
        event.failure(failed, [turns], [turns, log], **_UNSEEN)
    log.select(opened, [turns], [panel], **_UNSEEN)
    log.clear(cleared, None, everything, **_UNSEEN)
    api(ask, api_name="ask", **_ONE_AT_A_TIME)


def conversing(page: Page, question: str, past: Turns) -> Iterator[dict[str, Any]]:
    """What changes on the page while ``question`` is answered: first busy, then the answer."""
    if not any(character.isalnum() for character in question):
        yield {"note": advice(page.strings.empty_question, page.strings)}
        return
    past = (*past, Turn(question))[-_MOST_TURNS:]
    yield {"turns": past, "log": page.chat(past), "box": "", "note": ""}
    turn = page.answer(question, past[:-1])
    past = (*past[:-1], turn)
    values = {"turns": past, "log": page.chat(past), "panel": page.first_source(turn)}
    yield values | ({"box": question} if turn.failure else {})  # a refused question can be mended


def serve(
    pipeline: Pipeline,
    host: str = "127.0.0.1",
    port: int = 7860,
    language: str = "ar",
    open_browser: bool = True,
) -> None:
    """Serve the page until Ctrl+C, to ``host`` only. Raises DalilError when the port is taken."""
    with listener(host, port) as door:
        named = "127.0.0.1" if host == "0.0.0.0" else f"[{host}]" if ":" in host else host
        address = f"http://{named}:{door.getsockname()[1]}"

        def ready() -> None:
            print(f"{ARABIC.ready}: {address}  ({ARABIC.stop_how})")
            print(f"{ENGLISH.ready}: {address}  ({ENGLISH.stop_how})", flush=True)
            if open_browser:
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

        try:
            server(pipeline, door, language, ready).run(sockets=[door])
        except KeyboardInterrupt:
            print(f"\n{strings_for(language).stopped}")


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
    pipeline: Pipeline,
    door: socket.socket,
    language: str = "ar",
    ready: Callable[[], None] = lambda: None,
) -> "uvicorn.Server":
    """A server for the page, to run with ``sockets=[door]``; calls ``ready`` once it answers."""
    import uvicorn

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # An open page holds a connection that never ends by itself: end it from this side.
            for connection in list(self.server_state.connections):
                connection.transport.close()
            await super().shutdown(sockets)

    host, port = door.getsockname()[:2]
    application = web_app(build_app(pipeline, language), strings_for(language), host, port)
    settings = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        ws="none",
        timeout_graceful_shutdown=5,
    )
    return Announcing(settings)
