"""What the page does, apart from Gradio: questions and choices in, HTML out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from corpus.errors import DalilError
from qa.answer import Answer, Exchange
from qa.context import Summary
from ui.protocol import Pipeline
from ui.source import citation_panel, empty_panel, error_panel, hit_panel
from ui.strings import Strings
from ui.views import Turn, answered, conversation, shown_hits

Turns = tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page over one pipeline, for all its visitors: it remembers nothing between calls."""

    pipeline: Pipeline
    strings: Strings
    summary: Summary
    examples: tuple[str, ...]

    @classmethod
    def over(cls, pipeline: Pipeline, strings: Strings) -> "Page":
        """The page for ``pipeline``; DalilError when its index cannot be read."""
        return cls(pipeline, strings, pipeline.describe(), pipeline.examples())

    def answer(self, question: str, past: Turns = ()) -> Turn:
        """Ask after the turns in ``past``, and check each citation against the text.

        A DalilError becomes words to show.
        """
        from qa.question import MAX_QUESTION

        length = len(" ".join(question.split()))
        if length > MAX_QUESTION:
            refusal = self.strings.too_long.format(length=length, limit=MAX_QUESTION)
            return Turn(question, failure=refusal, hint=self.strings.shorten)
        history = [Exchange(t.answer.query, t.answer.text) for t in past if t.answer]
        try:
            return answered(
                question, self.pipeline.ask(question, history=history), self.pipeline.context
            )
        except DalilError as error:
            return Turn(question, failure=error.message, hint=error.hint)

    def chat(self, turns: Turns) -> str:
        """The conversation as HTML."""
        return conversation(turns, self.summary, self.examples, self.strings)

    def empty(self) -> str:
        """The source panel with no source in it."""
        return empty_panel(self.summary.titles, self.strings)

    def first_source(self, turn: Turn) -> str:
        """The panel as a new answer leaves it: its first citation, or nothing."""
        if turn.answer is None or not turn.answer.citations:
            return self.empty()
        return self.source((turn,), {"turn": 0, "number": turn.answer.citations[0].number})

    def source(self, turns: Turns, choice: Mapping[str, object]) -> str:
        """The panel for what a reader chose: {turn, number} a citation, {turn, hit} a passage."""
        match choice:
            case {"turn": int(place), "number": int(number)} if 0 <= place < len(turns):
                answer = turns[place].answer
                return self._citation(answer, number) if answer else self._gone()
            case {"turn": int(place), "hit": int(position)} if 0 <= place < len(turns):
                answer = turns[place].answer
                return self._hit(answer, position) if answer else self._gone()
        return self._gone()

    def _citation(self, answer: Answer, number: int) -> str:
        chosen = [c for c in answer.citations if c.number == number]
        if not chosen:
            return self._gone()
        try:
            context = self.pipeline.context(chosen[0].passage_id)
        except DalilError as error:
            return error_panel(error.message, self.strings)
        return citation_panel(context, chosen[0], self.strings)

    def _hit(self, answer: Answer, position: int) -> str:
        hits = shown_hits(answer)
        if not 0 <= position < len(hits):
            return self._gone()
        try:
            context = self.pipeline.context(hits[position].passage.id)
        except DalilError as error:
            return error_panel(error.message, self.strings)
        return hit_panel(context, hits[position], self.strings)

    def _gone(self) -> str:
        return error_panel(self.strings.gone, self.strings)


def as_data(turn: Turn) -> dict[str, Any]:
    """An answered turn for programs: plain types only, citations checked like the page's."""
    answer = turn.answer
    if answer is None:
        raise DalilError(turn.failure, turn.hint)
    return {
        "question": turn.question,
        "query": answer.query,
        "answer": answer.text,
        "abstained": answer.abstained,
        "confidence": answer.confidence,
        "citations": [asdict(citation) for citation in answer.citations],
    }
