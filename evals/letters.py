"""Words as the judge of written sentences compares them: its own folding, none of the search's."""

from __future__ import annotations

import re
import unicodedata

_SAME = {
    ord(letter): same
    for letters_, same in (("ىیېے", "ي"), ("ةۀہھە", "ه"), ("کڪگ", "ك"), ("ٱ", "ا"), ("ءـ", ""))
    for letter in letters_
}
_MARKS = re.compile(r"[\[【][^\[\]【】\n]{0,30}[\]】]")
_SEPARATED = re.compile(r"(?<=\d)[,٬،](?=\d{3}(?!\d))")
_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")


def folded(text: str) -> str:
    """Small letters without marks or hidden signs; one alef, ya, ha and kaf; ASCII digits.

    Thousands have no separator, and decimals a full stop.
    """
    kept = []
    for character in unicodedata.normalize("NFKD", text.casefold()):
        if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
            continue
        digit = unicodedata.digit(character, None)
        kept.append(character if digit is None else str(digit))
    one = "".join(kept).translate(_SAME).replace("٫", ".")
    return _SEPARATED.sub("", one)


def words(text: str) -> list[str]:
    """Folded words and numbers in order; letters and digits part («2017م»)."""
    return _WORD.findall(folded(text))


def bare(text: str) -> str:
    """``text`` without what stands in square brackets."""
    return " ".join(_MARKS.sub(" ", text).split())


def letters(text: str) -> str:
    """The words of ``text`` without its marks, with a space between them: equal for the same words
    however they are marked, spaced or spelt.
    """
    return " ".join(words(bare(text)))
