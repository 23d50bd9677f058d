"""Cut a document into passages of whole sentences."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.document import Document, Passage, Span
from corpus.sentences import sentences

_LONGEST_HEADING = 1_000  # characters; it is kept with every passage below it


@dataclass(frozen=True, slots=True)
class PassageSize:
    """How long passages are, in words, and how many words of sentences neighbours share.

    The defaults come from ``python -m evals.retrieval`` on the development sets.
    """

    words: int = 150
    overlap: int = 30


def passages(document: Document, size: PassageSize | None = None) -> list[Passage]:
    """The passages of ``document`` in order; a heading always begins a new one.

    Every passage is made of whole sentences, at most ``size.words`` words unless one sentence alone
    is longer, and starts again ``size.overlap`` words at most before the end of the last one.
    """
    size = size or PassageSize()
    document_id = document.id
    return [
        Passage.cut(
            document,
            (run[0][0], run[-1][1]),
            document_id=document_id,
            heading=heading,
            position=position,
        )
        for position, (run, heading) in enumerate(_runs(document, size))
    ]


def _runs(document: Document, size: PassageSize) -> Iterator[tuple[list[Span], str]]:
    """Sentence runs, one for each passage, with the heading above them."""
    for section, heading in _sections(document):
        lengths = [len(document.text[start:end].split()) for start, end in section]
        first = 0
        while first < len(section):
            last = _fill(lengths, first, size.words)
            yield section[first:last], heading
            if last == len(section):
                break
            first = _step_back(lengths, first, last, size.overlap)
            # Before a long sentence there may be no room for what is shared: no passage is all old.
            while first < last and _fill(lengths, first, size.words) <= last:
                first += 1


def _fill(lengths: Sequence[int], first: int, limit: int) -> int:
    """The end of the longest run from ``first`` within ``limit`` words; one sentence at least."""
    total, last = lengths[first], first + 1
    while last < len(lengths) and total + lengths[last] <= limit:
        total += lengths[last]
        last += 1
    return last


def _step_back(lengths: Sequence[int], first: int, last: int, overlap: int) -> int:
    """Where the next run starts: before ``last`` by whole sentences within ``overlap`` words."""
    shared, start = 0, last
    while start - 1 > first and shared + lengths[start - 1] <= overlap:
        start -= 1
        shared += lengths[start]
    return start


def _sections(document: Document) -> Iterator[tuple[list[Span], str]]:
    """Sentences grouped under the headings; headings with no text join the section below them."""
    spans = sentences(document.text, document.headings)
    starts = [start for start, _ in document.headings]
    section: list[Span] = []
    current, has_text = -1, False
    for span in spans:
        # A Markdown heading's sentence holds its marks, so it starts before the heading's span.
        above = bisect_right(starts, span[1] - 1) - 1
        is_heading = above >= 0 and span[0] <= starts[above] < span[1]
        if is_heading and has_text:
            yield section, _title(document, current)
            section, has_text = [], False
        section.append(span)
        current, has_text = above, has_text or not is_heading
    if section:
        yield section, _title(document, current)


def _title(document: Document, heading: int) -> str:
    """The document's title and the nearest heading, as people read them, each cut where endless."""
    title = document.title[:_LONGEST_HEADING]
    if heading < 0:
        return title
    start, end = document.headings[heading]
    nearest = " ".join(document.text[start:end].split())[:_LONGEST_HEADING]
    return nearest if title in {"", nearest} else f"{title} › {nearest}"
