"""How large the embedder's batches should be: ``python -m evals.bench.batches``.

The paragraphs of the development sets in batches of various sizes; ways take turns, so that what
else the machine does falls on all of them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from statistics import median

import click
import numpy as np

from corpus.normalise import plain
from evals.collections import DEVELOPMENT_SETS
from evals.datasets import load_squad
from index.batches import token_batches
from index.default_model import default_model_folder
from qa.settings import load_settings

Batches = list[list[int]]

_PROMPT = "passage: "
_TOKENS = (512, 1_024, 2_048, 4_096, 8_192)


def ways(texts: Sequence[str], lengths: Sequence[int]) -> dict[str, Batches]:
    """Places of the texts in batches, by the name of the way; the first is how
    sentence-transformers does it, by number of characters.
    """
    order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
    found = {"32 texts, by characters": [order[i : i + 32] for i in range(0, len(order), 32)]}
    return found | {f"{most} tokens": list(token_batches(lengths, most)) for most in _TOKENS}


def padding(batches: Batches, lengths: Sequence[int]) -> float:
    """How much longer the texts are with their padding than without, as a share."""
    padded = sum(len(batch) * max(lengths[place] for place in batch) for batch in batches)
    return padded / sum(lengths) - 1


@click.command()
@click.option("--passages", default=96, show_default=True, help="Taken evenly from the sets.")
@click.option("--rounds", default=3, show_default=True, help="Times that each way is measured.")
def main(passages: int, rounds: int) -> None:
    """Print padding, passages a second and the largest difference of any vector."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(default_model_folder(load_settings().cache, click.echo)))
    every = [plain(text) for path in DEVELOPMENT_SETS for text in load_squad(path).contexts]
    texts = every[:: max(1, len(every) // passages)][:passages]
    ids = model.tokenizer([_PROMPT + text for text in texts])["input_ids"]
    lengths = [min(len(one), model.max_seq_length or len(one)) for one in ids]
    taken: dict[str, list[float]] = {}
    vectors: dict[str, np.ndarray[tuple[int, int], np.dtype[np.float32]]] = {}
    for _ in range(rounds):
        for name, batches in ways(texts, lengths).items():
            start = time.perf_counter()
            made = [
                model.encode(
                    [texts[place] for place in batch],
                    prompt=_PROMPT,
                    batch_size=len(batch),
                    normalize_embeddings=True,
                )
                for batch in batches
            ]
            taken.setdefault(name, []).append(time.perf_counter() - start)
            vectors[name] = np.concatenate(made)[np.argsort(np.concatenate(batches))]
    click.echo(f"{len(texts)} passages, median of {median(lengths):.0f} tokens, {rounds} rounds")
    reference = next(iter(vectors.values()))
    for name, batches in ways(texts, lengths).items():
        rates = sorted(len(texts) / seconds for seconds in taken[name])
        click.echo(
            f"  {name}: {100 * padding(batches, lengths):.1f}% padding, {median(rates):.1f} "
            f"[{rates[0]:.1f}, {rates[-1]:.1f}] passages/s, "
            f"difference {abs(vectors[name] - reference).max():.0e}"
        )


if __name__ == "__main__":
    main()
