"""How a case of the fuzzer ended, and how that is found out."""

from __future__ import annotations

import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from types import FrameType
from typing import Literal

from corpus.children import BrokenOffError
from corpus.errors import DalilError

HANG = 10.0  # seconds
_NEVER = 120.0
MOST_MEMORY = 2 * 1024**3  # bytes; files of the fuzzer are small, and may take 1.5 GiB

Ending = Literal["read", "refused", "stopped", "crash", "hang"]
"""``stopped``: refused because a child ran into its limit of memory or time, as it should."""


Work = Callable[[], object]
Maker = Callable[[Random, int], Work]
"""Makes of a case's own chance, and of its number, what is to be tried."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case: its name, by which it can be run again, its end, and its seconds."""

    case: str
    ending: Ending
    seconds: float
    told: str = ""


class HangError(Exception):
    """A case is still going on after ``HANG`` seconds."""


def judged(case: str, work: Work) -> Outcome:
    """The outcome of ``work``; what is neither a result nor a DalilError is a crash.

    A case that hangs is tried again: only what hangs twice does so because of what it was given,
    and not because the machine was busy.
    """
    first = _judged(case, work)
    return _judged(case, work) if first.ending == "hang" else first


def _judged(case: str, work: Work) -> Outcome:
    started = time.perf_counter()
    ending: Ending = "read"
    told = ""
    try:
        with _alarm():
            work()
    except BrokenOffError as error:
        ending = "crash" if error.why == "crash" else "stopped"
        told = error.told_by_child or error.why
    except DalilError as error:
        ending = "refused"
        if not (error.message.strip() and error.arabic.strip()):
            ending, told = "crash", f"says nothing: {error!r}"
    except HangError:
        ending = "hang"
        told = traceback.format_exc(limit=-3)
    except Exception:  # this is what the suite looks for
        ending, told = "crash", traceback.format_exc(limit=-4)
    return Outcome(case, ending, time.perf_counter() - started, told)


@contextmanager
def _alarm() -> Iterator[None]:
    """Raise HangError in the main thread where the block takes too long.

    Processor time counts, for this machine may have other things to do; but nothing waits forever.
    """

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise HangError

    signal.signal(signal.SIGPROF, ring)
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_PROF, HANG)
    signal.setitimer(signal.ITIMER_REAL, _NEVER)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
