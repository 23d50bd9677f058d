"""One collection over the fake pipeline, fit for a page that is about answers."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp

from corpus.document import Document
from corpus.errors import AbsentError, DalilError, UnfitError
from index.check import Fault
from qa.conversations import Conversations
from tests.ui.fake_pipeline import FakePipeline
from ui.library import Collection, ShelfItem, Work
from ui.protocol import Pipeline
from ui.workspace import Workspace


class FakeLibrary:
    """Fits `ui.workspace.Shelves`: nothing in it can be changed."""

    ready = True

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._only = Collection("fake", "<b>نصوص</b>", Path("fake"), None, fixed=True)

    def collections(self) -> tuple[Collection, ...]:
        """The only one."""
        return (self._only,)

    def collection(self, id: str) -> Collection:
        """The only one, by its id."""
        if id != self._only.id:
            raise AbsentError("There is no such collection.", "Choose another.")
        return self._only

    def default(self) -> Collection:
        """The only one."""
        return self._only

    def create(self, name: str) -> Collection:
        raise DalilError(f"Nothing can be made here: {name}")

    def rename(self, id: str, name: str) -> None:
        raise DalilError(f"Nothing can be renamed here: {id} {name}")

    def delete(self, id: str) -> None:
        raise DalilError(f"Nothing can be deleted here: {id}")

    def pipeline(self, id: str) -> Pipeline:
        """The fake pipeline."""
        self.collection(id)
        return self._pipeline

    def shelf(self, id: str) -> tuple[ShelfItem, ...]:
        """The fake pipeline's documents."""
        self.collection(id)
        summary = self._pipeline.describe()
        each = summary.passages // max(1, summary.documents)
        return tuple(
            ShelfItem(f"{n}.txt", title, str(n), 0, each, (), removable=False)
            for n, title in enumerate(summary.titles)
        )

    def document(self, id: str, document_id: str) -> Document:
        """One of the texts of the fake pipeline's answers."""
        self.collection(id)
        known: tuple[Document, ...] = getattr(self._pipeline, "documents", ())
        for document in known:
            if document.id == document_id:
                return document
        raise AbsentError(f"There is no text {document_id!r}.")

    def add(self, id: str, uploads: Sequence[tuple[str, Path]]) -> Iterator[Work]:
        raise UnfitError(f"Nothing can be added here: {id} {len(uploads)}")

    def remove(self, id: str, document_source: str) -> Iterator[Work]:
        raise UnfitError(f"Nothing can be removed here: {id} {document_source}")

    def refresh(self, id: str, rebuild: bool = False) -> Iterator[Work]:
        raise DalilError(f"Nothing can be refreshed here: {id} {rebuild}")

    def check(self, id: str) -> tuple[Fault, ...]:
        self.collection(id)
        return ()


def workspace_over(pipeline: Pipeline | None = None) -> Workspace:
    """A workspace over one pipeline, with conversations in a folder of its own."""
    kept = Conversations(Path(mkdtemp(prefix="dalil-test-")) / "conversations.sqlite")
    return Workspace(FakeLibrary(pipeline or FakePipeline()), kept)
