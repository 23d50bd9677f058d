"""Pure functions from answers to safe HTML: the conversation, turn by turn."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from corpus.errors import DalilError
from index.hit import Hit
from qa.answer import Answer, Citation
from qa.context import Context, Summary
from qa.conversations import Judgement
from qa.turn import Turn
from ui.judging import judging
from ui.markup import direction, isolated, number, safe
from ui.source import holds, place
from ui.strings import Strings
from ui.worded import DOTS, borne, own_citations, reference, worded

__all__ = ["DOTS", "Turn", "advice", "answered", "conversation", "shown_hits", "welcome"]

_LONGEST_SHOWN = 600  # characters of a question or a near passage
_MOST_HITS = 5
_MOST_TURNS = 50  # older ones leave the page, not the conversation
_REFERENCE = re.compile(r"\[(\d{1,3})\]")
_MARKS = "\u064b-\u065f\u0670"  # harakat: they belong to a word, but are no \w


def answered(question: str, answer: Answer, find: Callable[[str], Context]) -> Turn:
    """The turn for ``answer``, which is shown only if ``find`` bears out each of its citations.

    ``find`` gives a passage's context. Fail closed: where one citation does not hold, or there is
    none, nobody can tell which words of the answer to trust, and it becomes an abstention. So are
    written sentences shown only with citations that the answer holds.
    """
    if answer.abstained:
        return Turn(question, replace(answer, written=None))
    if answer.citations and all(_found(citation, find) for citation in answer.citations):
        return Turn(question, borne(answer))
    nothing = replace(answer, text="", abstained=True, citations=(), written=None)
    return Turn(question, nothing, withheld=True)


def _found(citation: Citation, find: Callable[[str], Context]) -> bool:
    try:
        return holds(find(citation.passage_id), citation)
    except DalilError:  # the passage has left the index: its words cannot be checked
        return False


def conversation(
    turns: Sequence[Turn],
    judged: Mapping[int, Judgement],
    strings: Strings,
    conversation_id: str | None = None,
) -> str:
    """The chat; of a long one the last turns, which keep their places in the whole.

    Each answer can be judged once the conversation is kept and so has an id.
    """
    busy = "true" if turns and turns[-1].pending else "false"
    first = max(0, len(turns) - _MOST_TURNS)

    def opinion(turn: Turn, place_: int) -> str:
        known = conversation_id and turn.answer
        return judging(place_, judged.get(place_), strings) if known else ""

    body = "".join(
        _turn(turn, place_, opinion(turn, place_), strings, newest=place_ == len(turns) - 1)
        for place_, turn in enumerate(turns[first:], start=first)
    )
    return (
        f'<div class="turns" dir="{strings.direction}" role="log" '
        f'aria-label="{safe(strings.conversation)}" '
        f'data-conversation="{safe(conversation_id or "")}" aria-busy="{busy}">{body}</div>'
    )


def advice(message: str, strings: Strings) -> str:
    """A gentle line under the question box."""
    return f'<p dir="{strings.direction}" role="status">{safe(message)}</p>'


def welcome(
    summary: Summary,
    examples: Sequence[str],
    strings: Strings,
    *,
    ready: bool,
    settled: bool = True,
) -> str:
    """The first screen: what is asked, and questions to begin with.

    Until the model is ``ready`` it says so; until the questions are ``settled`` it is marked with
    ``data-wait``, so that the page asks for them.
    """
    if not summary.passages:
        return (
            f'<div class="welcome" dir="{strings.direction}"><h2>{safe(strings.empty_collection)}'
            f"</h2><p>{safe(strings.empty_collection_more)}</p>"
            f'<button type="button" class="chip" data-act="view" data-view="library">'
            f"{safe(strings.add_texts)}</button></div>"
        )
    chips = "".join(
        f'<li><button type="button" class="chip" data-act="example" data-number="{place_}" '
        f'dir="{direction(question)}">{safe(question)}</button></li>'
        for place_, question in enumerate(examples)
    )
    counts = (
        f"{safe(strings.documents)} {number(summary.documents)}"
        f"<span class='dot'></span>{safe(strings.passages)} {number(summary.passages)}"
    )
    offer = f"<h3>{safe(strings.try_one)}</h3><ul class='chips'>{chips}</ul>" if chips else ""
    if not ready:
        offer = f'<p class="loading" data-wait role="status">{DOTS}{safe(strings.loading)}…</p>'
    elif not settled:
        offer = "<span data-wait></span>"
    return (
        f'<div class="welcome" dir="{strings.direction}"><h2>{safe(strings.welcome)}</h2>'
        f"<p>{safe(strings.welcome_more)}</p>"
        f'<p class="counts">{counts}</p>{offer}</div>'
    )


def _turn(turn: Turn, place_: int, opinion: str, strings: Strings, *, newest: bool) -> str:
    question = _shortened(turn.question)
    said = (
        f'<div class="said" dir="{direction(question)}">'
        f'<span class="unseen">{safe(strings.question)}: </span>{safe(question)}</div>'
    )
    if turn.answer is None:
        reply = _failure(turn, strings) if turn.failure else _pending(strings)
    elif turn.answer.abstained:
        reply = _abstention(turn, turn.answer, place_, strings)
    else:
        reply = _answer(turn.answer, place_, strings, newest=newest)
    return f'<section class="turn">{said}{reply}{opinion}</section>'


def _pending(strings: Strings) -> str:
    return f'<article class="reply busy">{DOTS}{safe(strings.busy)}…</article>'


def _failure(turn: Turn, strings: Strings) -> str:
    hint = f'<p class="more" dir="{direction(turn.hint)}">{safe(turn.hint)}</p>'
    return (
        f'<article class="reply failure" role="alert"><h3>{safe(strings.failed)}</h3>'
        f'<p dir="{direction(turn.failure)}">{safe(turn.failure)}</p>'
        f"{hint if turn.hint else ''}</article>"
    )


def _answer(answer: Answer, place_: int, strings: Strings, *, newest: bool) -> str:
    cards = "".join(
        _card(
            f'data-turn="{place_}" data-number="{c.number}"',
            f'<span class="badge">{number(c.number)}</span>',
            place(c.source, c.heading, c.page, strings),
            f'<q dir="{direction(c.quote)}">{_pointed(c.quote, c.answer or answer.text)}</q>',
            current=newest and position == 0,
        )
        for position, c in enumerate(answer.citations)
    )
    return (
        f'<article class="reply"><p class="answer" dir="{direction(answer.text)}">'
        f"{_referenced(answer, place_, strings)}</p>"
        f'<p class="meta">{_confidence(answer.confidence, strings)}{_search(answer, strings)}</p>'
        f"{worded(answer, place_, strings)}"
        f"<h3>{safe(strings.sources)}</h3><ol class='cards'>{cards}</ol></article>"
    )


def _abstention(turn: Turn, answer: Answer, place_: int, strings: Strings) -> str:
    more = strings.withheld if turn.withheld else strings.abstained_more
    cards = "".join(
        _card(
            f'data-turn="{place_}" data-hit="{position}"',
            "",
            place(hit.source, hit.passage.heading, hit.passage.page, strings),
            f'<q dir="{direction(hit.passage.text)}">{safe(_shortened(hit.passage.text))}</q>',
        )
        for position, hit in enumerate(shown_hits(answer))
    )
    near = (
        f"<h3>{safe(strings.nearest)}</h3><ul class='cards'>{cards}</ul>"
        if cards
        else f'<p class="more">{safe(strings.no_nearest)}</p>'
    )
    return (
        f'<article class="reply abstention"><p class="answer">{safe(strings.abstained)}</p>'
        f'<p class="more">{safe(more)}</p>'
        f'<p class="meta">{_search(answer, strings, always=True)}</p>{near}</article>'
    )


def shown_hits(answer: Answer) -> tuple[Hit, ...]:
    """The near passages that an abstention lists, best first."""
    return answer.hits[:_MOST_HITS]


def _card(data: str, badge: str, where: str, words: str, *, current: bool = False) -> str:
    state = ' aria-current="true"' if current else ""
    return (
        f'<li><button type="button" class="card" data-act="open" {data}{state}>'
        f'<span class="place">{badge}{where}</span>{words}</button></li>'
    )


def _referenced(answer: Answer, place_: int, strings: Strings) -> str:
    """The answer's text with a button for each `[n]` in it; where it has none, one at the end of
    each line if lines and citations match, or else all at the end.
    """
    own = own_citations(answer)
    buttons = {str(c.number): reference(c.number, place_, strings) for c in own}
    pieces = _REFERENCE.split(answer.text)  # text, digits, text, ...
    known = [digits for digits in pieces[1::2] if digits in buttons]
    if not known:
        lines = answer.text.split("\n")
        if len(lines) == len(own):
            pairs = zip(lines, buttons.values(), strict=True)
            return "\n".join(f"{safe(line)} {mark}" for line, mark in pairs)
        return f"{safe(answer.text)} {''.join(buttons.values())}"
    body = [safe(pieces[0])]
    for digits, text in zip(pieces[1::2], pieces[2::2], strict=True):
        body += [buttons.get(digits, safe(f"[{digits}]")), safe(text)]
    return "".join(body)


def _pointed(quote: str, answer: str) -> str:
    """The quote with the answer's own words in bold, where it holds them exactly: by themselves
    rather than inside other words.
    """
    if not answer or answer == quote:
        return safe(quote)
    alone = re.search(rf"(?<![\w{_MARKS}]){re.escape(answer)}(?![{_MARKS}]*\w)", quote)
    start = alone.start() if alone else quote.find(answer)
    if start < 0:
        return safe(quote)
    end = start + len(answer)
    return f"{safe(quote[:start])}<b>{safe(answer)}</b>{safe(quote[end:])}"


def _confidence(value: float, strings: Strings) -> str:
    if value >= 0.8:
        kind, words = "high", strings.confidence_high
    elif value >= 0.5:
        kind, words = "middling", strings.confidence_middling
    else:
        kind, words = "low", strings.confidence_low
    percent = number(f"{round(100 * value)}%")
    return f'<span class="confidence {kind}">{safe(words)} {percent}</span>'


def _search(answer: Answer, strings: Strings, *, always: bool = False) -> str:
    if not always and answer.query.strip() == answer.question.strip():
        return ""
    query = isolated(_shortened(answer.query))
    edit = f'<button type="button" class="edit" data-act="edit">{safe(strings.edit)}</button>'
    whole = len(answer.query) <= _LONGEST_SHOWN
    return f'<span class="search">{safe(strings.searched_for)}: {query} {edit * whole}</span>'


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN].rstrip() + "…"
