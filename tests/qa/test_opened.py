"""An index as Python programs open it."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import DalilError, UnfitError
from index.build import build_index
from qa import open_index
from qa.answer import Exchange, Sentence, Written
from qa.models import Models
from qa.opened import OpenIndex
from qa.sentence_reader import SentenceReader
from tests.index.doubles import HashEmbedder
from tests.qa.test_writer import Scripted

MOON = "يدور القمر حول الأرض في شهر."


@pytest.fixture
def index(tmp_path: Path) -> OpenIndex:
    (tmp_path / "قمر.txt").write_text(MOON, encoding="utf-8")
    build_index(tmp_path / "an.index", [tmp_path / "قمر.txt"], "hash", HashEmbedder)
    moods = {"cautious": 1.1, "balanced": 0.0}
    models = Models(HashEmbedder(), SentenceReader, 0.0, 10, moods)
    return OpenIndex(models.pipeline(tmp_path / "an.index"))


def test_it_is_asked_and_searched(index: OpenIndex) -> None:
    answer = index.ask("ماذا يدور حول الأرض؟", [Exchange("ما القمر؟")])
    assert [citation.quote for citation in answer.citations] == [MOON]
    assert [hit.passage.text for hit in index.search("القمر", limit=1)] == [MOON]
    for ask in (index.ask, index.search):
        with pytest.raises(UnfitError):
            ask("؟")


def test_a_language_model_words_an_answer_once_it_is_there(
    index: OpenIndex, tmp_path: Path
) -> None:
    answer = index.ask("ماذا يدور حول الأرض؟")
    assert list(index.write(answer)) == []
    model = Scripted([f"{MOON} [1] ", "وهو من جبن [1]."])
    models = Models(HashEmbedder(), SentenceReader, 0.0, 10, generator=model)
    worded = OpenIndex(models.pipeline(tmp_path / "an.index"))
    answer = worded.ask("ماذا يدور حول الأرض؟")
    assert answer.written is None
    assert model.asked == []
    *_, last = worded.write(answer)
    assert last == replace(answer, written=last.written)
    assert last.written == Written((Sentence(MOON, (1,)),), removed=1, state="done")


def test_closing_what_is_written_closes_the_model(index: OpenIndex, tmp_path: Path) -> None:
    model = Scripted([f"{MOON} [1]\n"] * 9)
    models = Models(HashEmbedder(), SentenceReader, 0.0, 10, generator=model)
    worded = OpenIndex(models.pipeline(tmp_path / "an.index"))
    answers = worded.write(index.ask("ماذا يدور حول الأرض؟"))
    assert isinstance(answers, Generator)
    while not (said := next(answers).written) or not said.sentences:
        assert not model.closed
    answers.close()
    assert model.closed


def test_a_mood_decides_how_sure_an_answer_must_be(index: OpenIndex) -> None:
    ask = index.pipeline.ask
    assert ask("ماذا يدور حول الأرض؟", mood="cautious").abstained
    assert not ask("ماذا يدور حول الأرض؟", mood="balanced").abstained
    assert not ask("ماذا يدور حول الأرض؟").abstained


def test_where_there_is_no_index_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(DalilError, match="There is no index"):
        open_index(tmp_path / "none")
    with pytest.raises(DalilError, match="mood"):
        open_index(tmp_path / "none", mood="brave")
