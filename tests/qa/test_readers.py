"""What every reader keeps to, whichever network is behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import torch
from scipy.special import expit
from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

from corpus.errors import DalilError
from index.build import build_index
from index.search import SearchIndex
from qa.calibration import Calibration, Signs
from qa.hub_reader import HubReader
from qa.reader import PassageReader, Read, Reader
from qa.readers import load_network
from qa.sentence_reader import SentenceReader
from qa.settings import load_settings
from qa.trained_reader import TrainedReader, whole_words
from tests.index.doubles import HashEmbedder
from tests.qa.test_reader_network import LETTERS, small_tokenizer

MOON = "يدور القمر حول الأرض في سبعة وعشرين يوماً. وهو تابعها الوحيد."
NILE = "ينبع النيل من بحيرات أفريقيا ويصب في البحر المتوسط.\n\nطوله نحو ٦٦٥٠ كيلومتراً."
QUESTION = "في كم يوماً يدور القمر حول الأرض؟"


@pytest.fixture(scope="module")
def hub_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small, real extractive question-answering model."""
    folder = tmp_path_factory.mktemp("hub")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(LETTERS) + 5, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=400, pad_token_id=1,
    )  # fmt: skip
    BertForQuestionAnswering(config).save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=small_tokenizer(), pad_token="<pad>", bos_token="<s>", eos_token="</s>",
        cls_token="<s>", sep_token="</s>", unk_token="<unk>",
    ).save_pretrained(folder)  # fmt: skip
    return folder


@pytest.fixture(scope="module", params=["default", "hub"])
def network(request: pytest.FixtureRequest, hub_folder: Path, model: object) -> PassageReader:  # noqa: ARG001
    if request.param == "hub":
        return HubReader(str(hub_folder))
    return load_network(load_settings())


def test_every_network_points_into_its_passages(network: PassageReader) -> None:
    passages = [MOON, "", "  ", NILE * 40, "١"]
    found = network.read(QUESTION, passages)
    assert len(found) == len(passages)
    for passage, read in zip(passages, found, strict=True):
        assert 0 <= read.start <= read.end <= len(passage)
        assert read.span <= 0
    assert found[1].relevance == found[2].relevance == float("-inf")
    again = network.read(QUESTION, passages[:1])[0]
    assert again.relevance == pytest.approx(found[0].relevance, abs=0.1)
    assert network.read(QUESTION, []) == []
    assert network.fingerprint


def test_the_reader_that_ships_finds_the_words(model: object) -> None:  # noqa: ARG001
    moon, nile = load_network(load_settings()).read(QUESTION, [MOON, NILE])
    assert "سبعة وعشرين" in MOON[moon.start : moon.end]
    assert moon.relevance > 0 > nile.relevance


def test_a_reader_that_is_not_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DalilError, match="cannot be loaded"):
        HubReader(str(tmp_path))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder = tmp_path_factory.mktemp("texts")
    (folder / "moon.txt").write_text(MOON, encoding="utf-8")
    (folder / "nile.txt").write_text(NILE, encoding="utf-8")
    embedder = HashEmbedder()
    build_index(folder / "an.index", [folder / "moon.txt", folder / "nile.txt"], embedder.name,
                lambda: embedder)  # fmt: skip
    return SearchIndex.open(folder / "an.index", embedder)


@pytest.fixture(scope="module", params=["sentences", "default", "hub"])
def reader(
    request: pytest.FixtureRequest,
    index: SearchIndex,
    hub_folder: Path,
    model: object,  # noqa: ARG001
) -> Reader:
    makers: dict[str, Callable[[], Reader]] = {
        "sentences": lambda: SentenceReader(index),
        "default": lambda: TrainedReader(index, load_network(load_settings()), Calibration.plain()),
        "hub": lambda: TrainedReader(index, HubReader(str(hub_folder)), Calibration.plain()),
    }
    return makers[request.param]()


def test_every_reader_gives_ordered_readings_inside_their_passages(
    index: SearchIndex, reader: Reader
) -> None:
    readings = reader.read(QUESTION, index.search(QUESTION, 5))
    assert readings
    scores = [reading.score for reading in readings]
    assert scores == sorted(scores, reverse=True)
    for reading in readings:
        passage = reading.hit.passage
        assert passage.start <= reading.start < reading.end <= passage.end
        assert 0 <= reading.confidence <= 1
        start, end = reading.answer or (reading.start, reading.end)
        assert reading.start <= start < end <= reading.end
    spans = [(r.hit.passage.document_id, r.answer or (r.start, r.end)) for r in readings]
    assert len(set(spans)) == len(spans)
    assert reader.read(QUESTION, []) == []


def test_answers_begin_and_end_with_whole_words() -> None:
    text = "بالمقر الرئيسي للاِتِّحاد الدولي، بجنيف"
    start = text.index("اِتِّحاد")
    read = whole_words(text, Read(0.0, start, text.index("ولي"), 0.0))
    assert text[read.start : read.end] == "للاِتِّحاد الدولي"


class SaysTheSame:
    """Reads the word «في» in every passage, the first one most surely."""

    fingerprint = "same"

    def read(self, question: str, passages: Sequence[str]) -> list[Read]:  # noqa: ARG002
        at = [passage.index("في") for passage in passages]
        return [Read(2.0 - place, start, start + 2, -1.0) for place, start in enumerate(at)]


def test_an_answer_that_another_passage_gives_too_is_stronger(index: SearchIndex) -> None:
    hits = index.search(QUESTION, 5)
    said = [hit for hit in hits if "في" in hit.passage.text]
    calibration = Calibration(Signs(relevance=1), Signs(echo=1), 0.0)
    twice = TrainedReader(index, SaysTheSame(), calibration).find(QUESTION, said)
    assert [one.signs.echo for one in twice] == pytest.approx([expit(1.0), expit(2.0)])
    (once,) = TrainedReader(index, SaysTheSame(), calibration).read(QUESTION, said[:1])
    first, _ = TrainedReader(index, SaysTheSame(), calibration).read(QUESTION, said)
    assert first.confidence > once.confidence


class Counts(SaysTheSame):
    """Counts the passages that it is given."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def read(self, question: str, passages: Sequence[str]) -> list[Read]:  # noqa: ARG002
        self.given.append(len(passages))
        return [Read(0.0, 0, 1, 0.0) for _ in passages]


@pytest.mark.parametrize(("bias", "given"), [(5.0, [3]), (-5.0, [3, 3])])
def test_later_passages_are_read_only_where_the_first_are_not_enough(
    index: SearchIndex, bias: float, given: list[int]
) -> None:
    (hit,) = index.search(QUESTION, 1)
    network = Counts()
    TrainedReader(index, network, Calibration(Signs(), Signs(), bias)).read(QUESTION, [hit] * 6)
    assert network.given == given
