"""Every hostile string in every place where a text, a name or a question is shown or kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.passages import passages
from evals.hardening.hostile_checks import Reading, in_markdown, in_page, in_terminal, in_word
from evals.hardening.hostile_texts import HOSTILE
from index.hit import Hit
from qa.answer import Answer, Sentence, Written
from qa.citations import cite
from qa.context import Context, Summary
from qa.conversations import Heading
from qa.reader import Reading as Found
from qa.turn import Turn
from ui.export import as_markdown, as_word, reply_as_markdown
from ui.holdings import ShelfItem
from ui.library import Collection
from ui.masthead import masthead
from ui.mcp_texts import told_answer
from ui.replying import as_json
from ui.shelf import library
from ui.side import talks
from ui.source import citation_panel, document_panel, hit_panel
from ui.strings import ARABIC, ENGLISH
from ui.terminal import render
from ui.views import conversation, welcome

PLAIN = "كلمة"


def answer(hostile: str, abstained: bool = False) -> tuple[Answer, Context]:
    """An answer in which the string stands everywhere that a document or a question reaches."""
    said = f"نصّ الملفّ {hostile} هنا."
    text = f"{hostile}\n\n{said}"
    heads = ((0, len(hostile)),)
    document = Document(f"{hostile}.txt", text, title=hostile, headings=heads)
    passage = passages(document)[0]
    hit = Hit(passage, document.source, 1.0, 0.9, 3.0)
    cited = cite([Found(hit, passage.start, passage.end, 1.0, 0.8)], lambda _: document)
    written = Written((Sentence(said, (1,)),), 1, "failed", hostile, hostile)
    found = Answer(
        f"ما في {hostile}؟", hostile, "" if abstained else said, abstained, 0.8,
        () if abstained else tuple(cited), (hit,), None if abstained else written,
    )  # fmt: skip
    return found, Context(document, (passage,))


def turns(hostile: str) -> tuple[Turn, ...]:
    """The turn of an answer, of an abstention, and of a failure."""
    question = f"ما في {hostile}؟"
    found, _ = answer(hostile)
    return (
        Turn(question, found),
        Turn(question, answer(hostile, abstained=True)[0]),
        Turn(question, failure=hostile, hint=hostile),
    )


def collection(hostile: str) -> Collection:
    return Collection("a" * 16, hostile, Path(hostile.replace("\0", "")), Path("x"), fixed=False)


def panels(hostile: str) -> str:
    found, context = answer(hostile)
    citation, hit = found.citations[0], found.hits[0]
    return (
        citation_panel(context, citation, "", ARABIC, "")
        + document_panel(context, citation, "", ARABIC)
        + hit_panel(context, hit, "", ARABIC)
    )


def shelves(hostile: str) -> str:
    item = ShelfItem(hostile, hostile, "id", 2, 3, (hostile,), removable=True)
    plain = replace(item, title="")
    return library([collection(hostile)], collection(hostile), [item, plain], ARABIC, hostile)


def heading(hostile: str) -> Heading:
    return Heading("id", hostile, "own", "2026-11-26T07:30:00+00:00")


PAGE: Mapping[str, Callable[[str], str]] = {
    "conversation": lambda text: conversation(turns(text), {}, ARABIC, "id"),
    "panel": panels,
    "library": shelves,
    "head": lambda text: masthead([collection(text)], "a" * 16, ARABIC, busy=False),
    "side": lambda text: talks([heading(text)], "id", text, ARABIC),
    "welcome": lambda text: welcome(_summary(text), (text,), ENGLISH, ready=True),
}
strings = pytest.mark.parametrize("name", HOSTILE)


def _summary(text: str) -> Summary:

    return Summary(1, 1, (text,))


@strings
@pytest.mark.parametrize("place", PAGE)
def test_nothing_comes_alive_on_the_page(name: str, place: str) -> None:
    known = frozenset(Reading(PAGE[place](PLAIN)).shapes) | {("span", ("class",))}
    assert in_page(PAGE[place](HOSTILE[name]), known) == []


@strings
def test_nothing_comes_alive_in_markdown(name: str) -> None:
    each = turns(HOSTILE[name])
    assert in_markdown(as_markdown(heading(HOSTILE[name]), each, ARABIC)) == []
    for turn in each:
        assert in_markdown(reply_as_markdown(turn, ENGLISH)) == []


@strings
def test_nothing_comes_alive_in_word(name: str) -> None:
    assert in_word(as_word(heading(HOSTILE[name]), turns(HOSTILE[name]), ARABIC)) == []


@strings
@pytest.mark.parametrize("visual", [True, False])
def test_nothing_steers_the_terminal(name: str, visual: bool) -> None:
    for abstained in (True, False):
        said = render(answer(HOSTILE[name], abstained)[0], 80, visual)
        assert "\x1b" not in said
        assert in_terminal(said) == []


@strings
def test_json_in_a_terminal_is_the_same_and_steers_nothing(name: str) -> None:
    found, _ = answer(HOSTILE[name])
    printed = as_json(found)
    assert json.loads(printed)["citations"][0]["quote"] == found.citations[0].quote
    assert "\x1b" not in printed
    assert in_terminal(printed) == []


@strings
def test_a_program_is_told_plain_lines(name: str) -> None:
    for turn in turns(HOSTILE[name]):
        if turn.answer:
            told = told_answer(turn, ARABIC)
            assert "\x1b" not in told
            assert in_terminal(told) == []
