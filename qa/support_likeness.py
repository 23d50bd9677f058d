"""Whether two folded words are one word in other dress."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from qa import support_words as known
from qa.support_terms import Term

_ARTICLE = re.compile("^[وف]?(?:[بك]?ال|لل)(?=..)")
_LETTER = re.compile("^(?:[وف][بلك]|[وفبلك])(?=...)")
_ENDINGS = {
    frozenset(pair.split("/"))
    for pair in (
        *("/ا", "/ه", "/ها", "/هم", "/وا", "/وه", "/وها", "ا/ه", "ي/يه", "يا/ي", "يا/يه"),
        *("ه/ته", "ه/تها", "ه/تهم", "ت/تها", "ت/ته", "ون/ين", "ان/ين", "ا/ين", "وا/ون"),
    )
}
_FEMININE_TOO = {frozenset(pair) for pair in (("ه", "ته"), ("ه", "تها"), ("ه", "تهم"))}
_PRONOUNS = ("ه", "ها", "هم")
_LEAST = 3


def alike(one: Term, other: Term) -> bool:
    """Whether the words differ by no more than clitics and case, or tell of one deed.

    The first may lack a pronoun that the other has («طول», «طوله»), and may not add one.
    """
    return _alike(one.word, one.feminine, other.word, other.feminine)


@lru_cache(maxsize=1 << 14)
def _alike(one: str, feminine: bool, other: str, other_feminine: bool) -> bool:
    if one == other:
        return True
    for a, loose_a in _bare(one):
        for b, loose_b in _bare(other):
            if loose_a and loose_b and one[0] != other[0]:
                continue
            if _related(a, feminine, b, other_feminine):
                return True
    return False


def names_deed(noun: Term, verb: Term) -> bool:
    """Whether they are «إغلاق» and «أغلق»."""
    deeds = (deed for deed, _ in _bare(noun.word) if deed in known.DEEDS)
    return any(word in known.DEEDS[deed] for deed in deeds for word, _ in _bare(verb.word))


def _bare(word: str) -> Iterator[tuple[str, bool]]:
    """The word, without its article, and without one letter that may be a clitic."""
    yield word, False
    article = _ARTICLE.sub("", word, count=1)
    if article != word:
        yield article, False
    letter = _LETTER.sub("", word, count=1)
    if letter != word:
        yield letter, True


def _related(a: str, feminine_a: bool, b: str, feminine_b: bool) -> bool:
    if a == b:
        return not (feminine_a != feminine_b and a[-1] != "ه")
    if (one := known.unit(a)) is not None and one == known.unit(b):
        return True
    if a in known.ABOUT and b in known.ABOUT:
        return True
    if any(a in family and b in family for family in known.FAMILIES):
        return True
    if b in known.DEEDS.get(a, ()):
        return True
    return _endings_agree(a, feminine_a, b, feminine_b) or _one_verb(a, b) or _one_verb(b, a)


def _endings_agree(a: str, feminine_a: bool, b: str, feminine_b: bool) -> bool:
    shared = next(
        (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    for cut in range(shared, _LEAST - 1, -1):
        ends = frozenset((a[cut:], b[cut:]))
        if not b[cut:] and a[cut:] in _PRONOUNS:
            return False
        if ends in _ENDINGS:
            ah = (feminine_a and a[cut:] == "ه") or (feminine_b and b[cut:] == "ه")
            return not ah or ends in _FEMININE_TOO
    return False


def _one_verb(verb: str, other: str) -> bool:
    """«افتتح» and «افتتاح»; «اكتشف» and «مكتشف»; «طوّر» and «تطوير»; with ت or without."""
    verb = verb.removesuffix("ت") if len(verb) > _LEAST else verb
    if verb.startswith("ا") and len(verb) >= _LEAST + 2:
        return other in (f"{verb[:-1]}ا{verb[-1]}", f"م{verb[1:]}")
    return len(verb) == _LEAST and other == f"ت{verb[:2]}ي{verb[2]}"
