"""The first two stages of a text's life: a ``Document``, cut into ``Passage`` objects."""

from bisect import bisect_right
from dataclasses import dataclass
from hashlib import sha256

from corpus.errors import DalilError

Span = tuple[int, int]
"""Half-open character range ``[start, end)`` into a document's raw text."""


def content_id(*parts: str) -> str:
    """Sixteen hexadecimal digits of SHA-256 over the parts: equal parts, equal id, anywhere."""
    digest = sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Document:
    """The raw text that a reader took from one file. Every offset in Dalil points into ``text``.

    ``source`` is the file as people know it (the path as they gave it). ``pages`` holds the start
    offset of each page, empty for formats without pages. ``headings`` are spans of ``text``,
    in order. ``warnings`` are for people: what the reader repaired or doubts.
    """

    source: str
    text: str
    title: str = ""
    pages: tuple[int, ...] = ()
    headings: tuple[Span, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Content hash of the text: the same text has the same id in any index."""
        return content_id(self.text)

    def page_at(self, offset: int) -> int | None:
        """The page number, from 1, that holds ``offset``; None where there are no pages."""
        return max(1, bisect_right(self.pages, offset)) if self.pages else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences: ``document.text[start:end] == text``, always.

    ``heading`` is the nearest heading above it (or the document's title), for context in search.
    ``position`` counts the document's passages from 0.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    heading: str = ""
    page: int | None = None
    position: int = 0

    @classmethod
    def cut(
        cls, document: Document, span: Span, *, document_id: str, heading: str, position: int
    ) -> "Passage":
        """Cut ``span`` out of ``document``; raises DalilError when it lies outside the text."""
        start, end = span
        if not 0 <= start < end <= len(document.text):
            raise DalilError(
                f"Passage {start}:{end} does not fit {document.source!r}, "
                f"which has {len(document.text)} characters."
            )
        return cls(
            id=content_id(document_id, str(start), str(end)),
            document_id=document_id,
            start=start,
            end=end,
            text=document.text[start:end],
            heading=heading,
            page=document.page_at(start),
            position=position,
        )
