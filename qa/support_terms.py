"""The content words and numbers of a sentence, each with what its neighbours make of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpus.normalise import fold
from qa import support_words as known
from qa.support_numbers import Number, number_at
from qa.support_reading import Word, is_joined_on, read_words


@dataclass(frozen=True, slots=True)
class Term:
    """A content word, or a number, in its clause; ``clause`` and ``sentence`` count from 0.

    ``tag`` is the preposition before it, ``placed`` whether it begins an adverbial («في», «عام»,
    «إذا») and ``dated`` whether a word for year or day stands before it. ``joined`` says that it
    follows the term before it with nothing between. ``marks`` are the negations, hedges and
    conditions that it stands under. ``that`` is for words behind «أن» or «الذي», ``pivot`` for
    those behind «هو». ``feminine`` words are written with ة, ``tied`` ones begin a clause by «و».
    """

    word: str
    clause: int = 0
    sentence: int = 0
    number: Number | None = None
    tag: str = ""
    placed: bool = False
    dated: bool = False
    joined: bool = False
    marks: tuple[str, ...] = ()
    that: bool = False
    pivot: bool = False
    feminine: bool = False
    tied: bool = False


_QAD = fold("قد")
_IF = "if"
_DAYS = 31


def terms(text: str, sentence: int = 0) -> list[Term]:
    """The terms of one sentence; function words leave their marks on those that follow."""
    return _Sentence(sentence).terms(list(read_words(text)))


class _Sentence:
    """Goes through the words of one sentence and keeps what reaches from one to the next."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._found: list[Term] = []
        self._clause = -1
        self._said: tuple[str, ...] = ()
        self._modal: tuple[str, ...] = ()
        self._conditional = -1
        self._rumoured = False
        self._denies = False
        self._open()

    def _open(self) -> None:
        """A clause begins: what a preposition or a negation governs does not reach into it."""
        self._clause += 1
        if not self._denies:  # a negation with nothing behind it yet reaches on
            self._negated: tuple[str, ...] = ()
        denies = self._denies
        self._rest()
        self._denies, self._joined = denies, False

    def _rest(self) -> None:
        self._tag, self._placed, self._dated = "", False, False
        self._that = self._pivot = self._denies = self._tied = False
        self._joined = True

    def terms(self, read: list[Word]) -> list[Term]:
        """The terms of the words, in order."""
        texts = [word.text for word in read]
        place = 0
        while place < len(read):
            word = read[place]
            if place and (word.comma or word.tied):
                self._open()
                self._tied = word.tied
                self._rumoured = self._rumoured and not word.tied
                if word.comma and is_joined_on(word.text) and not _is_that(word.text):
                    self._modal = ()
            if self._governs(texts, place, comma=word.comma):
                place += 1
                continue
            found = None if self._is_counted(word.text) else number_at(texts, place)
            self._add(word, found[0] if found else None)
            place = found[1] if found else place + 1
        if self._conditional < 0:
            return self._found
        return [
            replace(term, marks=tuple(sorted((*term.marks, _IF))))
            if place >= self._conditional
            else term
            for place, term in enumerate(self._found)
        ]

    def _is_counted(self, word: str) -> bool:
        """Whether a word that can be a number is a unit here: «12 ثانية»."""
        before = self._found[-1] if self._found and self._joined else None
        return before is not None and before.number is not None and known.unit(word) is not None

    def _governs(self, texts: list[str], place: int, *, comma: bool) -> bool:
        """Take a function word in: whether it is one."""
        word = texts[place]
        following = texts[place + 1] if place + 1 < len(texts) else ""
        if word == known.AGENT or word in known.PREPOSITIONS:
            if not self._goes_on_with_date(following):
                self._tag = known.PREPOSITIONS.get(word, word)
                self._placed, self._joined = True, False
            return True
        if word in known.YEARS and _counts_days(texts, place):
            self._dated = self._placed = True
            return True
        qad = word.removeprefix("و") == _QAD
        if qad and following[:1] in set("يتن") and following not in known.SURE_AFTER_QAD:
            self._said += (_QAD,)
        elif word in known.NEGATORS:
            self._negated += (_exception(texts, place) if word in known.EXCEPTING else "no",)
            self._denies = True
        elif word in known.CONDITIONS:
            self._begin_condition(comma=comma)
            self._placed = True
        elif word in known.LIGHT or qad:
            if self._rumoured and word in known.THAT_IS_SO:
                self._said += ("said",)
                self._rumoured = False
            self._that = self._that or word in known.THAT
            self._pivot = self._pivot or word in known.PIVOTS
        else:
            return False
        self._joined = False
        return True

    def _goes_on_with_date(self, following: str) -> bool:
        """Whether «من» only joins the parts of a date: «الثالث من مايو من عام 1921»."""
        before = self._found[-1] if self._found and self._joined else None
        if before is None:
            return False
        day = before.number is not None and following in known.MONTHS
        return day or (before.word in known.MONTHS and following in known.YEARS)

    def _begin_condition(self, *, comma: bool) -> None:
        """What depends on it: the clause that it stands in, or the one before."""
        if self._conditional >= 0:
            return
        clause = self._clause
        if comma and self._found:
            clause = self._found[-1].clause
        self._conditional = next(
            (place for place, term in enumerate(self._found) if term.clause == clause),
            len(self._found),
        )

    def _add(self, word: Word, number: Number | None) -> None:
        marks = tuple(sorted((*self._said, *self._modal, *self._negated)))
        self._found.append(
            Term(
                word.text,
                self._clause,
                self._number,
                number,
                self._tag,
                self._placed,
                self._dated,
                self._joined and bool(self._found),
                marks,
                self._that,
                self._pivot,
                word.feminine,
                self._tied,
            )
        )
        self._rest()
        bare = {word.text, word.text[1:]} if word.text[0] in "وف" else {word.text}
        if bare & known.HEDGES:
            self._said += ("said",)
        elif bare & known.MODALS:
            self._modal += ("may",)
        self._rumoured = self._rumoured or bool(bare & known.HEDGES_BY_THAT)


def _counts_days(texts: list[str], place: int) -> bool:
    """Whether a number follows, and «اليوم» is no «today»."""
    found = number_at(texts, place + 1) if place + 1 < len(texts) else None
    if found is None or not texts[place].startswith("ال"):
        return found is not None
    return bool(found[0].ordinal) or found[0].value <= _DAYS


def _exception(texts: list[str], place: int) -> str:
    """The mark of «إلا»: an exception, or no more than «however», as in «إلا أنه عاد»."""
    that, after = [*texts[place + 1 : place + 3], "", ""][:2]
    unless = that == "ان" and after[:1] in set("يتن")
    return "but" if unless or that not in known.THAT_IS_SO else "yet"


def _is_that(word: str) -> bool:
    return word.removeprefix("و") in known.THAT
