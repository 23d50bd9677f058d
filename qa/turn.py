"""One question of a conversation with what became of it, and the form that it is kept in."""

import json
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING

from qa.answer import Answer

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what became of it; still being answered while all else is empty.

    ``withheld`` when there was an answer, but a citation of it did not hold.
    """

    question: str
    answer: Answer | None = None
    failure: str = ""
    hint: str = ""
    withheld: bool = False

    @property
    def pending(self) -> bool:
        """Whether the question still waits for its answer."""
        return self.answer is None and not self.failure


def to_json(turn: Turn) -> str:
    """A finished turn with all that it holds; ValueError while it waits for its answer."""
    if turn.pending:
        raise ValueError(f"not answered yet: {turn.question!r}")
    return carried(json.dumps(asdict(turn), ensure_ascii=False))


def from_json(text: str) -> Turn | None:
    """The turn that ``to_json`` wrote; None for one of another form, such as an older version's."""
    from pydantic import ValidationError

    try:
        turn = _form().validate_json(text, strict=True)
    except ValidationError:
        return None
    return None if turn.pending else turn


def carried(text: str) -> str:
    """``text`` with a question mark for each half of a surrogate pair, which UTF-8 cannot carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


@cache
def _form() -> "TypeAdapter[Turn]":
    from pydantic import TypeAdapter

    return TypeAdapter(Turn)
