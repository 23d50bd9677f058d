"""What a collection holds on disk, and taking things away from it safely."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from corpus.document import Document
from corpus.errors import AbsentError, BusyError, DalilError, UnfitError, left_to_right
from index.build import BuildReport
from index.disk import sync
from index.generation import PASSAGES
from index.manifest import current_generation, discard_others, new_generation
from index.sources import Changes
from index.store import FileRecord, PassageStore
from ui.catalogue import Collection

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """One file's text. ``pages`` is 0 where its kind has none; ``warnings`` are for people.

    ``removable`` says whether it can be removed by itself: files in a folder that was given to
    `dalil index` cannot.
    """

    source: str
    title: str
    document_id: str
    pages: int
    passages: int
    warnings: tuple[str, ...]
    removable: bool


def shelf_of(collection: Collection) -> tuple[ShelfItem, ...]:
    """The texts that the collection's index holds, by source; none where there is no index."""
    with _store(collection) as store:
        if store is None:
            return ()
        items = [_item(record, store, collection) for record in store.files()]
    return tuple(sorted(items, key=lambda item: item.source))


def document_in(collection: Collection, document_id: str) -> Document:
    """A text of the collection, whole; raises AbsentError when it does not hold it."""
    with _store(collection) as store:
        if store is not None:
            return store.document(document_id)
    raise AbsentError(
        f"The collection does not hold {document_id!r}: it is empty.",
        "Look at its texts again.",
        arabic="المجموعة فارغة، فليس فيها هذا النصّ.",
    )


def records_of(collection: Collection) -> list[FileRecord]:
    """The files behind the collection's index; none where there is no index."""
    with _store(collection) as store:
        return store.files() if store else []


def record_named(collection: Collection, source: str) -> FileRecord:
    """The file that people know as ``source``, an added one before others of that name.

    Raises AbsentError when there is none, UnfitError when it is not removable.
    """
    found = [one for one in records_of(collection) if shown_source(one) == source]
    for record in sorted(found, key=lambda one: not was_added(one, collection)):
        if is_removable(record, collection):
            return record
    if not found:
        raise AbsentError(
            f"The collection does not hold {source!r}.",
            "Look at its texts again.",
            arabic=f"ليس في المجموعة نصّ اسمه «{source}». انظر في قائمة نصوصها من جديد.",
        )
    root = found[0].root
    forget = f"dalil index --index '{collection.folder}' --remove '{root}'"
    raise UnfitError(
        f"{source!r} lies in the folder {root}, which was given to `dalil index` as a whole.",
        f"Delete the file there and refresh the collection, or forget the whole folder: {forget}",
        arabic=f"الملف «{source}» في مجلّد فُهرس كلّه: «{left_to_right(root)}». احذف الملف من "
        "المجلّد ثم حدّث المجموعة، أو أزِل المجلّد كلّه منها. في نافذة الأوامر: "
        f"{left_to_right(forget)}",
    )


def shown_source(record: FileRecord) -> str:
    """A source as people see it: files of the root «.» go by their own names."""
    return PurePosixPath(record.source).as_posix()


def was_added(record: FileRecord, collection: Collection) -> bool:
    """Whether the file was added on the page."""
    return collection.files is not None and record.root == str(collection.files.resolve())


def is_removable(record: FileRecord, collection: Collection) -> bool:
    """Whether the file can be removed by itself: added here, or given by its own path."""
    if collection.fixed:
        return False
    return was_added(record, collection) or record.root == record.path


def withdraw(collection: Collection, source: str) -> BuildReport:
    """Leave the collection's index without any text, of which ``source`` was the last.

    The next build's number goes on from this one's, so that whoever has this one open notices.
    Raises BusyError while a build runs.
    """
    with alone(collection.folder / ".lock"):
        (collection.folder / "CURRENT").unlink(missing_ok=True)
        sync(collection.folder)
        discard_others(collection.folder, new_generation(collection.folder))
    return BuildReport(Changes(removed=[source]), 0, 0, 0, written=True)


def destroy(collection: Collection) -> None:
    """Delete a collection's index and added files; raises DalilError when that cannot be done."""
    for folder in (collection.folder, collection.files):
        try:
            if folder and folder.exists():
                shutil.rmtree(folder)
        except OSError as error:
            raise DalilError(
                f"The collection is off the list, but {folder} could not be deleted wholly: "
                f"{error.strerror}.",
                "Delete this folder by hand.",
                arabic="خرجت المجموعة من القائمة، لكن تعذّر حذف بعض ملفّاتها. "
                f"احذف هذا المجلّد بنفسك: «{left_to_right(folder)}».",
            ) from error


@contextmanager
def set_aside(path: Path) -> Iterator[None]:
    """Hide a file from builds, and delete it at the end unless something went wrong."""
    hidden = path.with_name(f".{secrets.token_hex(8)}{path.suffix}")
    there = path.exists()
    if there:
        path.rename(hidden)
    try:
        yield
    except BaseException:
        if there:
            hidden.rename(path)
        raise
    hidden.unlink(missing_ok=True)


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold a lock file; raises BusyError when another thread or process holds it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    held = FileLock(lock)
    try:
        held.acquire(timeout=0)
    except Timeout as error:
        raise BusyError(
            "Another Dalil is changing this collection.",
            "Wait for it to end, and try again.",
            arabic="نسخة أخرى من دليل تغيّر هذه المجموعة الآن. انتظر حتى تنتهي، ثم أعِد المحاولة.",
        ) from error
    try:
        yield
    finally:
        held.release()


def require_unbuilt(folder: Path) -> None:
    """Raise BusyError while a build of the index in ``folder`` runs anywhere."""
    if (folder / ".lock").exists():
        with alone(folder / ".lock"):
            pass


@contextmanager
def _store(collection: Collection) -> Iterator[PassageStore | None]:
    """The passages that serve, None where there are none."""
    store = _open(collection.folder)
    try:
        yield store
    finally:
        if store:
            store.close()


def _open(folder: Path) -> PassageStore | None:
    """A build may drop the generation while it is being opened; then there is a newer one."""
    for attempt in range(1, _ATTEMPTS + 1):
        serving = current_generation(folder)
        try:
            return PassageStore.open(serving / PASSAGES) if serving else None
        except DalilError:
            if attempt == _ATTEMPTS or current_generation(folder) == serving:
                raise
    raise AssertionError("unreachable")


def _item(record: FileRecord, store: PassageStore, collection: Collection) -> ShelfItem:
    document = store.document(record.document_id)
    return ShelfItem(
        source=shown_source(record),
        title=document.title,
        document_id=document.id,
        pages=len(document.pages),
        passages=len(store.passages_of(document.id)),
        warnings=document.warnings,
        removable=is_removable(record, collection),
    )
