"""Citations that were checked letter by letter."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from corpus.document import Document
from qa.answer import Citation
from qa.reader import Reading


def holds(document: Document, citation: Citation) -> bool:
    """Whether the quote is exactly what stands at its offsets in the raw text."""
    return (
        0 <= citation.start < citation.end <= len(document.text)
        and document.text[citation.start : citation.end] == citation.quote
        and citation.document_id == document.id
    )


def _within(reading: Reading) -> slice:
    """Where the short answer stands in the quote."""
    start, end = reading.answer or (reading.start, reading.end)
    return slice(max(0, start - reading.start), max(0, end - reading.start))


def cite(readings: Iterable[Reading], document: Callable[[str], Document]) -> list[Citation]:
    """A citation for each different quote that lies inside its passage, numbered from 1.

    Fails closed: a reading that points outside its passage, or a passage that is not what stands at
    its offsets in the document, gives none.
    """
    made: list[Citation] = []
    for reading in readings:
        passage = reading.hit.passage
        text = document(passage.document_id)
        quote = passage.text[reading.start - passage.start : reading.end - passage.start]
        citation = Citation(
            number=len(made) + 1,
            source=reading.hit.source,
            page=text.page_at(reading.start),
            start=reading.start,
            end=reading.end,
            quote=quote,
            heading=passage.heading,
            document_id=passage.document_id,
            passage_id=passage.id,
            answer=quote[_within(reading)] if reading.answer else "",
        )
        inside = passage.start <= reading.start < reading.end <= passage.end
        known = [(one.document_id, one.start, one.end) for one in made]
        new = (citation.document_id, citation.start, citation.end) not in known
        if new and inside and holds(text, citation):
            made.append(citation)
    return made
