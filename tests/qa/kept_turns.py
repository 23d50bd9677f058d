"""Turns as the chat keeps them, for tests of what is done with them later."""

from corpus.document import Document, Passage
from index.hit import Hit
from qa.answer import Answer, Citation
from qa.turn import Turn

TEXT = "يدور القمر حول الأرض في سبعة وعشرين يوماً. وهو تابعها الوحيد."
DOCUMENT = Document("نصوص/قمر.txt", TEXT)
PASSAGE = Passage.cut(
    DOCUMENT, (0, len(TEXT)), document_id=DOCUMENT.id, heading="القمر", position=0
)


def cited(
    question: str,
    *shorts: str,
    query: str = "",
    quote: str = TEXT,
    source: str = DOCUMENT.source,
    heading: str = PASSAGE.heading,
    page: int | None = 3,
    text: str | None = None,
) -> Turn:
    """An answered turn: one citation for each short answer; an empty one is the whole quote."""
    citations = tuple(
        Citation(n, source, page, 0, len(quote), quote, heading, DOCUMENT.id, PASSAGE.id, short)
        for n, short in enumerate(shorts, start=1)
    )
    said = "\n".join(short or quote for short in shorts) if text is None else text
    return Turn(question, Answer(question, query or question, said, False, 0.75, citations, ()))


def abstained(question: str, *, query: str = "", withheld: bool = False) -> Turn:
    """A turn whose question the texts do not answer, with the passage that came near."""
    hits = (Hit(PASSAGE, DOCUMENT.source, 0.4, 0.8, 2.0),)
    answer = Answer(question, query or question, "", True, 0.1, (), hits)
    return Turn(question, answer, withheld=withheld)
