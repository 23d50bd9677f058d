"""The doors for programs under /api/v1: ask, search, and the texts of collections.

Imports FastAPI, which reads the annotations of the routes: `ui.web` imports it when it is needed.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from corpus.errors import DalilError
from qa.answer import Exchange
from ui import rest_models as forms
from ui.asking import Asked, Replied, chosen, found, reply, require_ready, search_of
from ui.doors import event, fault, problem, streamed
from ui.rest_page import routes_page
from ui.shown import shown_answer, shown_hit
from ui.waiting import Queue
from ui.wording import Desk, last_of
from ui.workspace import Shelves

Named = Annotated[str, Query(alias="collection", max_length=200, description="id or name")]

_EVENTS = ["search", "answer", "citation", "sentence", "written", "done", "error"]
_STREAM = {
    "content": {
        "text/event-stream": {
            "schema": {
                "type": "object",
                "required": ["event", "data"],
                "properties": {
                    "event": {"enum": _EVENTS},
                    "data": {"type": "string", "contentMediaType": "application/json"},
                },
            }
        }
    },
    "description": "The answer; as server-sent events where those are asked for: `search`, "
    "`answer` and a `citation` for each; where a language model words it, a `sentence` for each "
    "after the citations that only it needs, and `written`; then `done`, or else `error`.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How a route documents its errors."""
    return {status: {"model": forms.Problem} for status in (422, *statuses)}


def asking_routes(shelves: Shelves, queue: Queue, desk: Desk) -> APIRouter:
    """Ask and search; both wait in ``queue``. Answers are worded at ``desk``, outside of it."""
    routes = APIRouter(tags=["asking"])

    @routes.post(
        "/ask",
        response_model=forms.Answer,
        responses={200: _STREAM, **problems(400, 404, 429, 503)},
    )
    async def ask(question: forms.Question, request: Request) -> Any:
        """Answer a question from a collection, with citations, or abstain."""
        asked = _asked(question)
        answer = partial(queue.run, partial(reply, shelves, asked))
        if question.stream or "text/event-stream" in request.headers.get("accept", ""):
            query = search_of(asked)
            require_ready(shelves)
            chosen(shelves, asked.collection)
            queue.require_room()
            return streamed(_events(query, _parts(answer, desk, question.write)))
        replied = await answer()
        written = await last_of(desk.worded(replied), request) if question.write else None
        return shown_answer(replace(replied.turn, answer=written or replied.turn.answer))

    @routes.post("/search", response_model=forms.Found, responses=problems(400, 404, 429, 503))
    async def search(body: forms.Search) -> Any:
        """The passages of a collection that are best for a query."""
        work = partial(found, shelves, body.query, body.limit, body.collection)
        return forms.Found(hits=[shown_hit(hit) for hit in await queue.run(work)])

    return routes


def reading_routes(shelves: Shelves) -> APIRouter:
    """Collections and their texts, to look at."""
    routes = APIRouter(tags=["texts"])

    @routes.get("/collections", response_model=forms.Collections, responses=problems())
    def collections() -> Any:
        """Every collection."""
        default = shelves.default().id
        return {
            "collections": [
                forms.Collection(
                    id=one.id, name=one.name, default=one.id == default, fixed=one.fixed
                )
                for one in shelves.collections()
            ]
        }

    @routes.get("/documents", response_model=forms.Items, responses=problems(404))
    def documents(collection: Named = "") -> Any:
        """The texts of a collection."""
        return {"documents": list(shelves.shelf(chosen(shelves, collection).id))}

    @routes.get("/documents/{document}", response_model=forms.Document, responses=problems(404))
    def document(
        document: Annotated[str, Path(description="the text's document_id")],
        collection: Named = "",
    ) -> Any:
        """One text, whole: every offset points into it."""
        return shelves.document(chosen(shelves, collection).id, document)

    return routes


def state_routes(shelves: Shelves, description: Callable[[], dict[str, Any]]) -> APIRouter:
    """How the server is, and what it can do; ``description`` is in the form of OpenAPI."""
    routes = APIRouter(tags=["state"])

    @routes.get("/health", response_model=forms.State, responses=problems())
    def health() -> Any:
        """Whether the server is alive."""
        return {"status": "alive"}

    @routes.get("/ready", response_model=forms.State, responses=problems(503))
    def ready() -> Any:
        """Whether questions are answered: not before the models are loaded."""
        require_ready(shelves)
        return {"status": "ready"}

    @routes.get("/docs", include_in_schema=False)
    def docs(request: Request) -> HTMLResponse:
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        page = routes_page(description(), request.scope["root_path"])
        return HTMLResponse(page, headers={"content-security-policy": policy})

    return routes


def _asked(question: forms.Question) -> Asked:
    history = tuple(Exchange(one.query, one.answer) for one in question.history)
    return Asked(question.question, question.collection, history, question.mood)


async def _events(query: str, parts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """What is searched for at once, and then the answer in parts, or what went wrong."""
    yield event({"query": query}, "search")
    try:
        async with aclosing(parts):
            async for part in parts:
                yield part
    except DalilError as error:
        yield event(problem(error), "error")
        return
    except Exception:  # told, and not swallowed: the window shows it
        yield event(problem(fault()), "error")
        raise
    yield event({}, "done")


async def _parts(
    replied: Callable[[], Awaitable[Replied]], desk: Desk, write: bool
) -> AsyncGenerator[bytes, None]:
    """The answer with its citations at once, then what a language model makes of it."""
    reply_ = await replied()
    first = shown_answer(reply_.turn)
    yield event(first.model_dump(exclude={"citations", "written"}), "answer")
    for citation in first.citations:
        yield event(citation.model_dump(), "citation")
    if not write:
        return
    last = first
    async with aclosing(desk.worded(reply_)) as answers:
        async for answer in answers:
            shown = shown_answer(replace(reply_.turn, answer=answer))
            for part in _news(last, shown):
                yield part
            last = shown
    if last.written:
        yield event(last.written.model_dump(), "written")


def _news(before: forms.Answer, now: forms.Answer) -> Iterator[bytes]:
    """What of an answer was not there ``before``: citations, and the sentences that they carry."""
    known = {citation.number for citation in before.citations}
    for citation in now.citations:
        if citation.number not in known:
            yield event(citation.model_dump(), "citation")
    said = before.written.sentences if before.written else []
    for sentence in now.written.sentences[len(said) :] if now.written else []:
        yield event(sentence.model_dump(), "sentence")
