"""Electronic books: their chapters in reading order, each read as a web page."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from corpus.document import Document
from corpus.errors import UnreadableFileError
from corpus.readers.draft import Draft
from corpus.readers.html import read_html
from corpus.readers.package import open_package, part_tree, resolve

_CONTAINER = "META-INF/container.xml"
_MOST_CHAPTER_BYTES = 16 * 1024 * 1024  # a long novel as a whole has two
_LOCKS = "META-INF/encryption.xml"


def read_epub(data: bytes, source: str) -> Document:
    """An EPUB book: the headings are those of its chapters; its table of contents is left out.

    Chapters that are damaged or not in the file are counted in a warning. Raises
    UnreadableFileError where none can be read, and for a book that its seller has locked.
    """
    draft = Draft(source)
    lost = read = 0
    hint = "Download it again, or open it in Calibre and convert it to EPUB."
    with open_package(data, source, "electronic book (.epub)", hint) as archive:
        opf = _opf_name(archive)
        book = part_tree(archive, opf)
        chapters = list(_chapters(book, opf))
        if _locked_parts(archive).intersection(chapters):
            raise UnreadableFileError(
                f"{source}: the seller of this book has locked its text (DRM).",
                "Dalil reads books without such a lock. Ask the seller for one.",
                arabic=f"أقفل البائع نصّ الكتاب «{source}» بحماية رقمية لا يقرؤه دليل معها. "
                "اطلب منه نسخة بلا قفل.",
            )
        for name in chapters:
            chapter = _chapter(archive, name, source)
            if chapter is None:
                lost += 1
            else:
                draft.paste(chapter.text, chapter.headings)
                read += 1
        if not read:
            raise ValueError("no chapter")
    warning = f"في الكتاب فصول تالفة أو مفقودة عددها {lost}، فلم تُقرأ."
    return draft.document(_title(book), (warning,) if lost else ())


def _opf_name(archive: zipfile.ZipFile) -> str:
    """The part that describes the book."""
    for file in part_tree(archive, _CONTAINER).iter("{*}rootfile"):
        if name := file.get("full-path"):
            return resolve("", unquote(name))
    raise ValueError("the container names no book")


def _chapters(book: Any, opf: str) -> Iterator[str]:
    """The names of the parts to read, each once."""
    items = {item.get("id"): item for item in book.iter("{*}item")}
    seen: set[str] = set()
    for reference in book.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        name = resolve(opf, unquote((item.get("href") or "").partition("#")[0]))
        if name not in seen and not (item.get("media-type") or "").startswith("image/"):
            seen.add(name)
            yield name


def _locked_parts(archive: zipfile.ZipFile) -> set[str]:
    if _LOCKS not in archive.namelist():
        return set()
    links = part_tree(archive, _LOCKS).iter("{*}CipherReference")
    return {resolve("", unquote(link.get("URI") or "")) for link in links}


def _chapter(archive: zipfile.ZipFile, name: str, source: str) -> Document | None:
    try:
        if archive.getinfo(name).file_size > _MOST_CHAPTER_BYTES:
            return None
        return read_html(archive.read(name), source)
    except (KeyError, zipfile.BadZipFile, zlib.error, UnreadableFileError):
        return None


def _title(book: Any) -> str:
    return next((title.text for title in book.iter("{*}title") if title.text), "")
