"""Questions and searches of programs, whichever door they come through."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.errors import AbsentError
from index.hit import Hit
from qa.answer import Exchange
from qa.turn import Turn
from ui.catalogue import Collection
from ui.doors import LoadingError
from ui.names import name_key
from ui.protocol import Pipeline
from ui.views import answered
from ui.workspace import Shelves

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all that belongs to it.

    ``collection`` is an id or a name, empty for the default; ``mood`` is that of the settings where
    it is None.
    """

    question: str
    collection: str = ""
    history: tuple[Exchange, ...] = ()
    mood: str | None = None


@dataclass(frozen=True, slots=True)
class Replied:
    """An answered turn, and the pipeline that answered."""

    turn: Turn
    pipeline: Pipeline


def chosen(shelves: Shelves, named: str) -> Collection:
    """The collection with this id or name; the default one for none. AbsentError where none is."""
    if not named:
        return shelves.default()
    every = shelves.collections()
    for one in every:
        if one.id == named:
            return one
    for one in every:
        if name_key(one.name) == name_key(named):
            return one
    raise AbsentError(
        f"There is no collection {named!r}.",
        "/api/v1/collections lists them.",
        arabic=f"لا توجد مجموعة «{named}».",
    )


def require_ready(shelves: Shelves) -> None:
    """Raise LoadingError until the models are loaded."""
    if not shelves.ready:
        raise LoadingError(
            "The models are not loaded yet.",
            "Ask again in a few seconds; if that does not help, look at the window of Dalil.",
            arabic="لم تُحمَّل النماذج بعد. أعِد السؤال بعد ثوانٍ، فإن لم ينفع فانظر في نافذة دليل.",
        )


def search_of(asked: Asked) -> str:
    """What will be searched for; raises UnfitError when the question will not do."""
    from qa.dialogue import standalone
    from qa.question import check_question

    return standalone(check_question(asked.question), asked.history)


def reply(shelves: Shelves, asked: Asked) -> Replied:
    """The question answered from the texts, each citation checked once more; no language model has
    a part in it. May raise DalilError.
    """
    search_of(asked)  # what is wrong with the question is said first
    require_ready(shelves)
    pipeline = shelves.pipeline(chosen(shelves, asked.collection).id)
    return Replied(turn_of(pipeline, asked.question, asked.history, asked.mood), pipeline)


def turn_of(
    pipeline: Pipeline, question: str, history: Sequence[Exchange] = (), mood: str | None = None
) -> Turn:
    """The answered question, each citation checked once more. May raise DalilError.

    One that would be withheld is asked again: the index may have been rebuilt between the answer
    and the check, and then its passages are no longer those that the answer came from.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        answer = pipeline.ask(question, history=history, mood=mood)
        turn = answered(question, answer, pipeline.context)
        if not turn.withheld or attempt == _ATTEMPTS:
            return turn
    raise AssertionError("unreachable")


def found(shelves: Shelves, query: str, limit: int, collection: str) -> Sequence[Hit]:
    """The ``limit`` best passages for ``query``. May raise DalilError."""
    from qa.question import check_question

    line = check_question(query)
    require_ready(shelves)
    return shelves.pipeline(chosen(shelves, collection).id).search(line, limit)
