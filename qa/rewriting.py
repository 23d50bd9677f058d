"""Follow-ups and questions for several things, put into words by a language model."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from qa.answer import Exchange
from qa.dialogue import standalone
from qa.generator import Generator, GeneratorError
from qa.leaning import leans
from qa.parts import parts_of
from qa.prompting import plain, prompt
from qa.question import understand

if TYPE_CHECKING:
    from collections.abc import Generator as Stream

_MOST_EXCHANGES = 3
_MOST_PARTS = 3
_LONGEST = 600
"""Characters of all that a model may write here."""
_LABEL = re.compile(r"^\s*(?:(?:السؤال(?: الأخير)?|س)\s*:|[-*•]|\d{1,2}[.)])\s*")


@dataclass(frozen=True, slots=True)
class Rewriter:
    """Asks ``generator``, and takes the rules' word where it does not come within ``seconds``, or
    brings in what nobody said: a question must stay its asker's.
    """

    generator: Generator
    seconds: float = 4.0
    clock: Callable[[], float] = time.monotonic

    def standalone(self, question: str, history: Sequence[Exchange]) -> str:
        """The question with what it leaves to the exchanges before it, latest last."""
        by_rules = standalone(question, history)
        if not history or not leans(question):
            return by_rules
        said = history[-_MOST_EXCHANGES:]
        lines = [f"س: {plain(one.query)}\nج: {plain(one.answer) or '-'}" for one in said]
        asked = {"history": "\n".join(lines), "question": plain(question)}
        found = self._lines("rewrite", asked)[:1]
        known = [question, by_rules, *(f"{one.query} {one.answer}" for one in said)]
        return found[0] if found and _kept(found, [question], known) else by_rules

    def parts(self, question: str) -> list[tuple[str, ...]]:
        """The questions joined in ``question``, as `qa.parts.parts_of` gives them."""
        by_rules = parts_of(question)
        if len(by_rules) > 1 or " و" not in question:
            return by_rules
        found = self._lines("parts", {"question": plain(question)})
        if 2 <= len(found) <= _MOST_PARTS and _kept(found, [question], [question]):
            return [(part,) for part in found]
        return by_rules

    def _lines(self, name: str, places: dict[str, str]) -> list[str]:
        """The questions that the model writes, a line each; none where it fails."""
        end = self.clock() + self.seconds
        text = ""
        # It has a close(), which its protocol need not know.
        pieces = self.generator.write(prompt(name, places), lambda: self.clock() > end)
        try:
            with closing(cast("Stream[str]", pieces)):
                for piece in pieces:
                    text += piece
                    if len(text) > _LONGEST:
                        return []
        except GeneratorError:
            return []
        if self.clock() > end:
            return []
        lines = (_LABEL.sub("", line).strip() for line in text.split("\n"))
        return [line for line in lines if line][: _MOST_PARTS + 1]


def _kept(found: Sequence[str], asked: Iterable[str], known: Iterable[str]) -> bool:
    """Whether the questions hold what was asked, each tells something, and none adds a word."""
    stems = [set(understand(one).stems) for one in found]
    said = set().union(*stems)
    wanted = set().union(*(understand(one).stems for one in asked))
    allowed = set().union(*(understand(one).stems for one in known))
    lost = sum(not _among(stem, said) for stem in wanted)
    return all(stems) and lost <= len(wanted) // 4 and all(_among(stem, allowed) for stem in said)


def _among(stem: str, stems: set[str]) -> bool:
    """Whether it is one of them, or one but for a pronoun at its end: «مبناها» and «مبنى»."""
    return any(
        stem == other or (stem[:3] == other[:3] and abs(len(stem) - len(other)) <= 2 < len(stem))
        for other in stems
    )
