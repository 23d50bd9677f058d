"""What the door for OpenAI's clients says: the Markdown of exports, in the order of its coming."""

from qa.turn import Turn
from ui.export import reply_as_markdown
from ui.strings import Strings

_BREAK = "\n\n"  # between lines, which have no breaks of their own


def opening(first: Turn, strings: Strings) -> str:
    """What can be said at once: the short answer; all there is, where ``first`` abstains."""
    known, rest = _known(first, strings)
    return _BREAK.join(known) + (_BREAK if rest else "")


def so_far(first: Turn, now: Turn, strings: Strings) -> str:
    """The opening of ``first``, then what a language model has written by ``now``."""
    known, _ = _known(first, strings)
    written = _lines(now, strings)[len(known) : -_sources(now)]
    return _BREAK.join([*known, *written]) if written else opening(first, strings)


def whole(first: Turn, last: Turn, strings: Strings) -> str:
    """All of it, with the sources at its end; ``last`` is what became of ``first``."""
    known, _ = _known(first, strings)
    return _BREAK.join([*known, *_lines(last, strings)[len(known) :]])


def _known(first: Turn, strings: Strings) -> tuple[list[str], list[str]]:
    """The lines before the sources, and those of the sources."""
    lines, sources = _lines(first, strings), _sources(first)
    cut = len(lines) - sources
    return lines[:cut], lines[cut:]


def _lines(turn: Turn, strings: Strings) -> list[str]:
    return reply_as_markdown(turn, strings).split(_BREAK)


def _sources(turn: Turn) -> int:
    """How many lines the sources take: their title, and one for each."""
    answer = turn.answer
    return 1 + len(answer.citations) if answer and answer.citations else 0
