"""The last stage: an answer with the citations that carry it."""

from dataclasses import dataclass
from typing import Literal

from index.hit import Hit


@dataclass(frozen=True, slots=True)
class Citation:
    """Exact words of a source: ``document.text[start:end] == quote``, checked when shown.

    ``answer`` is the part of the quote that is the short answer, if it is not all of it.
    """

    number: int
    source: str
    page: int | None
    start: int
    end: int
    quote: str
    heading: str
    document_id: str
    passage_id: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that a language model wrote, and the numbers of the citations that bear it out:
    at least one.
    """

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What a language model wrote about an answer, so far as the texts bear it out.

    ``removed`` is how many further sentences they do not. ``trouble`` says in English and
    ``trouble_arabic`` in Arabic why the model did not come to its end, where it ``failed``.
    """

    sentences: tuple[Sentence, ...] = ()
    removed: int = 0
    state: Literal["writing", "done", "stopped", "failed"] = "writing"
    trouble: str = ""
    trouble_arabic: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person gets back.

    ``text`` holds the short answers, a line each; it is empty when ``abstained``. ``confidence`` is
    a probability in 0..1. ``query`` is the search that was really run. ``citations`` are numbered
    from 1; ``hits`` are the nearest passages, best first, shown when the texts do not say.
    ``written`` is what a language model made of it, None where none was asked; citations that only
    its sentences need come after those of the answer itself.
    """

    question: str
    query: str
    text: str
    abstained: bool
    confidence: float
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    written: Written | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of the conversation as it was searched for, and its answer, empty without one."""

    query: str
    answer: str = ""
