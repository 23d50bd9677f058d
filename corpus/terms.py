"""Words of a text as the lexical index sees them: folded, tokenised, lightly stemmed."""

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.document import Span
from corpus.normalise import fold, normalise

# Numbers keep decimals and lose thousands separators; letters and digits part («2017م»).
_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?|[^\W\d_]+")

# Larkey, Ballesteros and Connell, "Light Stemming for Arabic Information Retrieval" (2007):
# light10 on folded letters (ة is ه), with the prepositions that join the article.
_ARTICLES = ("وبال", "وكال", "فبال", "ولل", "فلل", "وال", "بال", "كال", "فال", "لل", "ال")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word and the raw span that it was folded from."""

    text: str
    span: Span


def words(text: str) -> list[str]:
    """Folded words in order; numbers without thousands separators."""
    return [match.replace(",", "") for match in _TOKEN.findall(fold(text))]


def tokens(text: str) -> list[Token]:
    """Folded words with their raw spans: ``text[start:end]`` are the exact characters."""
    folded = normalise(text)
    return [
        Token(match.group().replace(",", ""), folded.raw_span(*match.span()))
        for match in _TOKEN.finditer(folded.text)
    ]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Light stem of a folded word: conjunction, article, endings off; two letters at least."""
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= 2:
            word = word[len(article) :]
            break
    else:
        if word.startswith("و") and len(word) >= 4:
            word = word[1:]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:
            word = word[: -len(suffix)]
    return word


def stems(text: str) -> list[str]:
    """Stems of the words of ``text``, in order."""
    return [stem(word) for word in words(text)]
