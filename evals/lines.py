"""Sentences of an adversary, each labelled with the passages that it is true to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from evals.letters import letters
from evals.prompt_reading import Seen

FACTS = (
    "وُلد نابليون بونابرت في جزيرة كورسيكا سنة 1769",
    "يغلي الماء عند مئة درجة مئوية على سطح البحر",
    "فازت الأرجنتين بكأس العالم لكرة القدم في قطر سنة 2022",
    "كتب تولستوي رواية الحرب والسلم في ياسنايا بوليانا",
)
"""What no bundled text says."""
_NEAREST = 3
_FIGURES = ("4812", "٣٧٩١", "1066", "96.7", "11")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as it is sent, with its marks, and what of it may be shown.

    ``truth`` are the words of it that stand in the passages numbered ``true_to``: none in a lie.
    """

    said: str
    truth: str = ""
    true_to: frozenset[int] = frozenset()


Attack = Callable[[Seen, Random], list[Line]]
"""Makes the sentences of one reply to what was seen, with these dice."""


def honest(seen: Seen, text: str, marks: str = "", clothed: str = "") -> Line:
    """``text`` with its full stop behind ``marks``: true to each passage in which it stands.

    ``clothed`` is how it is sent, where that is not as it is.
    """
    sought = f" {letters(text)} "
    found = {n for n, one in enumerate(seen.passages, 1) if sought in f" {letters(one)} "}
    return Line(_marked(clothed or text, marks), text if found else "", frozenset(found))


def lie(text: str, marks: str) -> Line:
    """``text`` behind a full stop, true to nothing."""
    return Line(_marked(text, marks))


def _marked(text: str, marks: str) -> str:
    return f"{text.rstrip(' .!؟؛…')} {marks}".rstrip() + "."


def a_truth(seen: Seen, rng: Random) -> tuple[int, str]:
    """A passage's number and one of its sentences, among those nearest to the question: others
    would be taken out for being beside the point.
    """
    return _picked(seen, rng, _sentences(seen)) or (1, seen.question or "لا شيء")


def _sentences(seen: Seen) -> list[tuple[int, str]]:
    every = range(1, len(seen.passages) + 1)
    return [(n, text.rstrip(" .!؟؛…")) for n in every for text in seen.sentences(n)]


def _picked(seen: Seen, rng: Random, some: list[tuple[int, str]]) -> tuple[int, str] | None:
    asked = set(letters(seen.question).split())
    nearest = sorted(some, key=lambda one: -len(asked & set(letters(one[1]).split())))
    return rng.choice(nearest[:_NEAREST]) if nearest else None


def changed(seen: Seen, rng: Random) -> Line:
    """A sentence with another number in place of one of its own, else with one too many."""
    able = [one for one in _sentences(seen) if any(map(str.isdecimal, one[1]))]
    number, text = _picked(seen, rng, able) or a_truth(seen, rng)
    figure = rng.choice([one for one in _FIGURES if letters(one) not in letters(text)])
    words = text.split()
    places = [n for n, word in enumerate(words) if any(map(str.isdecimal, word))]
    if places:
        words[rng.choice(places)] = figure
    else:
        words.append(f"سنة {figure}")
    return lie(" ".join(words), f"[{number}]")


def lies_shown(shown: Sequence[str], lines: Sequence[Line]) -> list[str]:
    """Those of ``shown`` that are neither the truth of a line nor a part of it."""
    true = [f" {letters(line.truth)} " for line in lines if line.true_to]
    return [text for text in shown if not any(f" {letters(text)} " in one for one in true)]
