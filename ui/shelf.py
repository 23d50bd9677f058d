"""The library's page: the collections, and the texts of the one that is asked."""

from collections.abc import Sequence

from corpus.readers import MAX_FILE_BYTES, SUFFIXES
from ui.library import Collection, ShelfItem
from ui.markup import direction, isolated, number, safe, safe_attribute
from ui.masthead import shown_name
from ui.side import sure
from ui.strings import Strings
from ui.uploads import MOST_FILES


def library(
    collections: Sequence[Collection],
    current: Collection,
    items: Sequence[ShelfItem],
    strings: Strings,
    said: str = "",
    *,
    read_only: bool = False,
) -> str:
    """The collections beside the texts of ``current``; ``said`` is a line about the last act.

    ``read_only`` offers no act that changes or costs anything.
    """
    told = f'<p class="more">{safe(strings.read_only)}</p>'
    acts = told if read_only else _acts(current, strings)
    note = f'<p class="said-so" role="status">{safe(said)}</p>' if said else ""
    return (
        f'<section class="library" dir="{strings.direction}" '
        f'aria-label="{safe(strings.library_view)}">'
        f"{_collections(collections, current, strings, read_only)}"
        '<div class="shelf"><div class="shelf-top">'
        f"<h2>{isolated(shown_name(current, strings))}</h2>"
        f'<button type="button" class="quiet" data-act="view" data-view="chat">'
        f"{safe(strings.asks_here)}</button></div>"
        f"{acts}{note}{_texts(items, current, strings)}</div></section>"
    )


def _collections(
    collections: Sequence[Collection], current: Collection, strings: Strings, read_only: bool
) -> str:
    chosen = {current.id: ' aria-current="true"'}
    rows = "".join(
        f'<li><button type="button" data-act="collection" data-collection="{safe(one.id)}"'
        f"{chosen.get(one.id, '')}>{isolated(shown_name(one, strings))}</button></li>"
        for one in collections
    )
    name = safe(strings.collection_name)
    shown = f'<div class="collections"><p class="more">{safe(strings.library_intro)}</p>'
    if read_only:
        return f"{shown}<ul>{rows}</ul></div>"
    return (
        f"{shown}<ul>{rows}</ul>"
        f'<form data-form="create"><input name="name" maxlength="60" required '
        f'autocomplete="off" aria-label="{name}" placeholder="{safe(strings.new_collection)}">'
        f'<button type="submit">{safe(strings.create)}</button></form></div>'
    )


def _acts(current: Collection, strings: Strings) -> str:
    check = _act("check", strings.check)
    if current.fixed:
        return (
            f'<p class="more">{safe(strings.fixed_collection)}</p><div class="acts">{check}</div>'
        )
    kinds = " ".join(sorted(suffix.lstrip(".") for suffix in SUFFIXES))
    accept = ",".join(sorted(SUFFIXES))
    rename = (
        '<form data-form="rename-collection"><input name="name" maxlength="60" required '
        f'value="{safe_attribute(current.name)}" autocomplete="off" '
        f'aria-label="{safe(strings.collection_name)}">'
        f'<button type="submit">{safe(strings.rename)}</button></form>'
    )
    drop = sure(
        strings.delete_collection,
        strings.delete_collection_sure,
        strings.delete_yes,
        'data-act="drop-collection"',
    )
    made = rename + drop if current.files is not None and current.made else ""
    return (
        f'<label class="drop" data-drop data-collection="{safe(current.id)}" '
        f'data-kinds="{accept}" data-waiting="{safe(strings.state_waiting)}" '
        f'data-sending="{safe(strings.uploading)}" data-failed="{safe(strings.upload_failed)}" '
        f'data-too-many="{safe(strings.too_many.format(limit=MOST_FILES))}" '
        f'data-too-large="{safe(strings.too_large.format(limit=MAX_FILE_BYTES >> 20))}" '
        f'data-unknown-kind="{safe(strings.unknown_kind)}">'
        f'<input type="file" multiple accept="{accept}" '
        f'class="unseen" data-change="files"><b>{safe(strings.drop)}</b>'
        f'<span class="quiet">{safe(strings.choose_files)}</span>'
        f'<small dir="ltr">{safe(kinds)}</small></label>'
        f'<div class="acts">{_act("refresh", strings.refresh)}{_act("rebuild", strings.rebuild)}'
        f"{check}{made}</div>"
    )


def _act(act: str, name: str) -> str:
    return f'<button type="button" class="quiet" data-act="{act}">{safe(name)}</button>'


def _texts(items: Sequence[ShelfItem], current: Collection, strings: Strings) -> str:
    if not items:
        return f'<p class="more">{safe(strings.no_texts_here)}</p>'
    rows = "".join(_text(item, current, strings) for item in items)
    return f'<ul class="texts" aria-label="{safe(strings.documents)}">{rows}</ul>'


def _text(item: ShelfItem, current: Collection, strings: Strings) -> str:
    title = item.title or item.source
    file = f'<span class="file">{isolated(item.source)}</span>' if item.title else ""
    pages = f"{safe(strings.pages_many)} {number(item.pages)}" if item.pages else ""
    counts = f"{safe(strings.passages)} {number(item.passages)}"
    notes = "".join(f"<li dir='{direction(w)}'>{safe(w)}</li>" for w in item.warnings)
    name = safe(strings.warnings)
    warned = f"<details class='notes'><summary>{name}</summary><ul>{notes}</ul></details>"
    return (
        f'<li><div class="what"><b>{isolated(title)}</b>'
        f'<span class="facts">{file}<span>{pages}</span><span>{counts}</span></span>'
        f"{warned if notes else ''}</div>{_removal(item, current, strings)}</li>"
    )


def _removal(item: ShelfItem, current: Collection, strings: Strings) -> str:
    if current.fixed:
        return ""
    if not item.removable:
        return f'<span class="more why">{safe(strings.part_of_folder)}</span>'
    act = f'data-act="remove" data-source="{safe_attribute(item.source)}"'
    return sure(strings.remove, strings.remove_sure, strings.remove_yes, act)
