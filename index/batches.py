"""Which texts go through the model together."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")

TOKENS = 1_024
"""Most tokens of a batch, padding included: about a hundredth of them is padding then, and what the
model's layers hand on stays small. From ``python -m evals.bench.batches``."""


def token_batches(lengths: Sequence[int], tokens: int = TOKENS) -> Iterator[list[int]]:
    """Places in ``lengths``, each once, longest first: texts that share a batch are padded to the
    first one, and make ``tokens`` tokens at most, unless one alone is longer.
    """
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: (-lengths[place], place)):
        if batch and lengths[batch[0]] * (len(batch) + 1) > tokens:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """``items`` in lists of ``size``, the last one shorter. (Python 3.12 has it in itertools.)"""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
