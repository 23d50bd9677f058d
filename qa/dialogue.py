"""A question that leans on those before it, made to stand alone by rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.dialect import in_written_words
from corpus.normalise import fold
from corpus.terms import words
from qa.question import Expects, understand

_MOST_TOPIC = 14
_MOST_ANSWER = 6
"""Words; a longer answer is an explanation, and no name for what is talked of."""

_ASKS = frozenset(
    fold(
        "ما ماذا من متى أين كم كيف لماذا هل أي بكم لمن بم مم علام who what when where why how which"
    ).split()
)
_AFTER_ASKS = frozenset(fold("هو هي هم هما كان كانت يكون تم الذي التي الذين").split())
_FILLERS = frozenset(fold("طيب طب حسنا و and ok so").split())
_JOINED = frozenset(
    fold("في من عن منذ بعد قبل عند إلى على بعدها قبلها بعده قبله ماذا لو").split()
) | _ASKS  # fmt: skip
_POINTS = frozenset(
    fold(
        "له لها لهم فيه فيها عنه عنها منه منها به بها عليه عليها إليه إليها عنده عندها لديه لديها "
        "نفسه نفسها بعده بعدها قبله قبلها هناك حينها وقتها آنذاك هذا هذه ذلك تلك هؤلاء it its he "
        "she his her they their them there that this"
    ).split()
)
_PRONOUN = re.compile(r"\w{2,}(?:ها|هم|هما|هن)$|\w{3,}ه$")
_ORDINAL = re.compile(
    r"(?<!\w)(?:ال(?:[أا]ول[ىي]?|ثاني[ةه]?|ثالث[ةه]?|رابع[ةه]?|خامس[ةه]?|سادس[ةه]?|سابع[ةه]?|"
    r"ثامن[ةه]?|تاسع[ةه]?|عاشر[ةه]?|حادي[ةه]?)(?:\s+(?:عشر[ةه]?|وال\w+ين))?|العشرين|الثلاثين)(?!\w)"
)
_NUMBER = re.compile(r"\d+(?:[./]\d+)*")
_BRACKETS = re.compile(r"\(([^()]+)\)؟$")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of the conversation as it was searched for, and its answer, empty without one."""

    query: str
    answer: str = ""


def standalone(question: str, history: Sequence[Exchange]) -> str:
    """The question with what it leaves to the exchanges before it, latest last.

    «والثالث؟» after «أين عُقد الاجتماع الأول؟» is «أين عُقد الاجتماع الثالث؟»; «من ترأسه؟» has the
    subject of the question before it in brackets. One that leans on nothing comes back as it is.
    """
    if not history or not leans(question):
        return question
    last = history[-1]
    rest = _without_joint(question)
    swapped = _swapped(rest, last.query)
    if swapped:
        return swapped
    topic = _topic(last)
    return f"{rest.rstrip(' ؟?.')} ({topic})؟" if topic else rest


def leans(question: str) -> bool:
    """Whether a question cannot be understood without those before it, as far as rules tell."""
    written = in_written_words(question)
    said = words(written)
    telling = len(understand(written).stems)
    if _without_joint(question) != question.strip():
        return True
    if not any(_asks(word) for word in said):
        return telling <= 2
    points = any(word in _POINTS for word in said)
    return telling <= 2 and (points or any(_PRONOUN.match(word) for word in _raw_ends(written)))


def _raw_ends(text: str) -> list[str]:
    """Words that may end in a pronoun: folding would make one of every ة."""
    return [word.strip(" ؟?.،") for word in text.split() if not word.strip(" ؟?.،").endswith("ة")]


def _asks(word: str) -> bool:
    return word in _ASKS or word.removeprefix("و") in _ASKS


def _without_joint(question: str) -> str:
    """The question without «طيب» and the «و» that tie it to what was said before."""
    parts = question.split()
    while len(parts) > 1 and fold(parts[0]).strip("،,.") in _FILLERS:
        parts = parts[1:]
    first = fold(in_written_words(parts[0])).strip(" ؟?،")
    bare = first.removeprefix("و")
    if first != bare and (bare in _JOINED or bare.startswith("ال")):
        parts[0] = parts[0][parts[0].index("و") + 1 :]
    elif first != bare and _asks(fold(in_written_words(parts[0].removeprefix("و")))):
        parts[0] = parts[0].removeprefix("و")
    return " ".join(parts)


def _swapped(rest: str, before: str) -> str:
    """The question before, with its number or ordinal changed for the new one; empty if no swap.

    Only for a question that says nothing else of its own.
    """
    for kind in (_ORDINAL, _NUMBER):
        new, olds = kind.search(rest), list(kind.finditer(before))
        if not new or not olds:
            continue
        left = understand(in_written_words(kind.sub(" ", rest))).stems
        asked = [word for word in words(in_written_words(rest)) if word in _ASKS]
        same = set(asked) <= set(words(in_written_words(before)))
        known = set(left) - set(understand(before).stems)
        if same and len(known - {"عام", "سن", "في"}) == 0:
            old = olds[-1]
            return before[: old.start()] + new.group() + before[old.end() :]
    return ""


def _topic(last: Exchange) -> str:
    """What was talked of: a short answer that names something, and the question's own words.

    A question that was itself made to stand alone goes on with what its brackets hold.
    """
    kept = _BRACKETS.search(last.query)
    if kept:
        return kept[1]
    parts = last.query.rstrip(" ؟?.").split()
    while len(parts) > 1 and _leads(parts[0]):
        parts = parts[1:]
    subject = " ".join(parts[:_MOST_TOPIC])
    answer = " ".join(last.answer.split())
    names = understand(last.query).expects is Expects.ANY
    if answer and names and len(answer.split()) <= _MOST_ANSWER:
        return f"{answer}، {subject}"
    return subject


def _leads(word: str) -> bool:
    folded = fold(in_written_words(word)).strip("،")
    return all(part in _ASKS | _AFTER_ASKS or _asks(part) for part in folded.split())
