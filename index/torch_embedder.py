"""Any sentence-transformers model, run by torch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import DalilError, left_to_right
from index.batches import TOKENS, token_batches
from index.embedder import Vectors
from index.prompted import PromptedEmbedder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_UNSORTED = 32  # texts in a batch, where their tokens cannot be counted


class SentenceTransformerEmbedder(PromptedEmbedder):
    """Any sentence-transformers model; prompts come from its configuration (E5's by default)."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self.name = name
        self.model = model
        prompts = model.prompts
        super().__init__(
            prompts.get("query") or "", prompts.get("passage") or prompts.get("document") or ""
        )
        self.dim = int(self.embed_queries(["؟"]).shape[1])
        self.fingerprint = _fingerprint(model, self._query_prompt, self._passage_prompt)

    def _embed(self, texts: list[str], prompt: str) -> Vectors:
        batches = list(token_batches(self._lengths(texts, prompt)))
        made = [
            self.model.encode(
                [texts[place] for place in places],
                prompt=prompt,
                batch_size=len(places),
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            for places in batches
        ]
        vectors = np.empty((len(texts), made[0].shape[1]), dtype=np.float32)
        vectors[np.concatenate(batches)] = np.concatenate(made)
        return vectors

    def _lengths(self, texts: Sequence[str], prompt: str) -> list[int]:
        """How many tokens of each text the model sees."""
        from transformers import PreTrainedTokenizerBase

        tokenizer = self.model.tokenizer
        if len(texts) == 1 or not isinstance(tokenizer, PreTrainedTokenizerBase):
            return [TOKENS // _UNSORTED] * len(texts)
        ids = tokenizer([prompt + text for text in texts])["input_ids"]
        return [min(len(one), self.model.max_seq_length or len(one)) for one in ids]


def load_sentence_transformer(path: str, name: str, *, local: bool) -> SentenceTransformerEmbedder:
    """The model in a folder, or of that name on the hub unless ``local``.

    Raises DalilError when it cannot be found or read.
    """
    _quieten()
    model = _load(path, local=local)
    if "e5" in path.lower() and not any(model.prompts.values()):
        # E5 models were trained with these prefixes; their hub folders do not all name them.
        model.prompts = {"query": "query: ", "passage": "passage: "}
    return SentenceTransformerEmbedder(model, name)


def _load(name: str, *, local: bool) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(name, local_files_only=local)
    except (OSError, ValueError, KeyError) as error:
        raise DalilError(
            f"The embedding model {name!r} could not be loaded: {_first_line(error)}",
            "Give a folder made by sentence-transformers, a hub name that this machine can reach, "
            "or leave the setting `embedder` at `default`. `dalil doctor` tells what is installed.",
            arabic=f"تعذّر تحميل نموذج البحث «{left_to_right(name)}». عيّن غيره في الإعدادات، "
            "أو اترك المعتاد. ولمعرفة ما ينقص، في نافذة الأوامر: dalil doctor",
        ) from error


def _fingerprint(model: SentenceTransformer, *prompts: str) -> str:
    """Twelve hexadecimal digits over a sample of every weight, the length limit and the prompts."""
    digest = sha256(repr(("plain-1", model.max_seq_length, prompts)).encode())
    for name, weight in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(weight.flatten()[:256].float().cpu().numpy().tobytes())
    return digest.hexdigest()[:12]


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _quieten() -> None:
    """Model loading has nothing to tell people that Dalil does not say better."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
