from math import log2

import pytest

from evals.collections import Collection
from evals.datasets import source_of
from evals.outcomes import Outcome, by_unit, judge, rank_all
from index.hit import Hit
from tests.evals.conftest import BOTH
from tests.evals.doubles import (
    MOON,
    NILE_LENGTH,
    SEA_NAME,
    WHEN_MOON,
    Script,
    quietly,
    scripted,
)

DAYS = "سبعة وعشرين يوماً"
SOUTH = "يجري النيل من الجنوب إلى الشمال."
SENTENCE = "يدور القمر حول الأرض في سبعة وعشرين يوماً."
SALT = "ماؤه شديد الملوحة."


def judged(collection: Collection, script: Script, threshold: float = 0.2) -> dict[str, Outcome]:
    system = scripted(script, threshold)
    return {outcome.id: outcome for outcome in judge(collection, system, quietly)}


def scores(outcome: Outcome, section: str) -> dict[str, float]:
    return {
        name.removeprefix(f"{section}."): value
        for name, value in outcome.scores.items()
        if name.startswith(f"{section}.")
    }


def test_a_right_answer_scores_everywhere(collection: Collection) -> None:
    moon = judged(collection, {WHEN_MOON: [(DAYS, 0.9)]})["moon"]
    assert set(moon.scores.values()) == {1.0}
    assert len(moon.scores) == 4 + 4 + 4
    assert (moon.answered, moon.confidence, moon.answer, moon.quotes) == (True, 0.9, DAYS, (DAYS,))
    assert moon.answerable
    assert moon.retrieved[0].startswith(source_of(0))


def test_a_sentence_round_the_answer_is_proof_but_not_a_match(collection: Collection) -> None:
    moon = judged(collection, {WHEN_MOON: [(SENTENCE, 0.9)]})["moon"]
    # Seven words said, three expected, all three found: F1 is 2 * 3 / (8 + 3).
    f1 = 2 * 3 / (len(SENTENCE.split()) + 3)
    assert scores(moon, "end_to_end") == {
        "em": 0, "f1": pytest.approx(f1), "answer_in_quote": 1, "cited_first": 1
    }  # fmt: skip
    assert scores(moon, "reader")["f1"] == pytest.approx(f1)


def test_other_words_of_the_right_text_are_a_right_place_and_a_wrong_answer(
    collection: Collection,
) -> None:
    nile = judged(collection, {NILE_LENGTH: [(SOUTH, 0.9)]})["nile"]
    assert scores(nile, "end_to_end") == {
        "em": 0, "f1": 0, "answer_in_quote": 0, "cited_first": 1
    }  # fmt: skip


def test_words_of_another_text_are_neither(collection: Collection) -> None:
    moon = judged(collection, {WHEN_MOON: [(SALT, 0.9)]})["moon"]
    assert set(scores(moon, "end_to_end").values()) == {0.0}
    # Asked of the right text alone, where those words are not, nothing is said.
    assert set(scores(moon, "reader").values()) == {0.0}
    assert scores(moon, "retrieval")["hit@1"] == 0  # the reader has the last word on the order
    assert scores(moon, "retrieval")["hit@5"] == 1


def test_an_unsure_answer_is_held_back_but_the_reader_is_still_judged(
    collection: Collection,
) -> None:
    moon = judged(collection, {WHEN_MOON: [(DAYS, 0.1)]})["moon"]
    assert (moon.answered, moon.answer, moon.confidence) == (False, "", 0.1)
    assert set(scores(moon, "end_to_end").values()) == {0.0}
    assert set(scores(moon, "reader").values()) == {1.0}
    assert judged(collection, {WHEN_MOON: [(DAYS, 0.1)]}, threshold=0.1)["moon"].answered


def test_the_raw_way_sees_the_spelling_that_ours_forgives(own_form: Collection) -> None:
    nile = judged(own_form, {"كم يوماً؟": [("6650 كيلومتراً.", 0.9)]})["either"]
    reader = scores(nile, "reader")
    assert (reader["em"], reader["em_raw"]) == (1, 1)
    other = judged(own_form, {"كم يوماً؟": [("نحو 6650 كيلومتراً.", 0.9)]})["either"]
    assert scores(other, "reader")["f1"] == pytest.approx(0.8)


def test_a_question_without_an_answer_has_no_scores_only_a_confidence(
    collection: Collection,
) -> None:
    for confidence, answered in ((0.9, True), (0.1, False)):
        sea = judged(collection, {SEA_NAME: [(SALT, confidence)]})["sea"]
        assert (sea.scores, sea.answerable) == ({}, False)
        assert (sea.answered, sea.confidence) == (answered, confidence)


def test_where_two_passages_are_needed_both_must_be_quoted(own_form: Collection) -> None:
    moon, nile = "سبعة وعشرين يوماً.", "طوله نحو 6650 كيلومتراً."
    for quotes, proved in (([moon], 0), ([nile], 0), ([moon, nile], 1)):
        script = {BOTH: [(quote, 0.9 - n / 10) for n, quote in enumerate(quotes)]}
        both = judged(own_form, script)["both"]
        assert len(both.quotes) == len(quotes)
        assert scores(both, "end_to_end")["answer_in_quote"] == proved
        assert scores(both, "end_to_end")["cited_first"] == 1
    assert scores(both, "end_to_end")["f1"] == pytest.approx(2 * 5 / (7 + 5))


def test_where_one_of_two_is_enough_either_proves(own_form: Collection) -> None:
    for quote in ("سبعة وعشرين يوماً.", "طوله نحو 6650 كيلومتراً."):
        either = judged(own_form, {"كم يوماً؟": [(quote, 0.9)]})["either"]
        assert scores(either, "end_to_end")["answer_in_quote"] == 1


def test_groups_are_what_the_set_says(own_form: Collection, collection: Collection) -> None:
    found = judged(own_form, {})
    assert found["both"].groups == {
        "type": "how_many", "kind": "two_passages", "style": "careful"
    }  # fmt: skip
    assert found["near"].groups == {"kind": "near_scope"}
    assert judged(collection, {})["moon"].groups == {}


def test_each_question_ranks_its_own_unit(collection: Collection) -> None:
    everything = {hit.source: hit for hit in collection.index.search(MOON, 10)}
    order = sorted(everything)  # always in the order of the contexts: moon, sea, nile

    def fixed(query: str, limit: int) -> list[Hit]:
        assert query in {WHEN_MOON, NILE_LENGTH}
        assert limit >= 10
        return [everything[source] for source in order]

    found = rank_all(collection, fixed, quietly)
    assert list(found) == ["moon", "nile"]
    assert found["moon"] == {"ndcg@10": 1, "hit@1": 1, "hit@5": 1, "mrr@10": 1}
    assert found["nile"] == pytest.approx(
        {"ndcg@10": 1 / log2(4), "hit@1": 0, "hit@5": 1, "mrr@10": 1 / 3}
    )
    nothing = rank_all(collection, lambda *_: [], quietly)
    assert {v for scores in nothing.values() for v in scores.values()} == {0.0}


def test_a_unit_ranks_where_its_best_passage_does(own_form: Collection) -> None:
    hits = own_form.index.search("القمر والنيل", 10)
    assert list(by_unit(own_form, [*hits, *hits])) == [hit.passage.id for hit in hits]
    assert sorted(by_unit(own_form, hits).values(), reverse=True) == [
        -float(place) for place in range(len(hits))
    ]


def test_progress_passes_every_question(collection: Collection) -> None:
    seen: list[tuple[str, int]] = []

    def track(questions, label):  # type: ignore[no-untyped-def]
        asked = list(questions)
        seen.append((label, len(asked)))
        return iter(asked)

    judge(collection, scripted({}), track)
    assert seen == [("answering", 3), ("ranking", 3)]
