"""The splitter, the normaliser and the question box, given any text at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from random import Random

from corpus import bundled_texts
from corpus.calendar import one_month_name
from corpus.dialect import in_written_words
from corpus.document import Document, Span
from corpus.normalise import fold, normalise, plain
from corpus.passages import PassageSize, passages
from corpus.repair import backwards_evidence, fold_forms, logical_lines
from corpus.terms import stems, tokens, words
from evals.hardening.fuzz_judging import Maker, Work

_SPACES = "\u00a0\u2028\u200b\u200f\u202e\u2067\ufeff"
_MARKS = " \n\t.,:;!?؟،؛…«»\"'()[]{}|/\\-–—_*#+=<>&%^~`@$•"
_LETTERS = "اأإآءئؤىيةهبتثجدفقكلمنوسشصضطظعغخحذرزabcXYZéßİıſﬁﷺﷲﻻ\u0671\u06cc\u067eЖ漢字\U0001f600"
_DIGITS = "0123456789٠١٢٣٤٥٦٧٨٩۴۵½²①Ⅷ٫٬"
_ODD = "\0\x07\x1b\x7f\u064b\u0651\u0670\u0640\u0301\u20dd\ufffe\uffff\U000f0001\U0010ffff"
_HALVES = "\ud800\udfff\udc80"
_LONGEST = 30_000


@contextmanager
def splitting() -> Iterator[Maker]:
    """Texts with headings anywhere, cut into passages of any size."""

    def make(random: Random, _number: int) -> Work:
        text = any_text(random)
        size = PassageSize(random.choice((1, 5, 150, 10_000)), random.choice((0, 1, 30, 200)))
        return lambda: _split(Document("x", text, "عنوان", (), _headings(random, text)), size)

    yield make


@contextmanager
def normalising() -> Iterator[Maker]:
    """Texts folded, with the way back; tokenised, stemmed, and put in order."""

    def make(random: Random, _number: int) -> Work:
        text = any_text(random, _HALVES)
        return lambda: _normalise(random, text)

    yield make


@contextmanager
def questioning() -> Iterator[Maker]:
    """Questions, alone and behind others, taken apart."""

    def make(random: Random, _number: int) -> Work:
        question, before, answer = (any_text(random, _HALVES, 2_100) for _ in range(3))
        return lambda: _ask(question, before, answer)

    yield make


def any_text(random: Random, more: str = "", longest: int = _LONGEST) -> str:
    """Words of real texts, marks, digits, odd characters and ``more``; or a few without end."""
    kinds = (_MARKS + _SPACES, _LETTERS, _DIGITS, _ODD, *([more] if more else []))
    if random.random() < 0.3:
        piece = "".join(random.choice(random.choice(kinds)) for _ in range(random.randint(1, 4)))
        middle = piece * random.randint(1, longest)
        return f"{_some(random, kinds)}{middle[:longest]}{_some(random, kinds)}"
    return "".join(_some(random, kinds) for _ in range(random.randint(0, 80)))[:longest]


def _some(random: Random, kinds: tuple[str, ...]) -> str:
    if random.random() < 0.4:
        text = _real()
        at = random.randrange(len(text))
        return text[at : at + random.randint(1, 200)]
    kind = random.choice(kinds)
    return "".join(random.choice(kind) for _ in range(random.randint(0, 12)))


@cache
def _real() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(bundled_texts().iterdir()))


def _headings(random: Random, text: str) -> tuple[Span, ...]:
    ends = sorted(random.randint(0, len(text)) for _ in range(2 * random.randint(0, 6)))
    return tuple(zip(ends[::2], ends[1::2], strict=True))


def _split(document: Document, size: PassageSize) -> None:
    cut = passages(document, size)
    covered = 0
    for passage in cut:
        assert document.text[passage.start : passage.end] == passage.text
        assert not document.text[covered : passage.start].strip(), "text that no passage holds"
        covered = max(covered, passage.end)
    assert not document.text[covered:].strip(), "text that no passage holds"


def _normalise(random: Random, text: str) -> None:
    folded = normalise(text)
    assert folded.text == fold(text)
    assert len(folded.starts) == len(folded.text) + 1
    for _ in range(5 if folded.text else 0):
        start = random.randrange(len(folded.text))
        end = random.randint(start + 1, len(folded.text))
        raw = text[slice(*folded.raw_span(start, end))]
        assert folded.text[start:end] in fold(raw)
    assert [token.text for token in tokens(text)] == words(text)
    assert all(token.span[0] < token.span[1] <= len(text) for token in tokens(text))
    stems(text)
    plain(text)
    backwards_evidence(fold_forms(text))
    one_month_name(text)
    glyphs = [line for line in (list(line) for line in text[:3_000].split("\n")) if line]
    logical_lines(glyphs, backwards=random.random() < 0.5)


def _ask(question: str, before: str, answer: str) -> None:
    from qa.answer import Exchange
    from qa.dialogue import standalone
    from qa.parts import parts_of
    from qa.question import check_question, understand

    asked = check_question(question)
    history = [Exchange(" ".join(before.split()), answer)]
    alone = standalone(asked, history)
    for words_ in (asked, alone, in_written_words(alone)):
        understand(words_)
        parts_of(words_)
