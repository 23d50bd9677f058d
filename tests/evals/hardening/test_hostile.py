"""What tells that a hostile string did something: it must see it where it does."""

from __future__ import annotations

import io

import docx
import pytest

from evals.hardening.hostile import file_name, question_of, text_of
from evals.hardening.hostile_checks import Reading, in_markdown, in_page, in_terminal, in_word
from evals.hardening.hostile_texts import HOSTILE
from evals.reports import _line

SHAPES = frozenset(Reading('<p class="x">كلمة</p><span class="control"></span>').shapes)


@pytest.mark.parametrize(
    "html",
    ["<p class=x><b>x</b></p>", "<p class=x onclick=y>", "<!-- x -->", "<p class=x>\u202eab</p>"],
)
def test_what_lives_in_a_page_is_seen(html: str) -> None:
    assert in_page(html, SHAPES)


def test_words_in_a_page_do_nothing() -> None:
    html = '<p class="x">&lt;b&gt; <span class="control">\u202e</span> كلمة</p>'
    assert in_page(html, SHAPES) == []


@pytest.mark.parametrize("markdown", ["[أ](http://b)", "![أ](b)", "<b>", "*أ*", "\u202e", "`أ`"])
def test_what_lives_in_markdown_is_seen(markdown: str) -> None:
    assert in_markdown(markdown)


@pytest.mark.parametrize("said", ["\x1b]0;x\x07", "\x9b2J", "\u202eab", "ab\x08"])
def test_what_steers_a_terminal_is_seen(said: str) -> None:
    assert in_terminal(said)
    assert in_terminal("\x1b[2J", "\x1b[2J")
    assert in_terminal("\x1b[32m+\x1b[0m كلمة", said) == []


def test_a_link_in_word_is_seen() -> None:
    document, data = docx.Document(), io.BytesIO()
    document.part.relate_to("http://192.0.2.1", "http://x/hyperlink", is_external=True)
    document.add_paragraph("كلمة")
    document.save(data)
    assert in_word(data.getvalue()) == ["a link outside"]


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_lives_in_a_report(name: str) -> None:
    assert in_markdown(_line(HOSTILE[name])) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_each_string_fits_a_name_a_text_and_a_question(name: str) -> None:
    hostile = HOSTILE[name]
    assert hostile in text_of(3, hostile)
    assert hostile in question_of(3, hostile)
    assert not {"/", "\0"} & set(file_name(3, hostile))
    hostile.encode("utf-8")
