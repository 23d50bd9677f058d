"""The fake pipeline with a language model that is watched, for tests of the doors for programs."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from corpus.errors import DalilError
from qa.answer import Answer
from qa.generator import never
from tests.ui.fake_pipeline import FakePipeline


@dataclass
class WordedPipeline(FakePipeline):
    """Says when the model ``began`` with its first sentence, saw that it was ``stopped``, and was
    ``closed``. ``breaks`` is what it raises before its end; ``forged`` gives its further citation
    words that no text has.
    """

    writes: bool = True
    removed: int = 1
    breaks: Exception | None = None
    forged: str = ""
    began: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)

    def write(self, answer: Answer, stopped: Callable[[], bool] = never) -> Iterator[Answer]:
        """The script of the fake pipeline."""
        own = len(answer.citations)
        try:
            for one in super().write(answer, stopped):
                assert one.written is not None
                if self.breaks and one.written.state != "writing":
                    raise self.breaks
                if one.written.state == "stopped":
                    self.stopped.set()
                further = [replace(c, quote=self.forged or c.quote) for c in one.citations[own:]]
                yield replace(one, citations=(*one.citations[:own], *further))
                if one.written.sentences:
                    self.began.set()
        finally:
            self.closed.set()

    @classmethod
    def held(cls) -> "WordedPipeline":
        """One that writes a sentence and no more until its ``pen`` lets it."""
        return cls(pen=threading.Semaphore(1))

    def go_on(self) -> None:
        """Let a held one write to its end."""
        for _ in range(1000):
            self.pen.release()


GONE = DalilError("The passage is gone.", "Ask again.", arabic="لم يعد المقطع موجودًا.")
