from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.terms import words
from index.tokenised import Tokenised, tokenise

TEXTS = st.lists(st.sampled_from(["", "مدرسة كبيرة", "بيت وبيت", "كتاب 1990 بيت", "!", "قلم"]))


def texts_of(tokenised: Tokenised) -> list[list[str]]:
    names = list(tokenised.vocabulary)
    return [[names[n] for n in tokenised.of(i)] for i in range(len(tokenised))]


@given(TEXTS)
def test_numbers_stand_for_the_words(texts: list[str]) -> None:
    assert texts_of(tokenise(texts)) == [words(text) for text in texts]


@given(TEXTS, TEXTS)
def test_taken_over_words_are_those_of_the_text(before: list[str], now: list[str]) -> None:
    given_texts = [before.index(text) if text in before else text for text in now]
    taken, anew = tokenise(given_texts, earlier=tokenise(before)), tokenise(now)
    assert list(taken.vocabulary) == list(anew.vocabulary)
    np.testing.assert_array_equal(taken.numbers, anew.numbers)
    np.testing.assert_array_equal(taken.starts, anew.starts)


def test_saved_and_opened_it_is_the_same(tmp_path: Path) -> None:
    for texts in (["كتاب وقلم", "", "قلم"], ["!"]):
        tokenise(texts).save(tmp_path)
        assert texts_of(Tokenised.open(tmp_path)) == [words(text) for text in texts]
