"""Fold Arabic text for matching, and keep the way back to the exact raw characters.

Normalised text is only ever compared, never shown. Each raw code point folds on its own to zero or
more characters, so a map of offsets is a running sum and any match leads back to raw characters.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.document import Span

_LETTERS = str.maketrans(
    {
        # Alef and hamza carriers as people type them; a lone hamza is often left out.
        "ٱ": "ا",
        "ٲ": "ا",
        "ٳ": "ا",
        "ٵ": "ا",
        "ء": "",
        "ٴ": "",
        "ى": "ي",
        "ة": "ه",
        # Persian and Urdu keyboards.
        "ک": "ك",
        "ڪ": "ك",
        "گ": "ك",
        "ی": "ي",
        "ې": "ي",
        "ے": "ي",
        "ۍ": "ي",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",
        "ۃ": "ه",
        "پ": "ب",
        "چ": "ج",
        "ژ": "ز",
        "ڤ": "ف",
        "ڥ": "ف",
        # Of the Maghreb.
        "ڭ": "ك",
        "ݣ": "ك",
        "ڨ": "ق",
        # Small letters of the Quran's script.
        "ۥ": "",
        "ۦ": "",
        # Punctuation inside numbers.
        "٫": ".",
        "٬": ",",
        "٪": "%",
        "ـ": "",
    }
)


def _fold(char: str) -> str:
    """Fold one code point: compatibility form, no marks or controls, one letter, one digit."""
    if char.isspace():
        return " "
    # Decomposition turns presentation forms into letters and أ إ آ ؤ ئ into letter + mark.
    kept = (
        str(unicodedata.digit(c, c))
        for c in unicodedata.normalize("NFKD", char.casefold())
        if unicodedata.category(c) not in {"Mn", "Me", "Cf", "Cc"}
    )
    return "".join(kept).translate(_LETTERS)


class _FoldTable(dict[int, str]):
    """Folds each code point the first time that it is met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


_TABLE = _FoldTable()


def fold(text: str) -> str:
    """The normalised form alone, for when the way back is not needed."""
    return text.translate(_TABLE)


class _PlainTable(dict[int, str]):
    """Drops marks and controls, makes digits ASCII, and keeps every letter as it is written."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kept = "" if char == "ـ" or unicodedata.category(char) in {"Mn", "Cf"} else char
        plain = self[code] = str(unicodedata.digit(kept)) if kept.isdigit() else kept
        return plain


_PLAIN = _PlainTable()


def plain(text: str) -> str:
    """Text as careful people type it: no tashkeel, tatweel or bidi controls, ASCII digits.

    For models, which know plain spelling best. Hamzas and letters stay, unlike in ``fold``.
    """
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


_HALVES = re.compile("[\ud800-\udfff]")


def without_halves(text: str) -> str:
    """``text`` with U+FFFD for lone surrogates, which JSON can write and UTF-8 cannot."""
    return _HALVES.sub("\ufffd", text)


@dataclass(frozen=True, slots=True)
class Normalised:
    """Folded ``text`` and, for each of its characters, the raw offset that it came from.

    ``starts`` has shape ``(len(text) + 1,)``; its last entry is the length of the raw text.
    """

    text: str
    starts: NDArray[np.int64]

    def raw_span(self, start: int, end: int) -> Span:
        """Raw ``[start, end)`` behind a span of the folded text, with the marks that follow it.

        Raises ValueError when the span is empty or lies outside the folded text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no span {start}:{end} in {len(self.text)} folded characters")
        last = int(self.starts[end - 1])
        # Characters folded from the same raw character as the last one do not end the span.
        after = int(np.searchsorted(self.starts, last, side="right"))
        return int(self.starts[start]), int(self.starts[after]) if after < len(
            self.starts
        ) else last + 1

    def raw_spans(self, spans: Iterable[Span]) -> list[Span]:
        """``raw_span`` for each span."""
        return [self.raw_span(start, end) for start, end in spans]


def normalise(text: str) -> Normalised:
    """Fold ``text`` and keep, for every folded character, where it stood."""
    lengths = np.fromiter((len(_TABLE[ord(c)]) for c in text), dtype=np.int64, count=len(text))
    starts = np.repeat(np.arange(len(text), dtype=np.int64), lengths)
    return Normalised(fold(text), np.append(starts, len(text)))
