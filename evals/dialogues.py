"""Follow-up questions, asked after the questions before them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from evals.datasets import Dataset, Question
from qa.answer import Exchange
from qa.dialogue import standalone
from qa.pipeline import Pipeline

Ask = Callable[[str, Sequence[Exchange]], Exchange]
"""Asks a question after others, and says what was searched for and answered."""


def asked_of(pipeline: Pipeline) -> Ask:
    """Asks as the chat does."""

    def ask(question: str, before: Sequence[Exchange]) -> Exchange:
        answer = pipeline.ask(question, history=before)
        return Exchange(answer.query, answer.text)

    return ask


def unanswered(question: str, before: Sequence[Exchange]) -> Exchange:
    """Asks nothing: what would be searched for if no question before had found its answer."""
    return Exchange(standalone(question, before))


def standing_alone(dataset: Dataset, ask: Ask) -> Dataset:
    """The set with each follow-up question as it is searched for after its ``history``."""
    return replace(dataset, questions=tuple(alone(one, ask) for one in dataset.questions))


def alone(question: Question, ask: Ask) -> Question:
    """The question as it is searched for after its ``history``, which is asked first."""
    before: list[Exchange] = []
    for earlier in question.history:
        before.append(ask(earlier, before))
    if not before:
        return question
    return replace(question, text=standalone(question.text, before), typed=question.text)
