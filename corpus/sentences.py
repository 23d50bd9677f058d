"""Where Arabic sentences begin and end in raw extracted text."""

import re
from collections.abc import Iterator, Sequence

from corpus.document import Document, Span

_MARKS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # of direction; they show nothing
_CLOSERS = f"\"'»”’)\\]}}›﴾*_{_MARKS}"
_NOTE = r"(?:\[\w{1,4}\]|\(\d{1,3}\))"  # the number of a reference: «سنة 1911.[1]»
# A run of enders, the quotes or brackets that close with it, then white space or the end. No run
# is tried again from its middle or given back in part: on dots without end that takes hours.
_ENDER = re.compile(rf"(?<![.!?؟؛…])[.!?؟؛…]++[{_CLOSERS}]*+(?:{_NOTE}[{_CLOSERS}]*+)*+(?=\s|$)")
_TAIL = re.compile(rf"(?:[{_MARKS}]|{_NOTE})+$")
_TAIL_LENGTH = 24
_ONE_DOT = re.compile(rf"\.[{_MARKS}]*")
_INITIAL = re.compile(r"(?:^|[\s(«\"\[/.-])[^\W\d_]ـ?$")
_NUMERAL = r"(?:\d{1,3}|[^\W\d_]|[ivxIVX]{2,4})"
_LIST_NUMBER = re.compile(rf"(?:^|\n)[ \t]*\(?{_NUMERAL}$")
# «الاسم: قيمته» behind an empty line begins a record of a table, and goes on with nothing.
_CELLS = " | "  # between the cells of a table's row, as the readers write it
_RECORD = re.compile(r"[^\W\d_][^:\n.!?؟؛]{0,60}: \S")
_LIST_ITEM = re.compile(
    rf"[ \t{_MARKS}]*(?:[-*•·▪◦–—#>|+●○■□◆❖✓➢◄٭]|\(?{_NUMERAL}[.)\-–][ \t]|"
    r"ـ[ \t]|\d{1,3} ?[-–ـ/.)][ \t])"
)
_LINE = re.compile(r"[^\n\r\f\v\u2028\u2029]+")
_LINE_ENDS = ".!?؟؛…:"

# A line this long that ends without punctuation was broken by extraction, not by its writer.
_BROKEN_LINE_MIN = 40
# No run without punctuation becomes a longer sentence than this; it is cut at white space.
_MAX_SENTENCE = 700
_LOOK_BACK = 12
_FAR_BACK = 3_000


def sentences(text: str, headings: Sequence[Span] = ()) -> list[Span]:
    """Spans of the sentences of ``text`` in order, without the white space around them.

    Sentences end at ``. ! ? ؟ ؛ …`` and at line breaks, but not inside numbers, initials and
    ``A/70/125``, nor where extraction broke a paragraph in mid-sentence. ``headings`` stand alone.
    """
    return [
        piece
        for block in _blocks(text, headings)
        for span in _ends(text, block)
        for piece in _cut_long(text, span)
    ]


def sentences_within(document: Document, span: Span) -> list[Span]:
    """The sentences inside ``span``, which was cut at sentence ends; headings are left out.

    They are looked for from the paragraph's beginning, for lines go on by what stands before them.
    """
    start, end = span
    begin = _paragraph_start(document.text, start)
    headings = [(a - begin, b - begin) for a, b in document.headings if begin <= a and b <= end]
    return [
        (max(first + begin, start), last + begin)
        for first, last in sentences(document.text[begin:end], headings)
        if last + begin > start and not any(first <= a < last for a, _ in headings)
    ]


def _paragraph_start(text: str, start: int) -> int:
    """Where the paragraph of ``start`` begins; of a very long one, a line of it."""
    lowest = max(0, start - _FAR_BACK)
    empty = text.rfind("\n\n", lowest, start)
    if empty >= 0:
        return empty + 2
    return text.find("\n", lowest, start) + 1 if lowest else 0


def _blocks(text: str, headings: Sequence[Span]) -> Iterator[Span]:
    """Join lines that one sentence may run across; white space at both ends is left out."""
    starts = {start for start, _ in headings}
    start = end = -1
    alone = item = row = False
    for line in _LINE.finditer(text):
        span = trim(text, line.span())
        if span is None:
            continue
        is_heading = any(offset in starts for offset in _heading_offsets(text, line.span(), span))
        # An item of a list, or a row of a table, does not go on behind an empty line.
        over = alone or row or (item and "\n\n" in text[end : span[0]])
        row = _CELLS in text[slice(*span)]
        if start >= 0 and not over and not is_heading and _continues(text, end, span):
            end = span[1]
            continue
        if start >= 0:
            yield start, end
        start, end = span
        alone = is_heading or end - start < _BROKEN_LINE_MIN
        item = _LIST_ITEM.match(text, start) is not None
    if start >= 0:
        yield start, end


def _heading_offsets(text: str, line: Span, span: Span) -> Iterator[int]:
    """Offsets at which a heading on this line may start: after the marks of a Markdown heading."""
    yield line[0]
    yield span[0]
    if text[span[0]] == "#":
        marks = span[0]
        while marks < span[1] and text[marks] in "# \t":
            marks += 1
        yield marks


def _continues(text: str, end: int, following: Span) -> bool:
    """Whether the line after ``end`` goes on with the sentence that the last line left open."""
    tail = _TAIL.search(text, max(0, end - _TAIL_LENGTH), end)
    written = tail.start() if tail else end
    last = text[written - 1]
    if last in _LINE_ENDS or (last in "\"'»”’)]}|" and text[written - 2] in _LINE_ENDS):
        return False
    if "\n\n" in text[end : following[0]] and _RECORD.match(text, following[0]):
        return False
    if _CELLS in text[slice(*following)]:
        return False
    return _LIST_ITEM.match(text, following[0]) is None


def _ends(text: str, block: Span) -> Iterator[Span]:
    """Cut a block behind every true sentence end."""
    start = block[0]
    for match in _ENDER.finditer(text, *block):
        if _ONE_DOT.fullmatch(match.group()) and _is_abbreviation(text, start, match.start()):
            continue
        if (span := trim(text, (start, match.end()))) is not None:
            yield span
        start = match.end()
    if (span := trim(text, (start, block[1]))) is not None:
        yield span


def _is_abbreviation(text: str, start: int, dot: int) -> bool:
    """Whether the dot is that of an initial («أ. د. محمد», ``J. Smith``) or a list number."""
    before = text[max(start, dot - _LOOK_BACK) : dot]
    if dot - start <= 3 and _LIST_NUMBER.search(text, max(0, start - 1), dot):
        return True
    if not _INITIAL.search(before):
        return False
    # «2017 م.» and «428 هـ.» end with a unit, not with an initial.
    return not before.rstrip("ـ")[:-1].rstrip().endswith(tuple("0123456789٠١٢٣٤٥٦٧٨٩"))


def _cut_long(text: str, span: Span) -> Iterator[Span]:
    """Cut a sentence over the limit before it: at the end of a line, as of a verse, else behind a
    comma, else at white space, else at the limit.
    """
    start, end = span
    while end - start > _MAX_SENTENCE:
        limit = start + _MAX_SENTENCE
        comma = text.rfind("، ", start + _MAX_SENTENCE // 2, limit)
        places = (text.rfind("\n", start + 1, limit), comma + 1, text.rfind(" ", start + 1, limit))
        cut = next((place for place in places if place > start), limit)
        if (piece := trim(text, (start, cut))) is not None:
            yield piece
        start = cut
    if (piece := trim(text, (start, end))) is not None:
        yield piece


def trim(text: str, span: Span) -> Span | None:
    """``span`` without white space at its ends; None when nothing is left."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
