"""What a reader thinks of an answer: three buttons, and a line for the right answer."""

from qa.conversations import Judgement, Kind
from ui.markup import safe
from ui.strings import Strings


def judging(place: int, judgement: Judgement | None, strings: Strings) -> str:
    """The buttons under the turn at ``place``; with a box once it was called wrong."""
    kinds: tuple[tuple[Kind, str], ...] = (
        ("right", strings.judge_right),
        ("wrong", strings.judge_wrong),
        ("wrong_source", strings.judge_source),
    )
    chosen = judgement.kind if judgement else None
    buttons = "".join(
        f'<button type="button" data-act="judge" data-turn="{place}" data-kind="{kind}" '
        f'aria-pressed="{"true" if kind == chosen else "false"}">{safe(name)}</button>'
        for kind, name in kinds
    )
    return (
        f'<div class="judging" role="group" aria-label="{safe(strings.judge)}">{buttons}'
        f"{_after(place, judgement, strings) if judgement else ''}</div>"
    )


def _after(place: int, judgement: Judgement, strings: Strings) -> str:
    if judgement.kind == "right" or judgement.comment:
        return f'<p class="thanks" role="status">{safe(strings.thanks)}</p>'
    label = safe(strings.comment)
    return (
        f'<form data-form="comment" data-turn="{place}" data-kind="{judgement.kind}">'
        f'<input name="comment" maxlength="2000" autocomplete="off" '
        f'aria-label="{label}" placeholder="{label}">'
        f'<button type="submit">{safe(strings.comment_send)}</button></form>'
    )
