"""Passages that look like answers and are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from corpus.document import content_id
from corpus.normalise import fold
from corpus.sentences import sentences
from evals.reader_training.examples import Example
from index.embedder import Embedder

_NEIGHBOURS = 8
_EMBEDDED_CHARACTERS = 1_000  # enough to find look-alikes, at a third of the time
_LEAST_LEFT = 60
_DENSE_WEIGHT = 0.55


def look_alikes(
    examples: Sequence[Example], model: Embedder | None, cache: Path
) -> list[list[str]]:
    """For each example the nearest passages of its language that lack its answer's words.

    At most eight each, nearest first, by shared four-letter pieces; for Arabic by those and the
    cosine of the embedder, where one is given, after the other passages of the same article.
    Vectors are kept in ``cache``.
    """
    found: list[list[str]] = [[] for _ in examples]
    by_language: dict[str, list[int]] = defaultdict(list)
    for number, example in enumerate(examples):
        by_language[example.language].append(number)
    for numbers in by_language.values():
        some = [examples[n] for n in numbers]
        for number, passages in zip(numbers, _of_one_language(some, model, cache), strict=True):
            found[number] = passages
    return found


def _of_one_language(
    examples: list[Example], model: Embedder | None, cache: Path
) -> list[list[str]]:
    passages = list(dict.fromkeys(e.passage for e in examples))
    articles = {e.passage: e.article for e in examples}
    folded = [fold(passage) for passage in passages]
    scores = _similarities(examples, passages, model, cache)
    found: list[list[str]] = []
    for example, row in zip(examples, scores, strict=True):
        if example.answer is None:  # it is itself a passage that does not answer
            found.append([])
            continue
        answer = fold(_answer(example))
        order = np.argsort(-row, kind="stable")[: 4 * _NEIGHBOURS]

        def silent(i: int, example: Example = example, answer: str = answer) -> bool:
            """Whether another passage, without the answer's words."""
            return passages[i] != example.passage and answer not in folded[i]

        near = [int(i) for i in order if silent(i)]
        if example.language == "arabic":
            siblings = [
                i for i, p in enumerate(passages) if articles[p] == example.article and silent(i)
            ]
            near = [*siblings, *(i for i in near if i not in siblings)]
        found.append([passages[i] for i in near[:_NEIGHBOURS]])
    return found


def _similarities(
    examples: Sequence[Example], passages: Sequence[str], model: Embedder | None, cache: Path
) -> NDArray[np.float32]:
    """Shape ``(len(examples), len(passages))``."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    questions = [e.question for e in examples]
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4), sublinear_tf=True)
    by_passage = pieces.fit_transform([fold(p) for p in passages])
    lexical = np.asarray(
        (pieces.transform([fold(q) for q in questions]) @ by_passage.T).todense(), dtype=np.float32
    )
    if model is None or examples[0].language != "arabic":
        return lexical
    asked, held = _vectors(questions, passages, model, cache)
    dense = asked @ held.T
    return np.asarray(
        _DENSE_WEIGHT * _to_unit(dense) + (1 - _DENSE_WEIGHT) * _to_unit(lexical), dtype=np.float32
    )


def _vectors(
    questions: Sequence[str], passages: Sequence[str], model: Embedder, cache: Path
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    path = cache / f"vectors-{content_id(model.fingerprint, *questions, *passages)}.npz"
    if not path.exists():
        asked = model.embed_queries(questions)
        held = model.embed_passages([p[:_EMBEDDED_CHARACTERS] for p in passages])
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(path, asked=asked, held=held)
    kept = np.load(path)
    return kept["asked"], kept["held"]


def _to_unit(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each row from its mean to its largest, as 0 to 1."""
    middle = scores.mean(axis=1, keepdims=True)
    span = np.maximum(scores.max(axis=1, keepdims=True) - middle, 1e-6)
    return np.asarray((scores - middle) / span, dtype=np.float32)


def without_answer(example: Example) -> Example | None:
    """The passage without the sentences that touch the answer: same subject, fact absent.

    None when too little is left or the answer's words occur in what is left.
    """
    if example.answer is None:
        return None
    start, end = example.answer
    kept = [example.passage[a:b] for a, b in sentences(example.passage) if b <= start or end <= a]
    left = " ".join(kept)
    if len(left) < _LEAST_LEFT or fold(_answer(example)) in fold(left):
        return None
    return replace(example, passage=left, answer=None)


def without_another_sentence(example: Example, random: Random) -> Example:
    """The passage without one sentence beside the answer's, so that a gap tells nothing."""
    if example.answer is None:
        return example
    start, end = example.answer
    spans = sentences(example.passage)
    others = [(a, b) for a, b in spans if b <= start or end <= a]
    if not others:
        return example
    a, b = random.choice(others)
    text = example.passage[:a] + example.passage[b:]
    moved = (start - (b - a), end - (b - a)) if b <= start else (start, end)
    return replace(example, passage=text, answer=moved)


def _answer(example: Example) -> str:
    assert example.answer is not None
    return example.passage[slice(*example.answer)]
