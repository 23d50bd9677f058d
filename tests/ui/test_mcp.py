"""The MCP server through the client of the protocol's own library: in memory, stdio, HTTP."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import anyio
import pytest
from click.testing import Result
from mcp import Client, MCPError, StdioServerParameters
from mcp.types import CallToolResult, TextContent, TextResourceContents

from corpus.errors import DalilError
from index.hit import Hit
from tests.loops import run_async
from tests.ui import fake_pipeline as fake
from tests.ui.fake_library import FakeLibrary
from tests.ui.fake_pipeline import FakePipeline
from ui.library import ShelfItem
from ui.mcp_command import PATH, http_server, listener
from ui.mcp_server import AskedCollection, mcp_server

Dalil = Callable[..., Result]
ROOT = Path(__file__).parents[2]
BIDI_CONTROLS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Shelf(FakeLibrary):
    """The fake library with its documents under their own ids."""

    def __init__(self, pipeline: FakePipeline) -> None:
        super().__init__(pipeline)
        self._documents = pipeline.documents

    def shelf(self, id: str) -> tuple[ShelfItem, ...]:
        self.collection(id)
        return tuple(
            ShelfItem(d.source, d.title, d.id, len(d.pages), 3, (), removable=False)
            for d in self._documents
        )


def at_once() -> "Future[None]":
    done: Future[None] = Future()
    done.set_result(None)
    return done


def collection_over(
    pipeline: FakePipeline | None = None, prepared: "Future[None] | None" = None
) -> AskedCollection:
    return AskedCollection(Shelf(pipeline or FakePipeline()), prepared or at_once())


def connected(
    talk: Callable[[Client], Awaitable[None]],
    pipeline: FakePipeline | None = None,
    prepared: "Future[None] | None" = None,
    mode: str = "auto",
) -> None:
    """Let ``talk`` speak to a server in memory; ``mode`` is the age of the protocol."""

    async def run() -> None:
        server = mcp_server(collection_over(pipeline, prepared))
        async with Client(server, mode=mode) as client:
            await talk(client)

    run_async(run)


def said(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def data(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, said(result)
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def text_at(client: Client, address: str) -> str:
    (content,) = (await client.read_resource(address)).contents
    assert isinstance(content, TextResourceContents)
    return content.text


async def tool_error(client: Client, name: str, **arguments: object) -> str:
    result = await client.call_tool(name, arguments)
    assert result.is_error
    assert result.structured_content is None
    assert "Traceback" not in said(result)
    return said(result)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_tools_say_what_they_do_in_two_languages_and_only_read(mode: str) -> None:
    async def talk(client: Client) -> None:
        assert client.server_info is not None
        assert client.server_info.name == "dalil"
        assert client.instructions is not None
        assert "never instructions" in client.instructions
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"ask", "search", "list_documents"}
        for tool in tools.values():
            english, arabic = str(tool.description).split("\n")
            assert english.isascii()
            assert any("\u0621" <= letter <= "\u064a" for letter in arabic)
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint
            assert tool.output_schema is not None
        assert tools["ask"].input_schema["required"] == ["question"]

    connected(talk, mode=mode)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_answer_comes_with_quotes_that_stand_in_the_text(mode: str) -> None:
    async def talk(client: Client) -> None:
        result = await client.call_tool("ask", {"question": fake.UNESCO})
        answer = data(result)
        assert answer["abstained"] is False
        assert answer["query"] == "صلة اليونسكو بالمكتبة والقمة"
        assert answer["confidence"] == 0.64
        assert [c["number"] for c in answer["citations"]] == [1, 2]
        for citation in answer["citations"]:
            text = await text_at(client, citation["document"])
            assert text[citation["start"] : citation["end"]] == citation["quote"]
            assert f"«{citation['quote']}»" in said(result)
        first = answer["citations"][0]
        assert first["source"] == "نصوص/مكتبة الإسكندرية.pdf"
        assert (first["page"], first["heading"]) == (3, "مكتبة الإسكندرية الجديدة")
        assert answer["answer"] in said(result)
        assert "صفحة 3" in said(result)

    connected(talk, mode=mode)


def test_an_abstention_shows_near_passages_as_no_answer() -> None:
    async def talk(client: Client) -> None:
        result = await client.call_tool("ask", {"question": fake.UNKNOWN})
        answer = data(result)
        assert (answer["abstained"], answer["withheld"]) == (True, False)
        assert (answer["answer"], answer["citations"]) == ("", [])
        assert len(answer["nearest"]) == 3
        for passage in answer["nearest"]:
            text = await text_at(client, passage["document"])
            assert text[passage["start"] : passage["end"]] == passage["text"]
        assert said(result).startswith("لا تجيب النصوص عن هذا السؤال")

    connected(talk)


def test_a_forged_quote_is_withheld_with_its_answer() -> None:
    async def talk(client: Client) -> None:
        result = await client.call_tool("ask", {"question": fake.FORGED})
        answer = data(result)
        assert (answer["abstained"], answer["withheld"]) == (True, True)
        assert (answer["answer"], answer["citations"]) == ("", [])
        whole = said(result) + json.dumps(answer, ensure_ascii=False).replace(fake.FORGED, "")
        assert "17 أكتوبر 2003" not in whole

    connected(talk)


def test_a_hostile_question_and_text_arrive_exactly_and_are_read_without_controls() -> None:
    async def talk(client: Client) -> None:
        result = await client.call_tool("ask", {"question": fake.HOSTILE_QUESTION})
        (citation,) = data(result)["citations"]
        assert citation["quote"] == fake.HOSTILE.split("\n\n")[1]
        assert not BIDI_CONTROLS & set(said(result))
        listing = await client.call_tool("list_documents", {})
        assert not BIDI_CONTROLS & set(said(listing))
        found = await client.call_tool("search", {"query": fake.HOSTILE_QUESTION, "limit": 50})
        assert not BIDI_CONTROLS & set(said(found))

    connected(talk)


def test_earlier_questions_reach_the_pipeline_in_order() -> None:
    pipeline = FakePipeline()

    async def talk(client: Client) -> None:
        earlier = [{"query": "الأول؟", "answer": "جنيف"}, {"query": "الثاني؟"}]
        data(await client.call_tool("ask", {"question": fake.WHEN, "history": earlier}))
        data(await client.call_tool("ask", {"question": fake.WHEN, "history": json.dumps(earlier)}))

    connected(talk, pipeline)
    for history in pipeline.histories:
        assert [(one.query, one.answer) for one in history] == [("الأول؟", "جنيف"), ("الثاني؟", "")]


def test_what_goes_wrong_is_told_in_words_and_nothing_inside_leaks() -> None:
    async def talk(client: Client) -> None:
        refused = await tool_error(client, "ask", question=fake.REFUSED)
        assert "The index is gone" in refused
        assert "dalil build texts" in refused
        broken = await tool_error(client, "ask", question=fake.BROKEN)
        assert "secret" not in broken
        for empty in ("", "؟؟", "\u202e\n"):
            assert "السؤال فارغ" in await tool_error(client, "ask", question=empty)
            assert "السؤال فارغ" in await tool_error(client, "search", query=empty)
        long = await tool_error(client, "ask", question="س" * 2001)
        assert "2000" in long
        assert len(long) < 500
        for limit in (0, 51, "x"):
            await tool_error(client, "search", query="نص", limit=limit)
        await tool_error(client, "ask", question=fake.WHEN, history=[{"query": "س" * 2001}])
        await tool_error(client, "ask")
        await tool_error(client, "delete_everything")
        assert data(await client.call_tool("ask", {"question": fake.WHEN}))["answer"]

    connected(talk)


def test_a_search_gives_whole_passages_that_stand_in_their_texts() -> None:
    async def talk(client: Client) -> None:
        result = await client.call_tool("search", {"query": " مكتبة\nالإسكندرية ", "limit": 2})
        found = data(result)
        assert found["query"] == "مكتبة الإسكندرية"
        assert len(found["hits"]) == 2
        for place, hit in enumerate(found["hits"], start=1):
            text = await text_at(client, hit["document"])
            assert text[hit["start"] : hit["end"]] == hit["text"]
            assert f"[{place}] «{' '.join(hit['text'].split())}»" in said(result)

    connected(talk)


class Stale(FakePipeline):
    """Its first hits are not what the texts hold: changed words, moved offsets, a lost passage."""

    def search(self, query: str, limit: int) -> list[Hit]:
        first, second, third, *rest = super().search(query, limit)
        changed = replace(first.passage, text=first.passage.text.replace("مكتبة", "مكتبات"))
        moved = replace(second.passage, start=second.passage.start + 1)
        lost = replace(third.passage, id="0" * 16)
        stale = zip((first, second, third), (changed, moved, lost), strict=True)
        return [*(replace(hit, passage=passage) for hit, passage in stale), *rest]


def test_hits_that_do_not_stand_in_their_texts_are_dropped() -> None:
    async def talk(client: Client) -> None:
        whole = data(await client.call_tool("search", {"query": "مكتبة", "limit": 5}))["hits"]
        every = FakePipeline().search("", 5)
        assert [hit["text"] for hit in whole] == [hit.passage.text for hit in every[3:]]

    connected(talk, Stale())


def test_texts_are_listed_by_tool_and_as_resources() -> None:
    pipeline = FakePipeline()

    async def talk(client: Client) -> None:
        listed = data(await client.call_tool("list_documents", {}))
        assert listed["total"] == 3
        assert [one["id"] for one in listed["documents"]] == [d.id for d in pipeline.documents]
        page = data(await client.call_tool("list_documents", {"offset": 1, "limit": 1}))
        assert (page["total"], page["documents"]) == (3, listed["documents"][1:2])
        resources = (await client.list_resources()).resources
        assert [r.uri for r in resources] == [one["document"] for one in listed["documents"]]
        assert not BIDI_CONTROLS & set("".join(r.name for r in resources))
        for resource, document in zip(resources, pipeline.documents, strict=True):
            assert await text_at(client, resource.uri) == document.text
        (template,) = (await client.list_resource_templates()).resource_templates
        assert template.uri_template == "dalil://documents/{id}"

    connected(talk, pipeline)


@pytest.mark.parametrize(
    "id", ["0" * 16, "..%2F..%2Fetc%2Fpasswd", "%00", "' OR 1=1 --", "س", "a/b", ""]
)
def test_unknown_texts_are_not_found(id: str) -> None:
    async def talk(client: Client) -> None:
        with pytest.raises(MCPError) as refused:
            await client.read_resource(f"dalil://documents/{id}")
        assert refused.value.code == -32602
        assert "Traceback" not in refused.value.message

    connected(talk)


def test_the_server_answers_while_its_texts_are_prepared_and_calls_wait() -> None:
    prepared: Future[None] = Future()

    async def talk(client: Client) -> None:
        assert (await client.list_tools()).tools
        answers: list[CallToolResult] = []

        async def ask() -> None:
            answers.append(await client.call_tool("ask", {"question": fake.WHEN}))

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            assert (await client.list_tools(cache_mode="refresh")).tools
            assert answers == []
            prepared.set_result(None)
        assert data(answers[0])["answer"] == "16 أكتوبر 2002"

    connected(talk, prepared=prepared)


def test_what_went_wrong_in_preparing_is_told_by_every_call() -> None:
    prepared: Future[None] = Future()
    prepared.set_exception(
        DalilError("The disk is full.", "Free some space.", arabic="القرص ممتلئ.")
    )

    async def talk(client: Client) -> None:
        for name, arguments in (
            ("ask", {"question": fake.WHEN}),
            ("search", {"query": "مكتبة"}),
            ("list_documents", {}),
        ):
            told = await tool_error(client, name, **arguments)
            assert told.endswith("The disk is full.\nFree some space.\nالقرص ممتلئ.")
        for call in (client.list_resources(), client.read_resource("dalil://documents/x")):
            with pytest.raises(MCPError, match="The disk is full"):
                await call

    connected(talk, prepared=prepared)


@contextmanager
def on_a_port() -> Iterator[str]:
    """The address of a server over the fake pipeline."""
    with listener("127.0.0.1", 0) as door:
        server = http_server(mcp_server(collection_over()), "127.0.0.1")
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}{PATH}"
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive(), "the server did not stop"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_streamable_http_answers_with_citations(mode: str) -> None:
    async def talk(address: str) -> None:
        async with Client(address, mode=mode) as client:
            answer = data(await client.call_tool("ask", {"question": fake.WHERE}))
            (citation,) = answer["citations"]
            text = await text_at(client, citation["document"])
            assert text[citation["start"] : citation["end"]] == citation["quote"]
            assert "gone" in await tool_error(client, "ask", question=fake.REFUSED)

    with on_a_port() as address:
        run_async(talk, address)


def posted(address: str, body: bytes, **headers: str) -> tuple[int, str]:
    usual = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    request = Request(address, body, usual | headers, method="POST")
    try:
        with urlopen(request, timeout=30) as response:
            return response.status, response.read().decode("utf-8")
    except HTTPError as error:
        return error.code, error.read().decode("utf-8")


def call(question: str) -> dict[str, Any]:
    params = {"name": "ask", "arguments": {"question": question}}
    return {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}


def test_other_sites_and_names_are_turned_away_and_broken_requests_do_no_harm() -> None:
    body = json.dumps(call(fake.WHEN)).encode()
    with on_a_port() as address:
        assert posted(address, body, Host="evil.example")[0] == 421
        assert posted(address, body, Origin="http://evil.example")[0] == 403
        # Half of a surrogate pair, which JSON can spell and UTF-8 cannot carry.
        halved = json.dumps(call(f"{fake.WHEN} \ud800")).encode()
        for broken in (b"{", b"\xff\xfe", b"[]", b"[" * 100_000, halved):
            status, told = posted(address, broken)
            assert status < 500
            assert "Traceback" not in told
        status, told = posted(address, body)
        assert status == 200
        assert "16 أكتوبر 2002" in told


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_hosts_beyond_this_machine_are_refused(dalil: Dalil, tmp_path: Path, host: str) -> None:
    result = dalil("mcp", "--transport", "http", "--host", host, "--index", tmp_path / "an.index")
    assert result.exit_code == 2
    assert "this machine only" in result.output
    assert "Traceback" not in result.output


def test_a_taken_port_and_a_missing_index_say_what_to_do(dalil: Dalil, tmp_path: Path) -> None:
    with listener("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        with pytest.raises(DalilError) as taken:
            listener("127.0.0.1", port)
    assert f"--port {port + 1}" in taken.value.hint
    missing = dalil("mcp", "--index", tmp_path / "none")
    assert missing.exit_code == 2
    assert "dalil index" in missing.output


# Serves a pipeline that prints while it answers, through Python and past it.
NOISY = """
import os
from tests.ui.fake_pipeline import FakePipeline
from tests.ui.test_mcp import collection_over
from ui import mcp_command
from ui.mcp_server import mcp_server

class Noisy(FakePipeline):
    def ask(self, question, **more):
        print("loud")
        print("no end of line", end="")
        os.system("echo louder")
        return super().ask(question, **more)

mcp_command.server_for = lambda settings: mcp_server(collection_over(Noisy()))
mcp_command.serve_stdio(None)
"""


def test_standard_output_carries_the_protocol_alone() -> None:
    about = {"protocolVersion": "2025-06-18", "capabilities": {}}
    client = {"clientInfo": {"name": "test", "version": "1"}}
    lines: list[Any] = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": about | client},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        call(fake.WHEN),
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", NOISY], cwd=ROOT, text=True, encoding="utf-8",
        env={k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    answers = []
    for line in [*lines, "not JSON", {"jsonrpc": "2.0", "id": 8, "method": "ping"}]:
        process.stdin.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
        process.stdin.flush()
        if isinstance(line, dict) and "id" in line:
            answers.append(json.loads(process.stdout.readline()))
    rest, noise = process.communicate(timeout=60)
    assert process.returncode == 0
    assert rest == ""
    assert [answer["id"] for answer in answers] == [1, 7, 8]
    assert answers[1]["result"]["structuredContent"]["answer"] == "16 أكتوبر 2002"
    assert "loud\nno end of line" in noise
    assert "louder\n" in noise


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_ends_it_while_it_waits_for_input() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", NOISY], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
    process.stdin.flush()
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == -signal.SIGINT


@pytest.mark.usefixtures("model")
def test_a_real_index_is_asked_over_stdio(dalil: Dalil, tmp_path: Path) -> None:
    raw = {
        "قمر.txt": "يدور القمر حول الأرض في سبعة وعشرين يوماً. وهو تابعها الوحيد.",
        "مدرسة.txt": "افتُتحت دار العلوم عام ١٩٩٠ في وسط المدينة.\n\nوللمدرسة حديقة فيها زيتون.",
    }
    for name, text in raw.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    index = tmp_path / "an.index"
    assert dalil("index", *(tmp_path / name for name in raw), "--index", index).exit_code == 0
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "ui", "mcp", "--index", str(index), "--mood", "eager"],
        cwd=ROOT,
        env=dict(os.environ),
    )

    async def talk() -> None:
        async with Client(server) as client:
            answer = data(await client.call_tool("ask", {"question": "في كم يوما يدور القمر؟"}))
            assert "سبعة وعشرين" in answer["answer"]
            for citation in answer["citations"]:
                text = raw[Path(citation["source"]).name]
                assert text[citation["start"] : citation["end"]] == citation["quote"]
                assert await text_at(client, citation["document"]) == text
            found = data(await client.call_tool("search", {"query": "ماذا افتتح عام 1990؟"}))
            assert "١٩٩٠" in found["hits"][0]["text"]
            listed = data(await client.call_tool("list_documents", {}))
            assert sorted(Path(one["source"]).name for one in listed["documents"]) == sorted(raw)
            gone = await tool_error(client, "ask", question="؟")
            assert "The question is empty" in gone

    run_async(talk)
