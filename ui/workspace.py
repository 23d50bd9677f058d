"""What a page works with: the collections that can be asked, and the conversations kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Protocol, Self

from corpus.document import Document
from index.check import Fault
from qa.conversations import Conversations
from ui.library import Collection, ShelfItem, Work
from ui.protocol import Pipeline
from ui.waiting import Queue

if TYPE_CHECKING:
    from ui.wording import Desk

WAITING = 32
"""Questions that may wait on the pages, and as many over all doors for programs; and so many
changes of collections by programs."""
WORDED = 4
"""Answers that language models word at once for programs; one more comes without."""


class Shelves(Protocol):
    """Collections of texts: `ui.library.Library`, and the tests' double. May raise DalilError."""

    @property
    def ready(self) -> bool:
        """Whether the models are loaded, so that a question is answered at once."""
        ...

    def collections(self) -> tuple[Collection, ...]:
        """All collections, those that come with Dalil first."""
        ...

    def collection(self, id: str) -> Collection:
        """The collection with that id."""
        ...

    def default(self) -> Collection:
        """The collection that a new page asks."""
        ...

    def create(self, name: str) -> Collection:
        """Make an empty collection."""
        ...

    def rename(self, id: str, name: str) -> None:
        """Give a collection another name."""
        ...

    def delete(self, id: str) -> None:
        """Delete a collection with its files."""
        ...

    def pipeline(self, id: str) -> Pipeline:
        """What answers from a collection; waits until the models are loaded."""
        ...

    def shelf(self, id: str) -> tuple[ShelfItem, ...]:
        """The texts of a collection."""
        ...

    def document(self, id: str, document_id: str) -> Document:
        """A text of a collection, whole."""
        ...

    def add(self, id: str, uploads: Sequence[tuple[str, Path]]) -> Iterator[Work]:
        """Add files, each with the name that its person gave it."""
        ...

    def remove(self, id: str, document_source: str) -> Iterator[Work]:
        """Take a text out."""
        ...

    def refresh(self, id: str, rebuild: bool = False) -> Iterator[Work]:
        """Read again what changed in the files, or everything."""
        ...

    def check(self, id: str) -> tuple[Fault, ...]:
        """The faults of a collection's index; none when it is sound."""
        ...


def _desk() -> "Desk":
    from ui.wording import Desk  # it asks the shelves, and so knows this module

    return Desk(WORDED)


@dataclass(frozen=True, slots=True)
class Workspace:
    """All that the pages of one server share.

    ``close`` waits for what must not be broken off; what may be ends by itself once ``stopping``.
    Pages that are ``read_only`` offer no change of collections, and those behind a ``login`` a way
    out.
    Questions of people wait in ``people``, and those of ``programs`` apart from them; ``desk``
    has the answers of programs worded.
    """

    shelves: Shelves
    conversations: Conversations
    close: Callable[[], None] = lambda: None
    stopping: Event = field(default_factory=Event, compare=False)
    read_only: bool = False
    login: bool = False
    people: Queue = field(default_factory=lambda: Queue(WAITING), compare=False)
    programs: Queue = field(default_factory=lambda: Queue(WAITING), compare=False)
    desk: "Desk" = field(default_factory=_desk, compare=False)

    def for_visitors(self) -> Self:
        """The same for people whom nobody knows: they ask, and change nothing."""
        from ui.read_only import ReadOnly

        return replace(self, shelves=ReadOnly(self.shelves), read_only=True)
