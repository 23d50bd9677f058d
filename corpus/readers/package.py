"""Files that are zip packages (.docx, .pptx, .xlsx, .epub): opened only when they are safe to."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from corpus.errors import UnreadableFileError

MAX_UNPACKED_BYTES = 256 * 1024 * 1024
MAX_MARKS = 4_000_000  # an element in memory takes a hundred bytes and more
_MAX_PARTS = 50_000
_MAX_TREE_BYTES = 16 * 1024 * 1024
_BLOCK = 1024 * 1024

_ENTRY = b"PK\x01\x02"  # begins each line of a zip file's table of contents
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
_EBCDIC = b"\x4c\x6f\xa7\x94"
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_COUNTABLE = re.compile(rb"(utf-?8|utf-?16|us-ascii|iso-8859|windows-)", re.IGNORECASE)


@contextmanager
def open_package(
    data: bytes, source: str, kind: str, hint: str, *damage: type[Exception]
) -> Iterator[zipfile.ZipFile]:
    """The package for the time of a ``with`` block, in which it is read to its end.

    Raises UnreadableFileError for a bomb, for a password, and, with ``kind`` and ``hint``, for any
    damage that shows itself in the block; ``damage`` names what the caller's own library raises.
    """
    from xml.parsers.expat import ExpatError

    from lxml.etree import LxmlError

    try:
        if data.startswith(_OLE) and _LOCKED in data:
            raise _locked(source)
        if data.count(_ENTRY) > _MAX_PARTS:
            raise UnreadableFileError(
                f"{source}: holds more than {_MAX_PARTS:,} files, the most that Dalil unpacks.",
                "Split it into smaller files.",
                arabic=f"في الملف «{source}» أجزاء أكثر ممّا يفكّه دليل. قسّمه إلى ملفّات أصغر.",
            )
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive.infolist(), source)
            yield archive
    # What the libraries raise for the many ways in which a package can be damaged.
    except (
        *(zipfile.BadZipFile, zlib.error, LxmlError, EOFError, OSError, RuntimeError, LookupError),
        *(ValueError, TypeError, AttributeError, ArithmeticError, NotImplementedError),
        *(ExpatError, *damage),
    ) as error:
        raise UnreadableFileError(
            f"{source}: this is not a whole {kind}.",
            hint,
            arabic=f"الملف «{source}» تالف، أو ليس من النوع الذي يدلّ عليه اسمه. افتحه في برنامجه "
            "واحفظه من جديد بصيغة حديثة وبلا كلمة مرور، أو نزّله مرّة أخرى.",
        ) from error


def _check_entries(entries: list[zipfile.ZipInfo], source: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableFileError(
            f"{source}: unpacks to {unpacked / 1024**2:,.0f} MiB, and "
            f"{MAX_UNPACKED_BYTES // 1024**2} MiB is the most that Dalil reads.",
            "Save it without its pictures, or split it.",
            arabic=f"يصير الملف «{source}» بعد فكّ ضغطه أكبر من "
            f"{MAX_UNPACKED_BYTES // 1024**2} ميغابايت، وهو أقصى ما يقرؤه دليل. "
            "احفظه من غير صوره، أو قسّمه.",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise _locked(source)


def _locked(source: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"{source}: is locked with a password.",
        "Open it with the password, save it without one, and try again.",
        arabic=f"الملف «{source}» محميّ بكلمة مرور. افتحه بها واحفظه من غيرها، ثم أضِفه.",
    )


def check_markup(archive: zipfile.ZipFile, source: str, most: int = MAX_MARKS) -> None:
    """Raises UnreadableFileError where the XML has more than ``most`` tags and attributes.

    To be called before a library makes trees of the whole package.
    """
    marks = 0
    for entry in archive.infolist():
        with archive.open(entry) as part:
            block = part.read(_BLOCK)
            if not _is_xml(block):
                continue
            while block and marks <= most:
                marks += block.count(b"<") + block.count(b"=")
                block = part.read(_BLOCK)
    if marks > most:
        raise UnreadableFileError(
            f"{source}: is made of more than {most:,} pieces of markup, the most that Dalil reads.",
            "Split it into smaller files, or save its text as a .txt file.",
            arabic=f"في الملف «{source}» من علامات التنسيق أكثر ممّا يقرؤه دليل. "
            "قسّمه إلى ملفّات أصغر، أو احفظ نصّه بصيغة txt.",
        )


def _is_xml(head: bytes) -> bool:
    """Whether a part is XML; raises ValueError where its marks could not be counted."""
    declared = _ENCODING.search(head.replace(b"\0", b""), 0, 256)
    if head.startswith(_EBCDIC) or (declared and not _COUNTABLE.match(declared[1])):
        raise ValueError("an encoding that no office writes")
    return head.lstrip(_BEFORE_XML).startswith(b"<")


def part_tree(archive: zipfile.ZipFile, name: str) -> Any:
    """The root element of a small part such as a table of contents; entities stay unresolved.

    Raises KeyError without such a part, ValueError for one of more than 16 MiB, LxmlError.
    """
    from lxml import etree

    if archive.getinfo(name).file_size > _MAX_TREE_BYTES:
        raise ValueError(f"{name} is too large")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(archive.read(name), parser)


def resolve(base: str, target: str) -> str:
    """The name of the part that a link in the part ``base`` leads to."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), target)).lstrip("/")
