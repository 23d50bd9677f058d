"""Many at once: who may wait, who is told that too many do, and what is remembered of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from corpus.errors import DalilError
from evals.hardening.load_doors import Client, Reply
from qa.context import Context
from tests.loops import run_async
from tests.ui import fake_pipeline as fake
from tests.ui.conftest import serving
from tests.ui.fake_library import workspace_over
from tests.ui.worded_pipeline import WordedPipeline
from ui.app import build_app
from ui.asking import turn_of
from ui.visit import Visit


def together(address: str, *doors: str, then: Callable[[], None]) -> list[Reply]:
    """The replies to one question at each of ``doors``, all asked at once; ``then`` comes once
    somebody was answered or refused.
    """

    async def all_of_them() -> list[Reply]:
        clients = [Client.of(address) for _ in doors]
        asked = [
            asyncio.create_task(client.ask(door, fake.WHEN))
            for client, door in zip(clients, doors, strict=True)
        ]
        await asyncio.wait(asked, timeout=60, return_when=asyncio.FIRST_COMPLETED)
        then()
        return list(await asyncio.gather(*asked))

    return run_async(all_of_them)


def test_who_comes_to_a_full_page_is_told_so_and_the_others_are_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ui.workspace.WAITING", 1)
    pipeline = fake.FakePipeline()
    pipeline.gate.clear()
    with serving(pipeline) as address:
        replies = together(address, *["page"] * 5, then=pipeline.gate.set)
    kinds = [reply.kind for reply in replies]
    assert "lost" not in kinds, replies
    assert kinds.count("answer") >= 2
    assert "busy" in kinds


def test_the_pages_of_both_languages_and_people_and_programs_wait_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ui.workspace.WAITING", 0)
    pipeline = fake.FakePipeline()
    pipeline.gate.clear()
    with serving(pipeline) as address:
        replies = together(address, "program", "program", "page", "ask", then=pipeline.gate.set)
    kinds = [reply.kind for reply in replies]
    assert "lost" not in kinds, replies
    assert kinds[2] == "answer", "programs take no person's place"
    assert kinds.count("busy") == 2


def test_a_program_waits_for_no_model_but_its_own() -> None:
    pipeline = WordedPipeline.held()
    with serving(pipeline) as address:

        async def ask_twice() -> None:
            async def door(name: str) -> Reply:
                return await asyncio.wait_for(Client.of(address).ask(name, fake.WHEN), 60)

            first = asyncio.create_task(door("program"))
            await asyncio.to_thread(pipeline.began.wait, 30)
            second = asyncio.create_task(door("program"))
            answered: Awaitable[Reply] = door("stream")
            assert (await answered).kind == "answer"
            assert not first.done()
            pipeline.go_on()
            assert [(await one).kind for one in (first, second)] == ["answer", "answer"]

        run_async(ask_twice)
    assert pipeline.asked.count(fake.WHEN) == 3


def test_a_page_that_was_forgotten_begins_anew() -> None:
    """Gradio forgets the pages that were quiet for longest: then there is no visit."""
    with serving(fake.FakePipeline()) as address:

        async def ask() -> Reply:
            client = Client.of(address)
            await client.ask("page", fake.WHEN)
            assert client.visit
            client.visit.session = "never seen before"
            return await client.ask("page", fake.WHERE)

        assert run_async(ask).kind == "answer"


def test_gradio_remembers_no_more_than_it_must() -> None:
    blocks = build_app(workspace_over(fake.FakePipeline()))
    assert blocks._queue.ANALYTICS_MAX_EVENTS == 1, "all of them are summed up after each"
    assert blocks._queue.max_size
    assert blocks.state_session_capacity <= 2_000


@dataclass
class Rebuilt(fake.FakePipeline):
    """The index is rebuilt between the first answers and their check."""

    times: int = 1
    gone: list[str] = field(default_factory=list)

    def context(self, passage_id: str, around: int = 1) -> Context:
        if len(self.gone) < self.times:
            self.gone.append(passage_id)
            raise DalilError("The passage is not there.")
        return super().context(passage_id, around)


def test_an_answer_from_before_a_rebuild_is_asked_again() -> None:
    pipeline = Rebuilt()
    turn = turn_of(pipeline, fake.WHEN)
    assert not turn.withheld
    assert turn.answer
    assert turn.answer.citations
    assert len(pipeline.asked) == 2


def test_a_passage_that_is_never_there_is_asked_for_three_times_and_no_more() -> None:
    pipeline = Rebuilt(times=1_000)
    assert turn_of(pipeline, fake.WHEN).withheld
    assert len(pipeline.asked) == 3


def test_a_question_that_never_got_its_answer_gives_way_to_the_next() -> None:
    visit = Visit("fake").asking("أولى").asking("ثانية")
    assert [turn.question for turn in visit.turns] == ["ثانية"]
