"""Exact match and token F1 of an answer, once as SQuAD counts them and once on folded Arabic.

The definitions are those of the evaluation script of SQuAD 2.0 (Rajpurkar, Jia and Liang 2018):
the best value over the accepted answers. The two ways differ only in how text becomes tokens.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

from corpus.terms import words

Tokeniser = Callable[[str], list[str]]

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def squad_tokens(text: str) -> list[str]:
    """As SQuAD's script: lower case, no ASCII punctuation, no English articles."""
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def arabic_tokens(text: str) -> list[str]:
    """Folded words and numbers: hamzas, harakat, digits and punctuation do not count."""
    return words(text)


def exact_match(answer: str, accepted: Sequence[str], tokens: Tokeniser) -> float:
    """1 when the answer's tokens are those of an accepted answer, else 0."""
    found = tokens(answer)
    return float(any(found == tokens(gold) for gold in accepted))


def token_f1(answer: str, accepted: Sequence[str], tokens: Tokeniser) -> float:
    """The best harmonic mean of token precision and recall over the accepted answers, 0..1."""
    found = tokens(answer)
    return max((_f1(found, tokens(gold)) for gold in accepted), default=0.0)


def contains(text: str, accepted: Sequence[str]) -> bool:
    """Whether the folded words of an accepted answer stand in ``text``, in order and together."""
    held = f" {' '.join(words(text))} "
    sought = [" ".join(words(gold)) for gold in accepted]
    return any(f" {gold} " in held for gold in sought if gold)


def _f1(found: list[str], gold: list[str]) -> float:
    if not found or not gold:
        return float(found == gold)
    shared = sum((Counter(found) & Counter(gold)).values())
    return 2 * shared / (len(found) + len(gold))
