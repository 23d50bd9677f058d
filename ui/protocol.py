"""What the page asks of a pipeline: the real one and the tests' double both fit."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from index.hit import Hit
from qa.answer import Answer, Exchange
from qa.context import Context, Summary
from qa.generator import never


class Pipeline(Protocol):
    """Questions in, answers and their surroundings out. Every method may raise DalilError."""

    def ask(
        self, question: str, *, history: Sequence[Exchange] = (), mood: str | None = None
    ) -> Answer:
        """Answer ``question`` from the indexed texts, or abstain; ``history`` came before it.

        ``mood`` says how sure an answer must be, where not as the settings say.
        """
        ...

    @property
    def writes(self) -> bool:
        """Whether a language model words answers here."""
        ...

    def write(self, answer: Answer, stopped: Callable[[], bool] = never) -> Iterator[Answer]:
        """``answer`` with more and more of what the model writes, each sentence once it is checked.

        The last one's ``written`` is no longer ``"writing"``; whatever becomes of the model, the
        answer itself stays. Nothing where it abstained or no model writes.
        """
        ...

    def search(self, query: str, limit: int) -> Sequence[Hit]:
        """The ``limit`` best passages, best first."""
        ...

    def context(self, passage_id: str, around: int = 1) -> Context:
        """The passage with up to ``around`` neighbours on each side, in text order."""
        ...

    def original(self, document_id: str) -> bytes | None:
        """The file that the document was read from, or None when it is gone or has changed."""
        ...

    def describe(self) -> Summary:
        """What the index holds."""
        ...

    def examples(self, wait: bool = True) -> tuple[str, ...]:
        """Questions that a newcomer can try; without ``wait``, none while they are not ready."""
        ...
