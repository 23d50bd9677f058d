"""What one open page is about: the collection it asks and the conversation on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qa.conversations import Judgement
from ui.views import Turn


@dataclass(frozen=True, slots=True)
class Visit:
    """One open page. ``conversation`` is None until a first question is answered and kept, and
    empty when that failed.

    ``judged`` holds what the reader thinks of the turns, by their place.
    """

    collection: str = ""
    conversation: str | None = None
    turns: tuple[Turn, ...] = ()
    judged: dict[int, Judgement] = field(default_factory=dict)

    @property
    def busy(self) -> bool:
        """Whether a question waits for its answer: the visit must not turn to something else."""
        return bool(self.turns) and self.turns[-1].pending

    def asking(self, question: str) -> "Visit":
        """The visit while ``question`` waits for its answer."""
        return replace(self, turns=(*self.turns, Turn(question)))

    def answered(self, turn: Turn, conversation: str | None) -> "Visit":
        """The visit once the last question has become ``turn``."""
        return replace(self, turns=(*self.turns[:-1], turn), conversation=conversation)

    def with_judgements(self, judgements: Sequence[Judgement]) -> "Visit":
        """The visit with all that was thought of its turns."""
        return replace(self, judged={one.place: one for one in judgements})
