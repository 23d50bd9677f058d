"""Run coroutines from a test, whatever ran before it."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import anyio

Result = TypeVar("Result")


def run_async(function: Callable[..., Awaitable[Result]], *args: object) -> Result:
    """``anyio.run`` in a thread of its own: Playwright leaves a loop running in the first one."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(lambda: anyio.run(function, *args)).result()
