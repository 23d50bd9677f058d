"""What one open page is about: the collection it asks and the conversation on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qa.conversations import Judgement
from ui.pen import Pen
from ui.views import Turn


@dataclass(frozen=True, slots=True)
class Visit:
    """One open page. ``conversation`` is None until a first question is answered and kept, and
    empty when that failed.

    ``judged`` holds what the reader thinks of the turns, by their place. ``news`` says that the
    last turn has just been answered, and its source is still to be shown. ``pen`` words its answer.
    """

    collection: str = ""
    conversation: str | None = None
    turns: tuple[Turn, ...] = ()
    judged: dict[int, Judgement] = field(default_factory=dict)
    news: bool = field(default=False, compare=False)
    pen: Pen | None = field(default=None, compare=False)

    @property
    def busy(self) -> bool:
        """Whether a question waits for its answer: the visit must not turn to something else."""
        return bool(self.turns) and self.turns[-1].pending

    def asking(self, question: str) -> "Visit":
        """The visit while ``question`` waits for its answer; one that never got its own is gone."""
        turns = (*(turn for turn in self.turns if not turn.pending), Turn(question))
        return replace(self, turns=turns, news=False, pen=None)

    def answered(self, turn: Turn, conversation: str | None, pen: Pen | None = None) -> "Visit":
        """The visit once the last question has become ``turn``, which ``pen`` goes on to word."""
        turns = (*self.turns[:-1], turn)
        return replace(self, turns=turns, conversation=conversation, news=True, pen=pen)

    def latest(self) -> "Visit":
        """The visit with what is written of its last answer by now."""
        if self.pen is None:
            return self
        return replace(self, turns=(*self.turns[:-1], self.pen.turn))

    def known(self) -> "Visit":
        """The visit with nothing new in it."""
        return replace(self, news=False)

    def with_judgements(self, judgements: Sequence[Judgement]) -> "Visit":
        """The visit with all that was thought of its turns."""
        return replace(self, judged={one.place: one for one in judgements})
