"""Arabic that a page left in display shapes or display order, made ordinary text again.

A PDF stores glyphs where they stand on the page. Read from left to right, a line of Arabic comes
out backwards while its numbers and Latin words come out forwards, and each letter may be a
presentation form (ﺑ ﺒ ﺐ) instead of the letter itself. Nothing here is for text files.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

_FORMS = re.compile("[\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefc]+")
_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")
_WORD = re.compile("[\u0620-\u063a\u0641-\u064a\u0671-\u06d3]{3,}")

# 10 x ln P(first letter) / P(last letter), counted over 19,897 words of Arabic Wikipedia (ARCD,
# train split). A letter that is not here opens and closes words about equally often.
_OPENING = {
    **{"إ": 55, "أ": 39, "آ": 39, "ف": 16, "و": 15, "ح": 12, "ش": 12, "ا": 11, "ع": 10, "ك": 9},
    **{"ج": 9, "غ": 9, "خ": 8, "ب": 7, "م": 6, "س": 3, "ل": -5, "ث": -6, "ه": -7, "ؤ": -7},
    **{"ز": -10, "د": -15, "ي": -16, "ض": -16, "ر": -18, "ئ": -19, "ن": -22, "ء": -48},
    **{"ى": -59, "ة": -75},
}
_ARTICLE = 33  # the same figure for a word that starts with «ال» against one that ends with «لا»
_ENOUGH = 150  # about four words that all agree
_CLEAR = 10  # a word; real prose in its right order has 40, and no sentence of 10 words under 0

_BRACKET = re.compile(r"[()\[\]{}«»‹›]")
_OPENING_MARKS = "([{«‹"
_ENDING = ".,:;!?،؛؟…"
_MIRROR = str.maketrans("()[]{}«»‹›", ")(][}{»«›‹")


def fold_forms(text: str) -> str:
    """Replace presentation forms and Latin ligatures by the letters they show; leave the rest."""
    return _FORMS.sub(lambda found: _letters(found[0]), text)


def _letters(forms: str) -> str:
    # The isolated form of a mark decomposes to a space and the mark; no space stood here.
    return "".join(
        letters.lstrip(" ") if len(letters := unicodedata.normalize("NFKC", form)) == 2 else letters
        for form in forms
    )


def backwards_evidence(text: str) -> tuple[int, int]:
    """How strongly the Arabic words of ``text`` look reversed, and how many words were judged.

    The figure is a sum of log odds (x 10) over words of three letters and more. It is positive for
    reversed text, negative for text in its right order, and changes sign when the words are turned.
    """
    total = words = 0
    for word in _WORD.findall(_MARKS.sub("", text)):
        words += 1
        total += _OPENING.get(word[-1], 0) - _OPENING.get(word[0], 0)
        total += _ARTICLE * (word.endswith("لا") - word.startswith("ال"))
    return total, words


def reads_backwards(text: str) -> bool | None:
    """Whether the Arabic of ``text`` is in reversed order; None where the words do not tell."""
    total, words = backwards_evidence(text)
    if abs(total) < _ENOUGH or abs(total) < _CLEAR * words:
        return None
    return total > 0


def has_arabic(text: str) -> bool:
    """Whether ``text`` holds at least one Arabic (or other right-to-left) letter."""
    return any(unicodedata.bidirectional(char) in {"AL", "R"} for char in text)


def logical_lines(lines: Sequence[Sequence[str]], *, backwards: bool = False) -> list[str]:
    """The text of one page from its lines as they are displayed.

    Each line is a sequence of glyphs from left to right: a letter with its marks, a ligature's
    letters, a space, or a tab where the page leaves a wide gap. With ``backwards`` the page itself
    shows Arabic the wrong way round, so that left to right is already the order of reading.
    """
    page_is_arabic = _is_mostly_arabic([glyph for line in lines for glyph in line])
    pieces = [list(_read_line(line, page_is_arabic, backwards)) for line in lines]
    texts = ["".join(piece).replace("\t", " ").strip() for piece in pieces]
    return [_face_brackets(text) if has_arabic(text) else text for text in texts]


def _read_line(line: Sequence[str], page_is_arabic: bool, backwards: bool) -> Iterator[str]:
    """The pieces of a line in the order of reading."""
    kinds = [_kind(glyph) for glyph in line]
    if backwards:
        yield "".join(line)
    elif "R" not in kinds and "L" in kinds:
        yield _end_mark_last("".join(line))
    elif page_is_arabic or _is_mostly_arabic(line):
        for part in reversed(_cells(line)):
            yield from _read_cell(part)
            yield " "
    else:
        yield from _read_left_to_right(line, kinds)


def _read_cell(line: Sequence[str]) -> Iterator[str]:
    """One right-to-left run of glyphs: taken from the right, with numbers and Latin kept whole."""
    runs = _left_to_right_runs(line, [_kind(glyph) for glyph in line])
    at = len(line)
    for start, end in reversed(runs):
        yield "".join(reversed(line[end:at]))
        yield "".join(line[start:end])
        at = start
    yield "".join(reversed(line[:at]))


def _read_left_to_right(line: Sequence[str], kinds: Sequence[str]) -> Iterator[str]:
    """A Latin line that quotes Arabic: only the Arabic stretches are turned round."""
    shown = "".join(kinds)
    at = 0
    for found in re.finditer("R(?:[^L]*R)?", shown):
        yield "".join(line[at : found.start()])
        yield from _read_cell(line[found.start() : found.end()])
        at = found.end()
    yield "".join(line[at:])


def _left_to_right_runs(line: Sequence[str], kinds: Sequence[str]) -> list[tuple[int, int]]:
    """Stretches of a right-to-left line that are displayed left to right, by the bidi rules.

    Latin words with whatever stands between them, and numbers. A number to the right of a Latin
    word belongs to it («Windows 10»). A hyphen or percent sign joins a number only where no Arabic
    stands beside it: after an Arabic word the bidi rules send it to the number's other side.
    """
    joiners = "C" if "R" in kinds else "CS"
    number = f"[DA]+(?:[{joiners}][DA]+)*" + ("" if "R" in kinds else "S?")
    latin = f"(?:{number})?L(?:[^R]*L)?(?:[^RA]*D)?"
    runs = []
    for found in re.finditer(f"{latin}|{number}", "".join(kinds)):
        start, end = found.span()
        text = "".join(line[start:end])
        if end < len(line) and line[end] in "()" and text.count("(") > text.count(")"):
            end += 1
        runs.append((start, end))
    return runs


def _kind(glyph: str) -> str:
    """L and R letters, D and A digits (European, Arabic), C and S what joins digits, N the rest."""
    kind = unicodedata.bidirectional(glyph[0])
    kinds = {"L": "L", "R": "R", "AL": "R", "EN": "D", "AN": "A", "CS": "C", "ES": "S", "ET": "S"}
    return kinds.get(kind, "N")


def _is_mostly_arabic(glyphs: Sequence[str]) -> bool:
    kinds = [_kind(glyph) for glyph in glyphs]
    return kinds.count("R") > kinds.count("L")


def _cells(line: Sequence[str]) -> list[list[str]]:
    cells: list[list[str]] = [[]]
    for glyph in line:
        if glyph == "\t":
            cells.append([])
        else:
            cells[-1].append(glyph)
    return cells


def _end_mark_last(text: str) -> str:
    """A Latin sentence in an Arabic page shows its full stop on the left: put it at the end."""
    found = re.fullmatch(r"([.!?:;,]++)(.*[^.!?:;,\s])\s*", text, re.DOTALL)
    return found[2] + found[1] if found else text


def _face_brackets(text: str) -> str:
    """Make each bracket face the words that it encloses.

    PDFs differ in whether a mirrored bracket is named as it is meant or as it looks, even within a
    line, so the spaces decide: one stands before an opening bracket, one or a full stop after a
    closing one. Where they do not tell, a bracket closes what is open.
    """
    chars = list(text)
    opened = 0
    for found in _BRACKET.finditer(text):
        before = text[max(found.start() - 1, 0) : found.start()]
        after = text[found.end() : found.end() + 1]
        free_before = not before or before.isspace()
        free_after = not after or after.isspace() or after in _ENDING
        opens = free_before if free_before != free_after else not opened
        if opens != (found[0] in _OPENING_MARKS):
            chars[found.start()] = found[0].translate(_MIRROR)
        opened = opened + 1 if opens else 0
    return "".join(chars)
