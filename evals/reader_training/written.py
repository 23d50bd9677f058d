"""Our own reading-comprehension texts in Arabic, written to train the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from corpus.errors import DalilError
from evals.reader_training.examples import Example

FOLDER = Path(__file__).parent / "texts"
_CLOSE = re.compile(r"close-[a-z]+-(\d+)")
"""Files whose questions share few words with the sentence that answers, numbered as they came."""
_EVERY = range(1, 100)
_SEED = 7
_LINE = re.compile(r"(س|ج|لا): (.+)")
_PLACE = re.compile(r"(.+) ##(\d+)")


def written_examples(folder: Path = FOLDER) -> list[Example]:
    """All examples of the folder's files in order; ``answer`` is None where the text is silent.

    Raises DalilError that names file and line where the form is not kept.
    """
    return [
        example
        for path in sorted(folder.glob("*.txt"))
        for example in _examples(path.read_text(encoding="utf-8"), path.name)
    ]


def drawn(
    examples: Sequence[Example], close: int, older: float, files: range = _EVERY
) -> list[Example]:
    """The texts of hard reading in the ``files`` of these numbers, ``close`` times over, and a
    share of the others; repeatable.
    """
    hard: list[Example] = []
    others: list[Example] = []
    for example in examples:
        number = _CLOSE.match(example.article)
        (hard if number and int(number[1]) in files else others).append(example)
    return [*close * hard, *Random(_SEED).sample(others, round(older * len(others)))]


def _examples(text: str, name: str) -> Iterator[Example]:
    article = passage = question = ""
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{name}:{number}"
        marked = _LINE.fullmatch(line)
        if marked and not passage:
            raise _broken(where)
        if line.startswith("== "):
            article, passage = f"{name} {line[3:]}", _unless(question, "", where)
        elif not line.strip():
            passage = _unless(question, "", where)
        elif marked is None:
            passage = _unless(passage, line, where).replace(" ¶ ", "\n")
        elif marked[1] == "س":
            question = _unless(question, marked[2], where)
        elif marked[1] == "ج":
            if not question:
                raise _broken(where)
            yield Example(question, passage, _span(passage, marked[2], where), "arabic", article)
            question = ""
        else:
            yield Example(marked[2], passage, None, "arabic", article)
    _unless(question, "", f"{name}:{text.count(chr(10))}")


def _span(passage: str, answer: str, where: str) -> tuple[int, int]:
    """Where the answer stands: the only place, or the one that ``##n`` names."""
    placed = _PLACE.fullmatch(answer)
    words, nth = (placed[1], int(placed[2])) if placed else (answer, 1)
    words = words.replace(" ¶ ", "\n")
    places = [found.start() for found in re.finditer(re.escape(words), passage)]
    if len(places) < nth or (len(places) > 1 and placed is None):
        raise _broken(where)
    return places[nth - 1], places[nth - 1] + len(words)


def _unless(before: str, line: str, where: str) -> str:
    if before:
        raise _broken(where)
    return line


def _broken(where: str) -> DalilError:
    return DalilError(
        f"{where} does not keep the form of the training texts.",
        "evals/reader_training/README.md says what it is.",
    )
