"""Postings against bm25s, another engine of BM25, and written on disk against in memory."""

from pathlib import Path

import bm25s
import numpy as np
import pytest

from corpus import bundled_texts
from corpus.passages import PassageSize, passages
from corpus.readers import read_document
from corpus.terms import words
from index import inverting
from index.inverting import Field, invert
from index.lexical import parts_of
from index.postings import Postings
from index.tokenised import Tokenised, tokenise


@pytest.fixture(scope="module")
def tokenised() -> Tokenised:
    found = []
    for path in sorted(bundled_texts().iterdir()):
        document = read_document(path, path.name)
        found += [passage.text for passage in passages(document, PassageSize(40, 10))]
    return tokenise([*found, "؟!", "كلمة كلمة كلمة"])


@pytest.fixture(scope="module", params=["words", "parts"])
def field(request: pytest.FixtureRequest, tokenised: Tokenised) -> Field:
    if request.param == "words":
        return Field.of([word] for word in tokenised.vocabulary)
    return Field.of(parts_of(word) for word in tokenised.vocabulary)


def terms_of(tokenised: Tokenised, field: Field) -> list[list[str]]:
    names = list(field.vocabulary)
    return [
        [
            names[t]
            for w in tokenised.of(i)
            for t in field.terms[field.starts[w] : field.starts[w + 1]]
        ]
        for i in range(len(tokenised))
    ]


def test_scores_are_those_of_another_engine_to_the_last_bit(
    tokenised: Tokenised, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inverting, "_BLOCK", 7)
    found = invert(tokenised, field, 1.5, 0.75)
    other = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    other.index(terms_of(tokenised, field), show_progress=False)
    assert sorted(found.vocabulary) == sorted(term for term in other.vocab_dict if term)
    for term in list(found.vocabulary)[::5]:
        posting = found.posting(term)
        assert posting is not None
        totals = np.zeros(len(tokenised), dtype=np.float32)
        posting.add_to(totals)
        np.testing.assert_array_equal(totals, other.get_scores([term]))
        assert posting.highest == totals.max()
        assert found.frequency(term) == np.count_nonzero(totals)


def test_on_disk_it_is_what_it_is_in_memory(
    tokenised: Tokenised, field: Field, tmp_path: Path
) -> None:
    inside, outside = invert(tokenised, field, 1.5, 0.75), tmp_path / "out"
    invert(tokenised, field, 1.5, 0.75, outside).save(outside)
    inside.save(tmp_path / "in")
    for name in ("rows", "scores", "starts", "highest", "letters", "letter_starts"):
        saved = (outside / f"{name}.npy").read_bytes()
        assert saved == (tmp_path / "in" / f"{name}.npy").read_bytes()
    opened = Postings.open(outside)
    np.testing.assert_array_equal(opened.scores, inside.scores)


def test_rows_of_a_term_ascend_and_can_be_looked_up(tokenised: Tokenised, field: Field) -> None:
    found = invert(tokenised, field, 1.5, 0.75)
    posting = max(filter(None, map(found.posting, found.vocabulary)), key=lambda p: len(p.rows))
    assert (np.diff(posting.rows) > 0).all()
    totals = np.zeros(len(tokenised), dtype=np.float32)
    posting.add_to(totals)
    np.testing.assert_array_equal(posting.at(np.arange(len(tokenised))), totals)


def test_words_count_as_the_tokeniser_finds_them() -> None:
    text = "كتاب وكتاب وقلم"
    tokenised = tokenise([text])
    names = list(tokenised.vocabulary)
    assert [names[n] for n in tokenised.of(0)] == words(text)
