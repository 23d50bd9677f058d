"""Questions on what or who something is, from the sentence that defines it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa import suggestion_words as known
from qa.suggestion_subjects import Asking, is_person, is_verb, names

_COPULA = re.compile(
    rf"^{known.SUBJECT} (?P<is>هو|هي)(?: عبارة عن)? (?P<what>{known.WORD})(?P<rest>.*)"
)
_IS_INDEFINITE = re.compile(
    rf"^(?P<x>(?:ال\w+|{known.WORD})(?: (?:لل|ال|ل|بن |ابن |أبو |أبي |عبد )\w+){{0,4}})"
    r" (?P<what>\w+)(?P<rest>.*)"
)
_IS_SOMEBODY = re.compile(rf"^{known.SUBJECT} (?P<what>{'|'.join(sorted(known.PEOPLE))})ة?(?!\w)")
COUNTED_AS = {"يعد": "هو", "تعد": "هي", "يعتبر": "هو", "تعتبر": "هي"}
"""Verbs of «يُعدّ X نباتًا …», and the pronoun of X."""

_WHEN_ALONE = re.compile(rf"(?:في {known.WORD}(?: {known.WORD}){{0,4}}? )?{known.TIME}")
_NOT_SAID = known.PARTICLES | known.POINTERS
_NO_VERBLESS = known.SOUGHT | known.SUPERLATIVE


def definitions(clause: str, title: str, opening: bool) -> Iterator[Asking]:
    """«X هو …» and «X مدينة …», with X at the head of ``clause``."""
    if found := _COPULA.match(clause):
        yield from _what_is(found["x"], found["is"], found["what"], found["rest"])
        return
    if opening and title and clause.startswith(title + " ") and names(title, lone=True):
        yield from _is_indefinite(title, clause[len(title) :].split(maxsplit=1)[0])
        return
    somebody = _IS_SOMEBODY.match(clause) if opening else None
    if somebody and re.search(r"(?:^| )(?:بن|ابن|أبو|بنت) ", somebody["x"]):
        yield from _is_indefinite(somebody["x"], somebody["what"])
        return
    found = _IS_INDEFINITE.match(clause)
    if not found or found["rest"].startswith(" ال"):
        return
    known_name = clause.split(maxsplit=1)[0] in title.split()
    if found["x"].startswith("ال") or " بن " in found["x"] or known_name:
        yield from _is_indefinite(found["x"], found["what"])


def counted_as(clause: str) -> Iterator[Asking]:
    """«يُعدّ X نباتًا …»: the first word that says what things are ends X."""
    parts = clause.split()
    for place in range(2, min(len(parts), 8)):
        bare = parts[place].removesuffix("ا")
        subject = " ".join(parts[1:place])
        if bare in known.THINGS | known.PEOPLE and names(subject):
            ask = "ما" if bare in known.THINGS else "من"
            yield Asking(f"{ask} {COUNTED_AS[parts[0]]} {subject}؟", subject, ask)
            return


def _what_is(subject: str, pronoun: str, what: str, rest: str) -> Iterator[Asking]:
    """«X هو …»: who, of a person, or what."""
    subject = re.sub(r" (?:أو|ورسميا|والمعروفة?|واسمها?|ويعرف|وتعرف) .*", "", subject)
    head = subject.split(maxsplit=1)[0]
    if head.endswith("ة") and pronoun == "هو":
        return
    describes = head in known.SUPERLATIVE
    following = rest.split()[:1]
    if not names(subject, lone=not describes) or what in _NOT_SAID:
        return
    if describes:
        if len(subject.split()) > 1:
            ask = "من" if is_person(subject.split()[1:2]) else "ما"
            yield Asking(f"{ask} {pronoun} {subject}؟", subject, "ما")
        return
    defined = re.match(r"ال\w+$", what) and not re.search(r" (?:التي|الذي|الذين) ", f"{rest} ")
    if defined or (re.match(r"[يت]\w{3}", what) and what not in known.THINGS):
        return
    person = is_person([head]) or (what not in known.THINGS and is_person([what, *following]))
    if person:
        yield Asking(f"من {pronoun} {subject}؟", subject, "من")
    elif what in known.THINGS or head.startswith("ال"):
        yield Asking(f"ما {pronoun} {subject}؟", subject, "ما")


def _is_indefinite(subject: str, what: str) -> Iterator[Asking]:
    """«X مدينة …»: a definite X, and one word that says what it is."""
    head = subject.split(maxsplit=1)[0]
    if not names(subject) or head in _NO_VERBLESS or is_verb(head):
        return
    # The head's own ending tells its gender; of a lone name, what it is said to be.
    feminine = head.endswith(("ة", "ات")) or (" " not in subject and what.endswith("ة"))
    feminine = feminine and subject not in known.MASCULINE_LANDS
    if what in known.THINGS:
        yield Asking(f"ما {'هي' if feminine else 'هو'} {subject}؟", subject, "ما")
    elif is_person([what]) and not what.startswith("ال"):
        yield Asking(f"من {'هي' if what.endswith('ة') else 'هو'} {subject}؟", subject, "من")


def told_of(opening: Asking, sentence: str) -> Iterator[Asking]:
    """What a sentence without a subject tells of what its text opened with: «وُلد عام …»."""
    feminine = " هي " in opening.question
    for clause in known.JOINT.split(known.PARENTHESES.sub("", sentence).rstrip(".")):
        first, _, rest = known.OPENING.sub("", clause).partition(" ")
        for verb in (first, first[1:] if first[:1] in {"و", "ف"} else first):
            told = known.TOLD_OF_THE_OPENING.get(verb, "")
            if _is_feminine(verb) != feminine:
                continue
            when = _WHEN_ALONE.match(rest)
            lead = "متى" if when else "أين" if re.match(known.PLACE, rest) else ""
            if lead and lead in told:
                yield Asking(f"{lead} {verb} {opening.subject}؟", opening.subject, lead)
                break


def _is_feminine(verb: str) -> bool:
    return verb.endswith("ت") or verb == "تقع"
