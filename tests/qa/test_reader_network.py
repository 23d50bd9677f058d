"""The reading network: its inputs point at raw characters, and its weights come back."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel

from corpus.errors import DalilError
from corpus.normalise import plain
from evals.reader_training.export import save_weights
from index.tokens import TextTokenizer
from qa.engines import OpenVinoEngine, TorchEngine, best_engine
from qa.network_reader import Engine, NetworkReader, trimmed
from qa.pairs import PairEncoder, pad, plain_with_spans
from qa.reader_network import ReaderNetwork, base_network, load_network

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآىةؤئ؟.,0123456789abcdefghijklmnopqrstuvwxyz"
ARABIC = st.text(alphabet="ابتةىأإ َُِّْٰـ١٢٣ab ؟.\n\u200f\u0653\u0654", max_size=60)


def small_tokenizer() -> Tokenizer:
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    pieces = [(piece, 0.0) for piece in special] + [(c, -2.0) for c in "▁" + LETTERS]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(special)
    return tokenizer


def small_encoder() -> PairEncoder:
    with TemporaryDirectory() as folder:
        small_tokenizer().save(f"{folder}/tokenizer.json")
        return PairEncoder(TextTokenizer(Path(folder)))


@pytest.fixture(scope="module")
def encoder() -> PairEncoder:
    return small_encoder()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(LETTERS) + 5,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=512,
        pad_token_id=1,
    )
    BertModel(config).save_pretrained(folder)
    small_tokenizer().save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="module")
def weights(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "reader.safetensors"
    save_weights(trained(base), path, {"base": "small"})
    return path


def trained(base: Path) -> ReaderNetwork:
    torch.manual_seed(1)
    network = base_network(base)
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(torch.randn_like(weight) * 0.05)
    return network


@given(ARABIC)
def test_plain_spelling_is_the_embedders_and_points_at_raw_letters(text: str) -> None:
    spelling = plain_with_spans(text)
    assert spelling.text == plain(text)
    assert len(spelling.spans) == len(spelling.text)
    assert all(0 <= a < b <= len(text) for a, b in spelling.spans)
    assert all(
        plain(text[a:b]) == c for c, (a, b) in zip(spelling.text, spelling.spans, strict=True)
    )


@given(ARABIC)
def test_every_token_of_a_passage_has_a_raw_span(encoder: PairEncoder, text: str) -> None:
    ids, spans = encoder.passage(text)
    assert len(ids) == len(spans)
    assert all(0 <= a <= b <= len(text) for a, b in spans)


def test_a_span_keeps_the_marks_of_its_last_letter(encoder: PairEncoder) -> None:
    _, spans = encoder.passage("مُحَمَّدٌ")
    assert (spans[0][0], spans[-1][1]) == (0, len("مُحَمَّدٌ"))


def test_long_passages_are_read_in_windows_that_overlap(encoder: PairEncoder) -> None:
    passage = " ".join(["كلمه"] * 300)
    windows = encoder.windows(encoder.question("اين"), passage)
    assert len(windows) > 1
    assert all(len(window.ids) <= 512 for window in windows)
    assert windows[0].spans[0][0] == 0
    assert windows[-1].spans[-1][1] == len(passage)
    for before, after in pairwise(windows):
        assert after.spans[0][0] < before.spans[-1][1]


@pytest.fixture(scope="module", params=["torch", "torch, bfloat16", "openvino"])
def engine(
    request: pytest.FixtureRequest,
    base: Path,
    weights: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Engine:
    if request.param == "openvino":
        pytest.importorskip("openvino")
        cache = tmp_path_factory.mktemp("cache")
        made = best_engine(lambda: load_network(base, weights), base, cache, "small")
        assert isinstance(made, OpenVinoEngine)
        return made
    return TorchEngine(load_network(base, weights), fast="bfloat16" in request.param)


PASSAGES = ["القاهرة عاصمة مصر.", "", "ولد عام 1990 في عَمّان " * 40, "نعم"]


def test_every_engine_agrees_with_the_reference(base: Path, weights: Path, engine: Engine) -> None:
    encoder = PairEncoder(TextTokenizer(base))
    asked = encoder.question("ما عاصمة مصر؟")
    pairs = [pair for text in PASSAGES for pair in encoder.windows(asked, text)]
    inputs = pad(pairs, encoder.padding)
    scores, relevance = engine(*inputs)
    expected, odds = TorchEngine(load_network(base, weights))(*inputs)
    real = inputs[1].astype(bool)
    np.testing.assert_allclose(scores[real], expected[real], atol=0.05)
    np.testing.assert_allclose(relevance, odds, atol=0.05)


def test_a_converted_network_is_loaded_without_the_first(
    base: Path, weights: Path, tmp_path: Path
) -> None:
    pytest.importorskip("openvino")
    loads = []

    def load() -> ReaderNetwork:
        loads.append(1)
        return load_network(base, weights)

    for _ in range(2):
        best_engine(load, base, tmp_path, "small")
    assert len(loads) == 1


def test_no_word_about_us_is_sent_when_openvino_is_loaded() -> None:
    pytest.importorskip("openvino")
    code = "from index.openvino_models import openvino; openvino(); import sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "openvino_telemetry.main" not in ran.stdout.split()


def test_readings_lie_in_their_passages_whatever_the_batch(base: Path, engine: Engine) -> None:
    model = NetworkReader(engine, PairEncoder(TextTokenizer(base)), "small")
    together = model.read("ما عاصمة مصر؟", PASSAGES)
    assert len(together) == len(PASSAGES)
    for passage, reading in zip(PASSAGES, together, strict=True):
        assert 0 <= reading.start <= reading.end <= len(passage)
    assert together[1].relevance == float("-inf")
    (alone,) = model.read("ما عاصمة مصر؟", PASSAGES[:1])
    assert alone.relevance == pytest.approx(together[0].relevance, abs=0.05)


@pytest.mark.parametrize(
    ("text", "found", "shown"),
    [("بلغت -89.2 درجة", "-89.2 درجة", "-89.2 درجة"), ("بلغت -89.2 درجة", "89.2 درجة", "-89.2 درجة"),
     ("بلغت (−5) درجة", "5", "−5"), ("بين 1990-1995 م", "1995", "1995"),
     ("بين 1990 -1995", "-1995", "1995"), ("- 5 كتب", "- 5 كتب", "5 كتب"), ("-7", "-7", "-7")],
)  # fmt: skip
def test_a_number_below_nought_keeps_its_sign(text: str, found: str, shown: str) -> None:
    at = text.index(found)
    start, end = trimmed(text, at, at + len(found))
    assert text[start:end] == shown


@pytest.mark.parametrize(
    ("found", "shown"),
    [("في عام 1812،", "في عام 1812"), ("(118)", "118"), ("نهر (سد)", "نهر (سد)"), ("؟؟", "؟؟")],
)
def test_answers_do_not_end_in_punctuation(found: str, shown: str) -> None:
    text = f"كان {found} هنا"
    start, end = trimmed(text, 4, 4 + len(found))
    assert text[start:end] == shown


def test_saved_weights_come_back_nearly_as_they_were(base: Path, weights: Path) -> None:
    before = dict(trained(base).state_dict())
    for name, weight in load_network(base, weights).state_dict().items():
        if "word_embeddings" in name or "position_embeddings" in name:
            continue
        assert torch.allclose(weight, before[name], atol=2e-3), name


def test_word_embeddings_are_not_in_the_file(weights: Path, base: Path) -> None:
    whole = sum(p.numel() for p in base_network(base).parameters())
    assert weights.stat().st_size < 4 * whole
    assert b"word_embeddings" not in weights.read_bytes()


def test_other_files_are_refused(base: Path, tmp_path: Path) -> None:
    with pytest.raises(DalilError):
        load_network(base, tmp_path / "missing.safetensors")
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not weights")
    with pytest.raises(DalilError):
        load_network(base, broken)
    foreign = tmp_path / "foreign.safetensors"
    save_file({"a": torch.zeros(1)}, foreign)
    with pytest.raises(DalilError, match="format"):
        load_network(base, foreign)
    other = tmp_path / "other.safetensors"
    save_file({"a": torch.zeros(1)}, other, metadata={"format": "dalil-reader-1"})
    with pytest.raises(DalilError, match="fit"):
        load_network(base, other)
