from pathlib import Path

import numpy as np
import pytest

from corpus.errors import DalilError
from index.lexical import Bm25Index
from index.tokenised import tokenise

TEXTS = [
    "بنيت المدرسة عام ١٩٩٠ في وسط المدينة.",
    "وللمدرسة حديقة كبيرة.",
    "قال مُحَمَّدٌ إن أَحْمَدَ سافر.",
    "لا علاقة لهذا النص بما سبق.",
]


@pytest.fixture
def words() -> Bm25Index:
    return Bm25Index.build(TEXTS)


def found(words: Bm25Index, query: str) -> set[int]:
    """Texts that hold the words; one that shares but some letters scores far less."""
    scores = words.scores(query)
    return set(np.flatnonzero(scores > 0.4 * scores.max()).tolist())


@pytest.mark.parametrize("query", ["احمد", "أَحْمَدُ", "أحمد"])
def test_spellings_find_the_same(words: Bm25Index, query: str) -> None:
    np.testing.assert_allclose(words.scores(query), words.scores("أحمد"))
    assert found(words, query) == {2}


def test_digits_and_affixes(words: Bm25Index) -> None:
    assert found(words, "1990") == {0}
    assert found(words, "مدرسة") == {0, 1}


def test_the_exact_form_comes_first_among_forms_of_a_stem() -> None:
    words = Bm25Index.build(["كتابات كثيرة هنا", "كتاب كثيرة هنا", "شيء آخر"])
    assert words.scores("كتاب").argmax() == 1
    assert words.scores("كتابات").argmax() == 0


def test_a_typing_error_still_finds(words: Bm25Index) -> None:
    assert words.scores("حديقق").argmax() == 1
    assert words.scores("المدينن").argmax() == 0


def test_a_word_that_begins_with_lam_is_found_behind_the_preposition() -> None:
    words = Bm25Index.build(["اليوم العالمي للغة العربية", "اليوم العالمي للماء", "اللغة العربية"])
    assert np.argsort(-words.scores("اللغة")).tolist() == [2, 0, 1]
    assert np.argsort(-words.scores("للغة")).tolist()[-1] == 1
    for query in ("لغة", "وللغة"):
        scores = words.scores(query)
        assert scores[0] > 2 * scores[1]


def test_numbers_have_no_parts() -> None:
    words = Bm25Index.build(["عام 1990", "عام 1991", "شيء آخر"])
    assert np.flatnonzero(words.scores("1990")).tolist() == [0]


def test_unknown_and_empty_queries_score_nothing(words: Bm25Index) -> None:
    for query in ("", "؟!", "xyz"):
        assert words.scores(query).tolist() == [0.0] * len(TEXTS)


def test_saved_and_opened_scores_are_equal(words: Bm25Index, tmp_path: Path) -> None:
    words.save(tmp_path)
    opened = Bm25Index.open(tmp_path, len(TEXTS))
    for query in ("مدرسة احمد", "1990", ""):
        np.testing.assert_array_equal(words.scores(query), opened.scores(query))
    assert opened.rarity("حديق") == words.rarity("حديق")


@pytest.mark.parametrize("query", ["مدرسة في المدينة", "أحمد أحمد", "قال 1990", "xyz", ""])
def test_some_passages_scores_and_the_best_are_those_of_all(query: str) -> None:
    many = Bm25Index.build([f"{TEXTS[i % 4]} {TEXTS[i % 3]} {i % 7}" for i in range(400)])
    scores = many.scores(query)
    some = np.array([3, 0, 399, 77])
    np.testing.assert_array_equal(many.scores_of(query, some), scores[some])
    best = many.best(query, 10)
    assert (scores[best] > 0).all()
    if len(best):
        assert set(np.flatnonzero(scores > scores[best].min())) <= set(best)
        assert len(best) >= min(10, int(np.count_nonzero(scores)))


def test_written_on_disk_it_scores_the_same(words: Bm25Index, tmp_path: Path) -> None:
    Bm25Index.of(tokenise(TEXTS), folder=tmp_path)
    opened = Bm25Index.open(tmp_path, len(TEXTS))
    np.testing.assert_array_equal(opened.scores("مدرسة احمد"), words.scores("مدرسة احمد"))
    assert len(Bm25Index.tokens(tmp_path)) == len(TEXTS)


def test_rare_stems_weigh_more(words: Bm25Index) -> None:
    assert words.rarity("حديق") > words.rarity("مدرس") > 0


def test_texts_without_a_word_can_be_indexed() -> None:
    assert Bm25Index.build(["؟!", "..."]).scores("كلمة").tolist() == [0.0, 0.0]


def test_a_missing_index_is_a_clear_error(tmp_path: Path) -> None:
    for open_it in (lambda: Bm25Index.open(tmp_path, 3), lambda: Bm25Index.tokens(tmp_path)):
        with pytest.raises(DalilError, match="cannot be read"):
            open_it()
