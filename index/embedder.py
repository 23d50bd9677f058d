"""Turn texts into vectors with a sentence-transformers model."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import DalilError, left_to_right
from corpus.normalise import plain
from index.batches import TOKENS, token_batches

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

DEFAULT_MODEL = "default"
"""The setting's value for the model that installs with Dalil."""

_UNSORTED = 32  # texts in a batch, where their tokens cannot be counted
_QUERIES = 16  # a question's vector is wanted by the search, and again as the reader compares


class Embedder(Protocol):
    """Texts in, float32 vectors of length one out, shape ``(n, dim)``."""

    @property
    def name(self) -> str:
        """The model as people know it."""

    @property
    def fingerprint(self) -> str:
        """Equal for equal weights and prompts, different for any other model."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model; prompts come from its configuration (E5's by default).

    Texts are embedded in plain spelling: without tashkeel and tatweel, with ASCII digits.
    """

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self.name = name
        self._model = model
        self._query_prompt = model.prompts.get("query") or ""
        self._passage_prompt = model.prompts.get("passage") or model.prompts.get("document") or ""
        self._query = lru_cache(maxsize=_QUERIES)(self._one_query)
        self.dim = int(self.embed_queries(["؟"]).shape[1])
        self.fingerprint = _fingerprint(model, self._query_prompt, self._passage_prompt)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape ``(n, dim)``; the latest are remembered, one by one."""
        if len(texts) == 1:
            return self._query(texts[0]).copy()
        return self._embed(texts, self._query_prompt)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, shape ``(n, dim)``."""
        return self._embed(texts, self._passage_prompt)

    def _one_query(self, text: str) -> Vectors:
        return self._embed([text], self._query_prompt)

    def _embed(self, texts: Sequence[str], prompt: str) -> Vectors:
        spelled = [plain(text) for text in texts]
        batches = list(token_batches(self._lengths(spelled, prompt)))
        made = [
            self._model.encode(
                [spelled[place] for place in places],
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

        tokenizer = self._model.tokenizer
        if len(texts) == 1 or not isinstance(tokenizer, PreTrainedTokenizerBase):
            return [TOKENS // _UNSORTED] * len(texts)
        ids = tokenizer([prompt + text for text in texts])["input_ids"]
        return [min(len(one), self._model.max_seq_length or len(one)) for one in ids]


def _fingerprint(model: SentenceTransformer, *prompts: str) -> str:
    """Twelve hexadecimal digits over a sample of every weight, the length limit and the prompts."""
    digest = sha256(repr(("plain-1", model.max_seq_length, prompts)).encode())
    for name, weight in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(weight.flatten()[:256].float().cpu().numpy().tobytes())
    return digest.hexdigest()[:12]


def model_name(setting: str) -> str:
    """The name that an index remembers for the embedder setting, known without loading it."""
    if setting == DEFAULT_MODEL:
        return "multilingual-e5-small"
    path = Path(setting).expanduser()
    return path.resolve().name if path.is_dir() else setting


def load_embedder(
    name: str, cache: Path, progress: Callable[[str], None] | None = None
) -> SentenceTransformerEmbedder:
    """Load the embedder that the settings name: ``default``, a local folder, or a hub name.

    Raises DalilError when the model cannot be found or read.
    """
    _quieten()
    if name == DEFAULT_MODEL:
        from index.default_model import default_model_folder

        path, local = str(default_model_folder(cache, progress)), True
    else:
        local = Path(name).expanduser().is_dir()
        path = str(Path(name).expanduser()) if local else name
    model = _load(path, local=local)
    if "e5" in name.lower() and not any(model.prompts.values()):
        # E5 models were trained with these prefixes; their hub folders do not all name them.
        model.prompts = {"query": "query: ", "passage": "passage: "}
    return SentenceTransformerEmbedder(model, model_name(name))


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
