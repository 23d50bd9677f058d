"""What a question asks for, as far as its words tell."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from corpus.dialect import in_written_words
from corpus.errors import UnfitError
from corpus.normalise import fold, without_halves
from corpus.terms import stem, words

MAX_QUESTION = 2_000
"""Characters; a question is a sentence or a few, not a document."""
SUBJECT = " — "
"""What parts a follow-up question from the subject that was added to it."""

QUOTED = re.compile(r"«[^«»]*(?:«[^«»]*»[^«»]*)*»|“[^“”]*”|\"[^\"]*\"")
"""A title or saying: what asks in it is not asked."""

# Folded words that ask, point or join, and so need no match in an answer.
_FUNCTION_WORDS = frozenset(
    fold(
        "ما ماذا ماهو ماهي من متى متي أين اين وأين كيف كيفية كم لماذا لم لمن ومن هل أي "
        "اي أية ايه هو هي هم هما في فيه فيها على عليه عليها إلى الى اليه عن عنه عنها مع "
        "منه منها به بها له لها لهم بين بعد قبل عند منذ خلال حتى ان أن إن أو او ثم قد "
        "لقد كان كانت يكون تكون التي الذي الذين اللتان اللذان اللاتي هذا هذه ذلك تلك "
        "هؤلاء كل بعض غير عدد مقدار اسم وما ومتى وكم وهل وكيف ولماذا the a an of in on "
        "at to for from by is are was were be do does did what who whom whose when "
        "where why how many much which and or it its this that و "
    ).split()
)


class Expects(Enum):
    """The kind of thing that an answer must hold."""

    ANY = "any"
    NUMBER = "number"
    TIME = "time"
    EXPLANATION = "explanation"
    LIST = "list"


_TIME = re.compile(r"\b(?:متي|ومتي|when|اي (?:عام|سنه|يوم|تاريخ|قرن|شهر)|و?ما (?:تاريخ|موعد))\b")
_WHAT_IS = r"ما(?:ذا)?(?:\s*ه[وي])?\s+"
_NUMBER = re.compile(
    r"\b[وب]?كم\b|\bhow (?:many|much|long|tall|far|old)\b|"
    rf"^و?(?:{_WHAT_IS})?(?:(?:اجمالي|متوسط|معدل)\s+)?(?:عدد|نسبه|مساحه|طول|ارتفاع)\b"
)
_LISTED = fold(
    "أنواع أسباب مراحل شروط أقسام أعراض فوائد خطوات أهداف مكونات عناصر مبادئ وظائف خصائص مزايا "
    "عيوب محاور أركان بنود توصيات"
).replace(" ", "|")
_LIST = re.compile(
    rf"^(?:اذكر|عدد ال(?:{_LISTED})\b|list\b)|"
    rf"\bو?{_WHAT_IS}(?:(?:اهم|ابرز)\s+)?(?:ال)?(?:{_LISTED})\b"
)
_EXPLANATION = re.compile(
    rf"\bو?(?:لماذا|كيف|كيفيه)\b|^(?:اشرح|علل|فسر|عرف)\b|\bو?{_WHAT_IS}(?:سبب|السبب|المقصود|معني|تعريف|"
    r"الفرق)\b|\bwhy\b|\bhow(?= (?:do|does|did|is|are|was|were|can|to)\b)"
)

_MONTHS = frozenset(
    fold(
        "يناير فبراير مارس أبريل إبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر "
        "ديسمبر كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين محرم صفر ربيع "
        "جمادى رجب شعبان رمضان شوال القعدة الحجة قرن القرن عام سنة يوم "
    ).split()
)
_NUMBER_WORDS = frozenset(
    fold(
        "واحد واحدة اثنان اثنين اثنتان ثلاثة ثلاث أربعة أربع خمسة خمس ستة ست سبعة سبع "
        "ثمانية ثماني تسعة تسع عشرة عشر عشرون عشرين ثلاثون ثلاثين أربعون أربعين خمسون "
        "خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون تسعين مئة مائة مئتان ألف ألفا "
        "آلاف مليون ملايين مليار نصف ثلث ربع ثلثا "
    ).split()
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question taken apart: its telling stems (each once, in order) and what it expects."""

    text: str
    stems: tuple[str, ...]
    expects: Expects


def check_question(question: str) -> str:
    """The question on one line, of whole characters.

    Raises UnfitError when it is empty or over ``MAX_QUESTION``.
    """
    line = " ".join(without_halves(question).split())
    if not any(char.isalnum() for char in line):
        raise UnfitError(
            "The question is empty.", "Ask in words.", arabic="السؤال فارغ. اكتب سؤالك بكلمات."
        )
    if len(line) > MAX_QUESTION:
        raise UnfitError(
            f"The question has {len(line)} characters; the limit is {MAX_QUESTION}.",
            "Ask in a sentence or two.",
            arabic=f"السؤال أطول ممّا يُقبل: عدد حروفه {len(line)}، والحدّ {MAX_QUESTION}. "
            "اختصره في جملة أو جملتين.",
        )
    return line


def understand(question: str) -> Query:
    """Take a question apart; ``text`` has the written language's question words."""
    written = in_written_words(question)
    telling = [stem(word) for word in words(written) if is_telling(word)]
    asked = QUOTED.sub(" ", asked_part(written))
    return Query(written, tuple(dict.fromkeys(telling)), _expects(fold(asked)))


def is_telling(word: str) -> bool:
    """Whether a folded word is more than one that asks, points or joins."""
    return word not in _FUNCTION_WORDS


def asked_part(question: str) -> str:
    """A question without the subject that was added to it."""
    return question.partition(SUBJECT)[0]


def share(rarity: Mapping[str, float], held: Collection[str]) -> float:
    """The share of a question's stems that are held, each weighted by its rarity; 0 without any."""
    total = sum(rarity.values())
    return sum(weight for term, weight in rarity.items() if term in held) / total if total else 0.0


def _expects(folded: str) -> Expects:
    if _LIST.search(folded):
        return Expects.LIST
    if _TIME.search(folded):
        return Expects.TIME
    if _EXPLANATION.search(folded):
        return Expects.EXPLANATION
    if _NUMBER.search(folded):
        return Expects.NUMBER
    return Expects.ANY


def meets(expects: Expects, text_words: list[str]) -> bool:
    """Whether folded words hold the kind of thing that is expected."""
    if expects not in {Expects.NUMBER, Expects.TIME}:
        return True
    if any(word[0].isdigit() for word in text_words):
        return True
    wanted = _MONTHS if expects is Expects.TIME else _NUMBER_WORDS
    bare = (word.removeprefix("و").removeprefix("ال") for word in text_words)
    return any(word in wanted for word in bare) or not wanted.isdisjoint(text_words)
