import io
import zipfile
from contextlib import suppress

import pytest

import corpus.readers.package
from corpus.errors import UnreadableFileError
from corpus.readers.epub import read_epub

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
PAGE = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
    '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd"><html xmlns="http://www.w3.org/1999/xhtml">'
    '<head><title/><script src="a.js"/></head><body><a id="top"/>{}</body></html>'
)
FIRST = PAGE.format("<h1>الباب الأول</h1><p>كان&#160;البحر هادئاً.</p>")
SECOND = PAGE.format("<div hidden='hidden'/><h2>الفصل <i>الثاني</i></h2><p>ثم هبت الريح.</p>")


def opf(*references: str, items: str = "", title: str = "كتاب البحر") -> str:
    items = items or (
        '<item id="a" href="1.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="b" href="%D9%86%D8%B5/2.xhtml#top" media-type="application/xhtml+xml"/>'
        '<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        '<item id="c" href="cover.svg" media-type="image/svg+xml"/>'
        '<item id="x" href="gone.xhtml" media-type="application/xhtml+xml"/>'
    )
    spine = "".join(f'<itemref idref="{reference}"/>' for reference in references)
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>{title}</dc:title></metadata><manifest>{items}</manifest>"
        f"<spine>{spine}</spine></package>"
    )


def packed(book: str, **parts: str | bytes) -> bytes:
    """A book; ``parts`` named container, first, second, lock replace ours or come with them."""
    ours: dict[str, str | bytes] = {"container": CONTAINER, "first": FIRST, "second": SECOND}
    names = {
        **{"container": "META-INF/container.xml", "lock": "META-INF/encryption.xml"},
        **{"first": "OEBPS/1.xhtml", "second": "OEBPS/نص/2.xhtml"},
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("OEBPS/book.opf", book)
        archive.writestr("OEBPS/nav.xhtml", PAGE.format("<h1>الفهرس</h1>"))
        for part, content in (ours | parts).items():
            archive.writestr(names[part], content)
    return file.getvalue()


def refusal(data: bytes) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as caught:
        read_epub(data, "كتاب.epub")
    assert caught.value.message.startswith("كتاب.epub: ")
    assert caught.value.hint
    return caught.value


def test_chapters_are_read_in_the_order_of_the_spine() -> None:
    document = read_epub(packed(opf("c", "n", "b", "a", "b")), "كتاب.epub")
    assert document.text == ("الفصل الثاني\n\nثم هبت الريح.\n\nالباب الأول\n\nكان البحر هادئاً.")
    headings = ["الفصل الثاني", "الباب الأول"]
    assert [document.text[a:b] for a, b in document.headings] == headings
    assert document.title == "كتاب البحر"
    assert document.pages == ()
    assert document.warnings == ()


def test_old_encodings_and_web_pages_that_are_not_xml() -> None:
    old = FIRST.replace("utf-8", "windows-1256").encode("windows-1256", "xmlcharrefreplace")
    document = read_epub(packed(opf("a", "b"), first=old, second="<p>نص<br>بلا نهاية"), "a")
    assert document.text == "الباب الأول\n\nكان البحر هادئاً.\n\nنص\nبلا نهاية"


def test_chapters_that_are_lost_are_counted() -> None:
    document = read_epub(packed(opf("a", "x", "b"), second=bytes(range(256)) * 9), "a")
    assert document.text.startswith("الباب الأول")
    (warning,) = document.warnings
    assert "عددها 2" in warning


def test_a_locked_book_is_named_so() -> None:
    lock = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<CipherReference xmlns="http://www.w3.org/2001/04/xmlenc#" URI="OEBPS/{}"/></encryption>'
    )
    assert "locked" in refusal(packed(opf("a"), lock=lock.format("1.xhtml"))).message
    fonts = packed(opf("a"), lock=lock.format("fonts/arabic.otf"))
    assert "البحر" in read_epub(fonts, "a").text


def test_entities_are_not_expanded() -> None:
    kinds = '<!DOCTYPE x [<!ENTITY b "aaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    book = kinds + opf("a", title="عنوان&b;&f;")
    chapter = kinds + "<html><body><p>نص &b;&f;</p></body></html>"
    document = read_epub(packed(book, first=chapter), "a")
    assert document.title == "عنوان"
    assert "aaaa" not in document.text
    assert "root" not in document.text


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.readers.package, "MAX_UNPACKED_BYTES", 10_000)
    data = packed(opf("a"), first="أ" * 10_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert "unpacks to" in refusal(data).message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        FIRST.encode(),
        packed(opf("a"))[:-40],
        packed(opf("a"), container="<container/>"),
        packed(opf("a"), container="<container"),
        packed(opf("a"), container=CONTAINER.replace("book", "gone")),
        packed("<package"),
        packed(opf()),
        packed(opf("x", "n")),
        packed(opf("a", items='<item id="a"/>')),
    ],
)
def test_damaged_books_are_refused(data: bytes) -> None:
    assert "whole electronic book" in refusal(data).message


@pytest.mark.parametrize("step", range(20))
def test_damaged_bytes_never_crash(step: int) -> None:
    data = bytearray(packed(opf("a", "b")))
    for at in range(step * 31, len(data), 599):
        data[at] ^= 0x5A
    with suppress(UnreadableFileError):
        assert read_epub(bytes(data), "a.epub").source == "a.epub"
