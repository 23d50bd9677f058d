"""Texts in two versions, and questions whose right answer in each is known."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Version = Literal["before", "after"]

_NAMES = (  # noqa: SIM905
    "السروات الهضاب الينابيع المرجان الصنوبر الزيتون الرمال القصب البنفسج المرايا الغدير النوارس "
    "البيلسان الأقحوان الجلنار السنديان الزعفران الحرمل الخزامى العرعر اليقطين الفيروز الكهرمان "
    "العقيق الزمرد اللازورد المحار الأصداف الشواهين الحبارى الغزلان الوعول السلاحف الدلافين "
    "المشكاة القناديل"
).split()
_KEEPERS = (
    "سالم الدرويش",
    "هاشم القاضي",
    "طارق البنّا",
    "كمال الشامي",
    "فؤاد الحداد",
    "رشيد الخياط",
)
_LATER = ("مروان الصائغ", "أيمن الطحان", "نزار حمدان", "بدر الغانم", "عمّار زيدان", "نديم الحلبي")
_SAME = 3
"""One text in so many is the same in both versions."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and words that its right answer must hold in each version."""

    text: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def holds(self, version: Version) -> tuple[str, ...]:
        """The words of one version."""
        return self.before if version == "before" else self.after


def texts(version: Version) -> dict[str, str]:
    """Every text by the name of its file."""
    return {f"{n:02}.txt": _text(n, version) for n in range(len(_NAMES))}


def questions() -> tuple[Asked, ...]:
    """A question on each text, and some on two, whose halves must be of the same version."""
    single = [_asked(n) for n in range(len(_NAMES))]
    changing = [n for n in range(len(_NAMES)) if n % _SAME and n % 2 == 0]
    pairs = [_both(one, other) for one, other in pairwise(changing)]
    return (*single, *pairs)


def _text(n: int, version: Version) -> str:
    name, value = _NAMES[n], _value(n, version)
    if n % 2:
        return f"يدير {value} مكتبة {name} في وسط المدينة. فيها {300 + n} مقعدًا، وتفتح كلّ صباح."
    return f"افتُتح جسر {name} سنة {value} بعد عمل طويل. يعبر الجسر {20 + n} قطارًا كلّ يوم."


def _value(n: int, version: Version) -> str:
    later = version == "after" and n % _SAME != 0
    if n % 2:
        return (_LATER if later else _KEEPERS)[n // 2 % len(_KEEPERS)]
    return str((1950 if later else 1900) + n)


def _asked(n: int) -> Asked:
    name = _NAMES[n]
    text = f"من يدير مكتبة {name}؟" if n % 2 else f"متى افتُتح جسر {name}؟"
    return Asked(text, (_value(n, "before"),), (_value(n, "after"),))


def _both(one: int, other: int) -> Asked:
    text = f"متى افتُتح جسر {_NAMES[one]}، ومتى افتُتح جسر {_NAMES[other]}؟"
    return Asked(
        text,
        (_value(one, "before"), _value(other, "before")),
        (_value(one, "after"), _value(other, "after")),
    )
