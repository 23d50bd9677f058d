"""What OpenAI-compatible servers send, read without trust in its form; and how to ask again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from openai import OpenAIError

_T = TypeVar("_T")
_PAUSES = (0.25, 1.0)  # seconds before asking again a server that refused


async def patiently(ask: Callable[[], Awaitable[_T]]) -> _T:
    """What ``ask`` gives, asked again after a moment where the server refused for the moment."""
    from openai import OpenAIError

    for pause in _PAUSES:
        try:
            return await ask()
        except OpenAIError as error:
            if not _passes(error):
                raise
        await asyncio.sleep(pause)
    return await ask()


def _passes(error: OpenAIError) -> bool:
    """Whether asking again soon may help."""
    from httpx2 import ConnectError

    status = getattr(error, "status_code", 0)
    return isinstance(error.__cause__, ConnectError) or status == 429 or status >= 500


def words_in(event: object) -> tuple[str, bool]:
    """The words in one event of a stream, and whether it is the last; a model's thoughts, which
    have a field of their own, are not among them.
    """
    match event:
        case {"choices": [{"delta": {"content": str(words)}, **rest}, *_]}:
            return words, bool(rest.get("finish_reason"))
        case {"choices": [{"finish_reason": str()}, *_]}:
            return "", True
    return "", False


def first_model(listed: object) -> str:
    """The name of the first model in a list of them; empty where there is none to be had."""
    match listed:
        case {"data": [{"id": str(name)}, *_]} if name.isprintable() and len(name) <= 200:
            return name
    return ""
