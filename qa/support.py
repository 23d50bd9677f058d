"""Whether a passage bears a written sentence out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.document import Document, Span
from corpus.normalise import normalise
from corpus.sentences import sentences_within
from corpus.terms import words
from index.hit import Hit
from qa import support_words as known
from qa.reader import Reader
from qa.support_alignment import agrees, layouts, numbers_hold, says_it
from qa.support_layout import fits
from qa.support_orders import orders, spoken_for
from qa.support_subject import of_another
from qa.support_terms import Term, terms

Lack = Literal["numbers", "words", "negation", "order", "reading", "form"]

LEAST_CONFIDENCE = 0.06
"""Below it the reader finds nothing to the question in a passage. Of the development half's
questions, the shipped reader gives 0.3 and more to their own passages, and to others less than this
in 98 of 100 cases."""

_READINGS_KEPT = 256
_FURTHEST: tuple[Lack, ...] = ("words", "numbers", "negation", "order")
_MOST_WORDS = 80
_LEAST_TERMS = 2
_LONGEST_WINDOW = 3
_CONTROLS = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]")
_MARKUP = re.compile(r"https?:|www\.|</?\w|[<>{}`|\\]|\]\(|\*\*|^\s*[#>]|&\w+;", re.IGNORECASE)
_ASKS = re.compile(r"[؟?]|^\s*(?:السؤال|الجواب|الإجابة|سؤال|جواب|المقطع|المصادر)\s*[:：]")


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
        self._read: dict[tuple[str, str], float] = {}

    def check(self, sentence: str, question: str, hit: Hit) -> Support:
        """Whether ``hit``'s passage says what ``sentence`` says."""
        passage = hit.passage
        document = self._document(passage.document_id)
        if document.text[passage.start : passage.end] != passage.text:
            return Support(None, "words")
        said = terms(_without_reporting(sentence))
        if not _well_formed(sentence, passage.text) or len(said) < _LEAST_TERMS:
            return Support(None, "form")
        heads = (one for one in (passage.heading, document.title) if not orders(one))
        around = [term for head in heads for term in terms(head)]
        spans = sentences_within(document, (passage.start, passage.end))
        read = _told(document.text, spans)
        asked = terms(question)
        place, lack = _borne_out(said, spans, read, around, asked)
        if place is None:
            return Support(None, lack)
        if of_another(said, asked, [term for one in read for term in one], around):
            return Support(None, "reading")
        return Support(place) if self._concerns(question, hit) else Support(None, "reading")

    def _concerns(self, question: str, hit: Hit) -> bool:
        """Whether the reader finds anything in the passage that may answer the question."""
        key = question, hit.passage.id
        if key not in self._read:
            if len(self._read) >= _READINGS_KEPT:
                self._read = {}
            readings = self._reader.read(question, [hit])
            self._read[key] = max((one.confidence for one in readings), default=0.0)
        return self._read[key] >= LEAST_CONFIDENCE


def _told(text: str, spans: Sequence[Span]) -> list[list[Term]]:
    """The terms of each sentence; of one that orders, or that somebody else seems to say, none."""
    forged = spoken_for(text, spans)
    return [
        [] if forged[n] or orders(text[slice(*span)]) else list(terms(text[slice(*span)], n))
        for n, span in enumerate(spans)
    ]


def _without_reporting(sentence: str) -> str:
    """The sentence without «وفقًا للنص،» and its like."""
    folded = normalise(sentence)
    found = known.REPORTING.match(folded.text)
    return sentence[int(folded.starts[found.end()]) :] if found else sentence


def _well_formed(sentence: str, passage: str) -> bool:
    if not sentence.strip() or len(sentence.split()) > _MOST_WORDS:
        return False
    if _CONTROLS.search(sentence) or _ASKS.search(sentence) or _broken_off(sentence):
        return False
    return all(found.group() in passage for found in _MARKUP.finditer(sentence))


def _broken_off(sentence: str) -> bool:
    """Whether it ends where no sentence ends: at «في», «أن» or «لا»."""
    last = words(sentence)[-1:]
    return bool(known.OPEN_ENDED.intersection(last))


def _borne_out(
    said: Sequence[Term],
    spans: Sequence[Span],
    read: Sequence[Sequence[Term]],
    around: Sequence[Term],
    asked: Sequence[Term],
) -> tuple[Span | None, Lack]:
    """The smallest window of sentences that says it; where none does, what the nearest lacks."""
    lack: Lack = "words"
    for size in range(1, _LONGEST_WINDOW + 1):
        for first in range(len(spans) - size + 1):
            window = [term for one in read[first : first + size] for term in one]
            found = _lack(said, window, around, asked)
            if found is None:
                return (spans[first][0], spans[first + size - 1][1]), lack
            lack = max(lack, found, key=_FURTHEST.index)
    return None, lack


def _lack(
    said: Sequence[Term], window: Sequence[Term], around: Sequence[Term], asked: Sequence[Term]
) -> Lack | None:
    """What a window lacks to say it; None when it says it."""
    for term in said:
        there = [one for one in window if fits(term, one)]
        if any(fits(term, one) for one in around):
            continue
        if not there:
            return "words" if term.number is None else "numbers"
        if not any(agrees(term, one) for one in there):
            return "negation"
    lack: Lack = "negation"
    for one in layouts(said, window, around):
        if not numbers_hold(one):
            lack = max(lack, "numbers", key=_FURTHEST.index)
        elif says_it(one, asked):
            return None
        else:
            lack = "order"
    return lack
