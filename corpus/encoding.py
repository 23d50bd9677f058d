"""Bytes of a text file to text: which encoding were they written in?

Unicode is proved by its own rules. Old eight-bit files prove nothing, so each candidate is judged
by how much its text looks like Arabic, or like a European language with a few accents.
"""

import codecs
import math
import re
from collections.abc import Iterator

from corpus.errors import UnreadableFileError

_MARKS = (  # longest first: the UTF-32 mark starts with the UTF-16 one
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# With the mean score from which a guess is believed. Seen: Arabic from 0.18, French from -0.1,
# Russian and Greek taken for Arabic to 0.03.
_EIGHT_BIT = {"windows-1252": -0.5, "windows-1256": 0.1, "iso-8859-6": 0.1}

_CONTROLS = "".join(map(chr, (*range(9), *range(14, 27), *range(28, 32), 127)))
_MOST_CONTROLS = 0.02  # of a text's characters
_MOST_BROKEN = 0.05  # of a UTF-8 text's characters beyond ASCII
_SAMPLE = 65_536  # bytes; three such stretches are judged

_COMMON = "الينموربتةعدسفهأكقح"  # nine tenths of the letters of Arabic prose
_ARABIC = re.compile("[\u0621-\u063a\u0640-\u064a\u0679-\u06d2]")
_HARAKAT = re.compile("[\u064b-\u0652]")
_ARABIC_STOPS = "،؛؟"
_ACCENTED = "éèêëàâäáçîïíôöóûüùúñßœæãõåøÉÈÊÀÂÇÎÔÖÜÄÅØÑŒÆÁÓÚÍ"
_TYPOGRAPHY = "\xa0«»“”‘’„…–—•°§©®€£×·"


def decode(data: bytes, source: str = "the file") -> tuple[str, str]:
    """Text and the name of its encoding, which ``open(..., encoding=name, newline="")`` takes.

    A byte order mark decides; then strict UTF-8, UTF-16 without a mark, and the eight-bit
    encodings of Arabic and Western Europe by how plausible their text is. UTF-8 with a few broken
    bytes is read with U+FFFD in their place. Raises UnreadableFileError, naming ``source``, for
    binary data and for encodings that are none of these.
    """
    text, encoding = _with_mark(data, source) or _without_mark(data) or ("", "")
    if not encoding:
        raise UnreadableFileError(
            f"{source}: the encoding of this text is not UTF-8, UTF-16, Windows-1256, ISO-8859-6 "
            "or Windows-1252, or the file is not text.",
            "Save it as UTF-8, for example: iconv -f ENCODING -t UTF-8 old.txt > new.txt",
            arabic=f"لم يُعرف ترميز الملف «{source}»، أو أنّه ليس نصًّا. احفظه بترميز UTF-8، ثم أضِفه.",
        )
    if _is_binary(text):
        raise UnreadableFileError(
            f"{source}: binary data, not text: it is full of control characters.",
            "Give the file the ending of its real format, or leave it out.",
            arabic=f"في الملف «{source}» بيانات وليس نصًّا. سمِّه باللاحقة التي تناسب نوعه، أو اتركه.",
        )
    return text, encoding


def _with_mark(data: bytes, source: str) -> tuple[str, str] | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                if encoding == "utf-8-sig" and (text := _nearly_utf8(data)) is not None:
                    return text.removeprefix("\ufeff"), encoding
                raise UnreadableFileError(
                    f"{source}: starts with a mark of {encoding.upper()}, "
                    f"but byte {error.start} does not belong to it ({error.reason}).",
                    "Open it in an editor and save it again as UTF-8.",
                    arabic=f"أوّل الملف «{source}» يدلّ على ترميز لا يوافق ما بعده. "
                    "افتحه في محرّر نصوص، واحفظه من جديد بترميز UTF-8.",
                ) from error
    return None


def _without_mark(data: bytes) -> tuple[str, str] | None:
    if wide := _wide_order(data):
        return (text, wide) if (text := _try(data, wide)) is not None else None
    text = _try(data, "utf-8")
    if text is None:
        text = _nearly_utf8(data)
    return _best_eight_bit(data) if text is None else (text, "utf-8")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _wide_order(data: bytes) -> str | None:
    """UTF-16 in either order: every other byte is 00 (Latin, digits, spaces) or 06 (Arabic)."""
    sample = data[:_SAMPLE]
    if len(data) % 2 or len(data) < 4:
        return None
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        high, low = sample[first::2], sample[1 - first :: 2]
        if _zeros_and_sixes(high) > 0.7 and _zeros_and_sixes(low) < 0.1:
            return encoding
    return None


def _zeros_and_sixes(data: bytes) -> float:
    return 1 - len(data.translate(None, b"\x00\x06")) / len(data)


def _nearly_utf8(data: bytes) -> str | None:
    """UTF-8 with a few bytes damaged or cut off; other encodings break at nearly every letter."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if broken <= max(1, _MOST_BROKEN * whole) and whole >= 10 else None


def _best_eight_bit(data: bytes) -> tuple[str, str] | None:
    best, best_score = None, -math.inf
    for encoding, believed in _EIGHT_BIT.items():
        text = _try(data, encoding)
        if text is None:
            continue
        score = _plausibility(b" ".join(_samples(data)).decode(encoding))
        if score > max(best_score, believed):
            best, best_score = (text, encoding), score
    return best


def _samples(data: bytes) -> Iterator[bytes]:
    """Stretches of the data from its first byte beyond ASCII, its middle and its end."""
    first = re.search(rb"[\x80-\xff]", data)
    start = max(first.start() - 1, 0) if first else 0
    if len(data) - start <= 3 * _SAMPLE:
        yield data[start:]
        return
    for at in (start, (start + len(data)) // 2, len(data) - _SAMPLE):
        yield data[at : at + _SAMPLE]


def _plausibility(text: str) -> float:
    """The mean score of the characters beyond ASCII, each judged beside its two neighbours."""
    scores = [
        _character_score(text[max(at - 1, 0) : at], text[at], text[at + 1 : at + 2])
        for at in range(len(text))
        if text[at] > "\x7f"
    ]
    return sum(scores) / len(scores) if scores else 0.0


def _character_score(before: str, char: str, after: str) -> float:
    beside = (before, after)
    beside_arabic = [bool(_ARABIC.match(other)) for other in beside]
    if _ARABIC.match(char):
        beside_latin = any(other.isalpha() and not _ARABIC.match(other) for other in beside)
        if beside_latin or not (char in _COMMON or any(beside_arabic)):
            return -2.0
        return 1.0 if char in _COMMON else -0.2
    if _HARAKAT.match(char) or char in _ARABIC_STOPS:
        return 0.0 if beside_arabic[0] or _HARAKAT.match(before) else -3.0
    if char in _ACCENTED:
        beside_ascii = any(other.isascii() and other.isalpha() for other in beside)
        return -2.0 if any(beside_arabic) else 0.2 if beside_ascii else -1.0
    return -0.2 if char in _TYPOGRAPHY else -3.0


def _is_binary(text: str) -> bool:
    return sum(map(text.count, _CONTROLS)) > _MOST_CONTROLS * len(text)
