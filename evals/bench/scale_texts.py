"""Collections of any size: documents made of real Arabic sentences, put together anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from corpus import bundled_texts
from corpus.document import Document
from corpus.passages import passages
from corpus.readers import read_document
from corpus.sentences import sentences
from evals.collections import DEVELOPMENT_SETS
from evals.datasets import load_squad

Pool = Sequence[Sequence[str]]
"""Sentences by the article that they come from."""

_FOLDER_OF = 1_000
_SENTENCES = 27  # of a document: about five passages
_ARTICLES = 3  # that a document's sentences come from
_WORDS = range(5, 61)


def sentence_pool() -> list[list[str]]:
    """The sentences of the development sets and of the bundled texts; those that stay whole when
    they stand on a line of their own.
    """
    articles: dict[str, list[str]] = {}
    for path in DEVELOPMENT_SETS:
        dataset = load_squad(path)
        for title, context in zip(dataset.articles, dataset.contexts, strict=True):
            articles.setdefault(title, []).append(context)
    for path in sorted(bundled_texts().iterdir()):
        articles[path.name] = [read_document(path, path.name).text]
    found = [_whole("\n".join(texts)) for texts in articles.values()]
    return [some for some in found if len(some) > 5]


def _whole(text: str) -> list[str]:
    # A file cannot begin with this sign and keep it.
    text = text.replace("\ufeff", "")
    lines = (" ".join(text[start:end].split()) for start, end in sentences(text))
    return [
        line
        for line in dict.fromkeys(lines)
        if len(line.split()) in _WORDS and line.endswith((".", "!", "؟"))
        if sentences(f"{line}\n{line}") == [(0, len(line)), (len(line) + 1, 2 * len(line) + 1)]
    ]


@dataclass(frozen=True, slots=True)
class Texts:
    """Numbered documents; the same pool and number give the same document on any machine.

    ``edition`` makes another text under the same number.
    """

    pool: Pool

    def document(self, number: int, edition: int = 0) -> str:
        """A document's text: a sentence on each line, all from a few articles."""
        random = Random(f"{number}/{edition}")
        articles = random.sample(range(len(self.pool)), min(_ARTICLES, len(self.pool)))
        known = [sentence for article in articles for sentence in self.pool[article]]
        return "\n".join(random.choices(known, k=_SENTENCES))

    def documents(self, count: int) -> Iterator[str]:
        """Documents from the first on that have ``count`` passages together."""
        number = 0
        while count > 0:
            text = self.document(number)
            while (size := len(passages(Document("", text)))) > count:
                text = text.rpartition("\n")[0]
            yield text
            count -= size
            number += 1

    def write(self, folder: Path, count: int) -> int:
        """Text files with ``count`` passages together; returns how many files they are."""
        number = 0
        for number, text in enumerate(self.documents(count), start=1):
            path = place(folder, number - 1)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return number

    def change(self, folder: Path, files: int) -> None:
        """Other texts in the first ``files`` files."""
        for number in range(files):
            place(folder, number).write_text(self.document(number, 1), encoding="utf-8")


def place(folder: Path, number: int) -> Path:
    """The file of a document."""
    return folder / f"{number // _FOLDER_OF:05}" / f"{number:07}.txt"
