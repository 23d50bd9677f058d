"""The door for programs that know OpenAI's chat completions, under /v1.

Imports FastAPI, which reads the annotations of the routes: `ui.web` imports it when it is needed.
"""

import re
import secrets
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request

from corpus.errors import UnfitError
from qa.answer import Exchange
from qa.dialogue import standalone
from qa.question import MAX_QUESTION
from qa.turn import Turn
from ui.asking import Asked, Replied, chosen, reply
from ui.doors import event, fault, problem, streamed
from ui.export import bare, escaped
from ui.markup import direction
from ui.openai_models import (
    HEAD,
    Chat,
    Choice,
    Completion,
    Message,
    Model,
    Models,
    Said,
    Usage,
    chunk,
)
from ui.openai_text import opening, so_far, whole
from ui.shown import shown_answer
from ui.strings import ARABIC, ENGLISH, Strings
from ui.waiting import Queue
from ui.wording import Desk, last_of
from ui.workspace import Shelves

DEFAULT = "dalil"
_MOST_EXCHANGES = 20
_MARK = re.compile(r"\s*\[\d{1,3}\]")


def openai_routes(shelves: Shelves, queue: Queue, desk: Desk) -> APIRouter:
    """Chat completions, which wait in ``queue`` and are worded at ``desk``, and the models, which
    are the collections.
    """
    routes = APIRouter()

    @routes.post("/chat/completions", response_model=Completion)
    async def complete(chat: Chat, request: Request) -> Any:
        asked = asked_in(chat)
        replied = await queue.run(lambda: reply(shelves, asked))
        if chat.stream:
            return streamed(_chunks(chat, replied, desk))
        written = await last_of(desk.worded(replied), request)
        turn = replace(replied.turn, answer=written or replied.turn.answer)
        content = whole(replied.turn, turn, _strings(turn.question))
        return _completion(chat, turn, content)

    @routes.get("/models", response_model=Models)
    def models() -> Any:
        return Models(data=_models(shelves))

    @routes.get("/models/{name:path}", response_model=Model)
    def model(name: str) -> Any:
        collection = chosen(shelves, _named(name))
        return Model(id=name, collection=collection.id)

    return routes


def asked_in(chat: Chat) -> Asked:
    """The question of a conversation, after what was asked and answered before.

    Earlier questions are made to stand alone, each after those before it, as they were when they
    were asked. Raises UnfitError when there is no message of a user.
    """
    said = [one for one in chat.messages if one.role in {"user", "assistant"}]
    while said and said[-1].role == "assistant":
        said.pop()
    if not said:
        raise UnfitError(
            "There is no message of a user.",
            "Send the question as the last message, with the role user.",
            arabic="ليس في الطلب رسالة من المستخدم. أرسل السؤال في آخر رسالة، ودورها user.",
        )
    return Asked(said[-1].text, _named(chat.model), _history(said[:-1]))


def _named(model: str) -> str:
    return "" if model == DEFAULT else model


def _history(said: Sequence[Message]) -> tuple[Exchange, ...]:
    history: list[Exchange] = []
    for one in said[-2 * _MOST_EXCHANGES :]:
        if one.role == "user":
            question = " ".join(one.text.split())[:MAX_QUESTION]
            history.append(Exchange(standalone(question, history)))
        elif history and not history[-1].answer:
            history[-1] = Exchange(history[-1].query, _short_answer(one.text))
    return tuple(history)


def _short_answer(content: str) -> str:
    """The first line of an answer without its marks; empty for an abstention."""
    first = content.strip().split("\n", 1)[0]
    if first in {escaped(strings.abstained) for strings in (ARABIC, ENGLISH)}:
        return ""
    return _MARK.sub("", bare(first))[:MAX_QUESTION]


def _strings(question: str) -> Strings:
    return ENGLISH if direction(question) == "ltr" else ARABIC


def _completion(chat: Chat, turn: Turn, content: str) -> Completion:
    answer = shown_answer(turn)
    return Completion(
        id=f"chatcmpl-{secrets.token_hex(12)}",
        created=int(time.time()),
        model=chat.model,
        choices=[Choice(message=Said(content=content))],
        usage=_usage(chat, content),
        citations=answer.citations,
        abstained=answer.abstained,
        confidence=answer.confidence,
        written=answer.written,
    )


def _usage(chat: Chat, content: str) -> Usage:
    asked = sum(len(message.text.split()) for message in chat.messages)
    said = len(content.split())
    return Usage(prompt_tokens=asked, completion_tokens=said, total_tokens=asked + said)


async def _chunks(chat: Chat, replied: Replied, desk: Desk) -> AsyncGenerator[bytes, None]:
    """The answer as it becomes known, in the form that clients read as a stream."""
    head = _completion(chat, replied.turn, "")
    yield event(chunk(head, {"role": "assistant", "content": ""}))
    content, last = "", replied.turn
    try:
        async with aclosing(_said(replied, desk)) as parts:
            async for turn, part in parts:
                content, last = content + part, turn
                for paragraph in re.findall(r".+\n*|\n+", part):
                    yield event(chunk(head, {"content": paragraph}))
    except Exception:  # told, and not swallowed: the window shows it
        yield event(problem(fault()))
        raise
    ended = _completion(chat, last, content).model_copy(update=head.model_dump(include=HEAD))
    yield event(chunk(ended, {}, end=True))
    if chat.stream_options and chat.stream_options.include_usage:
        counts = {"choices": [], "usage": ended.usage.model_dump()}
        yield event({**chunk(ended, {}), **counts})
    yield b"data: [DONE]\n\n"


async def _said(replied: Replied, desk: Desk) -> AsyncGenerator[tuple[Turn, str], None]:
    """The Markdown in parts: the short answer, sentences once they are checked, the sources."""
    first = last = replied.turn
    strings = _strings(first.question)
    said = opening(first, strings)
    yield last, said
    async with aclosing(desk.worded(replied)) as answers:
        async for answer in answers:
            last = replace(first, answer=answer)
            part = so_far(first, last, strings).removeprefix(said)
            if part:
                said += part
                yield last, part
    yield last, whole(first, last, strings).removeprefix(said)


def _models(shelves: Shelves) -> list[Model]:
    """The default collection as ``dalil``, and each by its name, or its id where that is taken."""
    each = [
        Model(id=one.id if one.name == DEFAULT else one.name, collection=one.id)
        for one in shelves.collections()
    ]
    return [Model(id=DEFAULT, collection=shelves.default().id), *each]
