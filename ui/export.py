"""A conversation as a file to keep: Markdown or Word."""

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from qa.conversations import Heading
from qa.turn import Turn
from ui.markup import direction
from ui.strings import Strings
from ui.transcript import Kind, Line, Stretch, clean, reply, transcript

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_PREFIXES: dict[Kind, str] = {
    "title": "# ",
    "question": "## ",
    "label": "### ",
    "reference": "- ",
}
_STYLES: dict[Kind, str] = {
    "title": "Title",
    "question": "Heading 1",
    "label": "Heading 2",
}
_FONT = "Arial"  # has Arabic letters, and every Word has it

# What begins HTML, links, pictures, emphasis, code, formulas, tables, lists, headings or notes; and
# what turns bare words into links: `://`, and the dot before a letter in `www.example.com`.
_SPECIAL = re.compile(
    r"([\\`*_{}\[\]<>|~$&#^]|!(?=\[)|:(?=\S)|[=%](?=[=%])|(?<=/)/|\.(?=[^\W\d_])|^[-+=%])"
)
_NUMBERED = re.compile(r"^(\d+)([.)])")
_ISOLATE, _END = "\u2068", "\u2069"
_JOINER = "\u2060"


def as_markdown(heading: Heading, turns: Sequence[Turn], strings: Strings) -> str:
    """The conversation as Markdown in which no word of a text, question or answer has any effect.

    Names and quotations are each enclosed in a bidirectional isolate (U+2068, U+2069), the only
    invisible characters beside a word joiner after "@", which would make links else.
    """
    lines = transcript(heading, turns, strings)
    return "\n\n".join(_PREFIXES.get(line.kind, "") + _marked(line) for line in lines) + "\n"


def reply_as_markdown(turn: Turn, strings: Strings) -> str:
    """What became of one question, as Markdown of the same kind."""
    lines = reply(turn, strings)
    return "\n\n".join(_PREFIXES.get(line.kind, "") + _marked(line) for line in lines)


def bare(markdown: str) -> str:
    """The text of a line of such Markdown."""
    text = re.sub(f"[{_ISOLATE}{_END}{_JOINER}]", "", markdown)
    return re.sub(r"\\(\W|_)", r"\1", text)


def _marked(line: Line) -> str:
    return "".join(
        f"{_ISOLATE}{escaped(part.text)}{_END}" if part.apart else escaped(part.text)
        for part in line.stretches
    )


def escaped(text: str) -> str:
    """A line of ``text`` as Markdown that shows it and does nothing."""
    bare = _SPECIAL.sub(r"\\\1", text).replace("@", f"@{_JOINER}")
    return _NUMBERED.sub(r"\1\\\2", bare)


def as_word(heading: Heading, turns: Sequence[Turn], strings: Strings) -> bytes:
    """The conversation as a Word document, each paragraph in the direction of its text."""
    import docx

    document = docx.Document()
    for line in transcript(heading, turns, strings):
        paragraph = document.add_paragraph(style=_STYLES.get(line.kind))
        if line.direction == "rtl":
            _turn(paragraph)
        for part in line.stretches:
            _add(paragraph, part, line)
    _describe(document, heading, strings)
    data = BytesIO()
    document.save(data)
    return data.getvalue()


def _turn(paragraph: "Paragraph") -> None:
    """Set a new paragraph from right to left; Word then takes its start for the right side."""
    from docx.oxml.parser import OxmlElement

    # The schema wants it after the style, which is all that a new paragraph has.
    paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))


def _add(paragraph: "Paragraph", part: Stretch, line: Line) -> None:
    from docx.oxml.ns import qn

    run = paragraph.add_run(part.text)
    run.font.rtl = (direction(part.text, line.direction) if part.apart else line.direction) == "rtl"
    run.font.name = _FONT
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:cs"), _FONT)
    if line.kind == "answer":
        run.font.bold = run.font.cs_bold = True


def _describe(document: "Document", heading: Heading, strings: Strings) -> None:
    """The properties that file managers show, in place of the template's."""
    about = document.core_properties
    about.title, about.author, about.comments = clean(heading.title), clean(strings.name), ""
    about.created = about.modified = datetime.fromisoformat(heading.updated)
