"""What the page does, apart from Gradio: questions and choices in, HTML out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from corpus.errors import DalilError
from qa.answer import Answer, Citation, Exchange
from qa.context import Context, Summary
from ui.asking import turn_of
from ui.library import Collection
from ui.markup import safe
from ui.masthead import masthead
from ui.picture import page_figure
from ui.protocol import Pipeline
from ui.shelf import library
from ui.side import talks
from ui.source import citation_panel, document_panel, empty_panel, error_panel, hit_panel, holds
from ui.strings import Strings
from ui.views import Turn, conversation, shown_hits, welcome
from ui.visit import Visit
from ui.worded import written_data
from ui.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Page:
    """The page in one language, for all its visitors: it remembers nothing between calls."""

    workspace: Workspace
    strings: Strings

    def answer(self, question: str, visit: Visit) -> Turn:
        """Ask the visit's collection after its earlier turns, and check each citation.

        A DalilError becomes words to show.
        """
        from qa.question import MAX_QUESTION

        length = len(" ".join(question.split()))
        if length > MAX_QUESTION:
            refusal = self.strings.too_long.format(length=length, limit=MAX_QUESTION)
            return Turn(question, failure=refusal, hint=self.strings.shorten)
        history = [Exchange(t.answer.query, t.answer.text) for t in visit.turns if t.answer]
        try:
            return turn_of(self.pipeline(visit), question, history)
        except DalilError as error:
            failure, hint = error.told(self.strings.language)
            return Turn(question, failure=failure, hint=hint)

    def pipeline(self, visit: Visit) -> Pipeline:
        """What answers from the visit's collection."""
        return self.workspace.shelves.pipeline(visit.collection)

    def arrive(self) -> Visit:
        """A new visit, to the default collection."""
        try:
            return Visit(self.workspace.shelves.default().id)
        except DalilError:  # the page opens all the same, and its parts say what is wrong
            return Visit()

    def head(self, visit: Visit) -> str:
        """The page's head."""
        return masthead(
            self._collections(),
            visit.collection,
            self.strings,
            busy=visit.busy,
            leave=self.workspace.login,
        )

    def chat(self, visit: Visit) -> str:
        """The conversation."""
        shown = visit.latest()
        return conversation(shown.turns, shown.judged, self.strings, shown.conversation)

    def welcome(self, visit: Visit, settled: bool = False) -> str:
        """The first screen; ``settled`` when questions to begin with were waited for."""
        ready = self.workspace.shelves.ready
        try:
            examples = self.examples(visit)
            return welcome(
                self.summary(visit), examples, self.strings,
                ready=ready, settled=settled or bool(examples),
            )  # fmt: skip
        except DalilError as error:
            return self.unwelcome(error)

    def unwelcome(self, error: DalilError) -> str:
        """What is wrong, in place of the first screen."""
        return f'<div class="welcome">{self._trouble(error)}</div>'

    def examples(self, visit: Visit) -> tuple[str, ...]:
        """Questions to begin with, so far as they are ready."""
        shelves = self.workspace.shelves
        if not shelves.ready or not shelves.shelf(visit.collection):
            return ()
        return self.pipeline(visit).examples(wait=False)

    def summary(self, visit: Visit) -> Summary:
        """How much the visit's collection holds."""
        items = self.workspace.shelves.shelf(visit.collection)
        titles = tuple(item.title or item.source for item in items)
        return Summary(len(items), sum(item.passages for item in items), titles)

    def side(self, owner: str, visit: Visit, searched: str = "") -> str:
        """The list of the owner's conversations."""
        try:
            found = self.workspace.conversations.headings(owner, searched)
        except DalilError as error:
            return self._trouble(error)
        return talks(found, visit.conversation, searched, self.strings)

    def library(self, visit: Visit, said: str = "") -> str:
        """The collections, and the texts of the visit's."""
        shelves = self.workspace.shelves
        try:
            current = shelves.collection(visit.collection)
        except DalilError as error:
            return f'<section class="library">{self._trouble(error)}</section>'
        try:
            items = shelves.shelf(visit.collection)
        except DalilError as error:  # damaged: its acts must stay at hand, to build it again
            items, said = (), " ".join(error.told(self.strings.language))
        return library(
            self._collections(),
            current,
            items,
            self.strings,
            said,
            read_only=self.workspace.read_only,
        )

    def _collections(self) -> tuple[Collection, ...]:
        """All collections; none when their list is damaged, which the library's page says."""
        try:
            return self.workspace.shelves.collections()
        except DalilError:
            return ()

    def empty(self, visit: Visit) -> str:
        """The source panel with no source in it."""
        try:
            return empty_panel(self.summary(visit).titles, self.strings)
        except DalilError as error:
            return self._refused(error)

    def first_source(self, visit: Visit) -> str:
        """The panel as a new answer leaves it: its first citation, or nothing."""
        answer = visit.turns[-1].answer if visit.turns else None
        if answer is None or not answer.citations:
            return self.empty(visit)
        number = answer.citations[0].number
        return self.source(visit, {"turn": len(visit.turns) - 1, "number": number})

    def source(self, visit: Visit, choice: Mapping[str, object]) -> str:
        """The panel for a reader's choice: {turn, number} a citation, {turn, hit} a passage.

        With {whole} the whole document is shown around it.
        """
        whole, visit = choice.get("whole") is True, visit.latest()
        match choice:
            case {"turn": int(place), "number": int(number)} if 0 <= place < len(visit.turns):
                answer = visit.turns[place].answer
                return (
                    self._citation(visit, place, answer, number, whole) if answer else self._gone()
                )
            case {"turn": int(place), "hit": int(position)} if 0 <= place < len(visit.turns):
                answer = visit.turns[place].answer
                return self._hit(visit, place, answer, position, whole) if answer else self._gone()
        return self._gone()

    def _citation(self, visit: Visit, place: int, answer: Answer, number: int, whole: bool) -> str:
        chosen = next((c for c in answer.citations if c.number == number), None)
        if chosen is None:
            return self._gone()
        opener = f'data-turn="{place}" data-number="{number}"'
        try:
            pipeline = self.pipeline(visit)
            context = pipeline.context(chosen.passage_id)
            if whole:
                return document_panel(context, chosen, opener, self.strings)
            figure = self._figure(pipeline, context, chosen) if holds(context, chosen) else ""
        except DalilError as error:
            return self._refused(error)
        return citation_panel(context, chosen, opener, self.strings, figure)

    def _figure(self, pipeline: Pipeline, context: Context, chosen: Citation) -> str:
        """The cited page as a picture, while its file is there and the text has such pages still.

        The same text may have come from another file since, with other pages or none.
        """
        text, starts = context.document.text, context.document.pages
        if chosen.page is None or chosen.page > len(starts):
            return ""
        data = pipeline.original(chosen.document_id)
        before = text[starts[chosen.page - 1] : chosen.start]
        return page_figure(data, chosen.page, chosen.quote, self.strings, before) if data else ""

    def _hit(self, visit: Visit, place: int, answer: Answer, position: int, whole: bool) -> str:
        hits = shown_hits(answer)
        if not 0 <= position < len(hits):
            return self._gone()
        opener = f'data-turn="{place}" data-hit="{position}"'
        try:
            context = self.pipeline(visit).context(hits[position].passage.id)
        except DalilError as error:
            return self._refused(error)
        if whole:
            return document_panel(context, hits[position], opener, self.strings)
        return hit_panel(context, hits[position], opener, self.strings)

    def _gone(self) -> str:
        return error_panel(self.strings.gone, self.strings)

    def _refused(self, error: DalilError) -> str:
        """The source panel with what is wrong in it."""
        return error_panel(error.told(self.strings.language)[0], self.strings)

    def _trouble(self, error: DalilError) -> str:
        said = " ".join(error.told(self.strings.language)).strip()
        return f'<p class="problem" role="alert">{safe(said)}</p>'


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
        "written": written_data(answer),
    }
