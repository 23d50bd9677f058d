"""A language model words answers on the page: beside all else, stopped at will, kept."""

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from typing import Any, cast

from corpus.errors import DalilError
from qa.answer import Answer, Written
from qa.context import Context
from qa.turn import Turn
from ui.page import Page
from ui.pen import Pen, as_left, worded_so
from ui.views import advice, answered
from ui.visit import Visit
from ui.worded import broken_off

Values = dict[str, Any]


def pen_for(page: Page, visit: Visit, turn: Turn) -> Pen | None:
    """What is to word the turn's answer; None where nothing does."""
    if turn.answer is None or turn.answer.abstained:
        return None
    try:
        return Pen(turn) if page.pipeline(visit).writes else None
    except DalilError:  # the collection has just gone: its answer stays as it is
        return None


def writing(page: Page, owner: str, visit: Visit) -> Generator[Values, None, None]:
    """What changes while the visit's last answer is worded: the conversation, sentence by sentence.

    Whatever breaks it off, what was written so far is kept. Nothing comes once another event has
    ended it, or where another one writes already.
    """
    pen = visit.pen
    if pen is None or not pen.begin():
        return
    stopping = page.workspace.stopping
    turns = _worded(page, visit, visit.turns[-1], lambda: pen.ended or stopping.is_set())
    try:
        with closing(turns):
            for turn in turns:
                with pen.showing():
                    if not pen.put(turn):
                        return
                    note = _kept(page, owner, visit, turn)
                    yield {"log": page.chat(_judged_by_now(page, owner, visit))} | note
    finally:
        if left := pen.stop():
            _kept(page, owner, visit, left)


def ended(page: Page, owner: str, visit: Visit) -> Visit:
    """The visit when nothing is written on it any more, with what was written."""
    if visit.pen is None:
        return visit
    left = visit.pen.stop()
    with visit.pen.showing():  # what was on its way to the page is there now
        if left:
            _kept(page, owner, visit, left)
    return replace(visit.latest(), pen=None)


def stopped(page: Page, owner: str, visit: Visit) -> Values:
    """What changes when a reader stops the writing. The visit stays: it may be further by now."""
    if visit.pen is None or visit.pen.ended:
        return {}
    return {"log": page.chat(_judged_by_now(page, owner, ended(page, owner, visit)))}


def finished(page: Page, visit: Visit, turn: Turn) -> Turn:
    """The turn once the model has worded all of its answer; at once where none does."""
    if pen_for(page, visit, turn) is None:
        return turn
    return [turn, *_worded(page, visit, turn, page.workspace.stopping.is_set)][-1]


def _worded(
    page: Page, visit: Visit, turn: Turn, stop: Callable[[], bool]
) -> Generator[Turn, None, None]:
    """The turn again and again as its answer is worded, each citation checked once more."""
    assert turn.answer is not None, "only an answer is worded"
    try:
        pipeline = page.pipeline(visit)
        # It has a close(), which its protocol need not know.
        answers = cast("Generator[Answer, None, None]", pipeline.write(turn.answer, stop))
        with closing(answers):
            for answer in answers:
                now = answered(turn.question, answer, pipeline.context)
                if now.withheld:
                    _require_there(answer, pipeline.context)
                turn = now
                yield turn
                if turn.withheld:
                    return
    except DalilError as error:
        before = turn.answer.written if turn.answer else None
        yield worded_so(turn, broken_off(before, error))


def _require_there(answer: Answer, find: Callable[[str], Context]) -> None:
    """Raise DalilError when a cited passage has left the index: then no quote was forged, and the
    answer stays as it was given.
    """
    try:
        for citation in answer.citations:
            find(citation.passage_id)
    except DalilError as error:
        raise DalilError(
            "The texts were changed meanwhile.",
            "Ask again.",
            arabic="تغيّرت النصوص في أثناء الصياغة. أعِد السؤال.",
        ) from error


def _kept(page: Page, owner: str, visit: Visit, turn: Turn) -> Values:
    """Keep the turn as it would stay if nothing more came; a note where that fails."""
    written = turn.answer.written if turn.answer else None
    nothing = written == Written()
    if not owner or not visit.conversation or nothing:
        return {}
    place = len(visit.turns) - 1
    try:
        kept = page.workspace.conversations
        kept.amend(owner, visit.conversation, place, as_left(turn))
    except DalilError as error:  # it is shown, kept or not
        return {"note": advice(error.told(page.strings.language)[0], page.strings)}
    return {}


def _judged_by_now(page: Page, owner: str, visit: Visit) -> Visit:
    """The visit with what was thought of its turns meanwhile."""
    if not owner or not visit.conversation:
        return visit
    try:
        return visit.with_judgements(
            page.workspace.conversations.judgements(owner, visit.conversation)
        )
    except DalilError:  # what the page knows will do
        return visit
