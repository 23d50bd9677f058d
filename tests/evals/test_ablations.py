from dataclasses import replace
from math import log

import numpy as np
import pytest

from corpus.terms import stems, words
from evals.ablations import ablations, bm25_search, raw_words, stages
from evals.collections import Collection
from evals.measures import RANKING
from tests.evals.doubles import MOON, NILE, NILE_LENGTH, SEA, quietly, scripted


def test_raw_words_know_nothing_of_arabic() -> None:
    assert raw_words("«المدرسة»، ٢٠١٧ - (أَحمد)؟ ...") == ["المدرسة", "٢٠١٧", "أَحمد"]


def test_every_stage_has_every_measure_for_every_question(collection: Collection) -> None:
    found = dict(ablations(collection, scripted({}), quietly))
    assert list(found) == [
        "dense",
        "BM25, raw words",
        "BM25, normalised words",
        "BM25, light stems",
        "BM25, stems, exact words and parts",
        "fused",
        "fused, in the reader's order",
    ]
    for measures in found.values():
        assert list(measures) == list(RANKING.values())
        assert all(len(values) == 2 for values in measures.values())
    assert found["fused"]["ndcg@10"] == [1, 1]


def test_a_set_without_answers_has_no_stages(collection: Collection) -> None:
    none = tuple(q for q in collection.dataset.questions if not q.answers)
    empty = replace(collection, dataset=replace(collection.dataset, questions=none))
    assert list(ablations(empty, scripted({}), quietly)) == []


def test_single_parts_rank_by_their_own_score(collection: Collection) -> None:
    search = dict(stages(collection.index))
    query = "القمر البحر البحر النيل النيل النيل"
    for part, name in (("dense", "dense"), ("lexical", "BM25, stems, exact words and parts")):
        hits = search[name](query, 3)
        own = [getattr(hit, part) for hit in hits]
        assert own[0] == max(own)
        # What is no nearer than the collection as a whole counts as nothing.
        ranked = [score for score, hit in zip(own, hits, strict=True) if hit.score > 0]
        assert ranked == sorted(ranked, reverse=True)
    fused = search["fused"](NILE_LENGTH, 3)
    assert [h.passage.id for h in fused] == [
        h.passage.id for h in collection.index.search(NILE_LENGTH, 3)
    ]


def test_tokenisers_differ_as_they_say(collection: Collection) -> None:
    """«طوله نحو» is found by «طول» only after stemming, «يوما» only after folding «يوماً»."""
    found = {
        name: {query: len(search(query, 3)) for query in ("طول", "يوما", "القمر", "لاشيء", "؟")}
        for name, search in stages(collection.index)
        if name.startswith("BM25, ") and "exact" not in name
    }
    assert found == {
        "BM25, raw words": {"طول": 0, "يوما": 0, "القمر": 1, "لاشيء": 0, "؟": 0},
        "BM25, normalised words": {"طول": 0, "يوما": 1, "القمر": 1, "لاشيء": 0, "؟": 0},
        "BM25, light stems": {"طول": 1, "يوما": 1, "القمر": 1, "لاشيء": 0, "؟": 0},
    }


@pytest.mark.parametrize("tokenise", [raw_words, words, stems])
def test_bm25_by_its_formula(collection: Collection, tokenise) -> None:  # type: ignore[no-untyped-def]
    """Robertson's weights with the inverse document frequency of Lucene."""
    query, k1, b = "القمر البحر", 1.2, 0.5
    texts = [tokenise(text) for text in (MOON, SEA, NILE)]
    average = np.mean([len(text) for text in texts])
    expected = []
    for text in texts:
        score = 0.0
        for term in tokenise(query):
            holding = sum(term in other for other in texts)
            count = text.count(term)
            rarity = log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
            score += rarity * count / (count + k1 * (1 - b + b * len(text) / average))
        expected.append(score)
    hits = bm25_search(collection.index, tokenise, k1, b)(query, 3)
    assert [hit.score for hit in hits] == pytest.approx(
        sorted((score for score in expected if score), reverse=True), rel=1e-5
    )
    assert {hit.passage.text for hit in hits} == {MOON, SEA}
