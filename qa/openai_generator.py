"""A language model behind any OpenAI-compatible address: Ollama, llama.cpp, vLLM, LM Studio."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from qa.generator import GeneratorError, Message, never
from qa.openai_protocol import first_model, patiently, words_in
from qa.openai_server import OpenAIServer
from qa.openai_troubles import broke_off, is_unreachable, no_model, told, unreachable, unreadable
from qa.reachability import Reachability
from qa.timed import TICK, Left, Limits, NoWordError, Outlet, timed

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream, OpenAIError

_PROBE_SECONDS = 2.0
_LIST_BYTES = 4_000_000
_LONGEST_TOKEN, _TOKEN_BYTES, _SPARE_BYTES = 16, 2_000, 1_000_000


class OpenAIGenerator:
    """Chat completions, streamed.

    ``model`` may be empty: then the first that the server lists. ``words`` is the most tokens of
    one answer. Safe to share among threads: each answer has a thread and a connection of its own.
    """

    def __init__(
        self,
        address: str,
        model: str = "",
        key: str = "",
        *,
        limits: Limits,
        words: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        import openai  # noqa: F401  (it takes longer than a first answer may wait for the server)

        self._address, self._set_model, self._listed_model = address, model, ""
        self._limits, self._words, self._clock = limits, words, clock
        self._server = OpenAIServer(address, key)
        self._reach = Reachability(self._probe, f"The language model's server at {address}", clock)

    @property
    def name(self) -> str:
        """The model where it is known, else the server's address."""
        listed = self._listed_model
        if listed.endswith(".gguf"):  # llama.cpp lists where the file lies
            listed = re.split(r"[/\\]", listed)[-1]
        return self._set_model or listed or self._address

    def prepare(self) -> None:
        """Find out in the background whether the server answers, unless that is known."""
        self._reach.look()

    def write(
        self, messages: Sequence[Message], stopped: Callable[[], bool] = never
    ) -> Iterator[str]:
        """What the model writes, piece by piece. Raises GeneratorError.

        A server that does not answer delays this by a quarter of a second, not by its time limits.
        """
        self._reach.require()

        def work(outlet: Outlet) -> None:
            with asyncio.Runner() as runner:
                runner.run(_unless_left(self._relay(messages, outlet), outlet))

        try:
            yield from timed(work, self.name, self._limits, stopped, self._clock)
        except NoWordError as error:
            self._reach.lost(error)
            raise

    async def _relay(self, messages: Sequence[Message], outlet: Outlet) -> None:
        """Ask the server, and hand over what it writes, to the limit of its length."""
        from openai import OpenAIError

        most_bytes = self._words * _TOKEN_BYTES + _SPARE_BYTES
        model = ""
        try:
            async with self._server.client(most_bytes, self._limits.seconds) as client:
                model = await self._model(client)
                stream = await patiently(lambda: self._asked(client, model, messages))
                async with stream, aclosing(self._written(stream)) as pieces:
                    async for piece in pieces:
                        outlet.give(piece)
            return
        except OpenAIError as error:
            trouble = self._told(error, model)
        except (ValueError, RecursionError):  # not JSON, not text, or nested without end
            trouble = unreadable(self._address)
        raise trouble  # out here, that it carries along nothing of what the server sent

    def _told(self, error: OpenAIError, model: str) -> GeneratorError:
        trouble = told(error, self._address, model)
        if is_unreachable(error):
            self._reach.lost(trouble)
        if getattr(error, "status_code", 0) == 404:
            self._listed_model = ""  # another may be loaded by now
        return trouble

    async def _asked(
        self, client: AsyncOpenAI, model: str, messages: Sequence[Message]
    ) -> AsyncStream[object]:
        from openai import AsyncStream

        body = {
            "model": model,
            "messages": [{"role": one.role, "content": _sendable(one.content)} for one in messages],
            "max_tokens": self._words,
            "temperature": 0,
            "stream": True,
        }
        # As plain JSON, since the library's own classes hold whatever a server sends unchecked.
        return await client.post(
            "/chat/completions",
            cast_to=object,
            body=body,
            stream=True,
            stream_cls=AsyncStream[object],
        )

    async def _written(self, stream: AsyncStream[object]) -> AsyncGenerator[str, None]:
        """The words of a stream, no more than were asked for. Raises GeneratorError when it ends
        before the answer does.
        """
        left, letters, events = 2 * self._words, _LONGEST_TOKEN * self._words, 0
        async for event in stream:
            events += 1
            words, last = words_in(event)
            if words:
                self._reach.found()
                yield words[:letters]
                left, letters = left - 1, letters - len(words)
            if last or left <= 0 or letters <= 0:
                return
        raise broke_off(self._address) if events else unreadable(self._address)

    async def _model(self, client: AsyncOpenAI) -> str:
        """The model to ask: the one that is set, or the first that the server lists."""
        if not (self._set_model or self._listed_model):
            listed = await patiently(lambda: client.get("/models", cast_to=object))
            self._listed_model = first_model(listed)
        if not (model := self._set_model or self._listed_model):
            raise no_model(self._address, "")
        return model

    def _probe(self) -> GeneratorError | None:
        """What is wrong when the server does not answer within `_PROBE_SECONDS`, whatever it says:
        one that is busy or wants a key is there.
        """
        from openai import APIConnectionError, APIStatusError, APITimeoutError

        async def listed() -> object:
            async with self._server.client(_LIST_BYTES, _PROBE_SECONDS) as client:
                return await asyncio.wait_for(client.get("/models", cast_to=object), _PROBE_SECONDS)

        try:
            with asyncio.Runner() as runner:
                self._listed_model = first_model(runner.run(listed()))
        except TimeoutError:
            return unreachable(self._address)
        except APIConnectionError as error:
            dead = is_unreachable(error) or isinstance(error, APITimeoutError)
            return told(error, self._address, "") if dead else None
        except (APIStatusError, GeneratorError, ValueError, RecursionError):
            return None
        return None


async def _unless_left(work: Coroutine[None, None, None], outlet: Outlet) -> None:
    """Do ``work``, and cancel it when nobody takes what it gives any more. Raises Left then."""
    task = asyncio.ensure_future(work)
    while not (await asyncio.wait({task}, timeout=TICK))[0]:
        if outlet.left:
            task.cancel()
    if task.cancelled():
        raise Left
    task.result()


def _sendable(text: str) -> str:
    """``text`` without halves of characters, which cannot be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")
