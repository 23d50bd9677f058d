"""Questions with the exact place of their answers, for training."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Span
from corpus.errors import DalilError
from evals.datasets import load_squad
from evals.reader_training.split import held_out_articles

ARCD = Path("dev/arcd-train.json")


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage.

    ``answer`` is the span of the answer in ``passage``, None when the passage does not hold it.
    ``language`` is the set's language; ``article`` the title of the passage's article.
    """

    question: str
    passage: str
    answer: Span | None
    language: str
    article: str


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Examples whose passages hold the answer, and how many were dropped for a wrong offset."""

    examples: tuple[Example, ...]
    dropped: int


def training_examples(folder: Path) -> TrainingSet:
    """TyDi in eight languages and ARCD without the held-out articles, from the data folder.

    Raises DalilError when the folder holds none of the files.
    """
    paths = sorted((folder / "train").glob("tydi-*.json"))
    if not paths or not (folder / ARCD).is_file():
        raise DalilError(
            f"{folder} holds no training sets.", "Give --data the folder with train/ and dev/."
        )
    found: list[Example] = []
    dropped = 0
    for path in paths:
        examples, lost = _examples(path, path.stem.split("-")[1], frozenset())
        found += examples
        dropped += lost
    arcd, lost = _examples(folder / ARCD, "arabic", held_out_articles(load_squad(folder / ARCD)))
    return TrainingSet((*found, *arcd), dropped + lost)


def _examples(path: Path, language: str, without: frozenset[str]) -> tuple[list[Example], int]:
    """The first answer of each question; an answer that is not at its offset is looked for."""
    found: list[Example] = []
    dropped = 0
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        if str(article["title"]) in without:
            continue
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            for entry in paragraph["qas"]:
                span = _place(text, entry["answers"][0])
                if span is None:
                    dropped += 1
                    continue
                found.append(
                    Example(entry["question"], text, span, language, str(article["title"]))
                )
    return found, dropped


def _place(text: str, answer: dict[str, object]) -> Span | None:
    """Where the answer stands: at its offset, else where alone it occurs."""
    words, start = str(answer["text"]), int(str(answer["answer_start"]))
    if text[start : start + len(words)] == words and words.strip():
        return start, start + len(words)
    if words.strip() and text.count(words) == 1:
        return text.index(words), text.index(words) + len(words)
    return None
