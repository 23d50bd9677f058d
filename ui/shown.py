"""Answers, hits and works of this program in the forms that other programs get."""

from index.hit import Hit
from qa.turn import Turn
from ui.rest_models import Answer, Changed, Citation, File, Passage, Written
from ui.views import shown_hits
from ui.work import Work


def shown_answer(turn: Turn) -> Answer:
    """An answered turn; its nearest passages where it abstains."""
    answer = turn.answer
    assert answer is not None, "only an answered turn has a form"
    near = shown_hits(answer) if answer.abstained else ()
    return Answer(
        question=turn.question,
        query=answer.query,
        answer=answer.text,
        abstained=answer.abstained,
        confidence=answer.confidence,
        citations=[Citation.model_validate(one) for one in answer.citations],
        nearest=[shown_hit(hit) for hit in near],
        written=Written.model_validate(answer.written) if answer.written else None,
    )


def shown_hit(hit: Hit) -> Passage:
    """A passage with its scores."""
    passage = hit.passage
    return Passage(
        source=hit.source,
        page=passage.page,
        heading=passage.heading,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        document_id=passage.document_id,
        passage_id=passage.id,
        score=hit.score,
        dense=hit.dense,
        lexical=hit.lexical,
    )


def shown_work(work: Work) -> Changed:
    """What a finished work has done."""
    return Changed(
        files=[File.model_validate(file) for file in work.files],
        documents=work.report.documents if work.report else None,
        passages=work.report.passages if work.report else None,
    )
