"""The source panel: the exact words in their place, or an error and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Passage
from index.hit import Hit
from qa.answer import Citation
from qa.context import Context
from tests.ui import fake_pipeline as fake
from tests.ui.reading import Reading
from ui.source import (
    citation_panel,
    document_panel,
    empty_panel,
    error_panel,
    hit_panel,
    holds,
    reference_of,
)
from ui.strings import ARABIC, ENGLISH, Strings
from ui.views import answered, conversation

OPENER = 'data-turn="3" data-number="1"'


@pytest.fixture
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline()


def shown(pipeline: fake.FakePipeline, question: str) -> str:
    turn = answered(question, pipeline.ask(question), pipeline.context)
    return conversation((turn,), {}, ARABIC)


def cited(pipeline: fake.FakePipeline, question: str, place: int = 0) -> tuple[Context, Citation]:
    citation = pipeline.ask(question).citations[place]
    return pipeline.context(citation.passage_id), citation


def hit_on(pipeline: fake.FakePipeline, citation: Citation) -> Hit:
    document, passage = pipeline.passages[citation.passage_id]
    return Hit(passage, document.source, 0.5, 0.5, 0.5)


# Fail closed


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
    for panel in (citation_panel, document_panel):
        reading = Reading(panel(context, bent, OPENER, ARABIC))
        assert ARABIC.unverified_here in reading.text
        assert "المكتبة" not in reading.text
        assert not reading.marked
        assert not reading.each("button", data_act="copy")


def test_a_changed_document_shows_an_error_and_no_text(pipeline: fake.FakePipeline) -> None:
    context, citation = cited(pipeline, fake.WHEN)
    hit = pipeline.ask("؟").hits[0]
    moved = Context(
        Document(context.document.source, "!" + context.document.text), context.passages
    )
    for panel in (
        citation_panel(moved, citation, OPENER, ARABIC, "<figure></figure>"),
        document_panel(moved, citation, OPENER, ARABIC),
        hit_panel(moved, hit, OPENER, ARABIC),
        document_panel(moved, hit, OPENER, ARABIC),
    ):
        assert ARABIC.unverified_here in panel
        assert "افتُتحت" not in panel
        assert "figure" not in panel


# The quote in its place


@given(st.data())
def test_the_mark_holds_exactly_the_cited_slice(data: st.DataObject) -> None:
    pipeline = fake.FakePipeline()
    document, passage = data.draw(st.sampled_from(list(pipeline.passages.values())))
    start = data.draw(st.integers(passage.start, passage.end - 1))
    end = data.draw(st.integers(start + 1, passage.end))
    quote = document.text[start:end]
    citation = Citation(1, "f", None, start, end, quote, "", document.id, passage.id)
    context = pipeline.context(passage.id)
    reading = Reading(citation_panel(context, citation, OPENER, ARABIC))
    assert reading.marked == quote
    assert passage.text in reading.text
    whole = Reading(document_panel(context, citation, OPENER, ARABIC))
    assert whole.marked == quote
    assert document.text in whole.text


def test_the_panel_shows_file_page_neighbours_and_quote(pipeline: fake.FakePipeline) -> None:
    context, citation = cited(pipeline, fake.WHEN)
    html = citation_panel(context, citation, OPENER, ARABIC)
    reading = Reading(html)
    assert reading.marked == citation.quote
    assert html.count('class="around"') == 2
    for piece in ("مكتبة الإسكندرية.pdf", "صفحة 3", "تقع مكتبة", "تضمّ المكتبة"):
        assert piece in reading.text


def test_a_figure_stands_below_the_text(pipeline: fake.FakePipeline) -> None:
    context, citation = cited(pipeline, fake.WHEN)
    html = citation_panel(context, citation, OPENER, ARABIC, "<figure></figure>")
    assert html.index("تضمّ المكتبة") < html.index("<figure>")
    assert "<figure>" not in citation_panel(context, citation, OPENER, ARABIC)


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_the_whole_text_opens_from_the_panel_and_leads_back(
    pipeline: fake.FakePipeline, strings: Strings
) -> None:
    context, citation = cited(pipeline, fake.WHEN)
    panels = (
        (citation_panel(context, citation, OPENER, strings), "open-whole", strings.whole),
        (document_panel(context, citation, OPENER, strings), "open", strings.back),
        (
            hit_panel(context, hit_on(pipeline, citation), OPENER, strings),
            "open-whole",
            strings.whole,
        ),
    )
    for html, act, name in panels:
        reading = Reading(html)
        (button,) = reading.each("button", data_act=act)
        assert (button["data-turn"], button["data-number"]) == ("3", "1")
        assert name in reading.text
        assert len(reading.each("button", data_act="close")) == 1


def test_a_near_passage_is_marked_in_the_whole_text(pipeline: fake.FakePipeline) -> None:
    context, citation = cited(pipeline, fake.WHEN)
    hit = hit_on(pipeline, citation)
    reading = Reading(document_panel(context, hit, OPENER, ARABIC))
    assert reading.marked == hit.passage.text
    assert ARABIC.nearest_passage in reading.text
    assert not reading.each("button", data_act="copy")


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_of_a_very_long_text_what_stands_around_the_quote_is_shown(strings: Strings) -> None:
    text = "أ" * 400_000 + "القمر" + "ب" * 400_000
    document = Document("طويل.txt", text)
    span = (399_000, 401_000)
    passage = Passage.cut(document, span, document_id=document.id, heading="", position=0)
    quote = Citation(
        1, document.source, None, 400_000, 400_005, "القمر", "", document.id, passage.id
    )
    context = Context(document, (passage,))
    html = document_panel(context, quote, OPENER, strings)
    assert Reading(html).marked == "القمر"
    assert strings.cut_short in Reading(html).text
    assert "أ" * 1_000 in html
    assert "ب" * 1_000 in html
    assert len(html) < 310_000
    assert strings.cut_short not in citation_panel(context, quote, OPENER, strings)


# What one pastes elsewhere


def test_the_quote_is_copied_with_file_heading_and_page(pipeline: fake.FakePipeline) -> None:
    context, citation = cited(pipeline, fake.WHEN)
    (button,) = Reading(citation_panel(context, citation, OPENER, ARABIC)).each(
        "button", data_act="copy"
    )
    quote = citation.quote
    assert button["data-copy"] == (
        f"«{quote}» (مكتبة الإسكندرية.pdf، مكتبة الإسكندرية الجديدة، صفحة 3)"
    )
    assert (button["data-copied"], button["data-failed"]) == (ARABIC.copied, ARABIC.not_copied)
    bare = replace(citation, quote="a\nquote", heading="", page=None, source="C:\\texts\\a.md")
    assert reference_of(bare, ENGLISH) == "“a quote” (a.md)"


# Hostile texts


def test_hostile_text_stays_text(pipeline: fake.FakePipeline) -> None:
    context, citation = cited(pipeline, fake.HOSTILE_QUESTION)
    titles = tuple(d.title for d in pipeline.documents)
    pieces = (
        shown(pipeline, fake.HOSTILE_QUESTION),
        citation_panel(context, citation, OPENER, ARABIC),
        document_panel(context, citation, OPENER, ARABIC),
        hit_panel(
            pipeline.context(citation.passage_id), hit_on(pipeline, citation), OPENER, ARABIC
        ),
        empty_panel(titles, ARABIC),
        error_panel(fake.HOSTILE, ARABIC),
    )
    for html in pieces:
        reading = Reading(html)
        assert reading.comments == []
        tags = {tag for tag, _ in reading.tags}
        assert not tags & {"script", "img", "a", "iframe", "h1"}
        attributes = {name for _, attrs in reading.tags for name in attrs}
        assert not {name for name in attributes if name.startswith("on")}


def test_a_hostile_reference_stays_inside_its_attribute(pipeline: fake.FakePipeline) -> None:
    context, citation = cited(pipeline, fake.WHEN)
    hostile = replace(citation, source=f"{fake.HOSTILE}.txt", heading=fake.HOSTILE)
    html = citation_panel(context, hostile, OPENER, ARABIC)
    tame = citation_panel(context, citation, OPENER, ARABIC)
    assert Reading(html).skeleton() == Reading(tame).skeleton()
    (button,) = Reading(html).each("button", data_act="copy")
    assert button["data-copy"] == reference_of(hostile, ARABIC)
    assert "\n" not in reference_of(hostile, ARABIC)
