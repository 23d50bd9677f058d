"""Arabic as people type it, for training on more spellings than editors use.

Tashkeel, tatweel and the kind of digits need no variants: the reader's input is already plain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from corpus.document import Span
from evals.reader_training.examples import Example

_HABITS: tuple[Mapping[int, str], ...] = (
    str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا"}),
    str.maketrans({"ى": "ي", "ة": "ه"}),
    str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و", "ئ": "ي", "ء": ""}),
    str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ء": ""}),
)
_QUESTION_SHARE = 0.5
_PASSAGE_SHARE = 0.2
_MARK_SHARE = 0.3


def as_typed(example: Example, random: Random) -> Example:
    """The same example as someone might type it: hamzas, ى/ي, ة/ه; or no question mark."""
    if random.random() < _MARK_SHARE:
        example = replace(example, question=example.question.rstrip(" ?؟"))
    if example.language != "arabic":
        return example
    if random.random() < _QUESTION_SHARE:
        habit = random.choice(_HABITS)
        example = replace(example, question=example.question.translate(habit))
    if random.random() < _PASSAGE_SHARE:
        example = _respelled(example, random.choice(_HABITS))
    return example


def _respelled(example: Example, habit: Mapping[int, str]) -> Example:
    """The passage in another spelling, with its answer's place kept."""
    text = example.passage

    def at(offset: int) -> int:
        return len(text[:offset].translate(habit))

    answer: Span | None = None
    if example.answer is not None:
        answer = at(example.answer[0]), at(example.answer[1])
    return replace(example, passage=text.translate(habit), answer=answer)
