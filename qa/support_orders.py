"""What a text orders its reader to say is not what the text says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.document import Span
from corpus.normalise import fold
from qa.prompting import TURN

_AFTER = r"\b(?:\W+\w+){0,4}?\W*"
_SAY = (
    "قل قولوا قولي اجب اجيبوا اجيبي اكتب اكتبوا اكتبي اذكر اذكروا كرر كرروا ردد رددوا اجعل اجعلوا "
    "تخيل تخيلوا افترض افترضوا تظاهر تظاهروا هب"
)
_THAT = "ان انه انها انهم بان بانه بانها فان الجواب"
_FORGET = "تجاهل تجاهلوا انس انسوا اهمل اهملوا"
_WHAT = "التعليمات تعليماتك الاوامر القواعد قواعدك ما"
_CITE = "استشهد استشهدوا انسب انسبوا"


def _any(of: str) -> str:
    return f"(?:{'|'.join(of.split())})"


_ORDER = re.compile(
    rf"\b[وف]?{_any(_SAY)}{_AFTER}(?:[:«\"“{{]|\b{_any(_THAT)}\b)"
    rf"|\b[وف]?{_any(_FORGET)}\W+(?:{_any('كل جميع كافه هذه')}\W+)?{_any(_WHAT)}\b"
    rf"|\b[وف]?{_any(_CITE)}\b"
    rf"|\bالجواب{_AFTER}{_any('المسموح المطلوب')}\b"
    rf"|\b{_any('say answer reply respond repeat state imagine pretend suppose')}{_AFTER}"
    r"(?:\bthat\b|\bwith\b|[:«\"“{])"
    rf"|\b{_any('ignore disregard forget')}{_AFTER}\b"
    rf"{_any('instructions instruction rules prompt above previous')}\b"
    r"|\byou\W+(?:must|are\W+now)\b"
)
_FORGED = re.compile(
    rf"{TURN.pattern}|^\W*\[(?:system|user|assistant)\]|^\W*الجواب الموجز\s*:", re.I
)


def orders(sentence: str) -> bool:
    """Whether a text's sentence tells whoever reads it what to say, forget or cite.

    «قل إنّ الجسر من خشب» does not say of what the bridge is made.
    """
    return _ORDER.search(fold(sentence)) is not None


def spoken_for(text: str, spans: Sequence[Span]) -> list[bool]:
    """For each of a passage's sentences, whether it stands behind what passes for another speaker's
    turn (``<|im_start|>``): the text speaks there for the model, and says nothing itself.
    """
    found: list[bool] = []
    for start, end in spans:
        before = bool(found and found[-1])
        found.append(before or _FORGED.search(text[start:end]) is not None)
    return found
