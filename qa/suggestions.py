"""Questions to begin with, made from a person's own texts and tried on the pipeline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest

from corpus.document import Document
from corpus.normalise import fold, plain
from corpus.sentences import sentences
from corpus.terms import words
from qa.answer import Answer
from qa.question import is_telling
from qa.suggestion_definitions import told_of
from qa.suggestion_english import english_askings
from qa.suggestion_rules import askings, heading_askings
from qa.suggestion_subjects import Asking

SURE = 0.5
"""The least confidence of an answer that a newcomer is led to."""

_MOST_DOCUMENTS = 200
_MOST_SENTENCES = 300
_MOST_CHARACTERS = 36_000
_MOST_WORDS = 12
_LONGEST = 110
_RARE, _RARE_SHARE, _NEVER_RARE = 10, 0.04, 25
_NEAR_OPENING = 6
_DEFINES = frozenset({"ما", "من"})
_COPULA = re.compile(" ه[وي] ")
_ARABIC = re.compile(r"[\u0621-\u064a]")
# Letters of the two scripts, digits and plain joints: nothing that a page or terminal could obey.
_SHOWN_WORD = r"[\u0621-\u063a\u0641-\u064a\u0651\u0671-\u06d3A-Za-zÀ-ÖØ-öø-ÿ0-9]{1,24}"
_SHOWABLE = re.compile(rf"{_SHOWN_WORD}(?:(?:[-' ]|، ){_SHOWN_WORD})*[؟?]")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, and the document with a sentence that should answer it."""

    question: str
    document_id: str


def suggested(documents: Iterable[Document], most: int = 24) -> tuple[Suggestion, ...]:
    """Up to ``most`` questions on the texts, different ones, spread over documents and kinds.

    Reads the first hundreds of sentences of up to 200 documents. The same texts in the same order
    give the same questions. None of them was tried; see ``confirmed``.
    """
    own: list[list[Suggestion]] = []
    firsts: set[str] = set()
    for document in islice(documents, _MOST_DOCUMENTS):
        own.append(list(islice(_of(document), most)))
        firsts.update(_key(suggestion) for suggestion in own[-1][:1])
        if len(firsts) >= most:  # the first of each document fill the list
            break
    found: dict[str, Suggestion] = {}
    for turn in zip_longest(*own):
        for suggestion in filter(None, turn):
            found.setdefault(_key(suggestion), suggestion)
    return tuple(islice(found.values(), most))


def confirmed(
    candidates: Iterable[Suggestion],
    ask: Callable[[str], Answer],
    most: int = 6,
    tries: int = 12,
) -> tuple[str, ...]:
    """The first ``most`` questions that ``ask`` really answers, from the document they came from.

    Asks ``tries`` times at most.
    """
    good: list[str] = []
    for candidate in islice(candidates, tries):
        answer = ask(candidate.question)
        cited = {citation.document_id for citation in answer.citations}
        sure = not answer.abstained and answer.confidence >= SURE
        if sure and candidate.document_id in cited:
            good.append(candidate.question)
        if len(good) == most:
            break
    return tuple(good)


def _key(suggestion: Suggestion) -> str:
    """«ما X؟» and «ما هو X؟» are the same question."""
    return _COPULA.sub(" ", fold(suggestion.question))


def _of(document: Document) -> Iterator[Suggestion]:
    """A document's suggestions, the kinds of question taking turns; one for each sentence."""
    text = document.text[:_MOST_CHARACTERS]
    counts = Counter(words(text))
    kinds: dict[str, list[str]] = {}
    for asked in _asked(document, text):
        if _is_fit(asked, counts):
            kinds.setdefault(asked.kind, []).append(asked.question)
    document_id = document.id if kinds else ""
    for turn in zip_longest(*kinds.values()):
        for question in filter(None, turn):
            yield Suggestion(question, document_id)


def _asked(document: Document, text: str) -> Iterator[Asking]:
    title = " ".join(plain(document.title).split())
    headings = [(start, end) for start, end in document.headings if end <= len(text)]
    starts = {start for start, _ in headings}
    opening, about = True, None
    for position, (start, end) in enumerate(islice(sentences(text, headings), _MOST_SENTENCES)):
        line = " ".join(plain(text[start:end]).split())
        heading = bool(starts.intersection(range(start, min(end, start + 8))))
        if heading:
            yield from islice(heading_askings(line.lstrip("# "), title), 1)
        elif _ARABIC.search(line):
            found = list(askings(line, title, opening))
            about = next((f for f in found if f.kind in _DEFINES), None) if opening else about
            yield from found[:1]
            if about and position < _NEAR_OPENING:
                yield from told_of(about, line)
        else:
            yield from islice(english_askings(line), 1)
        opening = opening and heading


def _is_fit(asked: Asking, counts: Counter[str]) -> bool:
    """Whether a question may be shown, is short, and has a telling word that its text has rarely.

    A word that stands everywhere in a text leads to no one place in it.
    """
    question = asked.question
    if len(question) > _LONGEST or len(question.split()) > _MOST_WORDS:
        return False
    if not _SHOWABLE.fullmatch(question):
        return False
    limit = max(_RARE, min(_RARE_SHARE * counts.total(), _NEVER_RARE))
    return any(is_telling(word) and 0 < counts[word] <= limit for word in words(asked.subject))
