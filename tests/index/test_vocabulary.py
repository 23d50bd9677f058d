from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.vocabulary import Vocabulary, in_order

TERMS = st.lists(st.text(max_size=6), unique=True, max_size=40)


def vocabulary(terms: list[str]) -> Vocabulary:
    return Vocabulary.of([terms[i] for i in in_order(terms)])


@given(TERMS, st.text(max_size=6))
def test_every_term_has_its_place_and_no_other_has_one(terms: list[str], other: str) -> None:
    known = vocabulary(terms)
    assert sorted(known) == sorted(terms)
    assert [known.number(term) for term in known] == list(range(len(terms)))
    if other not in terms:
        assert known.number(other) is None


@pytest.mark.parametrize("terms", [[], ["كتاب", "a", "كتا", "كتابه", ""]])
def test_saved_and_opened_it_is_the_same(terms: list[str], tmp_path: Path) -> None:
    vocabulary(terms).save(tmp_path)
    opened = Vocabulary.open(tmp_path)
    assert list(opened) == list(vocabulary(terms))
    assert opened.number("كتاب") == vocabulary(terms).number("كتاب")
    assert opened.number("ي") is None
