"""Web pages: what a person sees of them, line by line. Nothing is fetched and nothing is run."""

import codecs
import re

from corpus.document import Document, Span
from corpus.encoding import decode
from corpus.errors import UnreadableFileError
from corpus.readers.doubts import doubts

_HIDDEN = re.compile("script|style|noscript|template|iframe|object|svg|math|canvas|audio|video")
_PARAGRAPH = re.compile("p|h[1-6]|blockquote|pre|table|figure|hr|article|section")
_LINE = re.compile(
    "div|li|ul|ol|dl|dt|dd|tr|caption|header|footer|nav|main|aside|form|fieldset|legend|address|"
    "figcaption|details|summary|option|thead|tbody|tfoot|center|body"
)
_HEADING = re.compile("h[1-6]")
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,30})""", re.IGNORECASE)
_WESTERN = {"ascii", "cp1252", "iso8859-1", "utf-8"}  # said of any page, so it says nothing


def read_html(data: bytes, source: str) -> Document:
    """A web page: blocks as lines, list items with "- ", table rows with cells joined by " | "."""
    from lxml import etree

    page = _Page()
    parser = etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True)
    try:
        parser.feed(_decode(data, source).replace("\0", "\ufffd").encode())
        parser.close()
    except etree.LxmlError as error:
        raise UnreadableFileError(
            f"{source}: this is not a web page that can be read: {error}.",
            "Open it in a browser and save it again, or save its text as a .txt file.",
            arabic=f"الملف «{source}» ليس صفحة ويب يمكن أن تُقرأ. "
            "افتحه في المتصفّح واحفظه من جديد، أو احفظ نصّه بصيغة txt.",
        ) from error
    text = "".join(page.parts)
    return Document(
        source=source,
        text=text,
        title=" ".join("".join(page.title).split()),
        headings=tuple(page.headings),
        warnings=doubts(text),
    )


def _decode(data: bytes, source: str) -> str:
    """The encoding that an old page declares, if it holds; otherwise the likeliest one."""
    declared = _DECLARED.search(data, 0, 4096)
    if declared and not _is_unicode(data):
        try:
            name = codecs.lookup(declared[1].decode("ascii", "replace")).name
            if name not in _WESTERN and re.match("cp|iso8859|koi8|mac|gb|big5|shift|euc", name):
                return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            pass  # an unknown name, or a false one
    return decode(data, source)[0]


def _is_unicode(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return True


class _Page:
    """Takes a parser's events one by one, so that no depth of nesting can hurt.

    ``parts`` joined is the text; ``headings`` are spans of it.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.title: list[str] = []
        self.headings: list[Span] = []
        self._length = 0
        self._breaks = 0  # line ends owed before the next word
        self._space = False  # a space owed before the next word
        self._bullet = False
        self._hidden = 0  # how many open elements deep in a hidden one
        self._in_title = False
        self._preformatted = 0
        self._raised = False  # in a superscript that has no word yet
        self._items = 0
        self._rows: list[int] = []  # for each open table row, the cells so far
        self._heading_start: int | None = None
        self._in_heading = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._hidden or _HIDDEN.fullmatch(tag) or _is_hidden(attributes):
            self._hidden += 1
            return
        self._owe_breaks(tag)
        if tag == "title":
            self._in_title = not self.title
        elif tag == "br":
            self._breaks = min(self._breaks + 1, 2)
        elif tag == "sup":
            self._raised = True
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "li":
            self._items, self._bullet = self._items + 1, True
        elif tag == "tr":
            self._rows.append(0)
        elif tag in ("td", "th"):
            self._start_cell()
        elif _HEADING.fullmatch(tag):
            self._in_heading, self._heading_start = True, None

    def end(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= 1
            return
        self._owe_breaks(tag)
        if tag == "title":
            self._in_title = False
        elif tag == "sup":
            self._raised = False
        elif tag == "pre":
            self._preformatted -= 1
        elif tag == "li":
            self._items, self._bullet = self._items - 1, False
        elif tag == "tr" and self._rows:
            self._rows.pop()
        elif _HEADING.fullmatch(tag):
            if self._heading_start is not None:
                self.headings.append((self._heading_start, self._length))
            self._in_heading, self._heading_start = False, None

    def data(self, text: str) -> None:
        if self._hidden:
            return
        if self._in_title:
            self.title.append(text)
        elif self._preformatted:
            self._write(text.replace("\xa0", " "))
        else:
            words = _SPACES.sub(" ", text)
            self._space = self._space or words.startswith(" ")
            if words.strip(" "):
                self._write(words.strip(" "))
                self._space = words.endswith(" ")

    def comment(self, text: str) -> None:
        """Comments are not for readers."""

    def close(self) -> None:
        """The parser calls this at the end of the page."""

    def _owe_breaks(self, tag: str) -> None:
        if _PARAGRAPH.fullmatch(tag):
            tight = self._items or self._rows
            self._breaks = max(self._breaks, 1 if tight else 2)
        elif _LINE.fullmatch(tag):
            self._breaks = max(self._breaks, 1)

    def _start_cell(self) -> None:
        """The second and later cells of a row go on its line, whatever blocks the cells hold."""
        if self._rows:
            self._rows[-1] += 1
            if self._rows[-1] > 1 and self._length:
                self._breaks, self._space = 0, False
                self._put(" | ")

    def _write(self, text: str) -> None:
        if self._breaks and self._length and not self._after_bar():
            self._put("\n" * self._breaks)
        elif self._space and self._length and not self._after_bar():
            self._put(" ")
        self._breaks, self._space = 0, False
        if self._bullet:
            self._put("- ")
            self._bullet = False
        if self._in_heading and self._heading_start is None:
            self._heading_start = self._length
        if self._raised and self.parts and self.parts[-1][-1].isdigit() and text[0].isdigit():
            self._put("^")  # 10⁸ is not 108
        self._raised = False
        self._put(text)

    def _after_bar(self) -> bool:
        return self.parts[-1] == " | "

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self._length += len(text)


def _is_hidden(attributes: dict[str, str]) -> bool:
    return "hidden" in attributes or bool(_HIDING_STYLE.search(attributes.get("style") or ""))
