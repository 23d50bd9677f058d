from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document
from corpus.passages import passages
from index.hit import Hit
from qa.citations import cite, holds
from qa.reader import Reading

DOCUMENT = Document("تقرير.pdf", "عُقِدَ المنتدى عام ٢٠١٧. حضره ألفا شخص.\n\nانتهى.", pages=(0, 40))
PASSAGE = passages(DOCUMENT)[0]
HIT = Hit(PASSAGE, DOCUMENT.source, 1.0, 0.9, 3.0)


def reading(start: int, end: int) -> Reading:
    return Reading(HIT, start, end, 1.0, 0.9)


@given(st.integers(-5, len(DOCUMENT.text) + 5), st.integers(-5, len(DOCUMENT.text) + 5))
def test_a_citation_is_made_only_of_words_that_stand_there(start: int, end: int) -> None:
    made = cite([reading(start, end)], lambda _: DOCUMENT)
    inside = PASSAGE.start <= start < end <= PASSAGE.end
    assert len(made) == int(inside)
    if made:
        assert made[0].quote == DOCUMENT.text[start:end]
        assert holds(DOCUMENT, made[0])


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "عُقِدَ المنتدى عام ٢٠١٨."},
        {"quote": "عقد المنتدى عام 2017."},
        {"start": 1},
        {"end": 9},
        {"start": -1},
        {"end": 10_000},
        {"document_id": "0" * 16},
    ],
)
def test_one_changed_letter_or_offset_does_not_hold(change: dict[str, object]) -> None:
    (made,) = cite([reading(0, 24)], lambda _: DOCUMENT)
    assert holds(DOCUMENT, made)
    assert not holds(DOCUMENT, replace(made, **change))  # type: ignore[arg-type]


def test_a_passage_that_is_not_in_its_document_gives_no_citation() -> None:
    forged = replace(PASSAGE, text=PASSAGE.text.replace("٢٠١٧", "٢٠١٨"))
    hit = replace(HIT, passage=forged)
    assert cite([Reading(hit, 0, 24, 1.0, 0.9)], lambda _: DOCUMENT) == []


def test_numbers_are_without_gaps_and_pages_are_told() -> None:
    last = DOCUMENT.text.index("انتهى")
    made = cite([reading(0, 24), reading(5, 5), reading(last, last + 6)], lambda _: DOCUMENT)
    assert [(c.number, c.page) for c in made] == [(1, 1), (2, 2)]


def test_the_same_words_are_cited_once() -> None:
    start = PASSAGE.start
    same = [reading(start, start + 9), reading(start, start + 9), reading(start + 7, start + 14)]
    assert [citation.number for citation in cite(same, lambda _: DOCUMENT)] == [1, 2]


def test_a_citation_names_the_short_answer_in_its_quote() -> None:
    start = DOCUMENT.text.index("المنتدى")
    whole = replace(reading(PASSAGE.start, PASSAGE.end), answer=(start, start + 7))
    (made,) = cite([whole], lambda _: DOCUMENT)
    assert made.answer == "المنتدى"
