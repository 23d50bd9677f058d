"""Turn texts into vectors with the model that the settings name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.openvino_models import has_openvino

Vectors = NDArray[np.float32]

DEFAULT_MODEL = "default"
"""The setting's value for the model that installs with Dalil."""


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


def model_name(setting: str) -> str:
    """The name that an index remembers for the embedder setting, known without loading it."""
    if setting == DEFAULT_MODEL:
        return "multilingual-e5-small"
    path = Path(setting).expanduser()
    return path.resolve().name if path.is_dir() else setting


def load_embedder(
    name: str, cache: Path, progress: Callable[[str], None] | None = None
) -> Embedder:
    """Load the embedder that the settings name: ``default``, a local folder, or a hub name.

    The default runs on OpenVINO where that is installed, else on torch as any other model does.
    Raises DalilError when the model cannot be found or read.
    """
    if name == DEFAULT_MODEL:
        from index.default_model import default_model_folder

        folder = default_model_folder(cache, progress)
        if has_openvino():
            from index.compiled_embedder import load_compiled

            return load_compiled(folder, model_name(name), cache, progress)
        path, local = str(folder), True
    else:
        local = Path(name).expanduser().is_dir()
        path = str(Path(name).expanduser()) if local else name
    from index.torch_embedder import load_sentence_transformer

    return load_sentence_transformer(path, model_name(name), local=local)
