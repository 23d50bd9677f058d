"""The word embeddings of a model, read from its file as they are wanted."""

import json
import mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_NAME = "word_embeddings.weight"
_LENGTH = 8  # bytes of the header's length, which begins a safetensors file


class WordVectors:
    """A row for each token id, mapped into memory: nearly all of a small multilingual model's
    weights are these rows, and a text needs a few hundred of them.
    """

    def __init__(self, weights: Path) -> None:
        """Open a ``.safetensors`` file of a BERT-like encoder, of float32 weights.

        Raises ValueError where it has no such matrix, and OSError.
        """
        start, (rows, width) = _place(weights)
        with weights.open("rb") as file:
            self._file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        flat = np.frombuffer(self._file, "<f4", rows * width, start)
        self._rows = flat.reshape(rows, width)

    def __call__(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The rows of ``ids``, shape ``(*ids.shape, width)``."""
        found = np.asarray(self._rows[ids])
        if hasattr(mmap, "MADV_DONTNEED"):
            # Each row brings its neighbours into this process, which soon holds the whole file; the
            # system keeps what was read, and gives it again for next to nothing.
            self._file.madvise(mmap.MADV_DONTNEED)
        return found


def _place(weights: Path) -> tuple[int, tuple[int, int]]:
    """Where the matrix begins in the file, and its shape: <https://github.com/huggingface/safetensors>."""
    with weights.open("rb") as file:
        length = int.from_bytes(file.read(_LENGTH), "little")
        header: dict[str, Any] = json.loads(file.read(length))
    for name, tensor in header.items():
        if name.endswith(_NAME):
            if tensor["dtype"] != "F32":
                raise ValueError(f"{weights}: {name} is {tensor['dtype']}, not F32")
            rows, width = tensor["shape"]
            return _LENGTH + length + tensor["data_offsets"][0], (rows, width)
    raise ValueError(f"{weights} has no {_NAME}")
