"""What a file is by its first bytes, whatever its name says."""

from corpus.errors import UnreadableFileError

_HEAD = 4096  # bytes
_PACKAGES = frozenset({".docx", ".pptx", ".xlsx", ".epub"})
_NONE: frozenset[str] = frozenset()
# Each with what it is in both languages, and the endings under which it is read.
_BINARY: tuple[tuple[bytes, str, str, frozenset[str]], ...] = (
    (b"PK\x03\x04", "a ZIP package", "حزمة ZIP", _PACKAGES),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a file of old Office", "ملف أوفيس قديم", _NONE),
    (b"\x89PNG\r\n\x1a\n", "a picture", "صورة", _NONE),
    (b"\xff\xd8\xff", "a picture", "صورة", _NONE),
    (b"GIF8", "a picture", "صورة", _NONE),
    (b"\x1f\x8b\x08", "a gzip archive", "أرشيف gzip", _NONE),
    (b"Rar!\x1a\x07", "a RAR archive", "أرشيف RAR", _NONE),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "أرشيف 7-Zip", _NONE),
    (b"SQLite format 3\0", "a database", "قاعدة بيانات", _NONE),
    (b"\x7fELF", "a program", "برنامج", _NONE),
    (b"MZ", "a program", "برنامج", _NONE),
)
_PLAIN: tuple[tuple[bytes, str, str, frozenset[str]], ...] = (
    (b"%PDF-", "a PDF", "ملف PDF", frozenset({".pdf"})),
    (b"{\\rtf", "an RTF document", "مستند RTF", _NONE),
)


def require_kind(data: bytes, suffix: str, source: str) -> None:
    """Raise UnreadableFileError where the bytes are of a kind that files of ``suffix`` are not."""
    head = data[:_HEAD]
    # A text may begin with the letters of a signature; but no text has a NUL, except in UTF-16.
    known = _PLAIN + (_BINARY if b"\0" in head else ())
    for signature, name, arabic, suffixes in known:
        if head.startswith(signature) and suffix not in suffixes:
            raise UnreadableFileError(
                f"{source}: is {name}, though its name ends in {suffix}.",
                _advice(suffixes),
                arabic=f"الملف «{source}» {arabic} وإن انتهى اسمه بغير ذلك. "
                "احفظ نصّه بصيغة يقرؤها دليل، مثل docx أو pdf أو txt، ثم أضِفه.",
            )


def _advice(suffixes: frozenset[str]) -> str:
    if not suffixes:
        return "Save its text as .docx, .pdf or .txt."
    return f"Give it the ending that it had: {', '.join(sorted(suffixes))}."
