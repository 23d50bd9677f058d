"""Which readings make the answer."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from corpus.normalise import fold
from qa.long_answers import on_lines
from qa.question import understand
from qa.reader import Reading

_MAX_CITATIONS = 3
# A further sentence must be nearly as probable as the first, and say what the first does not.
_FURTHER_CONFIDENCE = 0.6


def choose(question: str, readings: Sequence[Reading], threshold: float) -> list[Reading]:
    """The best reading, those that say the same elsewhere, and those that hold what the question
    names and it does not; nothing when the best is less probable than ``threshold``.
    """
    if not readings or readings[0].confidence < threshold:
        return []
    chosen = [readings[0]]
    said = fold(short_answer(readings[0]))
    missing = set(understand(question).stems) - readings[0].covers
    least = max(threshold, _FURTHER_CONFIDENCE * readings[0].confidence)
    for reading in readings[1:]:
        if len(chosen) == _MAX_CITATIONS:
            break
        same = reading.answer is not None and fold(short_answer(reading)) == said
        adds = reading.answer is None and bool(reading.covers & missing)
        if reading.confidence >= least and (same or adds):
            chosen.append(reading)
            missing -= reading.covers
    return chosen


def together(several: Sequence[Sequence[Reading]]) -> list[Reading]:
    """The readings of the one passage that best answers several questions about one thing.

    ``several`` holds the readings of each question. The surest comes first, and all are as sure as
    that one of them at least is right.
    """
    by_passage: dict[str, list[Reading]] = defaultdict(list)
    for readings in several:
        for passage_id, reading in {r.hit.passage.id: r for r in reversed(readings)}.items():
            by_passage[passage_id].append(reading)
    if not by_passage:
        return []
    best = max(by_passage.values(), key=lambda some: (len(some), sum(r.score for r in some)))
    sure = 1 - math.prod(1 - reading.confidence for reading in best)
    best.sort(key=lambda reading: -reading.confidence)
    return [replace(reading, confidence=sure) for reading in best]


def short_answer(reading: Reading) -> str:
    """The reading's short answer, or its quote, as it stands in the passage; on one line unless it
    is a list.
    """
    start, end = reading.answer or (reading.start, reading.end)
    first = reading.hit.passage.start
    return on_lines(reading.hit.passage.text[start - first : end - first])


def text_of(chosen: Sequence[Reading]) -> str:
    """Each different short answer on a line of its own, the best first."""
    different: dict[str, str] = {}
    for reading in chosen:
        answer = short_answer(reading)
        different.setdefault(fold(answer), answer)
    return "\n".join(different.values())
