"""What a question may be about: words that name something out of their text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa import suggestion_words as known

MOST_SUBJECT = 9
"""Words of a subject."""

# Ordinals, years and duals beside a vague noun leave it vague.
_NO_NAME = re.compile(
    r"(?:ال)?(?:أول[ىي]?|ثانية?|ثالثة?|رابعة?|خامسة?|سادسة?|سابعة?|ثامنة?|تاسعة?|عاشرة?|جديدة?|عام|سنة|"
    r"\d+م?|\w+تان)$"
)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_PAST = known.HAPPENED | known.TOLD_OF_THE_OPENING.keys() | known.OTHER_PAST
_NEVER_VERBS = known.PARTICLES | known.POINTERS


@dataclass(frozen=True, slots=True)
class Asking:
    """A question and the words in it that name what it is about."""

    question: str
    subject: str
    kind: str


def names(subject: str, lone: bool = False) -> bool:
    """Whether words name something out of their text; ``lone`` lets a single vague word pass."""
    parts = subject.split()
    if not 1 <= len(parts) <= MOST_SUBJECT or not any(_LETTERS.search(part) for part in parts):
        return False
    return _opens_well(parts[0]) and _is_whole(parts) and (lone or not _is_vague(parts))


def leans(words: str) -> bool:
    """Whether any of the words has its sense elsewhere: «هذه», «أنواعها»."""
    return any(part in known.POINTERS or _leans(part) for part in words.rstrip("؟").split())


def _opens_well(first: str) -> bool:
    """Whether a name may open with the word: no particle, number or indefinite object."""
    particle = first in known.PARTICLES or first.startswith(("لل", "بال", "كال"))
    return not (particle or first[0].isdigit() or _is_accusative(first))


def _is_whole(parts: list[str]) -> bool:
    """Whether no word points elsewhere, joins another clause or waits for more."""
    if parts[-1] in known.PARTICLES or leans(" ".join(parts)):
        return False
    return not any(part[:1] == "و" and part[1:] in _PAST for part in parts)


def _is_vague(parts: list[str]) -> bool:
    """Whether words name only a kind: «المدينة», «الطبعة الثانية», «مدينة على نهر»."""
    if len(parts) == 2 and parts[1] in known.VAGUE and not parts[0].startswith("ال"):
        return True
    if parts[0] in known.WORKS | known.THINGS and parts[1:] and parts[1] in known.PARTICLES:
        return True
    if all(part in known.VAGUE or _NO_NAME.match(part) for part in parts):
        return True
    return parts[-1].endswith("ية") and not any(part.startswith(("ال", "لل")) for part in parts)


def _leans(word: str) -> bool:
    """Whether a word ends with a pronoun, as far as its letters tell."""
    if word.startswith(("ال", "لل", "وال", "بال")) or word.endswith("ويه"):
        return False
    if word.endswith(("ها", "هما", "هم", "هن")):
        return len(word) > 3
    return word.endswith("ه") and len(word) > 2 and word.lstrip("ولب") not in known.HEH_OF_ITS_OWN


def _is_accusative(word: str) -> bool:
    """Whether a word is an indefinite object, as far as its letters tell: «نشر كتابا»."""
    if word.startswith("ال") or word in known.NAMES_IN_ALEF or word.endswith("يا"):
        return False
    return word.endswith("ا") and len(word) > 3


def is_joined(word: str) -> bool:
    """Whether a first noun is joined to what came before it by «و»."""
    return word.startswith("و") and not word.startswith(known.AND_OF_ITS_OWN)


def agree(verb: str, subject: str) -> bool:
    """Whether a verb may have the subject: a noun in «ة» after a masculine verb is its object."""
    head = subject.split(maxsplit=1)[0]
    if verb in known.REFERS and head not in known.TERMS:
        return False
    masculine = verb.startswith("ي") or (verb in known.HAPPENED and not verb.endswith("ت"))
    return not (masculine and head.endswith("ة"))


def can_act(verb: str) -> bool:
    """Whether a word before one who acts may be the verb."""
    return verb not in _NEVER_VERBS and not _leans(verb)


def is_verb(word: str) -> bool:
    """Whether the first word of a clause is a verb, as far as its letters tell."""
    if word in _PAST or word in known.VERBS_IN_TEH:
        return True
    past = word.endswith("ت") and not word.startswith("ال") and not word.endswith("ات")
    if past and len(word) > 3 and word not in known.NAMES_IN_TEH:
        return True
    return word.startswith("ي") and word not in known.NAMES_IN_YEH and not word.endswith(("ة", "ا"))


def is_person(parts: list[str]) -> bool:
    """Whether one of these words says that somebody is meant."""
    bare = (part.removeprefix("ال") for part in parts)
    return any(word in known.PEOPLE or word.removesuffix("ة") in known.PEOPLE for word in bare)
