from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from index.word_vectors import WordVectors


def test_rows_are_those_of_the_file(tmp_path: Path) -> None:
    rows = np.arange(12, dtype=np.float32).reshape(4, 3)
    other = np.ones((2, 5), np.float32)
    path = tmp_path / "model.safetensors"
    save_file({"a.weight": other, "embeddings.word_embeddings.weight": rows, "z": other}, path)
    found = WordVectors(path)(np.array([[3, 0], [1, 1]]))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, rows[[[3, 0], [1, 1]]])


@pytest.mark.parametrize(
    "tensors",
    [
        {"a.weight": np.ones((2, 2), np.float32)},
        {"embeddings.word_embeddings.weight": np.ones((2, 2), np.float16)},
    ],
)
def test_a_file_without_them_is_refused(tmp_path: Path, tensors: dict[str, np.ndarray]) -> None:
    save_file(tensors, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match="word_embeddings"):
        WordVectors(tmp_path / "model.safetensors")
