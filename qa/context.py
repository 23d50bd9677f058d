"""What stands around a passage, and what the index holds: for people to read."""

from dataclasses import dataclass

from corpus.document import Document, Passage


@dataclass(frozen=True, slots=True)
class Context:
    """A passage's document with the passage and its neighbours, in text order."""

    document: Document
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """How much the index holds: counts, and the titles of its documents."""

    documents: int
    passages: int
    titles: tuple[str, ...] = ()
