"""Write a per-code-point text map in SentencePiece's "precompiled charsmap" form.

The form is what the ``Precompiled`` normaliser of a ``tokenizers`` file reads: the size in bytes
of a double-array trie (little-endian 32-bit, like each trie unit), the trie over the UTF-8 bytes
of the keys, then the replacement strings, each ended by a NUL.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

import numpy as np

_BLOCK = 256  # a unit may be asked for any byte, so the array is filled up to whole blocks
_ENDS_KEY = 1 << 8
_IS_VALUE = 1 << 31
_OFFSET_SHIFT = 10
_MAX_OFFSET = 1 << 21


@dataclass(slots=True)
class _State:
    """One state of the trie: ``children`` by byte, or the ``value`` of the key that ends here.

    Keys are single code points in UTF-8, none of which begins another, so no state has both.
    """

    children: dict[int, "_State"] = field(default_factory=dict)
    value: int = -1


def precompiled_charsmap(mapping: Mapping[int, str]) -> bytes:
    """Return the charsmap that replaces each code point of ``mapping`` by its string.

    An empty string deletes the code point. Raises ``ValueError`` for a key that is not a Unicode
    scalar value other than NUL, and for a replacement that holds a NUL: neither can be written.
    """
    root = _State()
    strings = bytearray()
    starts: dict[str, int] = {}
    for code, text in sorted(mapping.items()):
        if code == 0 or "\0" in text:
            raise ValueError(f"U+{code:04X} -> {text!r}: a charsmap cannot hold NUL")
        if text not in starts:
            starts[text] = len(strings)
            strings += text.encode() + b"\0"
        state = root
        for byte in chr(code).encode():
            state = state.children.setdefault(byte, _State())
        state.value = starts[text]
    units = _double_array(root)
    return (4 * len(units)).to_bytes(4, "little") + units.tobytes() + bytes(strings)


def _double_array(root: _State) -> "np.ndarray[tuple[int], np.dtype[np.uint32]]":
    """Lay the states out so that the child of a state by ``byte`` lies at ``base ^ byte``.

    A unit is checked by its byte alone, so no two states may share a base: each state takes the
    place at its base too, where the value of a key lies.
    """
    units: dict[int, int] = {0: 0}
    # States with children go first: they need many free places at once, a value needs one.
    inner, ends = deque([(0, root)]), deque[tuple[int, _State]]()
    first_free = 1
    while inner or ends:
        place, state = (inner or ends).popleft()
        while first_free in units:
            first_free += 1
        base = next(
            base
            for base in count(first_free)
            if base not in units and all(base ^ byte not in units for byte in state.children)
        )
        if place ^ base >= _MAX_OFFSET:
            raise ValueError("the map is too large for a charsmap")
        units[place] |= (place ^ base) << _OFFSET_SHIFT | (_ENDS_KEY if state.value >= 0 else 0)
        units[base] = _IS_VALUE | state.value if state.value >= 0 else 0
        for byte, child in state.children.items():
            units[base ^ byte] = byte
            (inner if child.children else ends).append((base ^ byte, child))
    array = np.zeros(-(-(max(units) + 1) // _BLOCK) * _BLOCK, dtype="<u4")
    array[list(units)] = list(units.values())
    return array
