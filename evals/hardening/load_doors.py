"""What a client does at each door of a server: one question in, one reply out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from evals.hardening.load_page import PageError, Visit, lines_of, opened

Kind = Literal["answer", "busy", "lost"]
_BUSY = ("كثيرة. أعِد", "كثيرون الآن", "requests wait already")
_MOST_TURNS = 6
"""Questions of one visit to the page; then it is opened anew."""
_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one question: an ``answer`` with all that it said, ``busy`` with the seconds to
    ``wait``, or ``lost`` with what came instead.
    """

    kind: Kind
    said: tuple[str, ...] = ()
    wait: float = 1.0


@dataclass
class Client:
    """One person or program, with connections and cookies of its own."""

    http: httpx.AsyncClient
    worded: bool
    visit: Visit | None = None

    @classmethod
    def of(cls, address: str, *, worded: bool = False) -> Client:
        """A client of the server at ``address``; ``worded`` where a language model is set there."""
        return cls(httpx.AsyncClient(base_url=address, timeout=_SECONDS), worded)

    async def ask(self, door: str, question: str) -> Reply:
        """The reply at one of ``DOORS``."""
        try:
            return await DOORS[door](self, question)
        except (httpx.HTTPError, PageError, ValueError, LookupError, TypeError) as error:
            self.visit = None
            return Reply("lost", (f"{type(error).__name__}: {error}",))


async def _page(client: Client, question: str) -> Reply:
    visit = client.visit
    if visit is None or visit.turns >= _MOST_TURNS:
        visit = client.visit = await opened(client.http, worded=client.worded)
    said, note = await visit.ask(question)
    if any(words in note for words in _BUSY):
        return Reply("busy")
    return Reply("answer", said) if said else Reply("lost", (f"no answer; {note}",))


async def _ask(client: Client, question: str) -> Reply:
    body = {"question": question, "write": False}
    answer = await client.http.post("/api/v1/ask", json=body)
    return _refused(answer) or Reply("answer", _rest_said(answer.json()))


async def _search(client: Client, question: str) -> Reply:
    answer = await client.http.post("/api/v1/search", json={"query": question, "limit": 3})
    refused = _refused(answer)
    return refused or Reply("answer", tuple(hit["text"] for hit in answer.json()["hits"]))


async def _chat(client: Client, question: str) -> Reply:
    body = {"model": "dalil", "messages": [{"role": "user", "content": question}]}
    answer = await client.http.post("/v1/chat/completions", json=body)
    if refused := _refused(answer):
        return refused
    told = answer.json()
    quotes = (one["quote"] for one in told["citations"])
    return Reply("answer", (told["choices"][0]["message"]["content"], *quotes))


async def _stream(client: Client, question: str) -> Reply:
    """The answer as it comes first: whatever a language model adds is not waited for."""
    body = {"question": question, "stream": True}
    said: list[str] = []
    async with client.http.stream("POST", "/api/v1/ask", json=body) as answer:
        if answer.status_code != 200:
            await answer.aread()
            return _refused(answer) or Reply("lost", (f"status {answer.status_code}",))
        async for name, data in _events(answer):
            if name == "error":
                return _error(data)
            if name == "answer":
                return Reply("answer", (data["answer"],))
    return Reply("lost", (f"the stream ended early: {said}",))


async def _program(client: Client, question: str) -> Reply:
    begun = await client.http.post("/gradio_api/call/ask", json={"data": [question]})
    if refused := _refused(begun):
        return refused
    address = f"/gradio_api/call/ask/{begun.json()['event_id']}"
    async with client.http.stream("GET", address) as answer:
        async for name, data in _events(answer):
            if name == "complete":
                return Reply("answer", _rest_said(data[0]))
            if name == "error":
                return _error(data)
    return Reply("lost", ("the call ended early",))


DOORS: Mapping[str, Callable[[Client, str], Awaitable[Reply]]] = {
    "page": _page,
    "ask": _ask,
    "stream": _stream,
    "search": _search,
    "chat": _chat,
    "program": _program,
}
"""How each door is asked, by its name: the page as its own script does; /api/v1/ask, whole and as a
stream; /api/v1/search; /v1/chat/completions; and Gradio's /ask for programs."""


AT_ONCE = ("page", "ask", "stream", "search")
"""Doors whose answer no language model can hold up; at the others it comes with its wording."""


def _rest_said(told: Mapping[str, Any]) -> tuple[str, ...]:
    return (told["answer"], *(one["quote"] for one in told["citations"]))


def _refused(answer: httpx.Response) -> Reply | None:
    """None for an answer; an honest "busy" says when to come back, all else is a loss."""
    if answer.status_code == 200:
        return None
    if answer.status_code == 429 and answer.headers.get("retry-after", "").isdigit():
        return Reply("busy", wait=float(answer.headers["retry-after"]))
    return Reply("lost", (f"status {answer.status_code}: {answer.text[:200]}",))


def _error(data: object) -> Reply:
    told = json.dumps(data, ensure_ascii=False)
    return Reply("busy") if any(words in told for words in _BUSY) else Reply("lost", (told[:200],))


async def _events(answer: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    """Name and data of each server-sent event; those whose data is no JSON are left out."""
    name = ""
    async for line in lines_of(answer):
        if line.startswith("event:"):
            name = line.removeprefix("event:").strip()
        elif line.startswith("data:"):
            data = json.loads(line.removeprefix("data:"))
            yield name, data
