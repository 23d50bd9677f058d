import subprocess
import sys

import numpy as np
import pytest

from index.default_model import default_model_folder
from index.embedder import Embedder, load_embedder
from qa.settings import load_settings

pytest.importorskip("openvino")

TEXTS = [
    "عُقد المنتدى في جنيف عام ٢٠١٧.",
    "  \u200fسطر تتقدمه مسافات ",
    "Geneva 2017 \U0001f30d",
    "كلمة " * 700,
    "",
    "<s> </s> <pad> <unk>",
    "؟",
]


@pytest.fixture(scope="module")
def reference() -> Embedder:
    """The same weights, run by torch."""
    settings = load_settings()
    return load_embedder(str(default_model_folder(settings.cache)), settings.cache)


def test_it_agrees_with_torch(model: Embedder, reference: Embedder) -> None:
    assert (model.fingerprint, model.dim) == (reference.fingerprint, reference.dim)
    for embed in ("embed_queries", "embed_passages"):
        ours, theirs = getattr(model, embed)(TEXTS), getattr(reference, embed)(TEXTS)
        assert np.min(np.sum(ours * theirs, axis=1)) > 0.9999  # bfloat16, where there is that


def test_torch_is_not_loaded_once_it_is_converted(model: Embedder) -> None:
    assert model.dim  # converted by now
    code = (
        "import sys; from index.embedder import load_embedder; from qa.settings import load_settings;"
        "load_embedder('default', load_settings().cache).embed_queries(['؟']); print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "transformers", "sentence_transformers"} & set(ran.stdout.split())
