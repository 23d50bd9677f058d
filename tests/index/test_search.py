"""Searching some passages alone."""

from pathlib import Path

import numpy as np
import pytest

from corpus.passages import PassageSize
from index.build import build_index
from index.search import CANDIDATES, Rows, SearchIndex
from tests.index.doubles import HashEmbedder

WORDS = ("القمر", "البحر", "النيل", "الصحراء", "المدينة")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """More passages than either search puts forward."""
    folder = tmp_path_factory.mktemp("texts")
    for i in range(2 * CANDIDATES):
        text = f"{WORDS[i % 5]} في السجل {i} مع {WORDS[i % 3]} مرة أخرى"
        (folder / f"{i:03}.txt").write_text(text + ".", encoding="utf-8")
    model = HashEmbedder()
    target = tmp_path_factory.mktemp("built") / "an.index"
    build_index(target, [folder], model.name, lambda: model, size=PassageSize(50, 0))
    return SearchIndex.open(target, model)


def rows(index: SearchIndex) -> Rows:
    return np.arange(len(index.vectors), dtype=np.int64)


def ids_at(index: SearchIndex, among: Rows) -> set[str]:
    return {passage.id for passage, _ in index.generation.store.passages_at(among)}


@pytest.mark.parametrize("query", ["القمر والبحر", "السجل 150", "xyz"])
def test_only_those_passages_are_found_and_the_best_come_first(
    index: SearchIndex, query: str
) -> None:
    among = rows(index)[3::4]
    hits = index.search(query, limit=20, among=among)
    assert hits
    assert {hit.passage.id for hit in hits} <= ids_at(index, among)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage.id for hit in hits}) == len(hits)


def test_scores_of_the_two_searches_are_those_of_the_whole_index(index: SearchIndex) -> None:
    alone = index.search("القمر في السجل 0", limit=1, among=rows(index)[:1])[0]
    whole = next(
        hit
        for hit in index.search("القمر في السجل 0", limit=400)
        if hit.passage.id == alone.passage.id
    )
    assert (alone.dense, alone.lexical) == pytest.approx((whole.dense, whole.lexical))


@pytest.mark.parametrize("query", ["القمر والبحر", "السجل 150"])
def test_among_all_is_everywhere(index: SearchIndex, query: str) -> None:
    everywhere, among = index.search(query, 10), index.search(query, 10, among=rows(index))
    assert [hit.passage.id for hit in among] == [hit.passage.id for hit in everywhere]
    assert [hit.score for hit in among] == pytest.approx([hit.score for hit in everywhere])


def test_what_no_search_would_put_forward_is_found_when_nothing_else_is_there(
    index: SearchIndex,
) -> None:
    query = "القمر"
    best = {hit.passage.id for hit in index.search(query, limit=10)}
    far = np.array([row for row in rows(index) if not ids_at(index, rows(index)[[row]]) & best])
    last = far[-3:]
    assert {hit.passage.id for hit in index.search(query, among=last)} == ids_at(index, last)


def test_a_row_given_twice_is_found_once(index: SearchIndex) -> None:
    assert len(index.search("القمر", among=np.array([5, 5, 7, 5]))) == 2


def test_among_nothing_nothing_is_found(index: SearchIndex) -> None:
    assert index.search("القمر", among=np.array([], dtype=np.int64)) == []


def test_a_limit_holds_among_some_too(index: SearchIndex) -> None:
    assert len(index.search("القمر والبحر", limit=4, among=rows(index)[:50])) == 4


def test_a_single_passage_is_as_near_as_its_words_are_known(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("عُقد المنتدى في جنيف عام ٢٠١٧.", encoding="utf-8")
    model = HashEmbedder()
    build_index(tmp_path / "an.index", [tmp_path / "a.txt"], model.name, lambda: model)
    index = SearchIndex.open(tmp_path / "an.index", model)
    near, far = index.search("عقد المنتدى بعيداً")[0], index.search("عاصمة موريتانيا")[0]
    assert near.score == pytest.approx(2 / 3)
    assert far.score == 0
