"""Question sets: SQuAD 1.1 and 2.0 files, and our own JSON Lines form."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from random import Random

from corpus.errors import DalilError

_HINT = "See evals/data/README.md for the forms that can be read."


@dataclass(frozen=True, slots=True)
class Region:
    """Words of a source that answer a question: offsets into the text as Dalil reads it.

    ``end`` is None for the whole source.
    """

    source: str
    start: int = 0
    end: int | None = None

    def meets(self, source: str, start: int, end: int) -> bool:
        """Whether the span shares a letter with the region."""
        return source == self.source and end > self.start and (self.end is None or start < self.end)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the index of the context that answers it (-1: none), and the accepted answers.

    ``answers`` is empty when the collection does not answer the question. ``regions`` are where the
    answer stands: any one of them proves it, unless ``needs_all``. ``history`` are the questions
    asked before it, and ``in_full`` is what one would ask without them, if the set says so.
    ``typed`` is the question as the set has it, once ``text`` was made to stand alone.
    """

    id: str
    text: str
    context: int
    answers: tuple[str, ...]
    regions: tuple[Region, ...] = ()
    needs_all: bool = False
    history: tuple[str, ...] = ()
    in_full: str = ""
    type: str = ""
    kind: str = ""
    style: str = ""
    typed: str = ""

    @property
    def talk(self) -> tuple[str, ...]:
        """All that a person typed, in turn; the question itself is the last."""
        return (*self.history, self.typed or self.text)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Different contexts in the order first met, and the questions on them.

    ``articles`` names the article of each context. A set on files has no contexts: its texts lie
    in ``folder``, and regions name them by their path in it.
    """

    name: str
    contexts: tuple[str, ...]
    articles: tuple[str, ...]
    questions: tuple[Question, ...]
    folder: Path | None = None


def sampled(dataset: Dataset, most: int | None) -> Dataset:
    """The set with ``most`` of its questions, the same ones each time, in their order; None and
    any number that is large enough leave it whole.
    """
    if most is None or most >= len(dataset.questions):
        return dataset
    places = sorted(Random(0).sample(range(len(dataset.questions)), most))
    return replace(dataset, questions=tuple(dataset.questions[place] for place in places))


def source_of(context: int) -> str:
    """The name of the file that holds a context in its collection."""
    return f"{context:05}.txt"


def load_squad(path: Path) -> Dataset:
    """Read a SQuAD 1.1 or 2.0 file; raises DalilError when it is missing or of another form."""
    contexts: dict[str, int] = {}
    titles: list[str] = []
    questions: list[Question] = []
    try:
        for number, article in enumerate(json.loads(_read(path))["data"]):
            for paragraph in article["paragraphs"]:
                context = contexts.setdefault(_text(paragraph["context"]), len(contexts))
                if context == len(titles):
                    titles.append(str(article.get("title", number)))
                questions.extend(_squad_question(entry, context) for entry in paragraph["qas"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DalilError(
            f"{path} is not a SQuAD file: {error!r}.",
            "Expected JSON with data[].paragraphs[].{context, qas[].{id, question, answers}}.",
        ) from error
    return Dataset(path.stem, tuple(contexts), tuple(titles), _unique(path, questions))


def load_lines(path: Path, folder: Path, name: str = "", split: str = "") -> Dataset:
    """Read our JSON Lines form over the texts in ``folder``; ``split`` keeps one part of it.

    Raises DalilError that names the line which does not fit.
    """
    questions = []
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            if not split or entry.get("split") == split:
                questions.append(_own_question(entry, folder))
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
            raise DalilError(f"Line {number} of {path} does not fit: {error!r}.", _HINT) from error
    return Dataset(name or path.stem, (), (), _unique(path, questions), folder)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise DalilError(f"There is no file {path}.", "Give the path of a question set.") from error
    except (OSError, ValueError) as error:
        raise DalilError(f"{path} cannot be read: {error}.", _HINT) from error


def _unique(path: Path, questions: list[Question]) -> tuple[Question, ...]:
    if not questions:
        raise DalilError(f"{path} holds no question.", _HINT)
    taken = {question.id for question in questions}
    met: set[str] = set()
    for place, question in enumerate(questions):
        name = question.id
        if name in met:  # some published sets use an id twice
            name = next(new for n in count(2) if (new := f"{name}#{n}") not in taken)
            questions[place] = replace(question, id=name)
        met.add(name)
        taken.add(name)
    return tuple(questions)


def _text(value: object) -> str:
    """A string that UTF-8 can carry; raises TypeError or ValueError for anything else."""
    if not isinstance(value, str):
        raise TypeError(f"expected a string, got {value!r}")
    value.encode()  # not so with half a surrogate pair
    return value


def _squad_question(entry: dict[str, object], context: int) -> Question:
    answers = entry.get("answers")
    texts: tuple[str, ...] = ()
    if isinstance(answers, list) and not entry.get("is_impossible"):
        texts = tuple(dict.fromkeys(_text(a["text"]) for a in answers if a["text"].strip()))
    return Question(
        id=str(entry["id"]),
        text=_text(entry["question"]),
        context=context,
        answers=texts,
        regions=(Region(source_of(context)),) if texts else (),
    )


def _own_question(entry: dict[str, object], folder: Path) -> Question:
    golds = entry["answers"]
    if not isinstance(golds, list):
        raise TypeError(f"expected a list of answers, got {golds!r}")
    regions = tuple(_region(gold, folder) for gold in golds)
    texts = tuple(dict.fromkeys(_text(gold["text"]) for gold in golds))
    needs_all = entry.get("kind") == "two_passages" and bool(texts)
    history = entry.get("history", [])
    return Question(
        id=str(entry["id"]),
        text=_text(entry["question"]),
        context=-1,
        answers=(" ".join(texts),) if needs_all else texts,
        regions=regions,
        needs_all=needs_all,
        history=tuple(map(str, history)) if isinstance(history, list) else (),
        in_full=_text(entry.get("in_full", "")),
        type=str(entry.get("type", "")),
        kind=str(entry.get("kind", "")),
        style=str(entry.get("style", "")),
    )


def _region(gold: dict[str, object], folder: Path) -> Region:
    text, start = _text(gold["text"]), int(str(gold["start"]))
    source = str(gold["source"])
    raw = (folder / source).read_bytes().decode("utf-8-sig")
    if not text.strip() or start < 0 or raw[start : start + len(text)] != text:
        raise ValueError(f"{text!r} does not stand at {start} of {source}")
    return Region(source, start, start + len(text))
