"""The list of earlier conversations: open, search, rename, download, delete."""

from collections.abc import Sequence

from qa.conversations import Heading
from ui.markup import direction, safe, safe_attribute
from ui.strings import Strings


def finder(strings: Strings) -> str:
    """The box above the list, apart from it: the list changes while one types here."""
    return (
        f'<div class="finder" dir="{strings.direction}">'
        f'<h2 id="talks-title">{safe(strings.conversations)}</h2>'
        f'<button type="button" class="close" data-act="menu" '
        f'aria-label="{safe(strings.close_menu)}">×</button>'
        f'<input type="search" data-input="find" aria-label="{safe(strings.find)}" '
        f'placeholder="{safe(strings.find)}"></div>'
    )


def talks(headings: Sequence[Heading], current: str | None, searched: str, strings: Strings) -> str:
    """The conversations found, newest first; ``current`` is the one on the page."""
    if not headings:
        said = strings.none_found if searched.strip() else strings.none_yet
        return f'<p class="none" dir="{strings.direction}">{safe(said)}</p>'
    rows = "".join(_row(one, one.id == current, strings) for one in headings)
    return f'<ul class="talks" dir="{strings.direction}" aria-labelledby="talks-title">{rows}</ul>'


def _row(heading: Heading, current: bool, strings: Strings) -> str:
    chosen = ' aria-current="true"' if current else ""
    name = safe(heading.id)
    forget = f'data-act="forget" data-talk="{name}"'
    file = f"/dalil/conversations/{name}"
    spoken = f"language={strings.language}"
    return (
        "<li>"
        f'<button type="button" class="talk" data-act="talk" data-talk="{name}"{chosen} '
        f'dir="{direction(heading.title)}">{safe(heading.title)}</button>'
        f'<details class="menu" name="talk-menu"><summary '
        f'aria-label="{safe(strings.more_acts)}: {safe_attribute(heading.title)}">⋯</summary>'
        f'<div class="acts">{_rename(heading, strings)}'
        f'<a href="{file}.md?{spoken}" download>{safe(strings.as_markdown)}</a>'
        f'<a href="{file}.docx?{spoken}" download>{safe(strings.as_word)}</a>'
        f"{sure(strings.delete, strings.delete_sure, strings.delete_yes, forget)}"
        "</div></details></li>"
    )


def _rename(heading: Heading, strings: Strings) -> str:
    return (
        f'<form data-form="rename" data-talk="{safe(heading.id)}">'
        f'<input name="title" value="{safe_attribute(heading.title)}" maxlength="120" required '
        f'autocomplete="off" aria-label="{safe(strings.new_name)}">'
        f'<button type="submit">{safe(strings.rename)}</button></form>'
    )


def sure(name: str, question: str, yes: str, act: str) -> str:
    """A button that asks once more before it does ``act``: attributes of the second button."""
    return (
        f'<details class="sure"><summary>{safe(name)}</summary><p>{safe(question)}</p>'
        f'<button type="button" class="danger" {act}>{safe(yes)}</button></details>'
    )
