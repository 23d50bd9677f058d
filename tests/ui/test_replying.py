"""What `dalil ask` prints: the answer at once, and its wording as it comes."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Semaphore
from typing import Any

import pytest
from click.testing import Result

from corpus.errors import DalilError
from qa.answer import Answer
from qa.generator import never
from qa.settings import Settings
from tests.ui import fake_pipeline as fake
from tests.ui.worded_pipeline import WordedPipeline
from ui import cli
from ui.replying import Terminal, answer_as_json, print_answer
from ui.strings import ARABIC

Dalil = Callable[..., Result]
WIDE = Terminal(200, visual=False)


def printed(pipeline: fake.FakePipeline, capsys: pytest.CaptureFixture[str]) -> list[str]:
    print_answer(pipeline, fake.WHEN, WIDE)
    return capsys.readouterr().out.splitlines()


def test_the_answer_is_printed_and_then_each_sentence_as_it_comes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen: list[str] = []

    @dataclass
    class Watching(fake.FakePipeline):
        def write(self, answer: Answer, stopped: Callable[[], bool] = never) -> Iterator[Answer]:
            for state in super().write(answer, stopped):
                seen.append(capsys.readouterr().out)
                yield state

    print_answer(Watching(writes=True), fake.WHEN, WIDE)
    first, nothing, *sentences = seen
    assert first.startswith("16 أكتوبر 2002 [1]\n")
    assert nothing == ""
    assert sentences[0].endswith(f"{ARABIC.worded}:\n{fake.OPENED} [1]\n")
    assert sentences[1] == f"{fake.DESIGNED} [1]\n"


def test_without_a_model_nothing_follows(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(fake.FakePipeline(), capsys)
    assert lines[-1].startswith("[1] ")
    assert ARABIC.worded not in "\n".join(lines)


@pytest.mark.parametrize("error", [None, DalilError("Gone.", arabic="لم يعد هناك.")])
def test_a_model_that_fails_is_noted_and_the_answer_stands(
    capsys: pytest.CaptureFixture[str], error: DalilError | None
) -> None:
    pipeline = WordedPipeline(state="failed", breaks=error)
    lines = printed(pipeline, capsys)
    assert lines[0] == "16 أكتوبر 2002 [1]"
    assert ARABIC.wording_failed in lines
    assert ("لم يعد هناك." if error else fake.TROUBLE_ARABIC) in lines


def test_an_interruption_ends_the_writing_and_not_the_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = printed(WordedPipeline(breaks=KeyboardInterrupt()), capsys)  # type: ignore[arg-type]
    assert f"{fake.OPENED} [1]" in lines
    assert lines[-1] == ARABIC.wording_stopped


def test_json_waits_for_all_of_it() -> None:
    data = json.loads(answer_as_json(fake.FakePipeline(writes=True, removed=3), fake.WHEN))
    assert data["answer"] == "16 أكتوبر 2002"
    assert [one["number"] for one in data["citations"]] == [1, 2]
    assert data["written"]["sentences"][2] == {"text": fake.HALL, "citations": [2]}
    assert (data["written"]["removed"], data["written"]["state"]) == (3, "done")
    nothing = json.loads(answer_as_json(fake.FakePipeline(writes=True), fake.UNKNOWN))
    assert (nothing["abstained"], nothing["written"]) == (True, None)


@pytest.mark.parametrize(
    ("flags", "generator"), [([], "http://127.0.0.1:9/v1"), (["--extractive"], "")]
)
def test_the_command_takes_the_model_of_the_settings_unless_told_not_to(
    dalil: Dalil, monkeypatch: pytest.MonkeyPatch, flags: list[str], generator: str
) -> None:
    monkeypatch.setenv("DALIL_GENERATOR", "http://127.0.0.1:9/v1")
    opened: list[str] = []

    def open_(settings: Settings) -> Any:
        opened.append(settings.generator)
        return fake.FakePipeline(writes=bool(settings.generator), pen=Semaphore(1000))

    monkeypatch.setattr(cli, "_pipeline", open_)
    result = dalil("ask", *flags, fake.WHEN)
    assert result.exit_code == 0
    assert opened == [generator]
    assert (fake.HALL in result.output) is bool(generator)
    data = json.loads(dalil("ask", "--json", *flags, fake.WHEN).stdout)
    assert bool(data["written"]) is bool(generator)
