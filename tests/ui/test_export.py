"""Conversations as files: whole, honest, harmless, and in the direction of their words."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.answer import Sentence, Written
from qa.conversations import Heading
from qa.turn import Turn
from tests.qa.kept_turns import abstained, cited
from tests.ui import fake_pipeline as fake
from tests.ui.reading import Reading
from ui.export import as_markdown, as_word, escaped
from ui.strings import ARABIC, ENGLISH, Strings
from ui.transcript import WORDS, clean

HEADING = Heading("id", "القمر والأرض", "own", "2026-11-26T07:30:00+00:00")
ENGLISH_QUOTE = "The Moon goes round the Earth in 27 days."
HARMFUL = (
    "<script>x()</script>", "<b>", "</div>", "<!-- x -->", "&lt;", "&#60;", "[a](b)", "![a](b)",
    "[a]: http://b", "<http://b>", "http://b.c", "www.b.c", "*a*", "__a__", "`a`", "```", "~~a~~",
    "~~~", "# a", "1. a", "1) a", "- a", "+ a", "> a", "===", "---", "***", "| a | b |", "|---|",
    "\n", "\n\n", "\n    ", "\t", "  \n", "\\", "\\\\", "$a$", "{{a}}", "@", "\u202e", "\u2066",
    "\u2068", "\x00", "\x1b[2J", "\ud800", "\ufffe", "\u2028", "س", "ئ", "a", " ", "7", ".",
)  # fmt: skip
hostile = st.lists(st.sampled_from(HARMFUL) | st.text(max_size=3), max_size=12).map("".join)
any_strings = st.sampled_from((ARABIC, ENGLISH))


def rendered(markdown: str) -> Reading:
    """What a renderer makes of it that leaves HTML in, and knows tables and strike-through."""
    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return Reading(renderer.render(markdown))


def shown(text: str) -> str:
    """The text of a file without the invisible characters that the export adds."""
    return re.sub("[\u2068\u2069]", "", text).replace("@\u2060", "@")


def word(
    turns: Sequence[Turn], strings: Strings = ARABIC, heading: Heading = HEADING
) -> list[Paragraph]:
    return docx.Document(io.BytesIO(as_word(heading, turns, strings))).paragraphs


def is_rtl(paragraph: Paragraph) -> bool:
    return paragraph._p.pPr is not None and paragraph._p.pPr.find(qn("w:bidi")) is not None


def both(turns: Sequence[Turn], strings: Strings = ARABIC) -> list[list[str]]:
    """The lines of both exports, as people see them."""
    markdown = as_markdown(HEADING, turns, strings).split("\n\n")
    lines = [shown(re.sub(r"\\(.)", r"\1", re.sub("^(#+|-) ", "", line))) for line in markdown]
    return [[line.rstrip("\n") for line in lines], [p.text for p in word(turns, strings)]]


# What is said


def test_an_answer_stands_with_its_references() -> None:
    turn = cited("كم يوماً؟", "سبعة وعشرين يوماً", query="كم يوماً يدور القمر؟")
    assert turn.answer is not None
    for lines in both([turn]):
        assert lines == [
            "القمر والأرض",
            "دليل · تاريخ آخر سؤال: 2026-11-26 07:30 UTC",
            "كم يوماً؟",
            "سبعة وعشرين يوماً [1]",
            "الثقة: 75%",
            "بُحث عن: كم يوماً يدور القمر؟",
            "المصادر",
            f"[1] «{turn.answer.citations[0].quote}» — قمر.txt، القمر، صفحة 3",
        ]


def test_each_line_has_its_own_mark_or_the_last_one_all() -> None:
    paired = cited("؟", "أوّل", "ثان")
    joined = cited("؟", "أوّل", "ثان", text="جواب\nطويل\nواحد")
    marked = cited("؟", "أوّل", "ثان", text="كذا [1]، وكذا [2].")
    for lines in both([paired]):
        assert lines[3:5] == ["أوّل [1]", "ثان [2]"]
    for lines in both([joined]):
        assert [line.strip() for line in lines[3:6]] == ["جواب", "طويل", "واحد [1] [2]"]
    for lines in both([marked]):
        assert lines[3] == "كذا [1]، وكذا [2]."


def test_what_is_not_known_of_a_source_is_left_out() -> None:
    for lines in both(
        [cited("Which?", "", quote="x", source="a\\b.md", heading="", page=None)], ENGLISH
    ):
        assert lines[-1] == "[1] «x» — b.md"
    for lines in both([cited("Which?", "", quote="x", source="/a/b.md", heading="h")], ENGLISH):
        assert lines[-1] == "[1] «x» — b.md, h, page 3"


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_abstentions_and_failures_are_said_to_be_what_they_are(strings: Strings) -> None:
    turns = [
        abstained("كم؟"),
        abstained("من؟", withheld=True),
        Turn("أين؟", failure="The index is gone.", hint="dalil index FOLDER"),
        Turn("ينتظر؟"),
    ]
    for lines in both(turns, strings):
        kinds = [strings.abstained, strings.abstained, strings.failed]
        assert [line for line in lines if line in kinds] == kinds
        assert lines.count(strings.abstained_more) == lines.count(strings.withheld) == 1
        assert lines.count(strings.nearest) == 2
        assert lines[-2:] == ["The index is gone.", "dalil index FOLDER"]
        assert strings.sources not in lines
        assert not any(WORDS[strings.language].confidence in line for line in lines)
        assert "ينتظر؟" not in lines


def test_a_near_passage_is_cut_behind_a_word() -> None:
    turn = abstained("كم؟")
    assert turn.answer is not None
    (hit,) = turn.answer.hits
    long = replace(hit, passage=replace(hit.passage, text="كلمة " * 100))
    for lines in both([replace(turn, answer=replace(turn.answer, hits=(long,)))]):
        assert lines[-1].startswith("«" + "كلمة " * 59 + "كلمة…»")


# What a language model made of an answer


@pytest.mark.parametrize("strings", [ARABIC, ENGLISH])
def test_sentences_stand_between_the_answer_and_its_sources_with_their_marks(
    strings: Strings,
) -> None:
    pipeline = fake.FakePipeline(writes=True, removed=2)
    *_, answer = pipeline.write(pipeline.ask(fake.WHEN))
    for lines in both([Turn(fake.WHEN, answer)], strings):
        assert lines[3] == "16 أكتوبر 2002 [1]"
        label = lines.index(strings.worded)
        sentences = f"{fake.OPENED} [1] {fake.DESIGNED} [1] {fake.HALL} [2]"
        assert lines[label + 1 : label + 4] == [sentences, strings.removed_two, strings.sources]
        assert [line[:3] for line in lines[label + 4 :]] == ["[1]", "[2]"]


def test_of_a_failure_only_the_note_is_said() -> None:
    pipeline = fake.FakePipeline(writes=True, sentences=(), state="failed")
    *_, answer = pipeline.write(pipeline.ask(fake.WHEN))
    for lines in both([Turn(fake.WHEN, answer)]):
        assert ARABIC.worded not in lines
        assert lines[5:7] == [ARABIC.wording_failed, fake.TROUBLE_ARABIC]


@given(hostile, hostile)
def test_no_sentence_has_any_effect_in_either_file(sentence: str, other: str) -> None:
    found = fake.FakePipeline().ask(fake.WHEN)
    said = Written((Sentence(sentence, (1,)), Sentence(other, (1,))), state="done")
    turn = Turn(fake.WHEN, replace(found, written=said))
    markdown = as_markdown(HEADING, [turn], ARABIC)
    page = rendered(markdown)
    assert {tag for tag, _ in page.tags} <= {"h1", "h2", "h3", "p", "ul", "li"}
    assert page.comments == []
    assert f"{clean(sentence)} [1]" in shown(page.text)
    assert f"{clean(sentence)} [1]" in "\n".join(p.text for p in word([turn]))


# Harmless


def test_hostile_text_does_nothing_in_markdown() -> None:
    pipeline = fake.FakePipeline()
    turn = Turn(fake.HOSTILE_QUESTION, pipeline.ask(fake.HOSTILE_QUESTION))
    page = rendered(as_markdown(HEADING, [turn], ARABIC))
    assert {tag for tag, _ in page.tags} == {"h1", "h2", "h3", "p", "ul", "li"}
    assert page.comments == []
    assert "<script>window.hurt=9</script> نصّ [1]" in page.text
    assert "[رابط](javascript:window.hurt=3) ![صورة](http://192.0.2.1/a.png)" in page.text


@given(hostile, hostile, hostile, hostile, any_strings)
def test_no_text_has_any_effect_in_markdown(
    question: str, answer: str, quote: str, source: str, strings: Strings
) -> None:
    turns = [
        cited(question, "", quote=quote, source=source, heading=answer, text=answer),
        Turn(question, failure=quote or "x", hint=source),
    ]
    heading = Heading("id", question, "own", HEADING.updated)
    markdown = as_markdown(heading, turns, strings)
    page = rendered(markdown)
    assert {tag for tag, _ in page.tags} <= {"h1", "h2", "h3", "p", "ul", "li"}
    assert all(not attributes for _, attributes in page.tags)
    assert page.comments == []
    assert sum(tag in {"h1", "h2", "h3"} for tag, _ in page.tags) == 4
    text = shown(page.text)
    assert f"«{clean(quote)}»" in text
    assert text.count(clean(question)) >= 3
    for line in markdown.split("\n"):
        controls = re.findall("[\u202a-\u202e\u2066-\u2069]", line)
        assert controls == ["\u2068", "\u2069"] * (len(controls) // 2)


@given(hostile)
def test_escaped_text_is_shown_as_it_is_even_alone(text: str) -> None:
    line = clean(text)
    page = rendered(escaped(line))
    assert {tag for tag, _ in page.tags} <= {"p"}
    assert shown(page.text).strip() == shown(line)


@pytest.mark.parametrize(
    "link", ["http://a.example", "//localhost", "www.a.example", "a.example/b", "me@a.example"]
)
def test_bare_addresses_are_broken_up(link: str) -> None:
    assert link not in escaped(link)
    assert not re.search(r"://|www\.\w|\w@\w|//", escaped(link))


@given(hostile, hostile, hostile, any_strings)
def test_word_takes_any_text(question: str, quote: str, source: str, strings: Strings) -> None:
    said = cited(question, "", quote=quote, source=source, text="س")
    turns = [said, Turn(question, failure=quote or "x")]
    heading = Heading("id", question, "own", HEADING.updated)
    paragraphs = word(turns, strings, heading)
    assert paragraphs[0].text == clean(question)
    assert paragraphs[6].text.startswith(f"[1] «{clean(quote)}» — ")


def test_nothing_in_a_word_file_leads_elsewhere() -> None:
    pipeline = fake.FakePipeline()
    turn = Turn(fake.HOSTILE_QUESTION, pipeline.ask(fake.HOSTILE_QUESTION))
    with zipfile.ZipFile(io.BytesIO(as_word(HEADING, [turn], ARABIC))) as archive:
        body = archive.read("word/document.xml").decode()
        relations = archive.read("word/_rels/document.xml.rels").decode()
    assert "External" not in relations
    assert not re.search("<w:(hyperlink|fldSimple|instrText|drawing|object)", body)
    assert "&lt;script&gt;" in body
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", body)


# Directions in Word


def test_arabic_runs_from_the_right_and_an_english_quote_from_the_left() -> None:
    turn = cited(
        "متى؟", "", quote=ENGLISH_QUOTE, source="كتاب القمر.txt", heading="القمر", text="٢٧ يوماً"
    )
    title, about, question, answer, confidence, label, reference = word([turn])
    assert all(map(is_rtl, (title, about, question, answer, confidence, label)))
    assert all(run.font.rtl for run in [*title.runs, *question.runs, *answer.runs, *label.runs])
    assert not is_rtl(reference)
    directions = {run.text: run.font.rtl for run in reference.runs}
    assert directions[f"«{ENGLISH_QUOTE}»"] is False
    assert directions["كتاب القمر.txt"] is directions["القمر"] is True


def test_an_arabic_quote_keeps_its_direction_in_an_english_file() -> None:
    *_, label, reference = word(
        [cited("When?", "", source="moon.txt", heading="The Moon")], ENGLISH
    )
    assert label.text == ENGLISH.sources
    assert not is_rtl(label)
    assert is_rtl(reference)
    directions = {run.text: run.font.rtl for run in reference.runs}
    assert directions["moon.txt"] is directions["The Moon"] is False
    assert [rtl for text, rtl in directions.items() if text.startswith("«")] == [True]


def test_every_run_has_a_font_with_arabic_letters() -> None:
    for paragraph in word([cited("متى؟", "أمس"), abstained("كم؟")]):
        for run in paragraph.runs:
            fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
            assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "cs")} == {"Arial"}


def test_the_direction_stands_where_the_schema_wants_it() -> None:
    order = ["pStyle", "keepNext", "numPr", "bidi", "spacing", "ind", "jc", "rPr"]
    for paragraph in word([cited("متى؟", "أمس")]):
        names = [child.tag.rpartition("}")[2] for child in paragraph._p.get_or_add_pPr()]
        assert names == sorted(names, key=order.index)


def test_questions_are_headings_and_the_file_says_what_it_is() -> None:
    document = docx.Document(io.BytesIO(as_word(HEADING, [cited("متى؟", "أمس")], ARABIC)))
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style]
    assert styles[0] == "Title"
    assert styles[2] == "Heading 1"
    about = document.core_properties
    assert (about.title, about.author, about.comments) == ("القمر والأرض", "دليل", "")
    assert about.created is not None
    assert about.created.isoformat().startswith("2026-11-26T07:30:00")
