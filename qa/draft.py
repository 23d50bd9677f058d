"""What a language model writes, taken apart into sentences and the passages that each names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.sentences import sentences
from qa.prompting import ANSWER_LABELS, ASKING_LABELS, TURN

MAX_SENTENCES = 12
"""A model that writes more has lost its way, or goes round in circles."""
_MAX_TAIL = 2_000
"""Characters that may stand without the end of a sentence."""
_MARK = re.compile(r"[\[【]([^\[\]【】\n]{1,30})[\]】]")
_NUMBER = re.compile(r"\d{1,4}")
_LATE_MARKS = re.compile(rf"([.!?؟…]+)((?:\s*{_MARK.pattern})+)")
_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_THINKING = re.compile(r"<think(?:ing)?>.*\Z", re.DOTALL | re.IGNORECASE)
_ASKS_ITSELF = re.compile(rf"\s*(?:{'|'.join(ASKING_LABELS)})\s*:")
_ANSWERS = re.compile(rf"\s*(?:{'|'.join(ANSWER_LABELS)})\s*:\s*")
_BULLET = re.compile(r"^\s*(?:[-*•#>]+|\(?\d{1,2}[.)\-])\s+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_ENDS = re.compile(r"[.!?؟؛…\]】][\s*_\"'»”)]*\Z")
_LOOK_ALIKES = str.maketrans("کڪیےھہ", "ككييهه")
"""Letters of other languages in Arabic's script, as some models mix them in."""
_EMPTY = re.compile(r"\[\s*\]|【\s*】|\(\s*\)|«\s*»")
_LOOSE = re.compile(r"\s+(?=[.,!?؟،؛…])")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence without its marks, and the numbers in them, each once, as the model gave them."""

    text: str
    cited: tuple[int, ...]


def drafted(pieces: Iterable[str]) -> Iterator[Drafted]:
    """The sentences of a text that comes in ``pieces``, each as soon as it has ended.

    At most ``MAX_SENTENCES``, and no last one that lacks its end. What a model thinks aloud is
    left out, and where it begins to ask itself the text is at its end.
    """
    text, given = "", 0
    for piece in pieces:
        text += "".join(filter(_seen, piece)).translate(_LOOK_ALIKES)
        if not re.search(r"[.!?؟؛…\n\]】>]", piece) and len(text) < _MAX_TAIL:
            continue  # nothing can have ended
        ready, text, ended = _ended(text)
        for one in ready[: MAX_SENTENCES - given]:
            given += 1
            yield one
        if ended or given >= MAX_SENTENCES:
            return
    ready, text, _ = _ended(text)  # what had ended and could not be told from what follows it
    yield from ready[: MAX_SENTENCES - given]
    given += len(ready)
    if given and not _ENDS.search(text):
        return  # cut off: what it was about to say could be the contrary
    ready, _, _ = _ended(text + "\n")
    yield from ready[: max(0, MAX_SENTENCES - given)]


def _seen(character: str) -> bool:
    """Whether it can be seen, or parts words: what cannot would only disguise words and numbers."""
    return character in "\n\t" or not unicodedata.category(character).startswith("C")


def _ended(text: str) -> tuple[list[Drafted], str, bool]:
    """The sentences of ``text`` that have ended, what is left, and whether the model is done."""
    if over := TURN.search(text):
        return (*_ended(text[: over.start()] + "\n")[:2], True)
    text = _THOUGHT.sub(" ", text)
    held = found[0] if (found := _THINKING.search(text)) else ""
    text = text[: len(text) - len(held)]
    *lines, tail = text.split("\n")
    ready: list[Drafted] = []
    for line in lines:
        if _ASKS_ITSELF.match(line):
            return ready, "", True
        ready += _sentences(line)
    if _ASKS_ITSELF.match(tail):
        return ready, "", True
    early, tail = _early(tail)
    ready += early
    if len(tail) > _MAX_TAIL:
        ready += _sentences(tail)
        tail = ""
    return ready, tail + held, False


def _has_words(text: str) -> bool:
    return any(character.isalpha() for character in text)


def _early(tail: str) -> tuple[list[Drafted], str]:
    """Sentences of a line that goes on: all but the last, and that one's marks may still come."""
    moved = _LATE_MARKS.sub(r"\2\1", tail)
    spans = sentences(moved)
    while len(spans) >= 2 and moved[spans[-1][0]] in "[【":
        spans.pop()  # the beginning of a mark belongs to the sentence before it
    if len(spans) < 2:
        return [], tail
    cut = spans[-1][0]
    return _sentences(moved[:cut]), moved[cut:]


def _sentences(line: str) -> list[Drafted]:
    line = _LATE_MARKS.sub(r"\2\1", _ANSWERS.sub("", _BULLET.sub("", line), count=1))
    parts = (_drafted(line[start:end]) for start, end in sentences(line))
    return [part for part in parts if _has_words(part.text)]


def _drafted(sentence: str) -> Drafted:
    marks = [mark for mark in _MARK.findall(sentence) if _NUMBER.search(mark)]
    numbers = [int(number) for mark in marks for number in _NUMBER.findall(mark)]
    bare = _MARK.sub(lambda mark: "" if _NUMBER.search(mark[1]) else mark[0], sentence)
    bare = _LOOSE.sub("", " ".join(_EMPHASIS.sub("", _EMPTY.sub("", bare)).split()))
    return Drafted(bare, tuple(dict.fromkeys(numbers)))
