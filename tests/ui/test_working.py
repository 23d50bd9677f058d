"""Work on a collection as it goes on: files with their states, a bar, and what became of it."""

from typing import get_args

import pytest

from index.build import BuildReport
from index.sources import Changes
from tests.ui import fake_pipeline as fake
from tests.ui.reading import Reading
from ui.library import FileState, Work
from ui.strings import ARABIC, ENGLISH, Strings
from ui.work import State
from ui.working import working

BOTH = pytest.mark.parametrize("strings", [ARABIC, ENGLISH])


@BOTH
def test_each_file_says_its_state(strings: Strings) -> None:
    files = tuple(FileState(f"{state}.pdf", state, pages=3) for state in get_args(State))
    reading = Reading(working(Work(files, done=1, total=5), strings))
    assert reading.each("section")[0]["dir"] == strings.direction
    assert [a["class"] for a in reading.each("li")] == list(get_args(State))
    for state in get_args(State):
        assert f"{state}.pdf" in reading.text
        assert getattr(strings, f"state_{state}") in reading.text
    assert reading.text.count(f"{strings.pages_many} 3") == 5


@BOTH
def test_why_a_file_was_refused_is_said(strings: Strings) -> None:
    refused = FileState("a.exe", "refused", message="Dalil does not read it.")
    reading = Reading(working(Work((refused,), finished=True), strings))
    assert "Dalil does not read it." in reading.text
    assert reading.each("p", dir="ltr")
    assert reading.each("section")[0]["aria-busy"] == "false"
    assert reading.each("progress") == []


@BOTH
@pytest.mark.parametrize("stage", ["reading", "loading", "embedding", "writing"])
def test_a_stage_has_a_name_and_a_bar(strings: Strings, stage: str) -> None:
    name = strings.loading if stage == "loading" else getattr(strings, f"stage_{stage}")
    reading = Reading(working(Work(stage=stage, done=3, total=8), strings))
    assert reading.each("progress", max="8", value="3", aria_label=name)
    assert f"{name} 3 / 8" in reading.text
    assert reading.each("section")[0]["aria-busy"] == "true"
    unknown = Reading(working(Work(stage=stage), strings))
    (bar,) = unknown.each("progress")
    assert "value" not in bar
    assert name in unknown.text


@BOTH
def test_the_end_says_what_the_collection_holds(strings: Strings) -> None:
    report = BuildReport(Changes(), embedded=5, documents=17, passages=340, written=True)
    reading = Reading(working(Work(finished=True, report=report), strings))
    assert strings.done.format(documents=17, passages=340) in reading.text
    assert len(reading.each("p", role="status")) == 1


@BOTH
def test_a_failure_is_an_alert_with_what_to_do(strings: Strings) -> None:
    failed = Work(
        stage="embedding", done=1, total=2, finished=True, error="لا مكان.", hint="Free it."
    )
    reading = Reading(working(failed, strings))
    assert len(reading.each("div", role="alert")) == 1
    for words in (strings.work_failed, "لا مكان.", "Free it."):
        assert words in reading.text
    assert [a["dir"] for a in reading.each("p")] == ["rtl", "ltr"]
    assert reading.each("progress") == []


def test_of_very_many_files_the_first_are_shown() -> None:
    work = Work(tuple(FileState(f"{n}.txt") for n in range(250)))
    assert len(Reading(working(work, ARABIC)).each("li")) == 100


def test_hostile_names_and_messages_stay_text() -> None:
    def shown(words: str) -> Reading:
        file = FileState(words, "refused", message=words)
        error = Work((file,), finished=True, error=words, hint=words)
        return Reading(working(error, ARABIC))

    hostile = shown(fake.HOSTILE)
    assert hostile.skeleton() == shown("أ").skeleton()
    assert hostile.text.count(fake.HOSTILE) == 4
    assert hostile.comments == []
