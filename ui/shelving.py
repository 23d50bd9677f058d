"""What a reader does in the library: collections are made and changed, files come and go."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.errors import DalilError
from ui.library import Work
from ui.page import Page
from ui.visit import Visit
from ui.working import working

Values = dict[str, Any]


def shelving(page: Page, visit: Visit, choice: Mapping[str, object]) -> Iterator[Values]:
    """What changes while the act that ``choice`` names is done on the visit's collection."""
    act = str(choice.get("act", ""))
    if visit.busy and act in {"create", "delete"}:  # they would turn to another collection
        yield {"library": page.library(visit, page.strings.busy)}
        return
    try:
        works = _works(page, visit, act, choice)
        if works is None:
            yield _settled(page, visit, act, choice)
            return
        for work in works:
            values: Values = {"work": working(work, page.strings)}
            if work.finished and act == "add":
                _drop(choice)
            yield values | (afterwards(page, visit) if work.finished else {})
    except DalilError as error:
        yield {"work": working(Work.failed(error), page.strings), "library": page.library(visit)}


def afterwards(page: Page, visit: Visit) -> Values:
    """What work on a collection leaves on the page; the source that one reads stays."""
    values: Values = {"library": page.library(visit), "welcome": page.welcome(visit)}
    return values if visit.turns else values | {"panel": page.empty(visit)}


def faulted_work(page: Page) -> str:
    """What the page says of work that something unexpected broke off."""
    return working(Work.failed(DalilError(page.strings.fault)), page.strings)


def _works(
    page: Page, visit: Visit, act: str, choice: Mapping[str, object]
) -> Iterator[Work] | None:
    """The work that an act begins; None for one that is done at once."""
    shelves = page.workspace.shelves
    match act:
        case "add":
            # Where they were dropped: the page may be about another collection by now.
            dropped = str(choice.get("collection") or visit.collection)
            return shelves.add(dropped, uploaded(choice.get("files")))
        case "remove":
            return shelves.remove(visit.collection, str(choice.get("source", "")))
        case "refresh":
            return shelves.refresh(visit.collection)
        case "rebuild":
            return shelves.refresh(visit.collection, rebuild=True)
    return None


def _settled(page: Page, visit: Visit, act: str, choice: Mapping[str, object]) -> Values:
    """What an act that is done at once changes."""
    shelves, name = page.workspace.shelves, str(choice.get("name", ""))
    said = ""
    match act:
        case "create":
            visit = Visit(shelves.create(name).id)
        case "rename":
            shelves.rename(visit.collection, name)
        case "delete":
            shelves.delete(visit.collection)
            visit = page.arrive()
        case "check":
            faults = shelves.check(visit.collection)
            said = " ".join(fault.told(page.strings.language) for fault in faults)
            said = said or page.strings.sound
        case _:
            return {}
    values: Values = {"library": page.library(visit, said), "work": ""}
    if act != "check":
        values["head"] = page.head(visit)
    if act in {"create", "delete"}:  # else the visit goes on, and may be further by now
        values |= {
            "visit": visit, "welcome": page.welcome(visit), "log": page.chat(visit),
            "panel": page.empty(visit),
        }  # fmt: skip
    return values


def _drop(choice: Mapping[str, object]) -> None:
    """Remove what the page sent, once it was copied; what stays then goes with time."""
    for _, path in uploaded(choice.get("files")):
        path.unlink(missing_ok=True)


def uploaded(files: object) -> Sequence[tuple[str, Path]]:
    """The files that the page sent before, each with its name; only from where uploads are kept.

    What else a request may name is passed over: a path must never lead out of there.
    """
    from gradio.utils import get_upload_folder

    folder = Path(get_upload_folder()).resolve()
    found: list[tuple[str, Path]] = []
    for file in files if isinstance(files, list) else []:
        match file:
            case {"name": str(name), "path": str(path)} if "\0" not in path:
                place = Path(path).resolve()
                if folder in place.parents and place.is_file():
                    found.append((name, place))
    return found
