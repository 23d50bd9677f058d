"""Whether a passage bears a written sentence out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from corpus.document import Document, Span
from index.hit import Hit
from qa.reader import Reader

Lack = Literal["numbers", "words", "negation", "order", "reading", "form"]


@dataclass(frozen=True, slots=True)
class Support:
    """What bears a sentence out, or what it lacks.

    ``place`` is where the words that bear it out stand in the raw text of the passage's document,
    whole sentences; None when it is not borne out, and then ``lack`` says why.
    """

    place: Span | None
    lack: Lack | None = None


class SupportCheck:
    """Fails closed: what cannot be shown to be borne out is not."""

    def __init__(self, reader: Reader, document: Callable[[str], Document]) -> None:
        self._reader, self._document = reader, document

    def check(self, sentence: str, question: str, hit: Hit) -> Support:
        """Whether ``hit``'s passage says what ``sentence`` says."""
        raise NotImplementedError
