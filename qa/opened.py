"""An index for Python programs: questions and searches, and nothing to know of what is inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

    def write(self, answer: Answer) -> Iterator[Answer]:
        """``answer`` again and again, with more of what the language model writes in ``written``.

        Each sentence comes once its citations are verified and bear it out; further citations come
        after the answer's own, which stay. The last one's ``written.state`` is "done", or "failed"
        with its trouble in words. Nothing comes where ``answer`` abstained or the settings name no
        ``generator``. Closing the iterator stops the model. Raises DalilError when a passage of
        ``answer`` has left the index.
        """
        return self.pipeline.write(answer)

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """The ``limit`` best passages, best first; raises DalilError as ``ask`` does."""
        from qa.question import check_question

        return self.pipeline.search(check_question(query), limit)
