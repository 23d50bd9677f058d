"""The readers and the picture of a page, given damaged and hostile files."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random

from corpus.document import Document
from corpus.passages import passages
from evals.hardening.fuzz_bombs import bombs
from evals.hardening.fuzz_judging import HANG, HangError, Maker, Work
from evals.hardening.fuzz_mutations import BYTES, MARKUP, PACKAGE, PDF, TEXT, Mutation, mutated
from evals.hardening.fuzz_seeds import seeds

MUTATIONS: Mapping[str, Sequence[Mutation]] = {
    ".txt": TEXT,
    ".md": TEXT,
    ".csv": TEXT,
    ".jsonl": TEXT,
    ".html": (*MARKUP, *TEXT),
    ".docx": PACKAGE,
    ".pptx": PACKAGE,
    ".xlsx": PACKAGE,
    ".epub": PACKAGE,
    ".pdf": PDF,
}
_QUOTES = ("رصيف المرفأ", "harbour", "1898", "", "ء" * 500)


@contextmanager
def reading(suffix: str) -> Iterator[Maker]:
    """Damaged files of one format, read as Dalil reads them, and cut into passages."""

    def make(random: Random, _number: int) -> Work:
        data = damaged(random, suffix)
        return lambda: read_whole(data, suffix)

    with _children():
        yield make


@contextmanager
def bombing() -> Iterator[Maker]:
    """Each bomb in turn."""
    every = list(bombs().items())

    def make(_random: Random, number: int) -> Work:
        (_, suffix), bomb = every[number % len(every)]
        data = bomb()
        return lambda: read_whole(data, suffix)

    with _children():
        yield make


@contextmanager
def drawing() -> Iterator[Maker]:
    """Pages of damaged PDF files, drawn with the place of a quote."""
    from corpus.parsing import page_picture

    def make(random: Random, _number: int) -> Work:
        data = mutated(random, random.choice(seeds()[".pdf"]), (*BYTES, *PDF))
        page, quote = random.choice((1, 1, 1, 2, -1, 10**12)), random.choice(_QUOTES)
        before = random.choice((None, "", "x" * 1_000))
        return lambda: page_picture(data, page, quote, before=before)

    with _children():
        yield make


def damaged(random: Random, suffix: str) -> bytes:
    """A file of the ending ``suffix`` with something wrong in it."""
    return mutated(random, random.choice(seeds()[suffix]), MUTATIONS[suffix])


def read_whole(data: bytes, suffix: str) -> None:
    """Read a file in a child and cut its text; raises what goes wrong, also without a crash."""
    from corpus import parsing

    started = time.perf_counter()
    try:
        document = parsing.parse(data, suffix, f"x{suffix}")
        _check(document)
    finally:
        slow = time.perf_counter() - started > HANG
    if slow and _seconds_alone(data, suffix) > HANG:  # and not only because others were at work
        raise HangError


def _check(document: Document) -> None:
    """The promises that a document makes to those who cut and store it."""
    for words in (document.title, document.text, *document.warnings):
        words.encode()
    end = 0
    for passage in passages(document):
        assert passage.text.strip(), "a passage of nothing"
        assert passage.end > end, "passages out of order"
        end = passage.end
    assert any(map(str.isalnum, document.text)), "a document without words"


def _seconds_alone(data: bytes, suffix: str) -> float:
    """The processor time that a file takes in a child of its own, and this process for the rest."""
    from corpus import parsing

    before = _used()
    parsing.close()
    before = _used()
    _check(parsing.parse(data, suffix, f"x{suffix}"))
    parsing.close()
    return _used() - before


def _used() -> float:
    kinds = (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)
    return sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)


@contextmanager
def _children() -> Iterator[None]:
    from corpus import parsing

    try:
        yield
    finally:
        parsing.close()  # waited for, their memory is known
