"""Conversations on the page: a question is answered and kept, an earlier one comes back."""

from collections.abc import Iterator, Mapping
from typing import Any, cast, get_args

from corpus.errors import DalilError
from qa.conversations import Kind
from ui.page import Page
from ui.views import Turn, advice
from ui.visit import Visit
from ui.writing import ended, pen_for

Values = dict[str, Any]

NOT_KEPT = ""
"""In place of a conversation's id once a turn of it could not be kept: places would be wrong."""


def conversing(page: Page, owner: str, question: str, visit: Visit) -> Iterator[Values]:
    """What changes while ``question`` is answered: busy, then the answer. `source_of` comes after:
    its page may take a while to draw, and the next question need not wait for that. Nor does it
    wait for what `writing` makes of the answer: it ends that.
    """
    if not any(character.isalnum() for character in question):
        yield {"visit": visit.known(), "note": advice(page.strings.empty_question, page.strings)}
        return
    visit = ended(page, owner, visit)
    asking = visit.asking(question)
    head = page.head(asking)
    yield {"visit": asking, "head": head, "log": page.chat(asking), "box": "", "note": ""}
    turn = page.answer(question, visit)
    done, note = _kept(page, owner, asking, turn)
    values = {
        "visit": done, "head": page.head(done), "side": page.side(owner, done),
        "log": page.chat(done), "note": note,
    }  # fmt: skip
    yield values | ({"box": question} if turn.failure else {})  # a refused question can be mended


def source_of(page: Page, visit: Visit) -> Values:
    """The source of an answer that has just come."""
    return {"panel": page.first_source(visit)} if visit.news else {}


def faulted(page: Page, owner: str, visit: Visit) -> Values:
    """What changes when something unexpected broke off the answer: the question is kept too."""
    note = ""
    if visit.busy:
        turn = Turn(visit.turns[-1].question, failure=page.strings.fault)
        visit, note = _kept(page, owner, visit, turn)
    return {
        "visit": visit, "head": page.head(visit), "side": page.side(owner, visit),
        "log": page.chat(visit), "note": note,
    }  # fmt: skip


def _kept(page: Page, owner: str, visit: Visit, turn: Turn) -> tuple[Visit, str]:
    """The visit once its last question has become ``turn``, and a note if that is not kept."""
    conversation, pen = visit.conversation, pen_for(page, visit, turn)
    if not owner or conversation == NOT_KEPT:
        return visit.answered(turn, conversation, pen), ""
    try:
        kept = page.workspace.conversations
        conversation = kept.append(owner, conversation, visit.collection, turn)
    except DalilError as error:  # the answer is shown, kept or not
        return visit.answered(turn, NOT_KEPT, pen), _trouble(error, page)
    return visit.answered(turn, conversation, pen), ""


def _trouble(error: DalilError, page: Page) -> str:
    return advice(error.told(page.strings.language)[0], page.strings)


def judged(page: Page, owner: str, visit: Visit, choice: Mapping[str, object]) -> Values:
    """Keep what a reader thinks: {turn, kind, comment}."""
    match choice:
        case {"turn": int(place), "kind": str(kind)} if (
            kind in get_args(Kind) and 0 <= place < len(visit.turns) and visit.conversation
        ):
            comment = str(choice.get("comment", ""))
            kept = page.workspace.conversations
            try:
                question = visit.turns[place].question
                kept.judge(owner, visit.conversation, place, cast(Kind, kind), comment, question)
                visit = visit.with_judgements(kept.judgements(owner, visit.conversation))
            except DalilError as error:
                return {"note": _trouble(error, page)}
            return {"visit": visit, "log": page.chat(visit), "note": ""}
    return {}


def reopened(page: Page, owner: str, visit: Visit, choice: Mapping[str, object]) -> Values:
    """An earlier conversation comes back on the page: {talk}."""
    name = str(choice.get("talk", ""))
    kept = page.workspace.conversations
    try:
        heading = kept.heading(owner, name)
        if heading is None:
            return {"note": advice(page.strings.lost_conversation, page.strings)}
        page.workspace.shelves.collection(heading.collection)
        ended(page, owner, visit)
        visit = Visit(heading.collection, name, kept.turns(owner, name))
        visit = visit.with_judgements(kept.judgements(owner, name))
    except DalilError as error:
        return {"note": advice(" ".join(error.told(page.strings.language)), page.strings)}
    return {
        "visit": visit, "head": page.head(visit), "side": page.side(owner, visit),
        "log": page.chat(visit), "panel": page.first_source(visit),
        "library": page.library(visit), "work": "", "note": "",
    }  # fmt: skip


def renamed_or_deleted(
    page: Page, owner: str, visit: Visit, choice: Mapping[str, object]
) -> Values:
    """Another name for a conversation, {talk, title}, or none of it any more, {talk, forget}."""
    name = str(choice.get("talk", ""))
    kept = page.workspace.conversations
    here = visit.conversation == name and choice.get("forget") is True
    try:
        if here:
            ended(page, owner, visit)
        if choice.get("forget") is True:
            kept.delete(owner, name)
        else:
            kept.rename(owner, name, str(choice.get("title", "")))
    except DalilError as error:
        return {"note": _trouble(error, page)}
    if here:
        return fresh(page, owner, Visit(visit.collection))
    return {"side": page.side(owner, visit), "note": ""}


def fresh(page: Page, owner: str, visit: Visit) -> Values:
    """The page at the beginning of a conversation."""
    return {
        "visit": visit, "head": page.head(visit), "side": page.side(owner, visit),
        "welcome": page.welcome(visit), "log": page.chat(visit), "panel": page.empty(visit),
        "library": page.library(visit), "work": "", "note": "",
    }  # fmt: skip
