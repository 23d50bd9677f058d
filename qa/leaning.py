"""Whether a question leans on those before it, as far as its words tell."""

from __future__ import annotations

import re

from corpus.dialect import in_written_words
from corpus.normalise import fold, normalise
from corpus.terms import words
from qa.question import SUBJECT, is_telling, understand

_ASKS = frozenset(
    fold(
        "ما ماذا من متى أين كم كيف لماذا هل أي أية بكم بما بماذا بم فيم مم علام عم لمن لم ممن عمن "
        "ماهو ماهي ماهى اذكر عرف عرّف اشرح علل قارن لخص عدد "
        "who what when where why how which whose whom is are was were do does did"
    ).split()
)
_OF_EVENTS = frozenset(fold("متى أين كيف لماذا هل كم when where why how").split())
_PREPOSITIONS = frozenset(fold("في من على عن إلى بعد قبل عند مع منذ").split())
_LEADS = _PREPOSITIONS | frozenset(fold("خلال عندما حين حينما لما أثناء بسبب رغم").split())
_JOINED = _ASKS | _PREPOSITIONS
_WHICH = frozenset(fold("الذي التي الذين اللذان اللتان اللذين اللتين اللواتي").split())
_THIS = frozenset(fold("هذا هذه ذلك تلك").split())
_TIME_WORD = re.compile(r"(?:ال)?(?:عام|سنه|شهر|يوم|قرن|اسبوع|عقد|موسم)\b")
_APART = re.compile(r"^(\s*و)\s+(?=\S)")
_PARENT = re.compile(r"والد(?:ي|ه|ها|هم|ته|تها|تهم|ت)?")
_FILLERS = frozenset(fold("طيب حسنا تمام اوك ok so and then well").split())
_POINTS = frozenset(
    fold(
        "له لها لهم فيه فيها فيهم عنه عنها منه منها به بها معه معها ضده ضدها عليه عليها إليه إليها "
        "عنده عندها لديه لديها نفسه نفسها بعده بعدها قبله قبلها أمه أبوه هناك حينها وقتها آنذاك "
        "هذا هذه ذلك تلك هؤلاء ده دي هاد هادا it its he she his her him they their them that "
        "this"
    ).split()
)
_DEMONSTRATED = (_POINTS - {"دي"}) | {"هو", "هي"}
"""What can follow «و»; «ودي» also begins a wish."""
NAMES_BEGIN = frozenset(fold("ابن أبو أبي عبد بنو بني").split())
"""Folded words that begin a name of several words."""
_OF_A_THING = (
    fold("طول عرض ارتفاع عمق عمر سعر ثمن اسم سبب رئيس مؤلف مقر مكان تاريخ سكان").replace(" ", "|")
    + "|معن[يا]"
)
_OF_A_THING_IN_TEH = "عاصم|نسب|قيم|مساح|لغ|مد"
_ITS = re.compile(rf"(?:{_OF_A_THING}|(?:{_OF_A_THING_IN_TEH})ت)(?:ه|ها|هم)")
_OF_THE = re.compile(rf"{_OF_A_THING}|(?:{_OF_A_THING_IN_TEH})ه")
_CLITIC = re.compile(r"\w{2,}(?:ها|هم|هما|هن)")
_ENDS_IN_HE = re.compile(r"\w{3,}ه")
_ARTICLE = re.compile(r"[وبف]?ال|[ول]?لل")
# Words that end like a pronoun and have none.
_NO_PRONOUN = frozenset(
    fold(
        "سيبويه نفطويه عبده مياه درهم دراهم أسهم أدهم إبراهيم فقه فقهاء وجه الله نبيه نزيه كاهن "
        "راهن وجوه فواكه أبها بنها متهم تتهم اتهم تفاهم يفهم تفهم نفهم ملهم مساهم ساهم مبهم"
    ).split()
)


def leans(question: str) -> bool:
    """Whether a question cannot be understood without those before it.

    It does where it points («ترأسه», «فيها»), is tied on by «و» and says little, or names nothing.
    """
    if SUBJECT in question:
        return False
    rest, joined = without_joint(question)
    written = in_written_words(rest)
    said, telling = words(written), understand(written).stems
    if not telling:
        return True
    points = points_back(written, joined=joined)
    if joined:
        return points or len(telling) <= 3
    if not any(map(asks, said)):
        few = len(telling) <= 2
        return len(telling) == 1 or (few and (points or said[0] in _PREPOSITIONS))
    named = any(_ARTICLE.match(word) for word in said if is_telling(word))
    events = sum(word.removeprefix("و") in _OF_EVENTS for word in said)
    return (points and len(telling) <= 3) or (len(telling) <= events and not named)


def asks(word: str) -> bool:
    """Whether a folded word asks, also with «و» before it."""
    return word in _ASKS or word.removeprefix("و") in _ASKS


def says_where(word: str) -> bool:
    """Whether a folded word begins a phrase of time, place or cause."""
    return word in _LEADS


def without_joint(question: str) -> tuple[str, bool]:
    """The question without «طيب» and the «و» that tie it to what was said, and whether by «و»."""
    parts = _APART.sub(r"\1", question).split()
    while len(parts) > 1 and _is_filler(parts):
        parts = parts[1:]
    first = fold(in_written_words(parts[0])).strip(" ؟?،.")
    bare = first.removeprefix("و")
    names = _PARENT.fullmatch(first) or parts[1:2] == ["فاي"]
    short = len(parts) <= 3 or points_back(question, joined=True)
    thing = bare.startswith("ال") and len(bare) > 4 and short
    known = bare in _JOINED or bare in _DEMONSTRATED or asks(bare) or _is_a_part(bare, parts[1:])
    if bare == first or names or not (known or thing):
        alone = len(parts) <= 2 and first.startswith("و") and len(first) >= 4
        return " ".join(parts), alone and not names and not asks(first)
    parts[0] = parts[0][normalise(parts[0]).raw_span(0, 1)[1] :].lstrip(
        "\u064b\u064c\u064d\u064e\u064f\u0650"
    )
    return " ".join(parts), True


def _is_a_part(bare: str, others: list[str]) -> bool:
    """Whether a word after «و» begins a name («ابن رشد»), or asks for a thing's («طول السد كم»)."""
    if not any(map(asks, words(in_written_words(" ".join(others))))):
        return bare in NAMES_BEGIN or (not others and _ITS.fullmatch(bare) is not None)
    of_the = len(others) == 2 and fold(others[0]).startswith("ال")
    return bool(_ITS.fullmatch(bare) or (of_the and _OF_THE.fullmatch(bare)))


def _is_filler(parts: list[str]) -> bool:
    word = fold(parts[0]).strip("،,.")
    return word in _FILLERS or (word == "طب" and asks(fold(in_written_words(parts[1]))))


def points_back(written: str, *, joined: bool) -> bool:
    """Whether a word points back: «فيها», or one with a pronoun at its end.

    A careless ه for ة looks like one too: unless the question is ``joined`` to the one before, a
    final ه counts only where a noun seldom stands.
    """
    raw = _words_of(written)
    said = [fold(part) for part in raw]
    if any(
        word in _POINTS and not raw[n].endswith("ء") and _points(said, n, joined)
        for n, word in enumerate(said)
    ):
        return True
    for place, word in enumerate(said):
        if raw[place].endswith(("ة", "ء")) or _ARTICLE.match(word) or _is_whole(word):
            continue
        if _CLITIC.fullmatch(word):
            return True
        last = place == len(said) - 1
        if not _ENDS_IN_HE.fullmatch(word) or (said[max(place - 1, 0)] == "كم" and not last):
            continue
        after_event = place == 1 and (said[0] in _OF_EVENTS or said[0] == "من")
        if joined or last or after_event or said[place + 1] in _PREPOSITIONS:
            return True
    return False


def has_pronoun(written: str) -> bool:
    """Whether a word surely points back: «مساحتها», «طوله»; a final ه may be a hasty ة, and «هذا
    الشهر» is a time.
    """
    said = [fold(part) for part in _words_of(written) if not part.endswith("ء")]
    return any(
        (word in _POINTS and not (word in _THIS and _TIME_WORD.match(" ".join(said[n + 1 :]))))
        or _ITS.fullmatch(word.removeprefix("و"))
        or (_CLITIC.fullmatch(word) and not _is_whole(word) and not _ARTICLE.match(word))
        for n, word in enumerate(said)
    )


def _words_of(text: str) -> list[str]:
    return [part for part in (p.strip(" ؟?.،!") for p in text.split()) if part]


def _is_whole(word: str) -> bool:
    """Whether what looks like a pronoun at the end of a folded word is the word's own."""
    return word in _NO_PRONOUN or word.removeprefix("و") in _NO_PRONOUN


def _points(said: list[str], place: int, joined: bool) -> bool:
    """Whether a word of ``_POINTS`` points out of its question."""
    before, after = said[max(place - 1, 0)], said[place + 1 : place + 2]
    if said[place] == "هناك":
        return not after
    if said[place] == "دي":  # «روبرت دي نيرو»
        return not (place and after and is_telling(before) and not _ARTICLE.match(before))
    return joined or before not in _WHICH
