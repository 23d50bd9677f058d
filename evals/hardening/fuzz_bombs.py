"""Small files that would take the memory or the time of a machine, if one let them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from evals.hardening.fuzz_seeds import join_objects, pack, seeds, unpack, written_pdf

_MIB = 1024**2
_BODY = {
    ".docx": "word/document.xml",
    ".pptx": "ppt/slides/slide1.xml",
    ".xlsx": "xl/worksheets/sheet1.xml",
    ".epub": "OEBPS/a.xhtml",
}
_LAUGHS = "<!DOCTYPE x [<!ENTITY l0 'هه'>{}]>".format(
    "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
).encode()
_SWOLLEN = b"<!DOCTYPE x [<!ENTITY l11 '%s'>]>" % (b"a" * 100_000)
_OUTSIDE = b'<!DOCTYPE x [<!ENTITY l11 SYSTEM "file:///dev/zero">]>'

Bomb = Callable[[], bytes]


def bombs() -> Mapping[tuple[str, str], Bomb]:
    """What makes each bomb, by its name and the ending of its file."""
    return dict([*_texts(), *_pages(), *_packages(), *_zips(), *_pdfs()])


def _texts() -> Iterator[tuple[tuple[str, str], Bomb]]:
    for suffix in (".txt", ".md", ".csv", ".jsonl", ".html"):
        yield ("one line without a space", suffix), lambda: b"x" * (20 * _MIB)
        yield ("dots without end", suffix), lambda: b"x" + b"." * _MIB + b"x"
        yield ("dots and quotes", suffix), lambda: b'x."' * (_MIB // 4) + b"x"
        yield ("empty lines", suffix), lambda: b"\n" * (10 * _MIB) + b"x"
        yield ("spaces", suffix), lambda: b"x" + b" " * (10 * _MIB) + b"x"
        yield ("marks without a letter", suffix), lambda: "\u064b".encode() * _MIB + b"x"
        yield ("nothing", suffix), lambda: b"\0" * _MIB
    yield ("fences", ".md"), lambda: b"```\n~~~\n" * (_MIB // 2)
    yield ("number signs", ".md"), lambda: b"# " * (5 * _MIB)
    yield ("headings", ".md"), lambda: b"# a\n" * (_MIB // 8)
    yield ("one field", ".csv"), lambda: b'a,b\n"' + b"x" * (20 * _MIB) + b'",1\n'
    yield ("quotes", ".csv"), lambda: b'"' * (10 * _MIB)
    yield ("a million columns", ".csv"), lambda: (b"a," * _MIB + b"\n") * 3
    yield ("wide rows apart", ".csv"), lambda: (b"a,b1," * 20_000 + b"\n\n") * 40
    yield ("delimiters", ".csv"), lambda: b",;\t|\n" * _MIB
    yield ("lists in lists", ".jsonl"), lambda: b"[" * _MIB + b"]" * _MIB
    yield ("objects in objects", ".jsonl"), lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield ("long names", ".jsonl"), _long_names
    yield ("a long number", ".jsonl"), lambda: b'{"text": %s}' % (b"9" * (5 * _MIB))
    yield ("half characters", ".jsonl"), lambda: b'{"\\ud800": "\\udfff \\ud83d a"}\n' * 1_000


def _long_names() -> bytes:
    """Names that each value inside repeats."""
    inner = b",".join(b'"b%d":1' % number for number in range(300_000))
    return b'{"%s":' % (b"a" * 50) * 300 + b"{%s}" % inner + b"}" * 300


def _pages() -> Iterator[tuple[tuple[str, str], Bomb]]:
    tags = {"div": b"<div>", "b": b"<b>", "table": b"<table><tr><td>", "p": b"<p>"}
    for name, opened in tags.items():
        yield (f"{name} in {name}", ".html"), partial(_nested_tags, opened)
    yield (
        ("attributes", ".html"),
        lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(500_000)) + b">x</p>",
    )
    yield ("one attribute", ".html"), lambda: b"<p style='display%s'>x</p>" % (b" " * (10 * _MIB))
    yield ("comments", ".html"), lambda: b"<!--" * _MIB + b"x"
    yield ("open marks", ".html"), lambda: b"<" * (4 * _MIB) + b"x"
    yield ("ampersands", ".html"), lambda: b"&" * (4 * _MIB) + b"x"
    yield ("half tags", ".html"), lambda: b"<a <a" * _MIB + b">x"
    yield (
        ("a title for every heading", ".html"),
        lambda: b"<title>" + b"t" * _MIB + b"</title>" + b"<h2>h</h2><p>word</p>" * 20_000,
    )
    yield ("laughs", ".html"), lambda: _LAUGHS + b"<p>&l11; x</p>"
    yield (
        ("declared an encoding that is none", ".html"),
        lambda: b'<meta charset="iso-2022-kr">' + bytes(range(256)) * 4_000,
    )


def _nested_tags(opened: bytes) -> bytes:
    return opened * 500_000 + b"x"


def _packages() -> Iterator[tuple[tuple[str, str], Bomb]]:
    doctypes = {"laughs": _LAUGHS, "swollen": _SWOLLEN, "outside": _OUTSIDE}
    for suffix, body in _BODY.items():
        for name, doctype in doctypes.items():
            yield (f"entities: {name}", suffix), partial(_entities, suffix, body, doctype)
        yield ("elements in elements", suffix), partial(_inside, suffix, body, _deep)
        yield ("attributes", suffix), partial(_inside, suffix, body, _attributes)
        yield ("a long text", suffix), partial(_inside, suffix, body, lambda: b"x" * (200 * _MIB))
        yield ("spaces behind the end", suffix), partial(_spaces, suffix, body)
    yield ("one slide a hundred thousand times", ".pptx"), _one_slide
    yield ("styles upon styles", ".docx"), _styles
    yield (
        ("brackets in a format", ".xlsx"),
        lambda: _with(
            ".xlsx", "xl/styles.xml", lambda part: part.replace(b"hh:mm", b"[" * 200_000)
        ),
    )
    yield ("one string a million times", ".xlsx"), _one_string


def _entities(suffix: str, name: str, doctype: bytes) -> bytes:
    uses = b"&l11;" * 900 + b"</"
    return _with(
        suffix, name, lambda part: doctype + _behind_declaration(part).replace(b"</", uses, 2)
    )


def _inside(suffix: str, name: str, bomb: Bomb) -> bytes:
    """A package whose part ``name`` has the bomb before the first end of an element."""
    return _with(suffix, name, lambda part: part.replace(b"</", bomb() + b"</", 1))


def _deep() -> bytes:
    return b"<a>" * 200_000 + b"</a>" * 200_000


def _attributes() -> bytes:
    return b"<a %s/>" % b" ".join(b"a%d='1'" % number for number in range(300_000))


def _spaces(suffix: str, name: str) -> bytes:
    return _with(suffix, name, lambda part: part + b" " * (250 * _MIB))


def _with(suffix: str, name: str, change: Callable[[bytes], bytes]) -> bytes:
    files = unpack(seeds()[suffix][0])
    files[name] = change(files[name])
    return pack(files)


def _behind_declaration(part: bytes) -> bytes:
    return part.partition(b"?>")[2] if part.startswith(b"<?xml") else part


def _one_slide() -> bytes:
    def often(part: bytes) -> bytes:
        start = part.index(b"<p:sldId ")
        slide = part[start : part.index(b"/>", start) + 2]
        return part.replace(slide, slide * 100_000)

    return _with(".pptx", "ppt/presentation.xml", often)


def _styles() -> bytes:
    def chained(part: bytes) -> bytes:
        made = b"".join(
            b'<w:style w:styleId="s%d" w:type="paragraph"><w:name w:val="n%d"/>'
            b'<w:basedOn w:val="s%d"/></w:style>' % (n, n, n + 1)
            for n in range(2_000)
        )
        return part.replace(b"</w:styles>", made + b"</w:styles>")

    files = unpack(_with(".docx", "word/styles.xml", chained))
    paragraph = b'<w:p><w:pPr><w:pStyle w:val="s0"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'
    body = files["word/document.xml"]
    files["word/document.xml"] = body.replace(b"<w:sectPr", paragraph * 400 + b"<w:sectPr", 1)
    return pack(files)


def _one_string() -> bytes:
    files = unpack(seeds()[".xlsx"][0])
    files["xl/sharedStrings.xml"] = b"<sst><si><t>" + b"x" * _MIB + b"</t></si></sst>"
    row = b"<row><c t='s'><v>0</v></c></row>" * 100_000
    sheet = b"<worksheet><sheetData>%s</sheetData></worksheet>" % row
    files["xl/worksheets/sheet1.xml"] = sheet
    return pack(files)


def _zips() -> Iterator[tuple[tuple[str, str], Bomb]]:
    for suffix, body in _BODY.items():
        yield ("a member of a gigabyte", suffix), partial(_zeros, body, 1024)
        yield ("a member that lies", suffix), partial(_lying, body)
        yield ("entries one over the other", suffix), partial(_overlapping, body, 20_000)
        yield ("fifty thousand members", suffix), lambda: pack({f"{n}": b"" for n in range(49_000)})
        yield ("packages in packages", suffix), partial(_nested, body)


def _zeros(name: str, mib: int) -> bytes:
    made = io.BytesIO()
    archive = zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED)
    with archive, archive.open(name, "w") as part:
        for _ in range(mib):
            part.write(b"\0" * _MIB)
    return made.getvalue()


def _lying(name: str) -> bytes:
    """Says of 300 MiB that they are a hundred bytes."""
    data = _zeros(name, 300)
    size = struct.pack("<I", 300 * _MIB)
    return data.replace(size, struct.pack("<I", 100))


def _overlapping(name: str, entries: int) -> bytes:
    """Each entry of the table of contents leads to the same member."""
    data = pack({name: b"<a>" + b" " * 10_000 + b"</a>"})
    start = data.rindex(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    entry = data[start:end] * entries
    counts = struct.pack("<HHII", entries, entries, len(entry), start)
    return data[:start] + entry + data[end : end + 8] + counts + b"\0\0"


def _nested(name: str) -> bytes:
    data = _zeros(name, 100)
    for _ in range(6):
        data = pack({name: data, f"{name}.zip": data})
    return data


def _pdfs() -> Iterator[tuple[tuple[str, str], Bomb]]:
    words = b"BT /F 12 Tf 20 100 Td (%s) Tj ET"
    yield ("a page without end", ".pdf"), lambda: _squeezed(words % (b"harbour " * 4_000_000))
    yield ("a line without end", ".pdf"), lambda: written_pdf(words % (b"a." * 45_000))
    yield ("drawings", ".pdf"), lambda: _squeezed(b"0 0 1 1 re f " * 2_000_000)
    yield ("saved states", ".pdf"), lambda: _squeezed(b"q " * 5_000_000 + words % b"x")
    yield ("a stream of zeros", ".pdf"), lambda: _squeezed(b"\0" * (300 * _MIB))
    yield ("filters upon filters", ".pdf"), lambda: _squeezed(b"\0" * (100 * _MIB), times=4)
    yield ("a count that lies", ".pdf"), partial(_page_with, b"/Count 1", b"/Count 2147483647")
    yield ("one page a hundred thousand times", ".pdf"), _often
    yield ("pages of themselves", ".pdf"), partial(_page_with, b"[3 0 R]", b"[2 0 R 2 0 R]")
    yield ("a tree without end", ".pdf"), _tree
    yield ("a form in itself", ".pdf"), _form
    yield ("one object for all", ".pdf"), lambda: b"%PDF-1.7\n" + b"1 0 obj<<>>endobj\n" * 200_000
    yield ("lists in lists", ".pdf"), partial(_page_with, b"[0 0 300 200]", b"[" * 500_000)
    yield ("a large sheet", ".pdf"), partial(_page_with, b"300 200", b"3e37 2e37")


def _page_with(old: bytes, new: bytes) -> bytes:
    return written_pdf().replace(old, new)


def _often() -> bytes:
    return _page_with(b"/Kids[3 0 R]/Count 1", b"/Kids[%s]/Count 100000" % (b"3 0 R " * 100_000))


def _squeezed(content: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        content = zlib.compress(content)
    filters = b"/FlateDecode " * times
    stream = b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(content), filters, content)
    plain = b"<</Length 0>>stream\n\nendstream"
    return _reindexed(written_pdf(b"").replace(plain, stream))


def _reindexed(data: bytes) -> bytes:
    """Without a table: PDFium looks for the objects itself."""
    at = data.rindex(b"xref\n0 ")
    return data[:at] + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF"


def _tree() -> bytes:
    """Each of 60 nodes has the next one for its child, many times."""
    last = 64
    tree = [
        b"<</Type/Pages/Kids[%s]/Count 2000000000>>" % (b"%d 0 R " % (number + 1) * 20)
        for number in range(2, last)
    ]
    page = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 9 9]>>" % (last - 1)
    return join_objects([b"<</Type/Catalog/Pages 2 0 R>>", *tree, page])


def _form() -> bytes:
    """A drawing that draws itself twice."""
    form = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>"
        b"/Length 12>>stream\n/X Do /X Do \nendstream"
    )
    page = written_pdf(b"/X Do BT /F 12 Tf (x) Tj ET")
    page = page.replace(b"<</Font", b"<</XObject<</X 6 0 R>>/Font")
    at = page.rindex(b"xref\n0 ")
    return page[:at] + b"6 0 obj\n%s\nendobj\ntrailer<</Size 7/Root 1 0 R>>\n%%%%EOF" % form
