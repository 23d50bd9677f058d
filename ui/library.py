"""The library: collections of texts, what they hold, and the work that changes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from corpus.document import Document
from corpus.errors import BusyError, UnfitError
from index.build import BuildReport
from index.check import Fault, check_index
from index.embedder import Embedder
from index.engines import keep_only
from index.manifest import current_generation
from qa.settings import Settings
from ui.building import bring_up, paths_of
from ui.catalogue import Catalogue, Collection
from ui.holdings import (
    ShelfItem,
    alone,
    destroy,
    document_in,
    record_named,
    records_of,
    require_unbuilt,
    set_aside,
    shelf_of,
    was_added,
    withdraw,
)
from ui.uploads import check_uploads, receive, upload_names
from ui.work import FileState, Task, Work

if TYPE_CHECKING:
    from qa.models import Models
    from qa.pipeline import Pipeline

__all__ = ["Collection", "FileState", "Library", "ShelfItem", "Work"]

Job = Callable[[Task], BuildReport | None]


class Library:
    """Everything that the page does with collections. Safe to share among threads.

    ``models`` is called once, when they are first needed. The methods that give ``Work`` raise
    DalilError where it cannot begin; once begun it goes on to its end, whether its snapshots are
    looked at or not. A collection has one piece of work at a time: a second one is refused.
    """

    def __init__(self, settings: Settings, models: Callable[[], Models]) -> None:
        self._settings = settings
        self._catalogue = Catalogue(settings)
        self._load = models
        self._models: Models | None = None
        self._loading, self._changing = Lock(), Lock()
        self._pipelines: dict[str, Pipeline] = {}
        self._tasks: dict[str, Task] = {}

    @property
    def ready(self) -> bool:
        """Whether the models are loaded, so that a question is answered at once."""
        return self._models is not None

    def collections(self) -> tuple[Collection, ...]:
        """The bundled texts, the person's own where there are any, and those made here by name.

        Raises DalilError when the list of those made here is damaged.
        """
        return self._catalogue.all()

    def collection(self, id: str) -> Collection:
        """The collection with this id; raises DalilError when there is none (any more)."""
        return self._catalogue.find(id)

    def default(self) -> Collection:
        """The collection that the settings ask."""
        return self._catalogue.default()

    def create(self, name: str) -> Collection:
        """A new, empty collection; raises DalilError when the name will not do or is taken."""
        return self._catalogue.create(name)

    def rename(self, id: str, name: str) -> None:
        """Give a collection made here another name; raises DalilError as ``create`` does."""
        self._made(id)
        self._catalogue.rename(id, name)

    def delete(self, id: str) -> None:
        """Delete a collection made here, its index and the files added to it.

        Raises DalilError while it is worked on, and when something could not be deleted.
        """
        with self._changing:
            collection = self._made(id)
            self._require_idle(id)
            with alone(self._lock_of(collection)):
                require_unbuilt(collection.folder)
                keep_only(collection.folder, self._settings.store)
                self._catalogue.remove(id)
            self._pipelines.pop(id, None)
            self._tasks.pop(id, None)
        destroy(collection)
        self._lock_of(collection).unlink(missing_ok=True)

    def pipeline(self, id: str) -> Pipeline:
        """What answers from a collection, made once; waits until the models are loaded.

        Raises DalilError when the collection is empty or its index cannot be read.
        """
        collection = self.collection(id)
        if current_generation(collection.folder) is None:
            raise _empty(collection)
        models = self._loaded()
        with self._changing:
            if id not in self._pipelines:
                self._pipelines[id] = models.pipeline(collection.folder)
            return self._pipelines[id]

    def shelf(self, id: str) -> tuple[ShelfItem, ...]:
        """The texts of a collection by source; none where it is empty."""
        return shelf_of(self.collection(id))

    def document(self, id: str, document_id: str) -> Document:
        """A text of a collection, whole; raises AbsentError when it does not hold it."""
        return document_in(self.collection(id), document_id)

    def check(self, id: str) -> tuple[Fault, ...]:
        """The faults of a collection's index in words; none when it is sound, or empty."""
        folder = self.collection(id).folder
        return (
            tuple(check_index(folder, self._settings.store)) if current_generation(folder) else ()
        )

    def add(self, id: str, uploads: Sequence[tuple[str, Path]]) -> Iterator[Work]:
        """Add files, each with the name that its person gave it; the same name is a new version.

        What cannot be read is refused by itself, and an older version of it stays.
        """
        check_uploads(uploads)
        collection, files = self._changeable(id)

        def job(task: Task) -> BuildReport | None:
            if not receive(uploads, files, task):
                return None
            report = self._update(collection, task)
            task.settle({skip.source: skip.reason for skip in report.changes.skipped})
            return report

        return self._begin(collection, job, upload_names(uploads))

    def remove(self, id: str, document_source: str) -> Iterator[Work]:
        """Take the text with this source out; one that was added here is deleted with its file."""
        collection, _ = self._changeable(id)
        record_named(collection, document_source)

        def job(task: Task) -> BuildReport:
            record = record_named(collection, document_source)
            added = was_added(record, collection)
            if all(other.path == record.path for other in records_of(collection)):
                report = withdraw(collection, document_source)
                keep_only(collection.folder, self._settings.store)
                if added:
                    Path(record.path).unlink(missing_ok=True)
                return report
            if not added:
                return self._update(collection, task, remove=[Path(record.root)])
            with set_aside(Path(record.path)):
                return self._update(collection, task)

        return self._begin(collection, job)

    def refresh(self, id: str, rebuild: bool = False) -> Iterator[Work]:
        """Read what changed in a collection's files; with ``rebuild``, read and embed everything.

        The bundled texts can be refreshed too: that is how they are indexed in the first place.
        """
        collection = self.collection(id)
        nothing = not collection.fixed and not paths_of(collection)
        if nothing and current_generation(collection.folder) is None:
            raise _empty(collection)
        return self._begin(collection, lambda task: self._update(collection, task, rebuild=rebuild))

    def watch(self, id: str) -> Iterator[Work]:
        """The work that goes on with a collection now; nothing where there is none."""
        task = self._tasks.get(id)
        return iter(()) if task is None or task.finished else task.watch()

    def _loaded(self) -> Models:
        with self._loading:
            if self._models is None:
                self._models = self._load()
            return self._models

    def _update(
        self,
        collection: Collection,
        task: Task,
        *,
        remove: Sequence[Path] = (),
        rebuild: bool = False,
    ) -> BuildReport:
        def load() -> Embedder:
            return self._loaded().embedder

        return bring_up(collection, self._settings, load, task, remove=remove, rebuild=rebuild)

    def _made(self, id: str) -> Collection:
        collection = self.collection(id)
        if not collection.made:
            raise UnfitError(
                f"«{collection.name}» was not made here, so it cannot be renamed or deleted here.",
                "Make a collection, and add the texts to it.",
                arabic=f"لم تُنشأ المجموعة «{collection.name}» في هذه الصفحة، فلا تُحذف فيها ولا "
                "يُغيَّر اسمها. أنشئ مجموعة، وأضِف إليها نصوصك.",
            )
        return collection

    def _changeable(self, id: str) -> tuple[Collection, Path]:
        """The collection and the folder of the files added to it."""
        collection = self.collection(id)
        if collection.fixed or collection.files is None:
            raise UnfitError(
                f"The collection «{collection.name}» cannot be changed.",
                "Make a collection, and add your texts to it.",
                arabic=f"المجموعة «{collection.name}» لا تقبل التغيير. "
                "أنشئ مجموعة، وأضِف إليها نصوصك.",
            )
        return collection, collection.files

    def _require_idle(self, id: str) -> None:
        task = self._tasks.get(id)
        if task is not None and not task.finished:
            raise BusyError(
                "This collection is being worked on.",
                "Wait for that to end, and try again.",
                arabic="يجري العمل على هذه المجموعة الآن. انتظر حتى ينتهي، ثم أعِد المحاولة.",
            )

    def _begin(self, collection: Collection, job: Job, names: Sequence[str] = ()) -> Iterator[Work]:
        """Run ``job`` in the background, alone with the collection among all Dalils."""

        def locked(task: Task) -> BuildReport | None:
            with alone(self._lock_of(collection)):
                require_unbuilt(collection.folder)
                return job(task)

        with self._changing:
            self.collection(collection.id)  # it may have been deleted meanwhile
            self._require_idle(collection.id)
            task = self._tasks[collection.id] = Task(names)
        task.begin(locked)
        return task.watch()

    def _lock_of(self, collection: Collection) -> Path:
        """Held by whoever works on a collection; a build has a lock of its own in the index."""
        name = collection.files.name if collection.files else collection.id
        return self._settings.data / "files" / f"{name}.lock"


def _empty(collection: Collection) -> UnfitError:
    todo = "حدّثها لتُقرأ نصوصها." if collection.fixed else "أضِف إليها نصوصًا أوّلًا."
    return UnfitError(
        f"The collection «{collection.name}» is empty.",
        "Refresh it to read its texts." if collection.fixed else "Add texts to it first.",
        arabic=f"المجموعة «{collection.name}» فارغة. {todo}",
    )
