"""Valid files of every format that Dalil reads, for the fuzzer to damage."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from corpus import bundled_texts

_FIXTURES = Path(__file__).parents[2] / "tests" / "corpus" / "fixtures"
_TEXT = "المرفأ القديم\n\nبُني المرفأ سنة 1898م. وبلغت كلفته 1,250,000 درهم، وحضر د. سالم افتتاحه.\n"
_SENTENCE = b"BT /F 12 Tf 20 100 Td (The harbour opened in 1898) Tj ET"
_ROWS = [["المدينة", "السكان", "السنة"], ["عمّان", "4,007,526", "2015"], ["Fez", "1112072", "2014"]]

Files = Mapping[str, bytes]
"""The members of a zip package by their names."""


def pack(files: Files) -> bytes:
    """A zip package of these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The members of a zip package."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def seeds() -> Mapping[str, list[bytes]]:
    """Whole files by their ending."""
    page = _page(_TEXT)
    article = (bundled_texts() / "cairo.md").read_bytes()[:6_000].decode("utf-8", "ignore")
    table = "\n".join(";".join(row) for row in _ROWS)
    lines = [json.dumps(dict(zip(_ROWS[0], row, strict=True)), ensure_ascii=False) for row in _ROWS]
    nested = json.dumps({"title": "عنوان", "text": _TEXT, "more": {"a": [1, {"b": None}]}})
    return {
        ".txt": [_TEXT.encode(), article.encode(), article.encode("cp1256", "ignore")],
        ".md": [article.encode(), f"---\nأ: ب\n---\n# عنوان\n\n```\n# لا\n```\n{_TEXT}".encode()],
        ".html": [page.encode(), _page(article).encode("utf-16"), page.encode("cp1256", "replace")],
        ".csv": [table.encode(), f'sep=,\n"أ ""ب""",ج\n{table}'.replace(";", ",").encode()],
        ".jsonl": ["\n".join(lines).encode(), f"{nested}\n{lines[0]}".encode()],
        ".docx": [_word()],
        ".pptx": [_slides()],
        ".xlsx": [_workbook()],
        ".epub": [_book(page)],
        ".pdf": [_plotted(), written_pdf(), *_fixtures()],
    }


def _fixtures() -> list[bytes]:
    return [path.read_bytes() for path in sorted(_FIXTURES.glob("*.pdf"))]


def _page(text: str) -> str:
    rows = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in _ROWS)
    return (
        f'<!DOCTYPE html><html lang="ar"><head><meta charset="utf-8"><title>صفحة</title>'
        f"<style>p {{ color: red }}</style></head><body><h1>عنوان</h1><p style='display: block'>"
        f"{text}</p><ul><li>أوّل</li><li>ثانٍ &amp; &#1579;</li></ul><table>{rows}</table>"
        f"<pre>  سطر\n  سطر</pre><script>var x = '<p>';</script></body></html>"
    )


def _word() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("عنوان", 1)
    document.add_paragraph(_TEXT)
    document.add_paragraph("بند", style="List Bullet")
    table = document.add_table(rows=0, cols=3)
    for row in _ROWS:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _slides() -> bytes:
    from pptx import Presentation
    from pptx.util import Inches

    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "عنوان"
    slide.placeholders[1].text = _TEXT
    slide.notes_slide.notes_text_frame.text = "ملاحظة"
    place = [Inches(inches) for inches in (1, 1, 5, 2)]
    table = slide.shapes.add_table(len(_ROWS), 3, *place).table
    for at, row in enumerate(_ROWS):
        for column, words in enumerate(row):
            table.cell(at, column).text = words
    made = io.BytesIO()
    show.save(made)
    return made.getvalue()


def _workbook() -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    strings = "".join(f"<si><t>{words}</t></si>" for row in _ROWS for words in row)
    cells = "".join(
        f'<row r="{at + 1}">{"".join(_cell(at, column) for column in range(3))}</row>'
        for at in range(len(_ROWS))
    )
    numbers = (
        '<row r="5"><c r="A5" s="1"><v>45000.5</v></c><c r="B5" s="2"><v>0.125</v></c>'
        '<c r="C5" t="inlineStr"><is><t>نصّ_x0041_</t></is></c><c r="D5" t="d"><v>2020-01-02</v></c>'
        '<c r="E5" t="b"><v>1</v></c></row>'
    )

    def links(*pairs: tuple[str, str]) -> bytes:
        inner = "".join(
            f'<Relationship Id="r{at}" Type="{link}/{kind}" Target="{target}"/>'
            for at, (kind, target) in enumerate(pairs)
        )
        return f'<Relationships xmlns="{rels}">{inner}</Relationships>'.encode()

    return pack(
        {
            "_rels/.rels": links(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{link}"><sheets><sheet '
            'name="ورقة" sheetId="1" r:id="r0"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": links(
                ("worksheet", "worksheets/sheet1.xml"),
                ("sharedStrings", "sharedStrings.xml"),
                ("styles", "styles.xml"),
            ),
            "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>'.encode(),
            "xl/styles.xml": f'<styleSheet xmlns="{main}"><numFmts><numFmt numFmtId="164" '
            'formatCode="yyyy\\-mm\\-dd hh:mm"/></numFmts><cellXfs><xf numFmtId="0"/>'
            '<xf numFmtId="164"/><xf numFmtId="10"/></cellXfs></styleSheet>'.encode(),
            "xl/worksheets/sheet1.xml": f'<?xml version="1.0" encoding="UTF-8"?><worksheet '
            f'xmlns="{main}"><sheetData>{cells}{numbers}</sheetData></worksheet>'.encode(),
        }
    )


def _cell(row: int, column: int) -> str:
    return f'<c r="{"ABC"[column]}{row + 1}" t="s"><v>{3 * row + column}</v></c>'


def _book(page: str) -> bytes:
    container = "urn:oasis:names:tc:opendocument:xmlns:container"
    opf = "http://www.idpf.org/2007/opf"
    return pack(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": f'<container xmlns="{container}"><rootfiles><rootfile '
            'full-path="OEBPS/book.opf"/></rootfiles></container>'.encode(),
            "OEBPS/book.opf": f'<package xmlns="{opf}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<metadata><dc:title>كتاب</dc:title></metadata><manifest>"
            '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
            '<item id="b" href="b.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'.encode(),
            "OEBPS/a.xhtml": page.encode(),
            "OEBPS/b.xhtml": b"<html><body><h2>B</h2><p>second chapter</p></body></html>",
        }
    )


def _plotted() -> bytes:
    """A page with embedded fonts and streams that are not compressed."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    made = io.BytesIO()
    with rc_context({"pdf.compression": 0, "pdf.fonttype": 42}):
        figure = Figure(figsize=(3, 2))
        figure.text(0.1, 0.6, "رصيف المرفأ القديم")
        figure.text(0.1, 0.3, "The old harbour, 1898")
        figure.savefig(made, format="pdf")
    return made.getvalue()


def written_pdf(content: bytes = _SENTENCE) -> bytes:
    """A small page that draws ``content`` with one font, under objects 1 to 5."""
    return join_objects(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R"
            b"/Resources<</Font<</F 5 0 R>>>>>>",
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )


def join_objects(objects: list[bytes]) -> bytes:
    """A PDF file of these objects, numbered from 1; the first is its catalogue."""
    made, places = b"%PDF-1.7\n", []
    for number, words in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, words)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + table + end
