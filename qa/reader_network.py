"""The network that reads: one pass over question and passage, for relevance and answer span.

This module imports torch; import it only where the network is really loaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from corpus.errors import DalilError

if TYPE_CHECKING:
    from transformers import PreTrainedModel

FORMAT = "dalil-reader-1"
"""What the weights file's header says: int8 matrices of the encoder, each with a float32 scale for
every row under its name and ``SCALE``; all else float16. Embeddings come from the base model."""
SCALE = ".scale"


class ReaderNetwork(nn.Module):
    """The encoder with two heads: a start and an end score a token, and one relevance a pair."""

    def __init__(self, encoder: nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.width = width
        self.span = nn.Linear(width, 2)
        self.relevance = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Linear(width, 1))

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """Scores ``(batch, tokens, 2)`` and log odds ``(batch,)`` from ids of ``(batch, tokens)``.

        ``mask`` is 1 on tokens and 0 on padding; ``types`` is 1 from the passage on.
        """
        return self.read(self.words(ids), mask, types)

    def words(self, ids: Tensor) -> Tensor:
        """Word embeddings ``(batch, tokens, width)``."""
        return cast("Tensor", cast("PreTrainedModel", self.encoder).get_input_embeddings()(ids))

    def read(self, words: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """The same from word embeddings, ``(batch, tokens, width)``."""
        hidden, pooled = self.states(words, mask, types)
        return self.span(hidden), self.relevance(pooled).squeeze(-1)

    def states(self, words: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """What the heads are given: states ``(batch, tokens, width)``, and those of the first token
        and of the question's mean, ``(batch, 2 * width)``.
        """
        hidden = self.encoder(
            inputs_embeds=words, attention_mask=mask, token_type_ids=types
        ).last_hidden_state.float()
        asked = (mask * (1 - types)).unsqueeze(-1).float()
        question = (hidden * asked).sum(dim=1) / asked.sum(dim=1)
        return hidden, torch.cat([hidden[:, 0], question], dim=-1)

    def after_words(self) -> nn.Module:
        """The network from its word embeddings on, as a module of its own."""
        return _AfterWords(self)


class _AfterWords(nn.Module):
    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, words: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        return self.network.read(words, mask, types)


def base_network(folder: Path, dropout: float = 0.0) -> ReaderNetwork:
    """The base encoder with fresh heads; ``dropout`` is the share of hidden values that training
    leaves out at random.
    """
    from transformers import AutoModel
    from transformers.utils import logging

    logging.set_verbosity_error()  # the base folder's pooling layer is left out on purpose
    logging.disable_progress_bar()
    encoder = AutoModel.from_pretrained(
        folder,
        add_pooling_layer=False,
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=0.0,
    )
    return ReaderNetwork(encoder, int(encoder.config.hidden_size))


def load_network(base: Path, weights: Path) -> ReaderNetwork:
    """The trained network on the encoder in ``base``, a sentence-transformers or transformers
    folder.

    Raises DalilError when the weights are missing, damaged, or of another encoder.
    """
    network = base_network(base)
    try:
        with safe_open(str(weights), framework="pt") as file:
            if (file.metadata() or {}).get("format") != FORMAT:
                raise DalilError(
                    f"{weights} is not a reader of format {FORMAT}.",
                    _REINSTALL,
                    arabic=f"أوزان القارئ ليست بالصيغة التي يقرؤها دليل. {_REINSTALL_ARABIC}",
                )
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise DalilError(
            f"The reader's weights cannot be read: {error}",
            _REINSTALL,
            arabic=f"تعذّرت قراءة أوزان القارئ. {_REINSTALL_ARABIC}",
        ) from error
    _put(network, tensors, weights)
    return network.eval()


_REINSTALL = "Install Dalil again, or set `reader` to another model."
_REINSTALL_ARABIC = "ثبّت دليل من جديد، أو عيّن قارئًا آخر في الإعدادات."


def _put(network: ReaderNetwork, tensors: dict[str, Tensor], path: Path) -> None:
    wanted = {name for name in network.state_dict() if is_trained(name)}
    found = {name for name in tensors if not name.endswith(SCALE)}
    if wanted != found:
        odd = sorted(wanted ^ found)[:3]
        raise DalilError(
            f"{path} does not fit the encoder: {odd} differ.",
            _REINSTALL,
            arabic=f"أوزان القارئ لا توافق نموذج البحث. {_REINSTALL_ARABIC}",
        )
    for name, weight in network.state_dict().items():
        if name not in wanted:
            continue
        stored = tensors[name].float()
        whole = stored * tensors[name + SCALE] if name + SCALE in tensors else stored
        if whole.shape != weight.shape:
            raise DalilError(
                f"{path} does not fit the encoder: {name} has another shape.",
                _REINSTALL,
                arabic=f"أوزان القارئ لا توافق نموذج البحث. {_REINSTALL_ARABIC}",
            )
        weight.copy_(whole)


def is_trained(name: str) -> bool:
    """Whether the weights file holds it: word and position embeddings stay the base model's."""
    return not name.endswith(("word_embeddings.weight", "position_embeddings.weight")) and not (
        name.endswith(("position_ids", "token_type_ids"))
    )
