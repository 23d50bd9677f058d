"""Collections for visitors whom nobody knows: to be asked and read, and not to be changed."""

# ruff: noqa: ARG002  (the arguments are the Protocol's)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.document import Document
from corpus.errors import DalilError, UnfitError
from index.check import Fault
from ui.library import Collection, ShelfItem, Work
from ui.protocol import Pipeline
from ui.workspace import Shelves


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """The ``Shelves`` of ``held``, whose collections are fixed; every change is refused."""

    held: Shelves

    @property
    def ready(self) -> bool:
        """Whether the models are loaded."""
        return self.held.ready

    def collections(self) -> tuple[Collection, ...]:
        """All collections, each fixed."""
        return tuple(replace(one, fixed=True) for one in self.held.collections())

    def collection(self, id: str) -> Collection:
        """The collection with that id, fixed."""
        return replace(self.held.collection(id), fixed=True)

    def default(self) -> Collection:
        """The collection that a new page asks, fixed."""
        return replace(self.held.default(), fixed=True)

    def pipeline(self, id: str) -> Pipeline:
        """What answers from a collection."""
        return self.held.pipeline(id)

    def shelf(self, id: str) -> tuple[ShelfItem, ...]:
        """The texts of a collection."""
        return self.held.shelf(id)

    def document(self, id: str, document_id: str) -> Document:
        """A text of a collection, whole."""
        return self.held.document(id, document_id)

    def check(self, id: str) -> tuple[Fault, ...]:
        """Refused: it reads every file of an index."""
        raise _refused()

    def create(self, name: str) -> Collection:
        """Refused."""
        raise _refused()

    def rename(self, id: str, name: str) -> None:
        """Refused."""
        raise _refused()

    def delete(self, id: str) -> None:
        """Refused."""
        raise _refused()

    def add(self, id: str, uploads: Sequence[tuple[str, Path]]) -> Iterator[Work]:
        """Refused."""
        raise _refused()

    def remove(self, id: str, document_source: str) -> Iterator[Work]:
        """Refused."""
        raise _refused()

    def refresh(self, id: str, rebuild: bool = False) -> Iterator[Work]:
        """Refused."""
        raise _refused()


def _refused() -> DalilError:
    return UnfitError(
        "The collections can be asked here, and not changed.",
        "Whoever runs this Dalil changes them with `dalil index`, or sets a password.",
        arabic="تُسأل المجموعات هنا ولا تُغيَّر. يغيّرها من يشغّل دليل.",
    )
