"""A question that leans on those before it, made to stand alone by rules."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.dialect import in_written_words
from corpus.normalise import fold, normalise, without_halves
from corpus.terms import words
from qa.answer import Exchange
from qa.leaning import NAMES_BEGIN, asks, has_pronoun, leans, points_back, without_joint
from qa.question import SUBJECT, Expects, asked_part, understand

_MOST_TOPIC = 14
_MOST_ANSWER = 6
"""Words; a longer answer is an explanation, and no name for what is talked of."""
_SHORT = 6
"""Words; in a question of so few, what is asked about stands at the end."""

_AFTER_ASKS = frozenset(fold("هو هي هم هما كان كانت يكون تم الذي التي الذين").split())
_IS = frozenset({"هو", "هي"})
_SON_OF = frozenset({"بن", "بنت"})
_PREPOSITIONS = frozenset(fold("في من على عن إلى").split())
_ABOUT = re.compile(
    r"^(?:و?\s*(?:ماذا|شو|شنو|وش|[إا]يش|[إا]يه) عن|what about|how about)\s+", re.IGNORECASE
)
_UNITS = "(?:ثاني|تاني|ثالث|تالت|رابع|خامس|سادس|سابع|ثامن|تامن|تاسع|عاشر|حادي)"
_TENS = "(?:عشر|ثلاث|اربع|خمس|ست|سبع|ثمان|تسع)[يو]ن"
_ORDINAL = re.compile(
    rf"(?<!\w)(?:ال(?:اول[ىي]?|اخير|{_UNITS})ه?(?:\s+(?:عشره?|وال{_TENS}))?|ال{_TENS})(?!\w)"
)
_NUMBER = re.compile(r"\d+(?:[./]\d+)*")
_OF_TIME = frozenset({"عام", "سن", "سنه", "في", "دور"})
_TIMES = re.compile(r"(?:ال)?(?:عام|سنه|شهر|يوم|قرن)|\d.*")


def standalone(question: str, history: Sequence[Exchange]) -> str:
    """The question with what it leaves to the exchanges before it, latest last.

    «والثالث؟» after «أين عُقد الاجتماع الأول؟» is «أين عُقد الاجتماع الثالث؟»; «من ترأسه؟» has the
    subject of the question before it behind a dash. One that leans on nothing comes back as it is.
    """
    if not history or not (leans(question) or _ABOUT.match(question)):
        return question
    last = Exchange(without_halves(history[-1].query), without_halves(history[-1].answer))
    rest = _ABOUT.sub("", without_joint(_ABOUT.sub("", question))[0]).rstrip(" ؟?.")
    swapped = _swapped(rest, last.query)
    if swapped:
        return swapped
    said = words(in_written_words(rest))
    if not any(map(asks, said)) and not has_pronoun(in_written_words(rest)):
        return _carried(rest, asked_part(last.query).rstrip(" ؟?."))
    alike = _asks_alike(rest, last.query)
    if alike and not points_back(in_written_words(rest), joined=False):
        return rest + "؟"
    thing = _thing_alike(rest, last.query)
    if thing:
        return _carried(thing, asked_part(last.query).rstrip(" ؟?."))
    topic = _topic(last)
    return f"{rest}{SUBJECT}{topic}؟" if topic else rest + "؟"


def _swapped(rest: str, before: str) -> str:
    """The question before, with its number or ordinal changed for the new one; empty if no swap.

    Only for a question that says nothing else of its own.
    """
    new_text, old_text = normalise(rest), normalise(before)
    for kind in (_ORDINAL, _NUMBER):
        new, olds = kind.search(new_text.text), list(kind.finditer(old_text.text))
        if not new or not olds:
            continue
        left = understand(in_written_words(kind.sub(" ", new_text.text))).stems
        asked = {word for word in words(in_written_words(rest)) if asks(word)}
        known = {*understand(before).stems, *_OF_TIME}
        if asked <= set(words(in_written_words(before))) and known.issuperset(left):
            start, end = old_text.raw_span(*olds[-1].span())
            first, last = new_text.raw_span(*new.span())
            return before[:start] + rest[first:last] + before[end:]
    return ""


def _carried(rest: str, before: str) -> str:
    """A bare thing in the place of what the question before asked about: «متى ولد ابن خلدون؟»."""
    parts, new = before.split(), rest.split()
    if not new:
        return before + "؟"
    lead = len(parts) - len(_subject(before).split())
    said, thing = ([fold(word).strip("،") for word in some] for some in (parts, new))
    if thing[0][1:] in said[lead:] and new[0].startswith("و"):
        new[0], thing[0] = new[0][1:], thing[0][1:]
    place = _place(said, thing, lead)
    if place:
        return f"{' '.join([*parts[: place.start], *new, *parts[place.stop :]])}؟"
    start = _end_place(said, thing, lead)
    if start and len(parts) - lead <= _SHORT and not any(map(_is_time, thing[:2])):
        return f"{' '.join(parts[:start])} {rest}؟"
    return f"{before}، {rest}؟"


def _end_place(said: list[str], thing: list[str], lead: int) -> int:
    """Where the thing that ends a question begins, whole names with it; 0 without any.

    As long as the new thing, but a word stays that says what is asked of it, unless the question
    asks who or what it is.
    """
    is_it = lead > 0 and said[lead - 1] in _IS
    size = sum(word not in _PREPOSITIONS for word in thing)
    size = min(size, len(said) - lead - (not is_it))
    if size <= 0:
        return 0
    start = len(said) - size
    while start - 1 > lead and said[start].startswith("ال") and said[start - 1].startswith("ال"):
        start -= 1  # «الولايات المتحدة»
    for n in reversed(range(lead + (not is_it), start)):  # «بنى» may be a verb
        if said[n] in NAMES_BEGIN:
            start = n
        elif said[n] in _SON_OF and n > lead:
            start = n - 1
    return start


def _place(said: list[str], thing: list[str], lead: int) -> slice | None:
    """Where a thing of folded words belongs among those of a question, if they tell.

    That is where both have the same word, or the same preposition before a place or both times;
    else what ends the question after a preposition. A thing without an article seldom takes the
    place of one with it: «وابن الهيثم؟» after «ماذا قال إقليدس عن الإبصار؟» is as «إقليدس».
    """
    first, joined = thing[0], thing[0] in _PREPOSITIONS and len(thing) > 1
    for n in reversed(range(lead, len(said) - joined)):
        if said[n] == first and (not joined or _is_time(said[n + 1]) == _is_time(thing[1])):
            return slice(n, _phrase_end(said, n + joined))
    alike = [n for n in range(lead + 1, len(said)) if thing[1:2] == said[n : n + 1]]
    if (
        alike and len(thing) == 2 and not joined and not _is_time(thing[1])
    ):  # «أصغر دولة» for «أكبر دولة»
        return slice(alike[0] - 1, alike[0] + 1)
    after = next((n for n in reversed(range(lead, len(said) - 1)) if said[n] in _PREPOSITIONS), -1)
    if joined or after < 0 or _phrase_end(said, after + 1) < len(said):
        return None
    definite, ends = first.startswith("ال"), said[after + 1].startswith("ال")
    if definite == ends:
        return slice(after + 1, len(said))
    name = after - 1 - (said[after - 2] in NAMES_BEGIN)
    bare = not definite and not said[after - 1].startswith("ال")
    return slice(name, after) if bare and name > lead else None


def _phrase_end(said: list[str], start: int) -> int:
    """Where a thing that begins at ``start`` ends: before a preposition or a time."""
    rest = range(start + 1, len(said))
    return next((n for n in rest if said[n] in _PREPOSITIONS or _is_time(said[n])), len(said))


def _is_time(word: str) -> bool:
    return _TIMES.fullmatch(word) is not None


def _asks_alike(rest: str, before: str) -> bool:
    """Whether both ask for the same of two things: «ما عاصمة تونس؟» after «ما عاصمة مصر؟»."""
    new, old = understand(in_written_words(rest)).stems, understand(before).stems
    return len(new) > 1 and new[:1] == old[:1]


def _thing_alike(rest: str, before: str) -> str:
    """What is asked about, without the words that ask, if both ask alike of things of one name:
    «اليوم العالمي للمياه» of «متى اليوم العالمي للمياه» after «متى يوافق اليوم العالمي للسكري؟».
    """
    new, old = (words(in_written_words(text)) for text in (rest, asked_part(before)))
    if new[:1] != old[:1] or points_back(in_written_words(rest), joined=True):
        return ""
    thing = _subject(rest)
    telling = understand(in_written_words(thing)).stems
    return thing if len(telling) > 1 and words(thing)[0] in old[1:] else ""


def _topic(last: Exchange) -> str:
    """What was talked of: a short answer that names something, and the question's own words.

    A question that was itself made to stand alone goes on with its own topic, and with whom it
    found.
    """
    asked, _, kept = last.query.rstrip(" ؟?.").partition(SUBJECT)
    subject = kept or _subject(asked)
    answer = " ".join(last.answer.split())
    names = understand(asked).expects is Expects.ANY and len(answer.split()) <= _MOST_ANSWER
    who = not kept or "من" in words(in_written_words(asked))[:1]
    topic = f"{answer}، {subject}" if answer and names and who else subject
    return " ".join(re.sub(r"[()]", " ", topic).split()[:_MOST_TOPIC])


def _subject(asked: str) -> str:
    """A question's words after those that ask."""
    parts = asked.split()
    while len(parts) > 1 and (_leads(parts[0]) or (_is_preposition(parts[0]) and _leads(parts[1]))):
        parts = parts[1:]
    return " ".join(parts)


def _leads(word: str) -> bool:
    folded = fold(in_written_words(word)).strip("،")
    return all(part in _AFTER_ASKS or asks(part) for part in folded.split())


def _is_preposition(word: str) -> bool:
    return fold(word) in _PREPOSITIONS
