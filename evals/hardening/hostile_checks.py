"""Whether something came to life in a page, a file or a terminal."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_TERMINAL = re.compile("\x1b\\][^\x1b\x07]*|\x1b[PX^_]|[\x80-\x9f\x07\x0b\x0c\x7f]|\x08")
_OUR_COLOURS = re.compile("\x1b\\[[\\d;?]*[A-Za-z]")
Shape = tuple[str, tuple[str, ...]]


class Reading(HTMLParser):
    """What a browser finds in HTML: ``shapes`` are its tags with the names of their attributes,
    ``loose`` the text outside of boxes for controls of direction.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shapes: set[Shape] = set()
        self.loose = ""
        self._boxed = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        self._boxed = ("class", "control") in attrs
        self.shapes.add((tag, tuple(sorted(name for name, _ in attrs))))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        """A box ends with its tag."""
        self._boxed = False

    def handle_data(self, data: str) -> None:
        """Note the text."""
        self.loose += "" if self._boxed else data

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        """A comment hides what stands in it."""
        self.shapes.add(("!--", ()))


def in_page(html: str, known: frozenset[Shape]) -> list[str]:
    """What is alive in the page's HTML beyond the shapes of a page of harmless words."""
    read = Reading(html)
    found = [f"<{tag} {' '.join(names)}>" for tag, names in sorted(read.shapes - known)]
    return found + [f"U+{ord(sign):04X} turns the page" for sign in _TURNING.findall(read.loose)]


def in_markdown(markdown: str) -> list[str]:
    """What a renderer that leaves HTML in and knows tables makes of it beyond our own lines."""
    from markdown_it import MarkdownIt

    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    allowed = {"p", "h1", "h2", "h3", "ul", "li"}
    shapes = Reading(renderer.render(markdown)).shapes
    found = [f"<{tag}>" for tag, names in sorted(shapes) if tag not in allowed or names]
    turning = [sign for sign in _TURNING.findall(markdown) if sign not in "\u2068\u2069"]
    return found + [f"U+{ord(s):04X}" for s in [*turning, *_STEERING.findall(markdown)]]


def in_word(data: bytes) -> list[str]:
    """What of a Word document is no plain paragraph: links, fields, pictures, controls."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = archive.read("word/document.xml").decode("utf-8")
        relations = archive.read("word/_rels/document.xml.rels").decode("utf-8")
    parts = ("w:hyperlink", "w:fldSimple", "w:instrText", "w:drawing", "w:object", "w:altChunk")
    found = [part for part in parts if f"<{part}" in body]
    found += ["a link outside"] * ('TargetMode="External"' in relations)
    return found + [f"U+{ord(s):04X}" for s in (*_TURNING.findall(body), *_STEERING.findall(body))]


def in_terminal(said: str, hostile: str = "") -> list[str]:
    """What steers a terminal, but for colours and movements that the program itself makes."""
    own = _OUR_COLOURS.findall(hostile)
    found = [repr(one) for one in own if one in said and one not in {"\x1b[31m", "\x1b[H"}]
    found += [repr(one) for one in _TERMINAL.findall(said)]
    return found + [f"U+{ord(sign):04X}" for sign in _TURNING.findall(said)]
