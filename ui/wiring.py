"""What happens on the page: each event of its parts, and what changes with it.

Runs inside the Blocks that hold the parts. Handlers give new values by the name of the part.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Mapping
from contextlib import aclosing, closing, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corpus.errors import DalilError
from ui.app import Parts
from ui.asking import Replied
from ui.doors import CrowdedError
from ui.page import Page, as_data
from ui.shelving import afterwards, faulted_work, shelving
from ui.talking import conversing, faulted, fresh, judged, renamed_or_deleted, reopened, source_of
from ui.views import advice
from ui.visit import Visit
from ui.writing import ended, stopped, writing

if TYPE_CHECKING:
    import gradio as gr

Values = dict[str, Any]
Waited = tuple[str, DalilError | None]
"""A collection that was waited for, and what went wrong with it."""

# Else Gradio drops what a reader does while an earlier act is worked on, or overtakes it.
_IN_ORDER: dict[str, Any] = {"trigger_mode": "multiple", "concurrency_limit": 1}
# A model takes its time: some write at once, and no question waits for them.
_WRITING: dict[str, Any] = {
    "trigger_mode": "multiple", "concurrency_id": "write", "concurrency_limit": 4,
}  # fmt: skip
_UNSEEN: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "concurrency_limit": None,
}
# What takes its time, while other acts go on.
_ACTING: dict[str, Any] = {**_UNSEEN, "trigger_mode": "multiple"}


def wire(blocks: "gr.Blocks", page: Page, parts: Parts) -> None:
    """Join the parts to what the page does."""
    import gradio as gr
    from anyio.to_thread import run_sync
    from gradio.events import api

    def told(handler: Callable[..., Values]) -> Callable[..., dict[Any, Any]]:
        """A handler of what a part says: gets the page, its owner, the visit and what was said."""

        def handle(event: gr.EventData, visit: Visit, request: gr.Request) -> dict[Any, Any]:
            return parts.shown(**handler(page, owner_of(request), visit, said(event)))

        return handle

    def arrive(request: gr.Request) -> dict[Any, Any]:
        visit = page.arrive()
        return parts.shown(
            visit=visit, head=page.head(visit), side=page.side(owner_of(request), visit),
            welcome=page.welcome(visit), log=page.chat(visit), panel=page.empty(visit),
            library=page.library(visit),
        )  # fmt: skip

    # Not called `ask`: Gradio names a handler's route by it, and that name is for programs.
    async def answer(
        question: str, visit: Visit, request: gr.Request
    ) -> AsyncIterator[dict[Any, Any]]:
        async with aclosing(_in_turn(page, owner_of(request), question, visit)) as changes:
            async for values in changes:
                yield parts.shown(**values)

    async def pick(
        event: gr.EventData, visit: Visit, request: gr.Request
    ) -> AsyncIterator[dict[Any, Any]]:
        yield parts.shown()  # see `_once`
        number = said(event).get("number")
        examples = await run_sync(page.examples, visit)
        if isinstance(number, int) and 0 <= number < len(examples):
            async for values in answer(examples[number], visit, request):
                yield values

    def fail(visit: Visit, request: gr.Request) -> dict[Any, Any]:
        return parts.shown(**faulted(page, owner_of(request), visit))

    def read(visit: Visit) -> dict[Any, Any]:
        return parts.shown(**source_of(page, visit))

    def write(visit: Visit, request: gr.Request) -> Iterator[dict[Any, Any]]:
        yield from _once(parts, writing(page, owner_of(request), visit))

    def judge(event: gr.EventData, visit: Visit, request: gr.Request) -> Iterator[dict[Any, Any]]:
        yield from _once(parts, _judged(page, owner_of(request), visit, said(event)))

    def show(visit: Visit) -> dict[Any, Any]:
        return parts.shown(log=page.chat(visit))

    def shelve(event: gr.EventData, visit: Visit, request: gr.Request) -> Iterator[dict[Any, Any]]:
        for values in shelving(page, visit, said(event)):
            if turned := values.get("visit"):
                ended(page, owner_of(request), visit)
                values["side"] = page.side(owner_of(request), turned)
            yield parts.shown(**values)

    def break_off() -> dict[Any, Any]:
        # Else it seemed to go on, and files that were dropped since would wait for its end.
        return parts.shown(work=faulted_work(page))

    def settle(work: str, visit: Visit) -> dict[Any, Any]:
        # Work takes its time: by its end, the page may be about another collection.
        return parts.shown(**(afterwards(page, visit) if work else {}))

    async def program(question: str) -> dict[str, Any]:
        return await _asked(page, question)

    everything, visit = parts.changing(), parts.visit
    following = {**_UNSEEN, **_IN_ORDER}
    reading = {**following, "concurrency_id": "source"}
    for event in (
        gr.on(
            [parts.box.submit, parts.send.click], answer, [parts.box, visit], everything, **_UNSEEN
        ),
        parts.log.example_select(pick, [visit], everything, **_UNSEEN),
    ):
        event.failure(fail, [visit], everything, **_UNSEEN)
        event.then(read, [visit], [parts.panel], **reading)
        written = event.then(write, [visit], [parts.log, parts.note], **(_UNSEEN | _WRITING))
        written.failure(show, [visit], [parts.log], **_UNSEEN)
    blocks.load(arrive, None, everything, **_UNSEEN)
    _wire_wait(page, parts)
    parts.log.select(told(_opened), [visit], everything, **reading)
    parts.log.like(judge, [visit], everything, **following)
    for listen, handler in (
        (parts.log.stop, _stopped),
        (parts.log.clear, _cleared),
        (parts.side.select, reopened),
        (parts.side.input, _searched),
        (parts.side.edit, renamed_or_deleted),
        (parts.head.select, _switched),
    ):
        listen(told(handler), [visit], everything, **following)
    worked = parts.library.submit(shelve, [visit], everything, **_ACTING)
    worked.failure(break_off, None, [parts.work], **_ACTING)
    worked.then(settle, [parts.work, visit], everything, **_UNSEEN)
    api(program, api_name="ask", concurrency_limit=None)


def _wire_wait(page: Page, parts: Parts) -> None:
    """Join the first screen's wait to what is shown after it, in a step of its own: by its end the
    page may be about another collection.
    """
    import gradio as gr

    waited = gr.State(("", None))

    def wait(visit: Visit) -> dict[Any, Any]:
        return {waited: _waited(page, visit)}

    def greet(visit: Visit, waited: Waited) -> dict[Any, Any]:
        return parts.shown(**_greeted(page, visit, waited))

    waiting = parts.log.tick(wait, [parts.visit], [waited], **_ACTING)
    waiting.then(greet, [parts.visit, waited], [parts.welcome], **_ACTING)


def _once(parts: Parts, changes: Generator[Values, None, None]) -> Iterator[dict[Any, Any]]:
    """``changes`` as Gradio takes them, each followed by one of nothing.

    At the end of a generator Gradio sends its last values once more, over newer ones that came
    meanwhile; and None for every part where it gave none.
    """
    yield parts.shown()
    with closing(changes):
        for values in changes:
            yield parts.shown(**values)
            yield parts.shown()


def owner_of(request: "gr.Request") -> str:
    """Whose conversations these are: what `ui.shell` has put into the browser's cookie."""
    return str(request.cookies.get("dalil", ""))


def said(event: "gr.EventData") -> Mapping[str, object]:
    """What the page's script sent with an event; nothing when it is of another form."""
    data = event._data
    return data if isinstance(data, Mapping) else {}


async def _in_turn(
    page: Page, owner: str, question: str, visit: Visit
) -> AsyncGenerator[Values, None]:
    """What changes while a question waits for its turn and is answered; a note where too many wait
    already, and then the question stays in its box.
    """
    from anyio.to_thread import run_sync

    people, changes = page.workspace.people, conversing(page, owner, question, visit)
    try:
        with people.place():
            first = await run_sync(next, changes)
            yield first
            if first["visit"].busy:
                for values in await people.turn(lambda: list(changes)):
                    yield values
    except CrowdedError:
        yield {"visit": visit.known(), "note": advice(page.strings.crowded, page.strings)}


async def _asked(page: Page, question: str) -> dict[str, Any]:
    """A program's question, answered in its turn and worded to the end beside the queue."""
    import gradio as gr

    visit, shared = page.arrive(), page.workspace
    try:
        turn = await shared.programs.run(lambda: page.answer(question, visit))
        if turn.answer and not turn.answer.abstained:
            async with aclosing(shared.desk.worded(Replied(turn, page.pipeline(visit)))) as answers:
                async for answer in answers:
                    turn = replace(turn, answer=answer)
        return as_data(turn)
    except DalilError as error:
        raise gr.Error(str(error), print_exception=False) from error


def _judged(
    page: Page, owner: str, visit: Visit, choice: Mapping[str, object]
) -> Generator[Values, None, None]:
    """An opinion, shown between what is written and not amid it."""
    with visit.pen.showing() if visit.pen else nullcontext():
        yield judged(page, owner, visit, choice)


def _opened(page: Page, _owner: str, visit: Visit, choice: Mapping[str, object]) -> Values:
    return {"panel": page.source(visit, choice)}


def _searched(page: Page, owner: str, visit: Visit, choice: Mapping[str, object]) -> Values:
    return {"side": page.side(owner, visit, str(choice.get("search", ""))[:200])}


def _stopped(page: Page, owner: str, visit: Visit, _choice: Mapping[str, object]) -> Values:
    return stopped(page, owner, visit)


def _cleared(page: Page, owner: str, visit: Visit, _choice: Mapping[str, object]) -> Values:
    ended(page, owner, visit)
    return fresh(page, owner, Visit(visit.collection))


def _switched(page: Page, owner: str, visit: Visit, choice: Mapping[str, object]) -> Values:
    if visit.busy:
        return {"library": page.library(visit, page.strings.busy)}
    try:
        chosen = page.workspace.shelves.collection(str(choice.get("collection", "")))
    except DalilError as error:
        said, _ = error.told(page.strings.language)
        return {"head": page.head(visit), "library": page.library(visit, said)}
    ended(page, owner, visit)
    return fresh(page, owner, Visit(chosen.id))


def _waited(page: Page, visit: Visit) -> Waited:
    """Waits until the models are there and questions to begin with were found."""
    try:
        if page.workspace.shelves.shelf(visit.collection):
            page.pipeline(visit).examples()
    except DalilError as error:
        return visit.collection, error
    return visit.collection, None


def _greeted(page: Page, visit: Visit, waited: Waited) -> Values:
    """The first screen of the visit as it is by now; it goes on to wait for another collection.

    What went wrong is said where it concerns it: without models no collection can be asked.
    """
    collection, error = waited
    here = collection == visit.collection
    if error and (here or not page.workspace.shelves.ready):
        return {"welcome": page.unwelcome(error)}
    return {"welcome": page.welcome(visit, settled=here)}
