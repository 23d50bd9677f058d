"""The chat page as a Gradio application: its parts, and where they stand."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.page import Page
from ui.side import finder
from ui.strings import Strings, strings_for
from ui.visit import Visit
from ui.workspace import Workspace

if TYPE_CHECKING:
    import gradio as gr

PART = """
const id = element.closest("#head, #side, #log, #welcome, #source, #library, #work")?.id;
window.dalil ??= { parts: {} };
window.dalil.parts[id] = { element, trigger, upload };
const shown = () => document.dispatchEvent(new CustomEvent("dalil:shown", { detail: id }));
watch("value", shown);
shown();
"""
"""Run by Gradio for each part: page.js reaches the part through it, and hears of new values."""


_UPLOADS_KEPT = (600, 3600)  # seconds: how often, and from what age, sent files are dropped
_AT_ONCE = 128
"""Events that Gradio works on at once: more than all questions that may wait, which take no thread
meanwhile."""
_QUEUED = 512
"""Events that it holds back beyond those; it refuses any more."""
_PAGES = 2_000
"""Open pages, and calls of programs, of which something is remembered: 34 KB each, and the
conversation. The one that was quiet for longest is forgotten, and begins anew."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page that change."""

    visit: "gr.State"
    head: "gr.HTML"
    side: "gr.HTML"
    welcome: "gr.HTML"
    log: "gr.HTML"
    box: "gr.Textbox"
    note: "gr.HTML"
    panel: "gr.HTML"
    library: "gr.HTML"
    work: "gr.HTML"
    send: "gr.Button"

    def shown(self, **values: Any) -> dict[Any, Any]:
        """New values by the name of their part, as Gradio takes them; it refuses an empty dict."""
        import gradio as gr

        found = {getattr(self, name): value for name, value in values.items()}
        return found or gr.skip()

    def changing(self) -> list[Any]:
        """Every part that an event may change."""
        return [getattr(self, name) for name in self.__slots__ if name != "send"]


def build_app(workspace: Workspace, language: str = "ar") -> "gr.Blocks":
    """The page as a Gradio application, with its chat and an ``/ask`` call for programs.

    ``language`` is "ar" or "en"; DalilError for any other.
    """
    from ui.wiring import wire

    strings, page = strings_for(language), Page(workspace, strings_for(language))
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # It sums up all events that it remembers after each one: 40 ms once there were ten thousand.
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
    import gradio as gr

    blocks: gr.Blocks = gr.Blocks(
        title=strings.title,
        analytics_enabled=False,
        fill_width=True,
        delete_cache=_UPLOADS_KEPT,
    )
    blocks.max_threads, blocks.state_session_capacity = _AT_ONCE, _PAGES
    blocks.queue(max_size=_QUEUED)
    with blocks:
        wire(blocks, page, _layout(strings, page.arrive))
    return blocks


def _layout(strings: Strings, arrive: Callable[[], Visit]) -> Parts:
    import gradio as gr

    # It makes a copy of what it is given, and cannot of a method.
    visit = gr.State(lambda: arrive())  # noqa: PLW0108
    head = _html("head")
    with gr.Row(elem_id="stage"):
        with gr.Column(elem_id="past"):
            gr.HTML(finder(strings), elem_id="finder", js_on_load=None, apply_default_css=False)
            side = _html("side")
        with gr.Column(elem_id="talk"):
            welcome, log = _html("welcome"), _html("log")
            with gr.Row(elem_id="asking"):
                box = _question_box(strings)
                send = gr.Button(strings.send, variant="primary", elem_id="send")
            note = _html("note")
        panel = _html("source")
    with gr.Column(elem_id="shelves"):
        sending = f'<section dir="{strings.direction}" aria-live="polite"></section>'
        gr.HTML(sending, elem_id="sending", js_on_load=None, apply_default_css=False)
        work, library = _html("work"), _html("library")
    return Parts(visit, head, side, welcome, log, box, note, panel, library, work, send)


def _html(name: str) -> "gr.HTML":
    import gradio as gr

    return gr.HTML("", elem_id=name, js_on_load=PART, apply_default_css=False)


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
