"""Models are loaded once, serve any index, and are used by one thread at a time."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock, Thread
from time import sleep

import pytest

from corpus.errors import DalilError
from index.build import build_index
from index.embedder import Vectors
from qa import open_pipeline
from qa.models import EmbedderInTurn, Models, ReaderInTurn
from qa.reader import Read
from qa.sentence_reader import SentenceReader
from qa.settings import load_settings
from tests.index.doubles import HashEmbedder

TEXTS = {"قمر": "يدور القمر حول الأرض في شهر.", "نيل": "يجري نهر النيل إلى الشمال."}


@pytest.fixture
def indexes(tmp_path: Path) -> dict[str, Path]:
    folders = {}
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
        folders[name] = tmp_path / f"{name}.index"
        build_index(folders[name], [tmp_path / f"{name}.txt"], "hash", HashEmbedder)
    return folders


def test_one_set_of_models_serves_several_indexes(indexes: dict[str, Path]) -> None:
    models = Models(HashEmbedder(), SentenceReader, threshold=0.0, candidates=10)
    for name, folder in indexes.items():
        answer = models.pipeline(folder).ask("ماذا يجري أو يدور؟")
        assert [citation.quote for citation in answer.citations] == [TEXTS[name]]


def test_an_index_that_is_missing_or_of_another_model_is_refused(
    indexes: dict[str, Path], tmp_path: Path
) -> None:
    models = Models(HashEmbedder("other"), SentenceReader, threshold=0.0, candidates=10)
    with pytest.raises(DalilError, match="There is no index"):
        models.pipeline(tmp_path / "nowhere")
    with pytest.raises(DalilError, match="built with hash"):
        models.pipeline(indexes["قمر"])


def test_a_missing_index_is_said_before_any_model_is_looked_for(tmp_path: Path) -> None:
    settings = load_settings(index=tmp_path / "nowhere", embedder=str(tmp_path / "no-model"))
    with pytest.raises(DalilError, match="There is no index"):
        open_pipeline(settings)


class Alone:
    """Notices two threads inside at once."""

    fingerprint = "alone"

    def __init__(self) -> None:
        self._inside = Lock()
        self.met = False

    def enter(self) -> None:
        if not self._inside.acquire(blocking=False):
            self.met = True
            return
        sleep(0.01)
        self._inside.release()


class LoneEmbedder(HashEmbedder):
    def __init__(self, alone: Alone) -> None:
        super().__init__()
        self._alone = alone

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        self._alone.enter()
        return super().embed_queries(texts)


class LoneReader(Alone):
    def read(self, question: str, passages: Sequence[str]) -> list[Read]:
        self.enter()
        return [Read(float(len(question)), 0, len(passage), 0.0) for passage in passages]


def test_threads_take_turns_at_the_embedder_and_the_network() -> None:
    alone, network = Alone(), LoneReader()
    embedder, reader = EmbedderInTurn(LoneEmbedder(alone)), ReaderInTurn(network)

    def use() -> None:
        for _ in range(3):
            embedder.embed_queries(["سؤال"])
            embedder.embed_passages(["نص"])
            reader.read("سؤال", ["نص"])

    threads = [Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not alone.met
    assert not network.met
    assert (embedder.name, embedder.dim) == ("hash", 64)
    assert embedder.fingerprint == HashEmbedder().fingerprint
