"""What a language model made of an answer, on the page: safe, with its sources, and honest."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import DalilError
from qa.answer import Answer, Sentence, Written
from tests.ui import fake_pipeline as fake
from tests.ui.reading import Reading
from ui.strings import ARABIC, ENGLISH, Strings
from ui.views import Turn, answered, conversation
from ui.worded import broken_off, notes, own_citations, worded, written_data

BOTH = pytest.mark.parametrize("strings", [ARABIC, ENGLISH])


@pytest.fixture
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline(writes=True)


def states(pipeline: fake.FakePipeline, question: str = fake.WHEN) -> list[Answer]:
    return list(pipeline.write(pipeline.ask(question)))


def shown(answer: Answer, strings: Strings = ARABIC) -> Reading:
    return Reading(conversation((Turn("س", answer),), {}, strings))


def ended(removed: int = 0, **changes: object) -> Written:
    return replace(Written(removed=removed, state="done"), **changes)  # type: ignore[arg-type]


@BOTH
def test_the_sentences_stand_under_the_answer_each_with_its_references(
    pipeline: fake.FakePipeline, strings: Strings
) -> None:
    text = shown(states(pipeline)[-1], strings).text
    order = ["16 أكتوبر 2002[1]", strings.worded, f"{fake.OPENED}[1]", f"{fake.DESIGNED}[1]",
             f"{fake.HALL}[2]", strings.sources]  # fmt: skip
    text = text.replace(" [", "[")
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_the_sources_of_sentences_are_listed_and_are_not_the_answers_own(
    pipeline: fake.FakePipeline,
) -> None:
    answer = states(pipeline)[-1]
    assert [c.number for c in own_citations(answer)] == [1]
    reading = shown(answer)
    assert [a["data-number"] for a in reading.each("button", class_="card")] == ["1", "2"]
    references = [a["data-number"] for a in reading.each("button", class_="reference")]
    assert references == ["1", "1", "1", "2"], "the short answer has its own alone"
    assert "تضمّ المكتبة قاعة قراءة" in reading.text


def test_an_answers_own_citations_stay_its_own_when_sentences_cite_them() -> None:
    pipeline = fake.FakePipeline()
    found = pipeline.ask(fake.UNESCO)
    first, second = found.citations
    lines = replace(
        found,
        text=f"16 أكتوبر\n{second.quote}",
        citations=(replace(first, answer="16 أكتوبر"), second),
    )
    third = replace(pipeline.cite(3, fake.first_sentence(fake.LIBRARY, "تضمّ المكتبة"), 0))
    written = ended(sentences=(Sentence("ألف.", (1, 2)), Sentence("باء.", (3, 2))))
    assert own_citations(lines) == lines.citations
    worded_ = replace(lines, citations=(*lines.citations, third), written=written)
    assert own_citations(worded_) == lines.citations
    paired = shown(worded_).text
    assert "16 أكتوبر [1]" in paired
    assert f"{second.quote} [2]" in paired


@BOTH
def test_while_it_is_written_it_can_be_stopped(
    pipeline: fake.FakePipeline, strings: Strings
) -> None:
    for answer in states(pipeline)[:-1]:
        reading = shown(answer, strings)
        (stop,) = reading.each("button", data_act="stop")
        assert stop["type"] == "button"
        assert strings.wording in reading.text
        assert reading.each("div", role="log", aria_busy="false"), "the page can be used"
    last = shown(states(pipeline)[-1], strings)
    assert not last.each("button", data_act="stop")
    assert strings.wording not in last.text


def test_growing_only_adds_so_that_the_page_changes_in_place(pipeline: fake.FakePipeline) -> None:
    grown = [[tag for tag, _ in Reading(worded(one, 0, ARABIC)).tags] for one in states(pipeline)]
    for tags in grown[:-1]:
        assert tags[:3] == ["div", "h3", "p"]
        assert tags[-1] == "button"


@BOTH
@pytest.mark.parametrize(
    ("written", "names"),
    [
        (Written(), []),
        (Written(removed=3), []),
        (ended(), []),
        (ended(1), ["removed_one"]),
        (ended(2), ["removed_two"]),
        (ended(state="stopped"), ["wording_stopped"]),
        (ended(2, state="stopped"), ["wording_stopped", "removed_two"]),
        (ended(state="failed"), ["wording_failed"]),
    ],
)
def test_what_is_noted(written: Written, names: Sequence[str], strings: Strings) -> None:
    assert list(notes(written, strings)) == [getattr(strings, name) for name in names]


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "جملة واحدة"), (2, "جملتان"), (3, "3 جمل"), (10, "10 جمل"), (11, "11 جملة"),
     (99, "99 جملة"), (100, "100 جملة"), (103, "103 جمل")],
)  # fmt: skip
def test_arabic_counts_as_it_does(count: int, words: str) -> None:
    (note,) = notes(ended(count), ARABIC)
    assert note.startswith(f"حُذفت {words} لم تسند")


def test_a_failure_says_why_in_the_readers_language(pipeline: fake.FakePipeline) -> None:
    pipeline.state = "failed"
    answer = states(pipeline)[-1]
    for strings, trouble in ((ARABIC, fake.TROUBLE_ARABIC), (ENGLISH, fake.TROUBLE)):
        reading = shown(answer, strings)
        assert strings.wording_failed in reading.text
        assert trouble in reading.text
        assert "16 أكتوبر 2002" in reading.text, "the answer stands"
    alone = replace(answer, written=ended(state="failed", trouble="Gone."))
    assert "Gone." in shown(alone).text


def test_where_nothing_is_left_there_is_no_block_but_a_note() -> None:
    answer = fake.FakePipeline().ask(fake.WHEN)
    nothing = Reading(worded(replace(answer, written=ended()), 0, ARABIC))
    assert [tag for tag, _ in nothing.tags] == ["div"]
    removed = Reading(worded(replace(answer, written=ended(1)), 0, ARABIC))
    assert removed.text == ARABIC.removed_one
    assert worded(answer, 0, ARABIC) == ""


@given(st.text(), st.text(), st.text())
def test_nothing_that_a_model_or_server_says_has_any_effect(
    first: str, second: str, trouble: str
) -> None:
    answer = fake.FakePipeline().ask(fake.WHEN)

    def skeleton(*words: str) -> object:
        sentences = tuple(Sentence(text, (1,)) for text in words[:2])
        failed = ended(1, state="failed", sentences=sentences, trouble=words[2])
        page = Reading(worded(replace(answer, written=failed), 0, ARABIC))
        assert page.comments == []
        return page.skeleton()

    assert skeleton(first, second, trouble or "x") == skeleton("x", "x", "x")


# Fail closed


def test_a_sentence_that_cites_nothing_or_what_is_not_there_is_not_shown(
    pipeline: fake.FakePipeline,
) -> None:
    found = pipeline.ask(fake.WHEN)
    bad = (Sentence("بلا مصدر.", ()), Sentence("رقم غريب.", (1, 7)), Sentence(fake.OPENED, (1,)))
    turn = answered("س", replace(found, written=ended(1, sentences=bad)), pipeline.context)
    assert turn.answer is not None
    assert turn.answer.written == ended(3, sentences=bad[2:])
    assert not turn.withheld


def test_a_written_citation_that_does_not_hold_withholds_it_all(
    pipeline: fake.FakePipeline,
) -> None:
    answer = states(pipeline)[-1]
    forged = replace(answer.citations[1], quote="تضمّ المكتبة ألف قاعة.")
    turn = answered("س", replace(answer, citations=(answer.citations[0], forged)), pipeline.context)
    assert turn.withheld
    text = Reading(conversation((turn,), {}, ARABIC)).text
    assert ARABIC.withheld in text
    assert fake.OPENED not in text


def test_an_abstention_is_never_worded(pipeline: fake.FakePipeline) -> None:
    found = replace(pipeline.ask(fake.UNKNOWN), written=ended(sentences=fake.SENTENCES[:1]))
    turn = answered("س", found, pipeline.context)
    assert turn.answer is not None
    assert turn.answer.written is None


# For programs


def test_programs_get_plain_types(pipeline: fake.FakePipeline) -> None:
    assert written_data(pipeline.ask(fake.WHEN)) is None
    pipeline.removed = 2
    assert written_data(states(pipeline)[-1]) == {
        "sentences": [
            {"text": fake.OPENED, "citations": [1]},
            {"text": fake.DESIGNED, "citations": [1]},
            {"text": fake.HALL, "citations": [2]},
        ],
        "removed": 2,
        "state": "done",
        "trouble": "",
        "trouble_arabic": "",
    }


def test_an_error_is_told_in_both_languages() -> None:
    before = Written(fake.SENTENCES[:1], 1)
    after = broken_off(before, DalilError("It is gone.", "Ask again.", arabic="لم يعد موجودًا."))
    assert (after.sentences, after.removed, after.state) == (before.sentences, 1, "failed")
    assert (after.trouble, after.trouble_arabic) == ("It is gone. Ask again.", "لم يعد موجودًا.")
    assert broken_off(None, DalilError("Gone.")).trouble_arabic == "Gone."
