"""What stands in an index's folder beside the generation that serves: left by builds that were
killed, or all there is of an index that is damaged.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from corpus.errors import DalilError
from index.damage import GENERATIONS
from index.disk import STAGED
from index.engines import STORE_ID
from index.generation import PASSAGES
from index.manifest import MANIFEST, POINTER, Manifest, discard_others, pointed_at
from index.pending import PENDING_FILES, discard_pending
from index.store import FileRecord, PassageStore

OURS = frozenset(
    {GENERATIONS, ".lock", *PENDING_FILES}
    | {f"{name}{end}" for name in (POINTER, STORE_ID) for end in ("", STAGED)}
)
"""The names of what Dalil writes into the folder of an index."""


def discard_leftovers(index: Path, serving: Path) -> None:
    """Leave ``serving`` alone in the folder of an index, with no build under way."""
    discard_others(index, serving)
    discard_pending(index)
    for name in OURS:
        if name.endswith(STAGED):
            (index / name).unlink(missing_ok=True)


def make_room(index: Path, building: Path) -> None:
    """Remove what killed builds left, for each may be as large as the index.

    Where no generation serves, one that was written to its end stays: it tells what was indexed.
    """
    served = pointed_at(index)
    whole = [path.parent for path in (index / GENERATIONS).glob(f"*/{MANIFEST}")]
    discard_others(index, building, *([index / GENERATIONS / served] if served else whole))


def recorded_roots(index: Path) -> dict[str, str]:
    """The paths that the index was built from and their names, for a build that reads all anew.

    Where the manifest is damaged the files tell that the passages came from; empty where nothing
    can be known.
    """
    served = pointed_at(index)
    names = sorted((path.name for path in (index / GENERATIONS).glob("*")), reverse=True)
    folders = [index / GENERATIONS / name for name in ([served] if served else []) + names]
    for folder in folders:
        try:
            return Manifest.load(folder).roots
        except DalilError:
            continue
    for folder in folders:
        try:
            with closing(PassageStore.open(folder / PASSAGES)) as store:
                return _roots_of(store.files())
        except DalilError:
            continue
    return {}


def _roots_of(files: list[FileRecord]) -> dict[str, str]:
    roots: dict[str, str] = {}
    for file in files:
        path = Path(file.path)
        inside = path.relative_to(file.root).parts if path.is_relative_to(file.root) else ()
        name = file.source.removesuffix("/".join(inside)).rstrip("/") or "."
        roots.setdefault(file.root, name)
    return roots
