"""Numbers in folded Arabic words: figures, number words, ordinals and duals of units as values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from corpus.normalise import fold
from qa.support_words import unit


@dataclass(frozen=True, slots=True)
class Number:
    """A value; ``ordinal`` is None for figures, which are written for either kind."""

    value: Fraction
    ordinal: bool | None = None

    def same(self, other: Number) -> bool:
        """Whether both say the same: «3» and «ثلاثة», «3» and «الثالث», not the last two."""
        return self.value == other.value and {self.ordinal, other.ordinal} != {True, False}


def _values(spelled: str, first: int, step: int = 1) -> dict[str, int]:
    groups = enumerate(spelled.split("،"))
    return {word: first + step * n for n, group in groups for word in fold(group).split()}


_ONES = _values(
    "واحد واحدة،اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي،ثلاث ثلاثة،أربع أربعة،خمس خمسة،"
    "ست ستة،سبع سبعة،ثمان ثماني ثمانية ثمانيا،تسع تسعة",
    1,
)
_ROUND = _values(
    "عشر عشرة،عشرون عشرين،ثلاثون ثلاثين،أربعون أربعين،خمسون خمسين،ستون ستين،سبعون سبعين،"
    "ثمانون ثمانين،تسعون تسعين",
    10,
    10,
) | _values(
    "مئة مائة،مئتان مئتين مائتان مائتين مئتا مئتي مائتا مائتي,ثلاثمئة ثلاثمائة،أربعمئة أربعمائة،"
    "خمسمئة خمسمائة،ستمئة ستمائة،سبعمئة سبعمائة،ثمانمئة ثمانمائة،تسعمئة تسعمائة".replace(",", "،"),
    100,
    100,
)
_DOUBLED = {
    fold(word): 2 * value
    for value, words in (
        (1_000, "ألفان ألفين ألفي"),
        (1_000_000, "مليونان مليونين مليوني"),
        (1_000_000_000, "ملياران مليارين ملياري"),
    )
    for word in words.split()
}
_SCALES = {
    fold(word): value
    for value, words in (
        (1_000, "ألف آلاف ألفا"),
        (1_000_000, "مليون ملايين مليونا"),
        (1_000_000_000, "مليار مليارات مليارا"),
    )
    for word in words.split()
}
_ORDINALS = _values(
    "الأول الأولى الحادي الحادية،الثاني الثانية ثاني،الثالث الثالثة ثالث،الرابع الرابعة رابع،"
    "الخامس الخامسة خامس،السادس السادسة سادس،السابع السابعة سابع،الثامن الثامنة ثامن،"
    "التاسع التاسعة تاسع،العاشر العاشرة عاشر",
    1,
)
_KNOWN = _ONES.keys() | _ROUND.keys() | _DOUBLED.keys() | _SCALES.keys()
_TEEN = frozenset(fold("عشر عشرة").split())
_ELEVEN = frozenset(fold("أحد إحدى").split())
_HUNDRED = frozenset(fold("مئة مائة").split())
_MANY = frozenset(fold("آلاف ملايين مليارات").split())  # by themselves they tell no number
_AUTHORED = frozenset(fold("ألف ألفا").split())  # also «he wrote», so not a number by itself
_LEADS = ("", "و", "ب", "ل", "ف", "وب", "ول", "ال", "وال", "بال", "لل", "ولل")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def number_at(words: Sequence[str], start: int) -> tuple[Number, int] | None:
    """The number that begins with the folded word ``words[start]``, and where it ends."""
    if (ordinal := _ordinal(words, start)) is not None:
        return ordinal
    said = [_bare(words[start]), *(word.removeprefix("و") for word in words[start + 1 :])]
    total, group, place = Fraction(0), Fraction(0), 0
    while place < len(said) and (found := _part(said, place)) is not None:
        value, end = found
        joined = place > 0 and said[place] != words[start + place]
        if said[place] in _SCALES and not joined:
            total, group = total + (group or 1) * value, Fraction(0)
        elif place == 0 or (joined and _adds(total, group, value)):
            group += value
        else:
            break
        place = end
    if place == 0 or said[0] in _MANY or (place == 1 and said[0] in _AUTHORED):
        return None
    figure = _FIGURE.fullmatch(said[0]) is not None
    return Number(total + group, None if figure else False), start + place


def singular_of_dual(word: str) -> str | None:
    """The one name of the unit that there are two of; None for words that are no such dual."""
    for lead in ("", "و", "ب", "ل", "ال"):
        base = word[len(lead) : -2]
        if word.startswith(lead) and word.endswith(("ان", "ين")):
            found = unit(base[:-1] + "ه" if base.endswith("ت") else base)
            if found:
                return found
    return None


def _part(said: Sequence[str], place: int) -> tuple[Fraction, int] | None:
    """One part of a number: its value, and where it ends."""
    word = said[place]
    following = said[place + 1] if place + 1 < len(said) else ""
    if _FIGURE.fullmatch(word):
        return Fraction(word), place + 1
    if word in _ELEVEN:
        return (Fraction(11), place + 2) if following in _TEEN else None
    if word in _ONES and following in _TEEN:
        return Fraction(_ONES[word] + 10), place + 2
    if word in _ONES and following in _HUNDRED:
        return Fraction(_ONES[word] * 100), place + 2
    for known in (_ONES, _ROUND, _DOUBLED, _SCALES):
        if word in known:
            return Fraction(known[word]), place + 1
    return None


def _adds(total: Fraction, group: Fraction, value: Fraction) -> bool:
    """Whether «و» adds: «خمسة وعشرون», «مئة وخمسة», «ألف وتسعمئة»; not «ثلاثة وأربعة»."""
    if not group:
        return total > 0 and value < 1_000
    if group % 100 == 0:
        return value < 100
    return group % 100 < 10 and 20 <= value < 100


def _ordinal(words: Sequence[str], start: int) -> tuple[Number, int] | None:
    """«الثالث», «الثامن عشر», «الحادي والعشرين», «العشرين»."""
    word = re.sub("^[وف]?(?:بال|لل|كال|ال)", "ال", words[start])
    following = words[start + 1] if start + 1 < len(words) else ""
    tens = following.removeprefix("وال") if following.startswith("وال") else ""
    if word in _ORDINALS:
        if following in _TEEN:
            return Number(Fraction(_ORDINALS[word] + 10), True), start + 2
        if 20 <= _ROUND.get(tens, 0) < 100:
            return Number(Fraction(_ORDINALS[word] + _ROUND[tens]), True), start + 2
        return Number(Fraction(_ORDINALS[word]), True), start + 1
    return None


def _bare(word: str) -> str:
    """A word without conjunction, preposition and article, where a number word is left."""
    for lead in _LEADS:
        if word.startswith(lead) and word[len(lead) :] in _KNOWN | _ELEVEN:
            return word[len(lead) :]
    return word
