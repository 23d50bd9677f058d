"""A document's text while a reader writes it, line by line, with the places of its headings."""

from collections.abc import Iterable, Sequence

from corpus.document import Document, Span
from corpus.errors import UnreadableFileError
from corpus.readers.doubts import doubts

MAX_CHARACTERS = 100_000_000


class Draft:
    """Keeps the offsets right. Lines that have no words in them are left out.

    Every method that writes raises UnreadableFileError beyond MAX_CHARACTERS: a small file can
    name one long text a million times.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[Span] = []
        self._pages: list[int] = []
        self._new_pages = 0  # begun, without a word yet
        self._new_block = False

    def block(self) -> None:
        """Part the next line from the last one with an empty line."""
        self._new_block = True

    def page(self) -> None:
        """Begin a page, and a block."""
        self._new_pages += 1
        self._new_block = True

    def line(self, text: str, before: str = "") -> None:
        """Write a line of ``text``, or several, each with single spaces, after ``before``."""
        lines = [line for line in map(_single_spaces, text.splitlines()) if line]
        if lines:
            self._begin()
            self._put(before + "\n".join(lines))

    def row(self, cells: Iterable[str]) -> None:
        """Write the cells that have words on one line, joined by " | "."""
        begun = False
        for words in filter(None, map(_single_spaces, cells)):
            if begun:
                self._put(" | ")
            else:
                self._begin()
            self._put(words)
            begun = True

    def heading(self, text: str) -> None:
        """Write a heading, in a block of its own."""
        if words := _single_spaces(text):
            self.block()
            self._begin()
            self._headings.append((self._length, self._length + len(words)))
            self._put(words)
            self.block()

    def paste(self, text: str, headings: Sequence[Span] = ()) -> None:
        """Write ``text`` as it is, in a block of its own; ``headings`` are spans of it."""
        if text and not text.isspace():
            self.block()
            self._begin()
            self._headings += [
                (start + self._length, end + self._length) for start, end in headings
            ]
            self._put(text)
            self.block()

    def document(self, title: str = "", warnings: Sequence[str] = ()) -> Document:
        """The document that was written."""
        text = "".join(self._parts)
        return Document(
            source=self.source,
            text=text,
            title=_single_spaces(title),
            pages=(*self._pages, *[len(text)] * self._new_pages),
            headings=tuple(self._headings),
            warnings=(*warnings, *doubts(text)),
        )

    def _begin(self) -> None:
        if self._length:
            self._put("\n\n" if self._new_block else "\n")
        self._pages += [self._length] * self._new_pages
        self._new_pages, self._new_block = 0, False

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        if self._length > MAX_CHARACTERS:
            raise UnreadableFileError(
                f"{self.source}: makes a text of more than {MAX_CHARACTERS:,} characters.",
                "Split it into smaller files.",
                arabic=f"نصّ الملف «{self.source}» أطول ممّا يقرؤه دليل. قسّمه إلى ملفّات أصغر.",
            )


def _single_spaces(text: str) -> str:
    return " ".join(text.split())
