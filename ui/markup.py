"""Untrusted text made safe to stand inside the page's HTML."""

import re
from html import escape
from typing import Literal
from unicodedata import bidirectional

Direction = Literal["rtl", "ltr"]

_BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BIDI_CONTROL = re.compile(f"[{_BIDI_CONTROLS}]")


def safe(text: str) -> str:
    """HTML for ``text``, character for character: what a browser reads back is ``text``.

    Bidirectional controls stay in place, so that offsets and copies stay exact, but each one is
    shut in a box of its own (`.control` is an inline block) where it cannot reorder what
    stands around it. Characters that HTML or UTF-8 cannot carry are shown as U+FFFD.
    """
    shown = escape(_UNSHOWABLE.sub("\ufffd", text), quote=True)
    shown = shown.replace("\r", "&#13;")  # a parser would turn a bare one into a line feed
    return _BIDI_CONTROL.sub(r'<span class="control">\g<0></span>', shown)


def safe_attribute(text: str) -> str:
    """``text`` for an attribute, where no box can stand: what a script reads back is ``text``."""
    return escape(_UNSHOWABLE.sub("\ufffd", text), quote=True).replace("\r", "&#13;")


def isolated(text: str) -> str:
    """``text`` as an inline piece that keeps its own direction: names, headings, file names."""
    return f"<bdi>{safe(text)}</bdi>"


def number(value: object) -> str:
    """A number or formula, laid out left to right inside text of either direction."""
    return f'<bdi dir="ltr">{safe(str(value))}</bdi>'


def direction(text: str, default: Direction = "rtl") -> Direction:
    """The direction that most of the letters in ``text`` have; ``default`` on a tie.

    The first strong letter, which `dir=auto` goes by, misleads for Arabic that opens with an
    English name.
    """
    kinds = [bidirectional(character) for character in text]
    rightward = kinds.count("L")
    leftward = kinds.count("R") + kinds.count("AL")
    if rightward == leftward:
        return default
    return "rtl" if leftward > rightward else "ltr"
