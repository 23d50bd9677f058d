"""The months of the Gregorian and the Hijri year under one name each, for matching."""

from __future__ import annotations

import re

MONTHS = {
    "يناير": ("كانون الثاني", "كانون ثاني", "جانفي"),
    "فبراير": ("شباط", "فيفري"),
    "مارس": ("آذار",),
    "أبريل": ("نيسان", "إبريل", "أفريل"),
    "مايو": ("أيار", "ماي"),
    "يونيو": ("حزيران", "يونيه", "جوان"),
    "يوليو": ("تموز", "يوليه", "جويلية", "يوليوز"),
    "أغسطس": ("آب", "أوت", "غشت"),
    "سبتمبر": ("أيلول", "شتنبر"),
    "أكتوبر": ("تشرين الأول", "تشرين أول"),
    "نوفمبر": ("تشرين الثاني", "تشرين ثاني", "نونبر"),
    "ديسمبر": ("كانون الأول", "كانون أول", "دجنبر"),
}
"""The name in Egypt and on the Gulf, then those of the Levant and Iraq, and of the Maghreb."""

HIJRI_MONTHS = {
    "ربيع الأول": ("ربيع أول",),
    "ربيع الآخر": ("ربيع الثاني", "ربيع ثان", "ربيع ثاني"),
    "جمادى الأولى": ("جمادى الأول", "جماد الأول", "جماد أول"),
    "جمادى الآخرة": ("جمادى الثانية", "جمادى الثاني", "جمادى الآخر", "جماد الثاني", "جماد ثاني"),
    "ذو القعدة": ("ذي القعدة", "ذا القعدة", "ذوالقعدة"),
    "ذو الحجة": ("ذي الحجة", "ذا الحجة", "ذوالحجة"),
}
"""The Hijri months of more than one name."""

# Names that are also other words count only beside a number.
_DOUBTFUL = {"آب", "اب", "ماي", "جوان", "أوت", "اوت", "غشت"}
_HABITS = (("أإآ", "ااا"), ("ى", "ي"), ("ة", "ه"))


def _table() -> dict[str, str]:
    """Each name as it is and as people type it, but for the first one as it is."""
    every = MONTHS | HIJRI_MONTHS
    names = [(name, month) for month, others in every.items() for name in (month, *others)]
    for letters in _HABITS:
        names += [(name.translate(str.maketrans(*letters)), month) for name, month in names]
    return {name: month for name, month in names if name not in every}


_MONTH_OF = _table()
_NAMES = "|".join(sorted(_MONTH_OF, key=len, reverse=True)).replace(" ", r"\s+")
_NAMED = re.compile(rf"(?<!\w)([وفبل]?)({_NAMES})(?!\w)")
_NUMBER_BEFORE, _NUMBER_AFTER = re.compile(r"\d\s*$"), re.compile(r"\s*\d")


def one_month_name(text: str) -> str:
    """``text`` with each month under its first name in ``MONTHS``, with hamzas or without."""

    def name(found: re.Match[str]) -> str:
        word = " ".join(found[2].split())
        dated = _NUMBER_BEFORE.search(text, max(0, found.start() - 3), found.start())
        if word in _DOUBTFUL and not dated and not _NUMBER_AFTER.match(text, found.end()):
            return found[0]
        return found[1] + _MONTH_OF[word]

    return _NAMED.sub(name, text)
