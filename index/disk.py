"""What the index and the model cache both need of the disk: hashes, and writes that last."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALL = 16_000_000
"""Files up to this many bytes are hashed whole at each opening, which takes some milliseconds."""
BLOCK = 65_536
_PLACES = 16
_AT_ONCE = 1 << 22
_DIGEST = "digest"
STAGED = ".new"
"""Ends the name of what has not taken its place yet."""
_WORD = re.compile("([0-9]{6,12}|[0-9a-f]{32})(?: ([0-9a-f]{16}))?\n")


def is_small(size: int) -> bool:
    """Whether a file of so many bytes is hashed whole wherever it is opened."""
    return size <= SMALL


def file_hash(path: Path, done: Callable[[int], None] | None = None) -> str:
    """SHA-256 of a file's bytes, in hexadecimal; ``done`` is told the bytes of each step."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_AT_ONCE):
            digest.update(block)
            if done:
                done(len(block))
    return digest.hexdigest()


def parts_hash(path: Path, structure: int) -> str:
    """SHA-256 of parts of a large file, in hexadecimal: of its first ``structure`` bytes, and of
    blocks from its beginning to its end.

    Another file of the same size is told by it, a single changed byte between the blocks is not.
    """
    size = path.stat().st_size
    digest = hashlib.sha256()
    with path.open("rb") as file:
        left = structure
        while left > 0 and (block := file.read(min(left, _AT_ONCE))):
            digest.update(block)
            left -= len(block)
        for place in range(_PLACES):
            file.seek(max(0, size - BLOCK) * place // (_PLACES - 1))
            digest.update(file.read(BLOCK))
    return digest.hexdigest()


def private_folder(path: Path) -> None:
    """Make a folder that nobody but its owner opens, unless there is one already."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def sync(path: Path) -> None:
    """Force a file or a folder to disk; Windows cannot open folders for this."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_at_once(path: Path, text: str) -> None:
    """Put ``text`` into the file ``path``, durably, at once or not at all."""
    staged = path.with_name(path.name + STAGED)
    try:
        staged.write_text(text, encoding="utf-8")
        sync(staged)
        staged.replace(path)
    except OSError:
        staged.unlink(missing_ok=True)
        raise
    sync(path.parent)


def array_on_disk(path: Path, dtype: type[np.generic], shape: tuple[int, ...]) -> NDArray[Any]:
    """A new array, mapped from a .npy file whose room on the disk is taken already.

    Raises OSError where there is no room: a mapped page without any kills the process.
    """
    array = np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=shape)
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
    return array


def save_array(path: Path, values: NDArray[Any]) -> None:
    """Write ``values`` into a .npy file; raises OSError where not all of it can be written.

    ``np.save`` says nothing when the end of a file does not fit.
    """
    array = array_on_disk(path, values.dtype.type, values.shape)
    array[...] = values
    flush(array)


def load_array(path: Path, *, mapped: bool = False) -> NDArray[Any]:
    """The array of a .npy file; one that would run code is refused. Raises OSError, ValueError."""
    found: NDArray[Any] = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
    return found


def flush(array: NDArray[Any]) -> None:
    """Hand what was written to an array on disk over to the system; raises OSError."""
    if isinstance(array, np.memmap):
        array.flush()


def with_digest(values: Mapping[str, Any]) -> str:
    """``values`` as JSON that tells when a byte of it has changed; see ``from_digested``."""
    return _json({**values, _DIGEST: _digest(_json(values))})


def from_digested(text: str) -> dict[str, Any]:
    """What ``with_digest`` wrote, without the digest; raises ValueError where a byte has changed.

    A text that ends with other keys, as older versions wrote it, is taken as it is.
    """
    values = json.loads(text)
    if not isinstance(values, dict) or not values or _json(values) != text:
        raise ValueError("it is not as Dalil wrote it")
    if next(reversed(values)) == _DIGEST:
        digest = values.pop(_DIGEST)
        if digest != _digest(_json(values)):
            raise ValueError("its digest is another")
    return values


def with_check(word: str) -> str:
    """A line of one word, a generation's number or 32 hexadecimal digits, that tells when a byte of
    it has changed; see ``checked_word``.
    """
    return f"{word} {_digest(word)[:16]}\n"


def checked_word(line: str) -> str:
    """The word of ``with_check``, or of a line without more; raises ValueError where a byte has
    changed.
    """
    found = _WORD.fullmatch(line)
    if not found or found[2] not in {None, _digest(found[1])[:16]}:
        raise ValueError(f"{line[:40]!r} is not as Dalil wrote it")
    return found[1]


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
