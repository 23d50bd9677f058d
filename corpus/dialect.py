"""Question words of the spoken dialects as the written language has them, for matching."""

from __future__ import annotations

import re

QUESTION_WORDS = {
    "متى": "امتى إمتى أمتى ايمتى إيمتى امتا وقتاش فوقاش",
    "أين": "وين فين وينه ونين",
    "من أين": "منين",
    "لماذا": "ليش ليه علاش علاه لويش",
    "ماذا": "شو ايش إيش أيش شنو شنوة شنهو اشنو وش اش آش أش",
    "ما هو": "ماهو إيه ايه",
    "من": "مين منو شكون منهو",
    "كيف": "ازاي إزاي شلون كيفاش اشلون",
    "كم": "قديش أديش اديش قداش شحال كام چم بقديش شقد",
    "بكم": "بكام",
    "أي": "أنهي انهي",
    "الذي": "اللي إللي",
}
"""Written word, then what is said in Egypt, the Levant, Iraq, the Gulf and the Maghreb."""

# Also names, verbs and particles («برنارد شو»): they ask only where no written word does.
_DOUBTFUL = frozenset(("شو", "مين", "فين", "ايه", "إيه", "كام", "وش", "اش", "أنهي", "انهي"))
_NAMES = frozenset(("شو", "مين"))
_WRITTEN_ASKS = re.compile(r"(?<!\w)و?(?:متى|متي|أين|اين|لماذا|ماذا|كيف|كم|هل|أي|اي)(?!\w)")
_WHO_OR_WHAT = re.compile(r"\s*و?(?:من|ما)\s+\S+\s")
"""These two are other words as well: they ask where a name ends what they begin."""
_HASTE = str.maketrans("أإآى", "اااي")
_LETTER = r"[\w\u064b-\u065f\u0670]"


def _table() -> dict[str, str]:
    spoken = {word: written for written, words in QUESTION_WORDS.items() for word in words.split()}
    return {word.translate(t): written for word, written in spoken.items() for t in (_HASTE, {})}


_WRITTEN = _table()
_WORDS = "|".join(sorted(_WRITTEN, key=len, reverse=True))
_SPOKEN = re.compile(rf"(?<!{_LETTER})(و?)({_WORDS})(?!{_LETTER})")
_HOW_MUCH = re.compile(rf"(?<!{_LETTER})(و?)(?:قد|أد|اد) [إا]يه(?!{_LETTER})")


def in_written_words(question: str) -> str:
    """The question with its spoken question words written: «امتى» is «متى».

    Meant for questions alone: in a text the same letters can be other words.
    """
    question = _HOW_MUCH.sub(r"\1كم", question)
    asks = _WRITTEN_ASKS.search(question) is not None
    names = _WHO_OR_WHAT.match(question) is not None

    def written(found: re.Match[str]) -> str:
        last = not question[found.end() :].strip(" ؟?.!")
        doubtful = found[2] in _DOUBTFUL and (asks or (names and last and found[2] in _NAMES))
        return found[0] if doubtful else found[1] + _WRITTEN[found[2]]

    return _SPOKEN.sub(written, question)
