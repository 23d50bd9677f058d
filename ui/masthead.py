"""The page's head: where one is, which texts are asked, and how the page looks."""

from collections.abc import Sequence

from ui.catalogue import BUNDLED, OWN
from ui.library import Collection
from ui.markup import safe
from ui.strings import Strings


def masthead(
    collections: Sequence[Collection],
    current: str,
    strings: Strings,
    *,
    busy: bool = False,
    leave: bool = False,
) -> str:
    """The head with the views, the collections to choose from, the theme and the language.

    While a question is answered, ``busy``, no other collection can be chosen. ``leave`` adds a way
    out to where a password is asked for.
    """
    other = "en" if strings.language == "ar" else "ar"
    out = f'<a class="quiet leave" href="/logout">{safe(strings.leave)}</a>' if leave else ""
    return (
        f'<header class="masthead" dir="{strings.direction}">'
        f"{_button('menu', strings.menu, MENU)}"
        f"<h1>{safe(strings.name)}</h1>"
        f"{_views(strings)}"
        f"{_choice(collections, current, strings, busy)}"
        '<span class="room"></span>'
        f"{_button('theme', strings.theme, THEME)}"
        f'<a class="quiet language" data-act="language" href="/{other}/" lang="{other}">'
        f"{safe(strings.other_language)}</a>{out}"
        f'<button type="button" class="quiet new" data-act="clear">{PLUS}'
        f"<span>{safe(strings.new_chat)}</span></button>"
        f'</header><p class="lost" dir="{strings.direction}" role="alert" hidden>'
        f"{safe(strings.server_gone)}</p>"
        f'<p class="crowded" dir="{strings.direction}" role="status" hidden>'
        f"{safe(strings.goes_in_later)}</p>"
    )


def shown_name(collection: Collection, strings: Strings) -> str:
    """The collection's name; those that nobody named have one in each language."""
    given = {BUNDLED: strings.bundled_texts, OWN: strings.own_texts}
    return given.get(collection.id, collection.name)


def _button(act: str, label: str, icon: str) -> str:
    return (
        f'<button type="button" class="icon {act}" data-act="{act}" aria-label="{safe(label)}" '
        f'title="{safe(label)}">{icon}</button>'
    )


def _views(strings: Strings) -> str:
    views = (("chat", strings.chat_view), ("library", strings.library_view))
    here = {"chat": ' aria-current="page"'}
    buttons = "".join(
        f'<button type="button" data-act="view" data-view="{view}"{here.get(view, "")}>'
        f"{safe(name)}</button>"
        for view, name in views
    )
    return f'<nav class="views" aria-label="{safe(strings.name)}">{buttons}</nav>'


def _choice(collections: Sequence[Collection], current: str, strings: Strings, busy: bool) -> str:
    chosen = {current: " selected"}
    options = "".join(
        f'<option value="{safe(one.id)}"{chosen.get(one.id, "")}>'
        f"{safe(shown_name(one, strings))}</option>"
        for one in collections
    )
    return (
        f'<select class="choice" data-change="collection" aria-label="{safe(strings.collection)}"'
        f"{' disabled' if busy else ''}>{options}</select>"
    )


MENU = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 7h16M4 12h16M4 17h10"/></svg>'
PLUS = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5v14M5 12h14"/></svg>'
THEME = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8"/>'
    '<path class="half" d="M12 4a8 8 0 0 1 0 16z"/></svg>'
)
