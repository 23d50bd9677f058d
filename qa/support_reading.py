"""The words of a sentence as the support check compares them, with the clauses that they begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.calendar import MONTHS, one_month_name
from corpus.normalise import fold
from corpus.terms import words
from qa import support_words as known
from qa.support_numbers import singular_of_dual


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word; ``comma`` says that a mark of punctuation stands before it, ``tied`` a «و»."""

    text: str
    feminine: bool
    comma: bool
    tied: bool


_NAMES = [fold(name) for name in MONTHS]
_ISO = re.compile(r"(?<!\d)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?!\d)")
_MONTH_OF = {fold(name): fold(month) for month, some in MONTHS.items() for name in (month, *some)}
_MONTH = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_TWO_NAMES = re.compile(rf"(?<!\w)([وفبل]?)({_MONTH})\s*[/(–-]\s*({_MONTH})(?!\w)\s*\)?")
_HARAKAT = "[\u064b-\u0652]*"
_THAT_NOT = re.compile(rf"(?<!\w)([وفب]?{_HARAKAT})أ{_HARAKAT}ل{_HARAKAT}ا(?!\w)")
_STATE = "جيدهه?|سييهه?|ممتازهه?|حرجهه?|خطيرهه?|خطرهه?|مستقرهه?|حسنهه?|يرثي"
_CANONICAL = (
    (re.compile("[\"'«»“”‘’*_]"), " "),
    (re.compile("%|(?:ب|في )ال(?:ميه|مايه)ه?"), " بالمئه "),
    (re.compile(r"(?<!\w)ق\.? ?م(?!\w)\.?|قبل الميلادي?"), " قم "),
    (re.compile(r"(?<=\d)\s*(?:ه|هجريهه?|هجريا?)(?!\w)"), " هجري "),
    (re.compile(r"(?<=\d{3})\s*(?:م|ميلاديهه?|ميلاديا?)(?!\w)"), " "),
    (re.compile(r"(?<!\w)(?:علي يد|من قبل(?= \w)|من طرف)(?!\w)"), f" {known.AGENT} "),
    (re.compile(r"(?<![\w.])[-\u2212](?=\d)"), " ناقص "),
    (re.compile(r"(?<!\w)([وف]?)ما لم(?!\w)"), r"\1اذا لم"),
    (re.compile(rf"(?<!\w)([وف]?)في حال(?:هه?)?(?= \w)(?! (?:{_STATE})(?!\w))"), r"\1اذا"),
    (re.compile(r"(?<!\w)([وف]?)ما (?=(?:بين|يقارب)(?!\w))"), r"\1"),
    (re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), ""),
    (re.compile(r"(?<!\w)[بلك]\s?(?=\d)"), " "),
)
_PIECE = re.compile(r"[^،؛:,;()\[\]–—!?؟…|\n]+")
_TEH = re.compile("ة(?=[\u064b-\u0652]*(?!\\w))")


def _canonical(text: str) -> str:
    """Folded, with one form for months, dates, per cents and eras; ة is told by a double ه."""
    # «ألا» is «أن لا»; without hamzas it would be «إلا».
    folded = fold(_TEH.sub("ةة", _THAT_NOT.sub(r"\1أن لا", one_month_name(text))))
    folded = _TWO_NAMES.sub(_one_of_two, folded)
    folded = _ISO.sub(lambda m: _date(m[0], m[3], m[2], m[1]), folded)
    folded = _DAY_FIRST.sub(lambda m: _date(m[0], m[1], m[2], m[3]), folded)
    for pattern, written in _CANONICAL:
        folded = pattern.sub(written, folded)
    return folded


def _one_of_two(found: re.Match[str]) -> str:
    """«مايو» for «أيار/مايو»; two months stay two."""
    lead, one, other = found.groups()
    return f"{lead}{_MONTH_OF[one]} " if _MONTH_OF[one] == _MONTH_OF[other] else found[0]


def _date(found: str, day: str, month: str, year: str) -> str:
    number = int(month)
    return f"{day} {_NAMES[number - 1]} {year}" if 1 <= number <= len(_NAMES) else found


def read_words(text: str) -> Iterator[Word]:
    """The words, with the clauses that marks, «و» and «ثم» begin; a dual gives two."""
    for piece in _PIECE.findall(_canonical(text)):
        comma, alone = True, False
        for word in words(piece):
            if word == "و":
                alone = True
                continue
            feminine = word.endswith("هه") and len(word) > 2
            plain = word[:-1] if feminine else word
            tied = alone or plain in known.BREAKS or is_joined_on(plain)
            if (two := singular_of_dual(plain)) is not None:
                yield Word("2", False, comma, tied)
                yield Word(two, False, False, False)
            else:
                yield Word(plain, feminine, comma, tied)
            comma = alone = False


def is_joined_on(word: str) -> bool:
    """Whether «و» joins the word to what was before."""
    if not word.startswith("و") or word in known.RADICAL_WAW:
        return False
    return len(word) >= 4 or word in known.NEGATORS | known.LIGHT or word in known.PREPOSITIONS
