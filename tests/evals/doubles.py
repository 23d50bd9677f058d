"""A small question set whose every figure can be worked out by hand, and a reader on a string."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.passages import PassageSize
from corpus.terms import stems
from evals.collections import Collection, open_collection
from evals.datasets import Dataset, Question
from evals.outcomes import System
from index.hit import Hit
from index.progress import Silent
from qa.reader import Reading
from tests.index.doubles import HashEmbedder

MOON = "القمر تابع الأرض الوحيد. يدور القمر حول الأرض في سبعة وعشرين يوماً."
SEA = "البحر الميت أخفض بقعة على اليابسة. ماؤه شديد الملوحة."
NILE = "يجري النيل من الجنوب إلى الشمال. طوله نحو 6650 كيلومتراً."

WHEN_MOON = "في كم يوماً يدور القمر حول الأرض؟"
NILE_LENGTH = "ما طول نهر النيل؟"
SEA_NAME = "من سمّى البحر الميت بهذا الاسم؟"

SQUAD: dict[str, Any] = {
    "data": [
        {
            "title": "فلك",
            "paragraphs": [
                {
                    "context": MOON,
                    "qas": [
                        {
                            "id": "moon",
                            "question": WHEN_MOON,
                            "answers": [{"text": "سبعة وعشرين يوماً", "answer_start": 49}],
                        }
                    ],
                }
            ],
        },
        {
            "title": "ماء",
            "paragraphs": [
                {
                    "context": SEA,
                    "qas": [
                        {
                            "id": "sea",
                            "question": SEA_NAME,
                            "is_impossible": True,
                            "answers": [],
                        }
                    ],
                },
                {
                    "context": NILE,
                    "qas": [
                        {
                            "id": "nile",
                            "question": NILE_LENGTH,
                            "answers": [
                                {"text": "6650 كيلومتراً", "answer_start": 42},
                                {"text": "نحو 6650 كيلومتراً", "answer_start": 38},
                            ],
                        }
                    ],
                },
            ],
        },
    ]
}

Script = Mapping[str, Sequence[tuple[str, float]]]
"""For each question the words to point at, with the confidence."""


class ScriptedReader:
    """Points at the scripted words where a hit holds them, and at nothing else."""

    def __init__(self, script: Script) -> None:
        self._script = script

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        readings = []
        asked = question.rstrip("؟")  # a part of a scripted question gets all of its script
        scripted = (words for key, words in self._script.items() if asked in key)
        for words, confidence in next(scripted, ()):
            hit = next((hit for hit in hits if words in hit.passage.text), None)
            if hit:
                start = hit.passage.start + hit.passage.text.index(words)
                readings.append(
                    Reading(
                        hit=hit,
                        start=start,
                        end=start + len(words),
                        score=confidence,
                        confidence=confidence,
                        covers=frozenset(stems(words)),
                    )
                )
        return sorted(readings, key=lambda reading: -reading.score)


def scripted(script: Script, threshold: float = 0.2) -> System:
    """A system whose reader follows the script."""
    return System(lambda _: ScriptedReader(script), threshold, 10)


def quietly(questions: Iterable[Question], label: str) -> Iterator[Question]:  # noqa: ARG001
    return iter(questions)


def write_squad(folder: Path, content: object = SQUAD, name: str = "small.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def write_lines(folder: Path, *entries: object, name: str = "mine.jsonl") -> Path:
    path = folder / name
    lines = "\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    path.write_text(lines + "\n", encoding="utf-8")
    return path


def collected(dataset: Dataset, cache: Path, words: int = 150) -> Collection:
    """The set over a real index of its texts, with the hashing embedder."""
    size = PassageSize(words, 0)
    return Collection(dataset, open_collection(dataset, HashEmbedder(), cache, size, Silent()))
