"""Question words of the spoken dialects as the written language has them, for matching."""

from __future__ import annotations

import re

QUESTION_WORDS = {
    "متى": "امتى إمتى أمتى ايمتى إيمتى امتا وقتاش فوقاش",
    "أين": "وين فين وينه ونين",
    "لماذا": "ليش ليه علاش لويش",
    "ماذا": "شو ايش إيش أيش شنو شنهو وش اش آش أش واش",
    "ما هو": "شنوا ماهو إيه ايه",
    "من": "مين منو شكون منهو",
    "كيف": "ازاي إزاي شلون كيفاش اشلون",
    "كم": "قديش أديش اديش شحال كام چم بقديش",
    "الذي": "اللي إللي",
}
"""Written word, then what is said in Egypt, the Levant, Iraq, the Gulf and the Maghreb."""

_HASTE = str.maketrans("أإآى", "اااي")


def _table() -> dict[str, str]:
    spoken = {word: written for written, words in QUESTION_WORDS.items() for word in words.split()}
    return {word.translate(t): written for word, written in spoken.items() for t in (_HASTE, {})}


_WRITTEN = _table()
_SPOKEN = re.compile(rf"(?<!\w)({'|'.join(sorted(_WRITTEN, key=len, reverse=True))})(?!\w)")


def in_written_words(question: str) -> str:
    """The question with its spoken question words written: «امتى» is «متى».

    Meant for questions alone: in a text the same letters can be other words.
    """
    return _SPOKEN.sub(lambda found: _WRITTEN[found[1]], question)
