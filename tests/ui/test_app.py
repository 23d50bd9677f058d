"""The page's parts, as Gradio takes their new values."""

import gradio as gr

from ui.app import Parts


def test_new_values_stand_under_their_parts_and_no_value_is_said_in_gradios_way() -> None:
    parts = Parts(*(gr.State(n) for n in range(11)))  # type: ignore[arg-type]
    assert parts.shown(log="words") == {parts.log: "words"}
    assert parts.shown() == gr.skip()
