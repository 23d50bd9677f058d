"""Excel workbooks: sheet by sheet, row by row.

The sheets are read as a stream of events. openpyxl keeps every element that it does not know,
fills the gaps between rows, and reads a part again for each sheet that names it, so that a small
file can take it gigabytes and hours.
"""

import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from corpus.document import Document
from corpus.readers.draft import Draft
from corpus.readers.package import check_markup, open_package, part_tree, resolve
from corpus.readers.table import write_table
from corpus.readers.xlsx_sheet import rows, shared_strings
from corpus.readers.xlsx_values import Formats

_MOST_MARKS = 12_000_000  # more than a million cells with values
_CORE = "/metadata/core-properties"


class _Sheet(NamedTuple):
    name: str
    part: str


def read_xlsx(data: bytes, source: str) -> Document:
    """A workbook: each sheet's name is a heading, its rows are written as ``write_table`` says.

    Numbers and dates are as a person sees them, dates as yyyy-mm-dd; formulas are the values that
    were saved with them. Hidden sheets, error values, charts and comments are left out.
    """
    draft = Draft(source)
    hint = (
        "Open it in Excel or LibreOffice and save it again. An old .xls must be saved as .xlsx; "
        "one with a password must be saved without it."
    )
    with open_package(data, source, "Excel workbook (.xlsx)", hint) as archive:
        check_markup(archive, source, _MOST_MARKS)
        parts = set(archive.namelist())
        top = _links(archive, "", parts)
        book_name = _first(top, "/officeDocument")
        book = part_tree(archive, book_name)
        links = _links(archive, book_name, parts)
        strings_name, styles_name = _first(links, "/sharedStrings"), _first(links, "/styles")
        strings = shared_strings(archive, strings_name) if strings_name in parts else []
        styles = part_tree(archive, styles_name) if styles_name in parts else None
        formats = Formats(styles, counts_from_1904=_counts_from_1904(book))
        for sheet in _visible_sheets(book, links, parts):
            draft.heading(sheet.name)
            write_table(draft, rows(archive, sheet.part, strings, formats), may_be_form=True)
        title = _title(archive, _first(top, _CORE), parts)
    return draft.document(title)


def _links(archive: zipfile.ZipFile, name: str, parts: set[str]) -> dict[str, tuple[str, str]]:
    """The type and the part of each link out of the part ``name``, by the link's id."""
    folder, _, file = name.rpartition("/")
    place = resolve(f"{folder}/", f"_rels/{file}.rels")
    if place not in parts:
        return {}
    return {
        link.get("Id", ""): (link.get("Type", ""), resolve(name, link.get("Target", "")))
        for link in part_tree(archive, place).iter("{*}Relationship")
    }


def _first(links: dict[str, tuple[str, str]], kind: str) -> str:
    """The first part that is linked as ``kind``; empty where none is."""
    return next((part for type_, part in links.values() if type_.endswith(kind)), "")


def _counts_from_1904(book: Any) -> bool:
    properties = book.find("{*}workbookPr")
    return properties is not None and properties.get("date1904") in ("1", "true", "on")


def _visible_sheets(
    book: Any, links: dict[str, tuple[str, str]], parts: set[str]
) -> Iterator[_Sheet]:
    """The sheets with cells that are not hidden; each part once, however many sheets name it."""
    seen: set[str] = set()
    for sheet in book.iter("{*}sheet"):
        link = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        kind, part = links.get(link, ("", ""))
        if part in seen or part not in parts or not kind.endswith("/worksheet"):
            continue
        seen.add(part)
        if sheet.get("state", "visible") == "visible":
            yield _Sheet(sheet.get("name", ""), part)


def _title(archive: zipfile.ZipFile, name: str, parts: set[str]) -> str:
    if name not in parts:
        return ""
    title = part_tree(archive, name).find("{*}title")
    return (title.text or "") if title is not None else ""
