"""What `dalil ask` prints: the answer at once, and its wording as the language model writes it."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import click

from corpus.errors import DalilError
from qa.answer import Answer, Written
from qa.settings import Settings
from ui.protocol import Pipeline
from ui.terminal import added, lays_out_bidi, render
from ui.worded import broken_off, written_data

_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What JSON may hold as it is, and a terminal obeys: controls of eight bits and of direction."""
_SHOWN = ("number", "source", "page", "start", "end", "quote")


@dataclass(frozen=True, slots=True)
class Terminal:
    """How wide the terminal is, in columns, and whether lines are reordered for it."""

    width: int
    visual: bool

    @classmethod
    def here(cls, settings: Settings) -> Terminal:
        """The terminal that this program writes to."""
        visual = settings.terminal == "visual" or (
            settings.terminal == "auto" and sys.stdout.isatty() and not lays_out_bidi()
        )
        return cls(min(100, shutil.get_terminal_size().columns), visual)


def print_answer(pipeline: Pipeline, question: str, terminal: Terminal) -> None:
    """Print the answer to ``question``, then what is written of it, sentence by sentence.

    Ctrl+C amid the writing ends it: the answer is there already. Raises DalilError when the
    question cannot be answered.
    """
    before = pipeline.ask(question)
    click.echo(render(before, terminal.width, terminal.visual))
    try:
        for answer in worded(pipeline, before):
            if new := added(answer, before, terminal.width, terminal.visual):
                click.echo(new)
            before = answer
    except KeyboardInterrupt:
        left = replace(before.written or Written(), state="stopped")
        click.echo(added(replace(before, written=left), before, terminal.width, terminal.visual))


def answer_as_json(pipeline: Pipeline, question: str) -> str:
    """The answer to ``question`` once all of it is written. Raises DalilError as ``ask`` does."""
    answer = pipeline.ask(question)
    return as_json([answer, *worded(pipeline, answer)][-1])


def worded(pipeline: Pipeline, answer: Answer) -> Iterator[Answer]:
    """What is written of ``answer``; an error ends it as one of the model's does, in words."""
    now = answer
    try:
        for now in pipeline.write(answer):
            yield now
    except DalilError as error:
        yield replace(now, written=broken_off(now.written, error))


def as_json(answer: Answer) -> str:
    """The answer for programs: one JSON object, which steers no terminal that it is printed in."""
    told = json.dumps(
        {
            "question": answer.question,
            "answer": answer.text,
            "abstained": answer.abstained,
            "confidence": round(answer.confidence, 4),
            "citations": [
                {name: asdict(citation)[name] for name in _SHOWN} for citation in answer.citations
            ],
            "written": written_data(answer),
        },
        ensure_ascii=False,
        indent=2,
    )
    return _STEERING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", told)
