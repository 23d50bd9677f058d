"""The MCP server: other programs ask, search and read a collection of texts."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from typing import Annotated

import anyio.to_thread
from mcp import MCPError
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError
from mcp.types import INTERNAL_ERROR, CallToolResult, Resource, TextContent, ToolAnnotations
from pydantic import BaseModel, Field

from corpus.document import Document
from corpus.errors import AbsentError, DalilError
from index.hit import Hit
from qa.answer import Exchange
from qa.question import check_question
from ui import mcp_texts as texts
from ui.asking import turn_of
from ui.holdings import ShelfItem
from ui.protocol import Pipeline
from ui.source import sound
from ui.strings import ARABIC, Strings
from ui.workspace import Shelves

_MOST_HITS = 50
_MOST_EARLIER = 50
_MOST_LISTED = 1_000
_PLAIN = "text/plain"
_READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


class AskedCollection:
    """The collection that a server asks: the one that the settings name.

    Each method waits until ``prepared`` is done and raises its error; ``pipeline`` waits for the
    models too. Each may raise DalilError.
    """

    def __init__(self, shelves: Shelves, prepared: "Future[None]") -> None:
        self._shelves = shelves
        self._prepared = prepared

    def pipeline(self) -> Pipeline:
        """What answers."""
        return self._shelves.pipeline(self._id())

    def shelf(self) -> tuple[ShelfItem, ...]:
        """The texts by source."""
        return self._shelves.shelf(self._id())

    def document(self, document_id: str) -> Document:
        """A text, whole; raises AbsentError when there is none with this id."""
        return self._shelves.document(self._id(), document_id)

    def _id(self) -> str:
        self._prepared.result()
        return self._shelves.default().id


def mcp_server(collection: AskedCollection, strings: Strings = ARABIC) -> MCPServer:
    """A server over one collection, whose readable results are in the language of ``strings``."""
    server = _Server(
        collection,
        name="dalil",
        title="Dalil دليل",
        version=version("dalil"),
        instructions=texts.INSTRUCTIONS,
        log_level="WARNING",
    )
    tools = _Tools(collection, strings)
    server.add_tool(tools.ask, title="اسأل Ask", description=texts.ASK, annotations=_READS)
    server.add_tool(tools.search, title="ابحث Search", description=texts.SEARCH, annotations=_READS)
    server.add_tool(
        tools.list_documents, title="النصوص Texts", description=texts.LIST, annotations=_READS
    )

    @server.resource(
        texts.DOCUMENTS + "{id}", name="document", description=texts.TEXT, mime_type=_PLAIN
    )
    def document(id: str) -> str:
        try:
            return collection.document(id).text
        except AbsentError as error:
            raise ResourceNotFoundError(_words(error, strings)) from error
        except DalilError as error:
            raise ResourceError(_words(error, strings)) from error

    return server


class _Server(MCPServer[None]):
    """A server that lists the collection's texts as they are now."""

    def __init__(self, collection: AskedCollection, **about: str) -> None:
        super().__init__(**about)  # type: ignore[arg-type]  # the log level is a literal
        self._collection = collection

    async def list_resources(self) -> list[Resource]:
        """The first texts by source."""
        try:
            shelf = await anyio.to_thread.run_sync(self._collection.shelf)
        except DalilError as error:
            raise MCPError(INTERNAL_ERROR, str(error)) from error
        return [
            Resource(
                uri=texts.DOCUMENTS + item.document_id,
                name=texts.document_name(item),
                mime_type=_PLAIN,
            )
            for item in _distinct(shelf)[:_MOST_LISTED]
        ]


class _Tools:
    """The tools; each runs in a thread of its own."""

    def __init__(self, collection: AskedCollection, strings: Strings) -> None:
        self._collection = collection
        self._strings = strings

    def ask(
        self,
        question: Annotated[str, Field(description="one question, Arabic or English")],
        history: Annotated[
            list[texts.Earlier] | None,
            Field(
                max_length=_MOST_EARLIER,
                description="earlier questions of the conversation, latest last, for a question "
                "that leans on them",
            ),
        ] = None,
    ) -> Annotated[CallToolResult, texts.AskResult]:
        with self._told():
            line = check_question(question)
            before = [Exchange(one.query, one.answer) for one in history or ()]
            pipeline = self._collection.pipeline()
            turn = turn_of(pipeline, line, before)
            assert turn.answer is not None, "a question that is asked gets an answer"
            hits = tuple(_borne_out(turn.answer.hits, pipeline))
            turn = replace(turn, answer=replace(turn.answer, hits=hits))
            return _result(texts.ask_result(turn), texts.told_answer(turn, self._strings))

    def search(
        self,
        query: Annotated[str, Field(description="what to look for, Arabic or English")],
        limit: Annotated[int, Field(ge=1, le=_MOST_HITS, description="most passages")] = 5,
    ) -> Annotated[CallToolResult, texts.SearchResult]:
        with self._told():
            line = check_question(query)
            pipeline = self._collection.pipeline()
            hits = texts.found(_borne_out(pipeline.search(line, limit), pipeline))
            said = texts.told_passages(hits, self._strings)
            return _result(texts.SearchResult(query=line, hits=hits), said)

    def list_documents(
        self,
        offset: Annotated[int, Field(ge=0, description="how many to leave out first")] = 0,
        limit: Annotated[int, Field(ge=1, le=_MOST_LISTED, description="most texts")] = 100,
    ) -> Annotated[CallToolResult, texts.ListResult]:
        with self._told():
            shelf = _distinct(self._collection.shelf())
            listed = texts.listed(shelf[offset : offset + limit])
            said = texts.told_documents(listed, self._strings)
            return _result(texts.ListResult(total=len(shelf), documents=listed), said)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What a person can mend reaches the program as the tool's error, in words."""
        try:
            yield
        except DalilError as error:
            raise ToolError(_words(error, self._strings)) from error


def _words(error: DalilError, strings: Strings) -> str:
    """What is wrong and what to do, for the program and for its reader."""
    arabic = error.arabic if strings.language == "ar" else ""
    return "\n".join(filter(None, (error.message, error.hint, arabic)))


def _result(data: BaseModel, said: str) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(type="text", text=said)], structured_content=data.model_dump()
    )


def _borne_out(hits: Sequence[Hit], pipeline: Pipeline) -> list[Hit]:
    """The hits whose passages stand in their documents, at their offsets, letter by letter."""

    def stands(hit: Hit) -> bool:
        try:
            passage = sound(pipeline.context(hit.passage.id), hit.passage.id)
        except DalilError:  # it has left the index since
            return False
        return passage is not None and passage == hit.passage

    return [hit for hit in hits if stands(hit)]


def _distinct(shelf: Sequence[ShelfItem]) -> list[ShelfItem]:
    """Texts without those that are another file's, letter by letter."""
    return list({item.document_id: item for item in reversed(shelf)}.values())[::-1]
