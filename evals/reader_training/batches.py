"""Examples as batches of tensors, endlessly and repeatably."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

import torch
from torch import Tensor

from evals.reader_training.augmentation import as_typed
from evals.reader_training.examples import Example
from evals.reader_training.negatives import without_another_sentence, without_answer
from qa.pairs import Pair, PairEncoder, pad


@dataclass(frozen=True, slots=True)
class Mixture:
    """How often each kind of example is drawn in a round over the training set.

    ``arabic`` times an Arabic one, ``others`` of the other languages'; ``gapped`` of the passages
    lack another sentence, and beside ``unanswered`` and ``look_alike`` of the examples stands the
    passage without its answer's sentence, and a near one. At most ``limit`` tokens go into a pair,
    and ``tokens`` into a batch.
    """

    arabic: int = 1
    others: float = 1.0
    gapped: float = 0.15
    unanswered: float = 0.15
    look_alike: float = 0.35
    limit: int = 256
    tokens: int = 3_072
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Labelled:
    """A pair with the token places of its answer's ends, both -1 where it does not answer."""

    pair: Pair
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs ``(n, tokens)``; ``starts`` and ``ends`` of shape ``(n,)``, -1 without answer."""

    ids: Tensor
    mask: Tensor
    types: Tensor
    starts: Tensor
    ends: Tensor


_POOL = 1_200


def pools(
    examples: Sequence[Example],
    negatives: Sequence[Sequence[str]],
    encoder: PairEncoder,
    mixture: Mixture,
    first: int = 0,
) -> Iterator[tuple[int, list[Batch]]]:
    """Numbered lists of shuffled batches without end, from the pool ``first`` on.

    Examples of a pool are batched with those of like length.
    """
    number = 0
    turn = 0
    while True:
        drawn = _round(examples, negatives, mixture, Random(f"{mixture.seed}-{turn}"))
        for at in range(0, len(drawn), _POOL):
            if number >= first:
                random = Random(f"{mixture.seed}-pool-{number}")
                some = [
                    _labelled(e, encoder, mixture.limit, random) for e in drawn[at : at + _POOL]
                ]
                kept = [item for item in some if item is not None]
                yield number, _batches(kept, encoder.padding, mixture.tokens, random)
            number += 1
        turn += 1


def _round(
    examples: Sequence[Example],
    negatives: Sequence[Sequence[str]],
    mixture: Mixture,
    random: Random,
) -> list[Example]:
    """Every example, Arabic ones repeated, and passages that do not answer; in random order."""
    drawn: list[Example] = []
    for example, unlike in zip(examples, negatives, strict=True):
        foreign = example.language != "arabic"
        for _ in range(int(random.random() < mixture.others) if foreign else mixture.arabic):
            gapped = random.random() < mixture.gapped
            drawn.append(without_another_sentence(example, random) if gapped else example)
            if example.answer is None:
                continue
            if random.random() < mixture.unanswered:
                emptied = without_answer(example)
                if emptied is not None:
                    drawn.append(emptied)
            if unlike and random.random() < mixture.look_alike:
                # The nearest are drawn most often.
                place = min(int(random.expovariate(0.5)), len(unlike) - 1)
                drawn.append(replace(example, passage=unlike[place], answer=None))
    random.shuffle(drawn)
    return [as_typed(example, random) for example in drawn]


def _labelled(
    example: Example, encoder: PairEncoder, limit: int, random: Random
) -> Labelled | None:
    """Tokens and labels; a long passage is cut to a window that holds the whole answer.

    None when the answer falls on no token or is longer than the window.
    """
    question = encoder.question(example.question)
    ids, spans = encoder.passage(example.passage)
    room = limit - len(question) - 4
    if not ids:
        return None
    if example.answer is None:
        at = random.randrange(max(len(ids) - room, 0) + 1)
        return Labelled(encoder.pair(question, ids[at : at + room], spans[at : at + room]), -1, -1)
    start, end = example.answer
    inside = [i for i, (a, b) in enumerate(spans) if a < end and start < b]
    if not inside or inside[-1] - inside[0] >= room:
        return None
    lowest = max(0, inside[-1] + 1 - room)
    at = random.randint(lowest, max(lowest, min(inside[0], len(ids) - room)))
    pair = encoder.pair(question, ids[at : at + room], spans[at : at + room])
    return Labelled(pair, pair.first + inside[0] - at, pair.first + inside[-1] - at)


def _batches(items: list[Labelled], padding: int, tokens: int, random: Random) -> list[Batch]:
    items = sorted(items, key=lambda item: len(item.pair.ids))
    found: list[list[Labelled]] = []
    while items:
        size = max(1, tokens // len(items[-1].pair.ids))
        items, some = items[:-size], items[-size:]
        found.append(some)
    random.shuffle(found)
    return [_batch(some, padding) for some in found]


def _batch(items: Sequence[Labelled], padding: int) -> Batch:
    ids, mask, types = map(torch.from_numpy, pad([item.pair for item in items], padding))
    starts = torch.tensor([item.start for item in items])
    return Batch(ids, mask, types, starts, torch.tensor([item.end for item in items]))
