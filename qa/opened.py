"""An index for Python programs: questions and searches, and nothing to know of what is inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.hit import Hit
    from qa.answer import Answer, Exchange
    from qa.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An index that can be asked; it follows its rebuilds. Safe to share among threads."""

    pipeline: Pipeline

    def ask(self, question: str, history: Sequence[Exchange] = ()) -> Answer:
        """Answer ``question``, or abstain; ``history`` came before it, latest last.

        Raises DalilError when the question is empty or too long.
        """
        return self.pipeline.ask(question, history=history)

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """The ``limit`` best passages, best first; raises DalilError as ``ask`` does."""
        from qa.question import check_question

        return self.pipeline.search(check_question(query), limit)
