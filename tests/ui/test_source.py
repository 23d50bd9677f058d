"""The source panel: the exact words in their place, or an error and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document
from index.hit import Hit
from qa.answer import Citation
from qa.context import Context, Summary
from tests.ui import fake_pipeline as fake
from tests.ui.reading import Reading
from ui.source import citation_panel, empty_panel, hit_panel, holds
from ui.strings import ARABIC
from ui.views import answered, conversation

NOTHING = Summary(0, 0)


@pytest.fixture
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline()


def shown(pipeline: fake.FakePipeline, question: str) -> str:
    turn = answered(question, pipeline.ask(question), pipeline.context)
    return conversation((turn,), NOTHING, (), ARABIC)


def cited(pipeline: fake.FakePipeline, question: str, place: int = 0) -> tuple[Context, Citation]:
    citation = pipeline.ask(question).citations[place]
    return pipeline.context(citation.passage_id), citation


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "كلمات أخرى"},
        {"start": -5},
        {"end": 10_000},
        {"document_id": "0" * 16},
        {"passage_id": "0" * 16},
    ],
)
def test_a_bent_citation_shows_an_error_and_no_text(
    pipeline: fake.FakePipeline, change: dict[str, object]
) -> None:
    context, citation = cited(pipeline, fake.WHEN)
    bent = replace(citation, **change)  # type: ignore[arg-type]
    assert not holds(context, bent)
    reading = Reading(citation_panel(context, bent, ARABIC))
    assert ARABIC.unverified_here in reading.text
    assert "المكتبة" not in reading.text
    assert not reading.marked


def test_a_changed_document_shows_an_error_and_no_text(pipeline: fake.FakePipeline) -> None:
    context, citation = cited(pipeline, fake.WHEN)
    moved = Document(context.document.source, "!" + context.document.text)
    for panel in (
        citation_panel(Context(moved, context.passages), citation, ARABIC),
        hit_panel(Context(moved, context.passages), pipeline.ask("؟").hits[0], ARABIC),
    ):
        assert ARABIC.unverified_here in panel
        assert "افتُتحت" not in panel


@given(st.data())
def test_the_mark_holds_exactly_the_cited_slice(data: st.DataObject) -> None:
    pipeline = fake.FakePipeline()
    document, passage = data.draw(st.sampled_from(list(pipeline.passages.values())))
    start = data.draw(st.integers(passage.start, passage.end - 1))
    end = data.draw(st.integers(start + 1, passage.end))
    quote = document.text[start:end]
    citation = Citation(1, "f", None, start, end, quote, "", document.id, passage.id)
    reading = Reading(citation_panel(pipeline.context(passage.id), citation, ARABIC))
    assert reading.marked == quote
    assert passage.text in reading.text


def test_the_panel_shows_file_page_neighbours_and_quote(pipeline: fake.FakePipeline) -> None:
    context, citation = cited(pipeline, fake.WHEN)
    html = citation_panel(context, citation, ARABIC)
    reading = Reading(html)
    assert reading.marked == citation.quote
    assert html.count('class="around"') == 2
    for piece in ("مكتبة الإسكندرية.pdf", "صفحة 3", "تقع مكتبة", "تضمّ المكتبة"):
        assert piece in reading.text


def test_hostile_text_stays_text(pipeline: fake.FakePipeline) -> None:
    context, citation = cited(pipeline, fake.HOSTILE_QUESTION)
    titles = tuple(d.title for d in pipeline.documents)
    pieces = (
        shown(pipeline, fake.HOSTILE_QUESTION),
        citation_panel(context, citation, ARABIC),
        hit_panel(pipeline.context(citation.passage_id), hit_on(pipeline, citation), ARABIC),
        empty_panel(titles, ARABIC),
    )
    for html in pieces:
        reading = Reading(html)
        assert reading.comments == []
        tags = {tag for tag, _ in reading.tags}
        assert not tags & {"script", "img", "a", "iframe", "h1"}
        attributes = {name for _, attrs in reading.tags for name in attrs}
        assert not {name for name in attributes if name.startswith("on")}


def hit_on(pipeline: fake.FakePipeline, citation: Citation) -> Hit:
    document, passage = pipeline.passages[citation.passage_id]
    return Hit(passage, document.source, 0.5, 0.5, 0.5)
