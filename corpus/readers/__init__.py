"""A file to a ``Document``, by its ending.

To add a format, write one function ``(data: bytes, source: str) -> Document`` in a module of its
own and name it in ``_READERS`` below.
"""

import stat
from collections.abc import Callable
from pathlib import Path

from corpus.document import Document
from corpus.errors import UnreadableFileError

MAX_FILE_BYTES = 200 * 1024 * 1024


def _text(data: bytes, source: str) -> Document:
    from corpus.readers.text import read_text

    return read_text(data, source)


def _markdown(data: bytes, source: str) -> Document:
    from corpus.readers.text import read_markdown

    return read_markdown(data, source)


def _html(data: bytes, source: str) -> Document:
    from corpus.readers.html import read_html

    return read_html(data, source)


def _pdf(data: bytes, source: str) -> Document:
    from corpus.readers.pdf import read_pdf

    return read_pdf(data, source)


def _docx(data: bytes, source: str) -> Document:
    from corpus.readers.docx import read_docx

    return read_docx(data, source)


def _pptx(data: bytes, source: str) -> Document:
    from corpus.readers.pptx import read_pptx

    return read_pptx(data, source)


def _xlsx(data: bytes, source: str) -> Document:
    from corpus.readers.xlsx import read_xlsx

    return read_xlsx(data, source)


def _epub(data: bytes, source: str) -> Document:
    from corpus.readers.epub import read_epub

    return read_epub(data, source)


def _csv(data: bytes, source: str) -> Document:
    from corpus.readers.csv import read_csv

    return read_csv(data, source)


def _jsonl(data: bytes, source: str) -> Document:
    from corpus.readers.jsonl import read_jsonl

    return read_jsonl(data, source)


_READERS: dict[str, Callable[[bytes, str], Document]] = {
    ".txt": _text,
    ".text": _text,
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".pptx": _pptx,
    ".xlsx": _xlsx,
    ".epub": _epub,
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _jsonl,
}

SUFFIXES: frozenset[str] = frozenset(_READERS)
"""The endings that Dalil reads, in lower case with the dot."""


def read_document(path: Path, source: str) -> Document:
    """Read the file at ``path`` as a document that people know as ``source``.

    Its bytes are parsed in a child process with limits. Raises UnreadableFileError, with a hint,
    for whatever keeps the file from becoming a document: an unknown ending, no permission, no such
    file, more than MAX_FILE_BYTES, damage, no text, a crash, more time or memory than allowed.
    """
    from corpus.parsing import parse

    if path.suffix.lower() not in SUFFIXES:
        raise UnreadableFileError(
            f"{source}: cannot read files that end in {path.suffix or 'no suffix'!r}.",
            f"Dalil reads {', '.join(sorted(SUFFIXES))}. Save the text as one of these.",
            arabic=f"الملف «{source}» من نوع لا يقرؤه دليل. "
            "احفظ نصّه بصيغة يقرؤها، مثل docx أو pdf أو txt، ثم أضِفه.",
        )
    return parse(_read_bytes(path, source), path.suffix.lower(), source)


def document_in(data: bytes, suffix: str, source: str) -> Document:
    """The document in the bytes of a file, read in this very process: ``read_document`` does not.

    ``suffix`` is one of SUFFIXES. Raises UnreadableFileError for damage and where there is no text.
    """
    from corpus.readers.kinds import require_kind

    require_kind(data, suffix, source)
    document = _READERS[suffix](data, source)
    if not any(map(str.isalnum, document.text)):
        raise UnreadableFileError(
            f"{source}: there is no text in it.",
            "Check that it is the right file and that it was saved.",
            arabic=f"لا نصّ في الملف «{source}». تأكّد من أنّه الملف المقصود ومن أنّه حُفظ.",
        )
    return document


def _read_bytes(path: Path, source: str) -> bytes:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):  # a pipe or a device would keep us waiting
            kind = "a folder" if stat.S_ISDIR(mode) else "not an ordinary file"
            raise UnreadableFileError(
                f"{source}: is {kind}.",
                "Name a file, or a folder to walk.",
                arabic=f"«{source}» ليس ملفًّا عاديًّا. اختر ملفًّا فيه نصّ.",
            )
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise UnreadableFileError(
            f"{source}: there is no such file (any more).",
            "Check the path; if the file moved, build the index again.",
            arabic=f"لم يعد الملف «{source}» في مكانه. أعِده إليه، أو أضِفه من جديد.",
        ) from error
    except PermissionError as error:
        raise UnreadableFileError(
            f"{source}: no permission to read it.",
            f"Allow it: chmod u+r '{path}'",
            arabic=f"لا يُسمح لدليل بقراءة الملف «{source}». غيّر أذونه، ثم أعِد المحاولة.",
        ) from error
    except OSError as error:
        raise UnreadableFileError(
            f"{source}: reading it failed: {error.strerror or error}.",
            "Check the disk, or copy the file somewhere else and try again.",
            arabic=f"تعذّرت قراءة الملف «{source}». تحقّق من القرص، أو انسخ الملف إلى مكان آخر "
            "وأضِفه من هناك.",
        ) from error
    if not data:
        raise UnreadableFileError(
            f"{source}: the file is empty (0 bytes).",
            "Save the text in it, or leave it out.",
            arabic=f"الملف «{source}» فارغ. احفظ النصّ فيه أوّلًا، ثم أضِفه.",
        )
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableFileError(
            f"{source}: larger than {MAX_FILE_BYTES // 1024**2} MiB, the most that Dalil reads.",
            "Split it into smaller files.",
            arabic=f"حجم الملف «{source}» أكبر من {MAX_FILE_BYTES // 1024**2} ميغابايت، "
            "وهو أقصى ما يقرؤه دليل. قسّمه إلى ملفّات أصغر.",
        )
    return data
