"""Texts as token ids of a model, with a small vocabulary for those that need no other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import DalilError, left_to_right
from index.cached_folder import cached_folder
from index.disk import load_array

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FILE, IDS = "tokenizer.json", "ids.npy"
_CONVERTER = 1  # raise it when what is kept changes, so that no old cache is used

KEPT = re.compile(
    "[\\n\\x20-\\x7e«»‘’“”–—…•▁\\u0600-\\u06ff\\u0750-\\u077f\\u08a0-\\u08ff\\ufb50-\\ufdff\\ufe70-\\ufefc]*"
)
"""Arabic, and what is written beside it: ASCII, quotation marks, dashes. No piece of the vocabulary
with other characters can stand in such a text, so that leaving them out changes no id."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token ids, and the characters of the text that each came from."""

    ids: list[int]
    spans: list[tuple[int, int]]


class TextTokenizer:
    """A model's tokenizer. Safe to share among threads."""

    def __init__(self, base: Path, small: Path | None = None) -> None:
        """That of the folder ``base``; ``small`` is a folder that ``keep_small`` has filled."""
        self._base = base
        if small:
            self._small: Tokenizer | None = _load(small / FILE)
            self._ids = load_array(small / IDS)
        else:
            self._small = None

    @cached_property
    def _full(self) -> Tokenizer:
        return _load(self._base / FILE)

    def __call__(self, text: str, *, ends: bool = True) -> Tokens:
        """The whole text; with what the model wants at either end, unless not ``ends``."""
        if self._small is None or not KEPT.fullmatch(text):
            found = self._full.encode(text, add_special_tokens=ends)
            return Tokens(found.ids, found.offsets)
        found = self._small.encode(text, add_special_tokens=ends)
        return Tokens(self._ids[found.ids].tolist(), found.offsets)

    def special(self, token: str) -> int | None:
        """The id of ``<s>`` and its like, or None."""
        if self._small is None:
            return self._full.token_to_id(token)
        found = self._small.token_to_id(token)
        return None if found is None else int(self._ids[found])


@lru_cache(maxsize=2)
def load_tokenizer(base: Path, cache: Path) -> TextTokenizer:
    """The tokenizer of the default model in ``base``, with its small form kept in ``cache``.

    Raises DalilError when that cannot be written.
    """
    from index.small_vocabulary import keep_small

    target = cache / f"{base.name}-tokens-{_CONVERTER}"
    origin = {"base": base.name, "converter": _CONVERTER}
    try:
        folder = cached_folder(target, origin, lambda folder: keep_small(base, folder))
    except OSError as error:
        raise DalilError(
            f"The vocabulary could not be written to {target}: {error}",
            "Free 100 MB there or choose another cache folder, then run the command again.",
            arabic=f"تعذّر حفظ المفردات في «{left_to_right(target)}». "
            "أفرغ هناك 100 ميغابايت، ثم شغّل دليل من جديد.",
        ) from error
    return TextTokenizer(base, folder)


def _load(path: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = True  # «<unk>» in a text are letters
    return tokenizer


def is_kept(piece: str) -> bool:
    """Whether a piece of the vocabulary can stand in a text that ``KEPT`` matches."""
    return KEPT.fullmatch(piece) is not None


def kept_places(pieces: Sequence[str], special: set[int]) -> list[int]:
    """Which pieces stay: those that can be needed, and the ``special`` ids."""
    return [place for place, piece in enumerate(pieces) if place in special or is_kept(piece)]
