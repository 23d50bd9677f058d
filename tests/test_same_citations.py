"""Whichever door a program comes through, the same question gets the same citations."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters

from corpus.document import Document
from corpus.sentences import sentences_within
from qa import open_index
from qa.answer import Answer
from qa.opened import OpenIndex
from qa.settings import load_settings
from tests import generation
from tests.ui.conftest import serving
from tests.ui.test_rest import events
from ui.indexing import prepare
from ui.opening import open_workspace

ROOT = Path(__file__).parents[1]
QUESTIONS = (
    "كم بلغت كمية النفايات الإلكترونية في العالم عام 2022؟",
    "متى صارت العربيه لغه رسميه في الامم المتحده؟",
    "أين يقع مقر الاتحاد الدولي للاتصالات، ومتى تأسس؟",
    "متى أعلن القضاء على الجدري؟",
    "كم سعر تذكرة القطار من طوكيو إلى أوساكا؟",
)
UNTRUE = "وأكل القمر سبعة فيلة في طوكيو سنة 1417."

Place = tuple[str, int | None, int, int, str]


def places(citations: list[dict[str, Any]]) -> list[Place]:
    """What makes a citation: source, page, start, end, quote."""
    return [(c["source"], c["page"], c["start"], c["end"], c["quote"]) for c in citations]


@dataclass(frozen=True)
class Doors:
    """Every client over the same index, each giving the citations for a question."""

    index: OpenIndex
    address: str
    assistant: Client
    portal: BlockingPortal
    environment: dict[str, str]

    def command(self, question: str) -> dict[str, Any]:
        """What ``dalil ask --json`` prints."""
        done = subprocess.run(
            [sys.executable, "-m", "ui", "ask", "--json", question],
            cwd=ROOT, env=self.environment, capture_output=True, encoding="utf-8", check=True,
        )  # fmt: skip
        return dict(json.loads(done.stdout))

    def others(self, question: str) -> dict[str, list[Place]]:
        """The citations of all clients but the command and the assistant's, by client."""
        return {
            "REST": places(self._rest(question)["citations"]),
            "REST, streamed": places(self._streamed(question)),
            "OpenAI": places(self._openai(question)),
            "OpenAI, streamed": places(self._openai_streamed(question)),
            "Gradio": places(self._gradio(question)),
            "Python": self._python(question),
        }

    def mcp(self, question: str) -> list[Place]:
        """The citations over MCP, by standard input and output."""
        said = self.portal.call(self.assistant.call_tool, "ask", {"question": question})
        assert not said.is_error
        return places((said.structured_content or {})["citations"])

    def _rest(self, question: str) -> dict[str, Any]:
        asked = {"question": question}
        response = httpx.post(f"{self.address}/api/v1/ask", json=asked, timeout=300)
        return dict(response.raise_for_status().json())

    def _streamed(self, question: str) -> list[dict[str, Any]]:
        asked = {"question": question, "stream": True}
        response = httpx.post(f"{self.address}/api/v1/ask", json=asked, timeout=300)
        return [dict(data) for name, data in events(response.text) if name == "citation"]

    @property
    def _client(self) -> openai.OpenAI:
        return openai.OpenAI(base_url=f"{self.address}/v1", api_key="none", max_retries=0)

    def _openai(self, question: str) -> list[dict[str, Any]]:
        completion = self._client.chat.completions.create(
            model="dalil", messages=[{"role": "user", "content": question}]
        )
        return list((completion.model_extra or {})["citations"])

    def _openai_streamed(self, question: str) -> list[dict[str, Any]]:
        stream = self._client.chat.completions.create(
            model="dalil", messages=[{"role": "user", "content": question}], stream=True
        )
        *_, last = stream
        return list((last.model_extra or {})["citations"])

    def _gradio(self, question: str) -> list[dict[str, Any]]:
        from gradio_client import Client as GradioClient  # type: ignore[import-untyped]

        client = GradioClient(self.address, verbose=False)
        said = client.predict(question, api_name="/ask")
        client.close()
        return list(said["citations"])

    def _python(self, question: str) -> list[Place]:
        answer = self.index.ask(question)
        answer = [answer, *self.index.write(answer)][-1]
        return [(c.source, c.page, c.start, c.end, c.quote) for c in answer.citations]


@pytest.fixture(scope="module")
def data(model: object, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001
    """A data folder with the bundled texts, indexed with the default model."""
    folder = tmp_path_factory.mktemp("data")
    prepare(load_settings(data=folder), bundled=True)
    return folder


@contextmanager
def doors(data: Path, **generator: str) -> Iterator[Doors]:
    """All of them, over ``data`` with or without a language model."""
    variables = {f"DALIL_{name.upper()}": value for name, value in generator.items()}
    environment = {**os.environ, **variables, "DALIL_DATA": str(data), "PYTHONUTF8": "1"}
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "ui", "mcp"], cwd=ROOT, env=environment
    )
    settings = load_settings(data=data, **generator)
    with ExitStack() as stack:
        workspace = open_workspace(settings, lambda _: None)
        stack.callback(workspace.conversations.close)
        stack.callback(workspace.close)
        address = stack.enter_context(serving(workspace))
        index = open_index(data=data, **generator)
        portal = stack.enter_context(start_blocking_portal())
        assistant = stack.enter_context(portal.wrap_async_context_manager(Client(server)))
        workspace.close()  # the models are loaded
        yield Doors(index, address, assistant, portal, environment)


def test_every_door_gives_the_citations_of_the_command(data: Path) -> None:
    found = 0
    with doors(data) as here:
        for question in QUESTIONS:
            said = here.command(question)
            expected = places(said["citations"])
            found += len(expected)
            assert bool(expected) is not said["abstained"]
            for client, citations in (*here.others(question).items(), ("MCP", here.mcp(question))):
                assert citations == expected, (client, question)
    assert found >= len(QUESTIONS) - 1, "there was little to compare"


def test_and_where_a_language_model_writes_they_agree_too(data: Path) -> None:
    plain = open_index(data=data)
    further = 0
    with generation.scripted() as server, doors(data, generator=server.address) as here:
        for question in (QUESTIONS[0], QUESTIONS[3]):
            answer = plain.ask(question)
            server.replies = (generation.said(*written_about(answer, plain)),)
            said = here.command(question)
            assert said["written"]["state"] == "done"
            assert said["written"]["removed"] >= 1
            assert said["written"]["sentences"]
            assert UNTRUE not in json.dumps(said, ensure_ascii=False)
            expected = places(said["citations"])
            own = [(c.source, c.page, c.start, c.end, c.quote) for c in answer.citations]
            assert expected[: len(own)] == own
            further += len(expected) - len(own)
            for client, citations in here.others(question).items():
                assert citations == expected, (client, question)
            assert here.mcp(question) == own
    assert further, "no sentence needed a citation of its own"


def written_about(answer: Answer, index: OpenIndex) -> Iterator[str]:
    """What a model might write: a sentence of each passage near by, and one that is made up."""
    for number, hit in enumerate(answer.hits[:3], start=1):
        document: Document = index.pipeline.context(hit.passage.id).document
        spans = sentences_within(document, (hit.passage.start, hit.passage.end))
        longest = max((document.text[start:end] for start, end in spans), key=len)
        yield f"{' '.join(longest.split()).rstrip('.')} [{number}]. "
    yield UNTRUE
