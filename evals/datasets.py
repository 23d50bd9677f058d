"""Question sets in SQuAD form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import DalilError


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the index of the context that answers it, and the accepted answers in it.

    ``answers`` is empty when the collection does not answer the question.
    """

    id: str
    text: str
    context: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Different contexts in the order first met, and the questions on them.

    ``articles`` names the article of each context.
    """

    name: str
    contexts: tuple[str, ...]
    articles: tuple[str, ...]
    questions: tuple[Question, ...]


def load_squad(path: Path) -> Dataset:
    """Read a SQuAD 1.1 or 2.0 file; raises DalilError when it is missing or of another form."""
    try:
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        contexts: dict[str, int] = {}
        titles: list[str] = []
        questions: list[Question] = []
        for number, article in enumerate(articles):
            for paragraph in article["paragraphs"]:
                context = contexts.setdefault(paragraph["context"], len(contexts))
                if context == len(titles):
                    titles.append(str(article.get("title", number)))
                questions.extend(_question(entry, context) for entry in paragraph["qas"])
    except FileNotFoundError as error:
        raise DalilError(f"There is no file {path}.", "Give the path of a SQuAD file.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DalilError(
            f"{path} is not a SQuAD file: {error!r}.",
            "Expected JSON with data[].paragraphs[].{context, qas[].{id, question, answers}}.",
        ) from error
    return Dataset(path.stem, tuple(contexts), tuple(titles), tuple(questions))


def _question(entry: dict[str, object], context: int) -> Question:
    answers = entry.get("answers")
    texts = tuple(dict.fromkeys(a["text"] for a in answers)) if isinstance(answers, list) else ()
    return Question(
        id=str(entry["id"]),
        text=str(entry["question"]),
        context=context,
        answers=() if entry.get("is_impossible") else texts,
    )
