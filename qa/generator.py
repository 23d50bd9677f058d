"""What a generator is: a language model that writes, and how it says that it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from corpus.errors import DalilError


class GeneratorError(DalilError):
    """The language model is missing, too slow, or broke off."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of what a model is asked."""

    role: Literal["system", "user", "assistant"]
    content: str


def never() -> bool:
    """For work that nobody stops."""
    return False


class Generator(Protocol):
    """A language model. Safe to share among threads."""

    @property
    def name(self) -> str:
        """What it is called, for people."""

    def prepare(self) -> None:
        """Find out, in the background and without waiting, whether it can be reached."""

    def write(
        self, messages: Sequence[Message], stopped: Callable[[], bool] = never
    ) -> Iterator[str]:
        """What the model writes, piece by piece, as it comes.

        Ends soon after ``stopped`` says so, at the model's own end, and at the limit of its length.
        Raises GeneratorError when the model cannot be reached, is slower than its settings allow,
        or breaks off; pieces that came before that were given already.
        """
