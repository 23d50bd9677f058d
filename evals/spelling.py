"""The same question as other people would type it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from corpus.calendar import HIJRI_MONTHS, MONTHS

Variant = Callable[[str], str]

_MARKS = re.compile("[\u064b-\u0652\u0670]")
_CARELESS = str.maketrans("أإآٱؤئىة", "ااااوييه", "ء")
_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
_LETTER = re.compile("[\u0621-\u064a]")
_HARAKAT = "\u064e\u064f\u0650\u0652"
_JOINED = re.compile("(?<=[بتثجحخسشصضطظعغفقكلمنهي])(?=[\u0621-\u064a])")
_WORD = re.compile("[\u0621-\u064a]{5,}")


def careless(text: str) -> str:
    """Without hamzas and harakat, ه for ة, ي for ى."""
    return _MARKS.sub("", text).translate(_CARELESS)


def vocalised(text: str) -> str:
    """A mark on every letter, as in a school book; which mark is chance."""
    chance = random.Random(text)
    return _LETTER.sub(lambda letter: letter.group() + chance.choice(_HARAKAT), text)


def other_digits(text: str) -> str:
    """Arabic-Indic digits for ASCII ones, and the other way round."""
    return text.translate(_EASTERN) if re.search("[0-9]", text) else text.translate(_WESTERN)


def stretched(text: str) -> str:
    """A tatweel in the first place of each word where one can stand."""
    return " ".join(_JOINED.sub("ـ", word, count=1) for word in text.split(" "))


def mistyped(text: str) -> str:
    """Two neighbouring letters inside one longer word change places."""
    found = list(_WORD.finditer(text))
    if not found:
        return text
    chance = random.Random(text)
    start, end = chance.choice(found).span()
    at = chance.randrange(start + 1, end - 2)
    return f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}"


def other_month_names(text: str) -> str:
    """حزيران for يونيو and so on, and the other way round."""
    for first, names in (MONTHS | HIJRI_MONTHS).items():
        for name in (first, *names):
            other = names[0] if name == first else first
            changed, times = re.subn(rf"(?<!\w){name}(?!\w)", other, text)
            if times:
                return changed
    return text


VARIANTS: dict[str, Variant] = {
    "careless": careless,
    "vocalised": vocalised,
    "other digits": other_digits,
    "tatweel": stretched,
    "one typing error": mistyped,
    "other month names": other_month_names,
}
