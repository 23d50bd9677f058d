"""Words of a text as the lexical index sees them: folded, tokenised, lightly stemmed."""

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.document import Span
from corpus.normalise import fold, normalise

_ARABIC = r"\u0620-\u064a\u066e-\u06d3\u06d5\u06ee-\u06ff\u0750-\u077f"
# Numbers keep decimals and lose thousands separators; letters and digits part («2017م»), and so do
# Arabic letters and others («بـPDF»).
_TOKEN = re.compile(
    rf"\d{{1,3}}(?:[,،]\d{{3}})+(?!\d)|\d+(?:\.\d+)?|"
    rf"(?<![{_ARABIC}])[وفبلك]?عبد(?=ال[{_ARABIC}]{{2}})|"  # «عبدالله» is «عبد الله»
    rf"[{_ARABIC}]+|[^\W\d_{_ARABIC}]+"
)
_SEPARATORS = str.maketrans("", "", ",،")
# Spellings that folding would lose or keep apart, as others of the same length.
_HARAKAT = r"[\u064b-\u0652]*"
_WATER = re.compile(
    rf"(?<!\w)([وف]?(?:[بك]?ال|لل|[بكل])?م{_HARAKAT}ا{_HARAKAT})ء(?!{_HARAKAT}\w)"
)  # ء is folded away, and «ماء» is not «ما»
_HUNDRED = re.compile(r"(?<=م)ا(?=ئ[ةهت])")  # «مائة» is «مئة»

# Larkey, Ballesteros and Connell, "Light Stemming for Arabic Information Retrieval" (2007):
# light10 on folded letters (ة is ه), with the prepositions that join the article.
_ARTICLES = ("وبال", "وكال", "فبال", "ولل", "فلل", "وال", "بال", "كال", "فال", "لل", "ال")
_INNER = ("كال", "ال")
_GOD = frozenset(("الله", "والله", "بالله", "تالله", "فالله", "لله", "ولله"))
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word and the raw span that it was folded from."""

    text: str
    span: Span


def words(text: str) -> list[str]:
    """Folded words in order; numbers without thousands separators."""
    return [match.translate(_SEPARATORS) for match in _TOKEN.findall(fold(_respelt(text)))]


def tokens(text: str) -> list[Token]:
    """Folded words with their raw spans: ``text[start:end]`` are the exact characters."""
    folded = normalise(_respelt(text))
    return [
        Token(match.group().translate(_SEPARATORS), folded.raw_span(*match.span()))
        for match in _TOKEN.finditer(folded.text)
    ]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Light stem of a folded word: conjunction, article, endings off; two letters at least.

    What looks like a conjunction or an article of its own goes behind the article too, so that
    «الوزير» is stemmed as «وزير». It may be the word's own: then the endings leave three letters.
    """
    if word in _GOD:
        return "لله"
    bare = _without_prefix(_without_prefix(word, _ARTICLES), _INNER)
    joint = len(bare) < len(word) and word[len(word) - len(bare) - 1] == "و"
    for suffix in _SUFFIXES:
        least = 3 if suffix == "ان" or (joint and suffix != "ه") else 2
        if bare.endswith(suffix) and len(bare) - len(suffix) >= least:
            bare = bare[: -len(suffix)]
    return bare


def _without_prefix(word: str, articles: tuple[str, ...]) -> str:
    for article in articles:
        if word.startswith(article) and len(word) - len(article) >= 2:
            return word[len(article) :]
    return word[1:] if word.startswith("و") and len(word) >= 4 else word


def _respelt(text: str) -> str:
    """The text as long as it was, with some spellings told apart and others made one."""
    return _HUNDRED.sub("ـ", _WATER.sub(r"\1ؤ", text)).replace("ئو", "ؤو")


def stems(text: str) -> list[str]:
    """Stems of the words of ``text``, in order."""
    return [stem(word) for word in words(text)]
