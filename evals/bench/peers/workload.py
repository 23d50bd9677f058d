"""What every system is given: texts, those that change, and questions; one JSON file.

Read by processes that have only Python's own library in common.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

QUERY, PASSAGE = "query: ", "passage: "
"""What E5 was trained to see before a query and before a passage."""

BATCH = 32
"""Texts in a batch, wherever a system can be told; sentence-transformers' own default."""

_ADDED = "حُدِّثت هذه الفقرة في النسخة رقم {}."


@dataclass(frozen=True, slots=True)
class Workload:
    """Texts by id, and questions with the id of the text that answers each.

    ``changed`` are the new forms of one text in a hundred. ``model`` is the folder of the weights,
    and ``embedder`` the same as Dalil's setting names it. Dalil reads its texts from ``files``,
    one file each; the other systems are given them. ``answers`` are what each question accepts, and
    ``reader`` the folder of the weights that find one.
    """

    texts: dict[str, str]
    changed: dict[str, str]
    questions: list[tuple[str, str]]
    model: str
    embedder: str
    files: str
    answers: list[list[str]] = field(default_factory=list)
    reader: str = ""

    def save(self, path: Path) -> None:
        """Write the JSON file."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Workload:
        """Read what ``save`` wrote."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def changed_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Every hundredth text and one at least, each with a sentence more, so that it is new."""
    return {
        name: f"{texts[name]} {_ADDED.format(number)}"
        for number, name in enumerate(list(texts)[::100], start=1)
    }


def lay_out(folder: Path, texts: Mapping[str, str]) -> None:
    """Write each text as a file of ``folder`` that is named after its id."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
