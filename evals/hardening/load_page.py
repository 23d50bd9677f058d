"""The page without a browser: what its script sends to Gradio's queue, and what comes back."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx

_LAST_TURN = '<section class="turn">'
_SAID = re.compile(r'<div class="said"[^>]*>.*?</span>(.*?)</div>', re.DOTALL)
_SHOWN = re.compile(r'<p class="answer"[^>]*>(.*?)</p>|<q dir="\w+">(.*?)</q>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_LOG, _NOTE, _FAILED = 4, 6, re.compile(r'role="alert"><h3>.*?</h3><p[^>]*>(.*?)</p>', re.DOTALL)
"""Where the conversation and the line under the box stand among what an event changes."""


class PageError(Exception):
    """The page got something other than what its script could show."""


@dataclass
class Visit:
    """One open page: ``acts`` are the numbers of its events, by name. With ``worded`` it asks for
    the wording of each answer, too, as the page always does, and does not wait for it.
    """

    http: httpx.AsyncClient
    acts: Mapping[str, int]
    worded: bool
    session: str = field(default_factory=lambda: secrets.token_hex(8))
    turns: int = 0

    async def ask(self, question: str) -> tuple[tuple[str, ...], str]:
        """The answer that the page shows with its quotes, and the note under its box.

        No answer where only the note has changed. The answer's source is opened after it, as the
        page does. Raises PageError when the page would show another question's answer, or an error.
        """
        values = await self.act("answer", [question, None])
        log, note = values[_LOG], _text(str(values[_NOTE] or ""))
        if not isinstance(log, str):
            return (), note
        self.turns += 1
        last = log.rpartition(_LAST_TURN)[2]
        asked = _SAID.search(last)
        if not asked or _text(asked[1]) != question:
            raise PageError(f"the page answers another question: {asked and asked[1]!r}")
        if failed := _FAILED.search(last):
            return (), _text(failed[1])
        await self.act("read", [None])
        if self.worded:
            await self._join("write", [None])
        shown = (_text(answer or quote) for answer, quote in _SHOWN.findall(last))
        return tuple(shown), note

    async def arrive(self) -> None:
        """Open the page."""
        await self.act("arrive", [])

    async def act(self, name: str, data: Sequence[object]) -> list[Any]:
        """What an event changes once all of it is done, a value for each of the page's parts."""
        event = await self._join(name, data)
        asked = {"session_hash": self.session}
        async with self.http.stream("GET", "/gradio_api/queue/data", params=asked) as stream:
            async for line in lines_of(stream):
                message = json.loads(line.removeprefix("data:")) if line.strip() else {}
                if message.get("event_id") != event or message["msg"] != "process_completed":
                    continue
                if not message["success"]:
                    raise PageError(f"the event failed: {str(message['output'])[:200]}")
                return list(message["output"]["data"])
        raise PageError("the event ended without its end")

    async def _join(self, name: str, data: Sequence[object]) -> str:
        """Begin an event; its id."""
        body = {"data": data, "fn_index": self.acts[name], "session_hash": self.session}
        joined = await self.http.post("/gradio_api/queue/join", json=body)
        if joined.status_code != 200:
            raise PageError(f"status {joined.status_code}: {joined.text[:200]}")
        return str(joined.json()["event_id"])


async def opened(http: httpx.AsyncClient, *, worded: bool = False) -> Visit:
    """A page opened anew, with the cookie that the server gave this client before."""
    page = await http.get("/")
    page.raise_for_status()
    config = (await http.get("/config")).raise_for_status().json()
    acts = {one["api_name"]: one["id"] for one in config["dependencies"]}
    visit = Visit(http, acts, worded)
    await visit.arrive()
    return visit


async def lines_of(answer: httpx.Response) -> AsyncIterator[str]:
    """The lines of a stream of events, which end at line feeds and at nothing else."""
    rest = b""
    async for part in answer.aiter_bytes():
        *whole, rest = (rest + part).split(b"\n")
        for line in whole:
            yield line.decode("utf-8")


def _text(html: str) -> str:
    """What a person reads, without the numbers of citations."""
    without = re.sub(r"<button.*?</button>", "", html, flags=re.DOTALL)
    return " ".join(unescape(_TAG.sub("", without)).split())
