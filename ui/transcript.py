"""A conversation as lines of plain text, safe in any file: what every export is made from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.hit import Hit
from qa.answer import Answer, Citation, Sentence, Written
from qa.conversations import Heading
from qa.turn import Turn
from ui.markup import Direction, direction
from ui.strings import Language, Strings
from ui.views import shown_hits
from ui.worded import notes, own_citations

Kind = Literal["title", "question", "answer", "label", "reference", "note"]

_LONGEST_PASSAGE = 300  # characters of a passage that came near
_REFERENCE = re.compile(r"\[\d{1,3}\]")
_BIDI_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")
# What neither XML nor UTF-8 can carry, and controls of terminals.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Words:
    """What an export says beside the page's own sentences."""

    updated: str
    confidence: str
    comma: str


WORDS: dict[Language, Words] = {
    "ar": Words(updated="تاريخ آخر سؤال", confidence="الثقة", comma="، "),
    "en": Words(updated="Last question", confidence="Confidence", comma=", "),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a line. One that stands ``apart`` is a name or a quotation of its own direction."""

    text: str
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: without line breaks, without controls of direction or of anything else."""

    kind: Kind
    direction: Direction
    stretches: tuple[Stretch, ...]


def transcript(heading: Heading, turns: Sequence[Turn], strings: Strings) -> Iterator[Line]:
    """The title, then each turn that was answered or failed, in order."""
    yield _line("title", heading.title, strings)
    when = heading.updated[:16].replace("T", " ")
    said = f"{strings.name} · {WORDS[strings.language].updated}: {when} UTC"
    yield Line("note", strings.direction, (Stretch(clean(said)),))
    for turn in turns:
        if not turn.pending:
            yield _line("question", turn.question, strings)
            yield from reply(turn, strings)


def clean(text: str) -> str:
    """``text`` on one line, without what turns text about; U+FFFD for what a file cannot carry."""
    return _UNFIT.sub("\ufffd", " ".join(_BIDI_CONTROL.sub("", text).split()))


def _line(kind: Kind, text: str, strings: Strings) -> Line:
    return Line(kind, direction(text, strings.direction), (Stretch(clean(text), apart=True),))


def _own(kind: Kind, text: str, strings: Strings) -> Line:
    return Line(kind, strings.direction, (Stretch(clean(text)),))


def reply(turn: Turn, strings: Strings) -> Iterator[Line]:
    """What became of the turn's question: its answer and sources, an abstention, or a failure."""
    answer = turn.answer
    if answer is None:
        yield _own("answer", strings.failed, strings)
        yield from (_line("note", said, strings) for said in (turn.failure, turn.hint) if said)
        return
    if answer.abstained:
        yield _own("answer", strings.abstained, strings)
        yield _own("note", strings.withheld if turn.withheld else strings.abstained_more, strings)
        yield from _search(answer, strings)
        if hits := shown_hits(answer):
            yield _own("label", strings.nearest, strings)
            yield from (_near(hit, strings) for hit in hits)
        return
    yield from _answer(answer, strings)
    confidence = f"{WORDS[strings.language].confidence}: {round(100 * answer.confidence)}%"
    yield _own("note", confidence, strings)
    yield from _search(answer, strings)
    if answer.written:
        yield from _written(answer.written, strings)
    yield _own("label", strings.sources, strings)
    yield from (_reference(citation, strings) for citation in answer.citations)


def _answer(answer: Answer, strings: Strings) -> Iterator[Line]:
    """A line for each of the answer's, with [n] where the text has none of its own."""
    lines = [line for line in answer.text.split("\n") if line.strip()] or [""]
    marks = [f"[{citation.number}]" for citation in own_citations(answer)]
    if set(_REFERENCE.findall(answer.text)).isdisjoint(marks):
        paired = len(lines) == len(marks)
        after = marks if paired else [""] * (len(lines) - 1) + [" ".join(marks)]
        lines = [f"{line} {mark}" for line, mark in zip(lines, after, strict=True)]
    yield from (_line("answer", line, strings) for line in lines)


def _written(written: Written, strings: Strings) -> Iterator[Line]:
    """What a language model made of the answer, and what is to be noted of it."""
    if written.sentences:
        yield _own("label", strings.worded, strings)
        said = direction(" ".join(one.text for one in written.sentences), strings.direction)
        stretches = [part for one in written.sentences for part in (Stretch(" "), _sentence(one))]
        yield Line("note", said, tuple(stretches[1:]))
    yield from (_line("note", note, strings) for note in notes(written, strings))


def _sentence(sentence: Sentence) -> Stretch:
    marks = "".join(f"[{number}]" for number in sentence.citations)
    return Stretch(f"{clean(sentence.text)} {marks}", apart=True)


def _search(answer: Answer, strings: Strings) -> Iterator[Line]:
    if answer.query.strip() != answer.question.strip():
        query = Stretch(clean(answer.query), apart=True)
        said = Stretch(f"{clean(strings.searched_for)}: ")
        yield Line("note", strings.direction, (said, query))


def _reference(citation: Citation, strings: Strings) -> Line:
    return _quoted(
        f"[{citation.number}] ",
        citation.quote,
        _place(citation.source, citation.heading, citation.page, strings),
        strings,
    )


def _near(hit: Hit, strings: Strings) -> Line:
    text = clean(hit.passage.text)
    if len(text) > _LONGEST_PASSAGE:
        text = text[:_LONGEST_PASSAGE].rpartition(" ")[0] + "…"
    where = _place(hit.source, hit.passage.heading, hit.passage.page, strings)
    return _quoted("", text, where, strings)


def _quoted(before: str, quote: str, where: list[Stretch], strings: Strings) -> Line:
    marked = Stretch(f"«{clean(quote)}»", apart=True)
    parts = [Stretch(before), marked, Stretch(" — "), *where]
    kept = tuple(part for part in parts if part.text)
    return Line("reference", direction(quote, strings.direction), kept)


def _place(source: str, heading: str, page: int | None, strings: Strings) -> list[Stretch]:
    """File name, heading and page."""
    name = source.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    comma = Stretch(WORDS[strings.language].comma)
    parts = [Stretch(clean(name or source), apart=True)]
    if clean(heading):
        parts += [comma, Stretch(clean(heading), apart=True)]
    if page is not None:
        parts += [comma, Stretch(f"{clean(strings.page)} {page}")]
    return parts
