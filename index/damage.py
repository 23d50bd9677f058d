"""A damaged file of an index: how it is found, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import DalilError, left_to_right
from index.disk import file_hash, is_small, parts_hash

GENERATIONS = "generations"


class DamageError(DalilError):
    """A file of an index is missing, or is not what a build wrote."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What a file was when it was written: SHA-256 of all of it, and what is compared at opening.

    ``size`` is in bytes, -1 where an older version did not keep it; the first ``structure`` bytes
    of the file are compared at each opening, however large it is.
    """

    sha256: str
    size: int = -1
    quick: str = ""
    structure: int = 0

    @classmethod
    def of(cls, path: Path, structure: int = 0) -> Seal:
        """The seal of a file."""
        whole, size = file_hash(path), path.stat().st_size
        quick = whole if is_small(size) else parts_hash(path, structure)
        return cls(whole, size, quick, structure)

    def fits_quickly(self, path: Path) -> bool:
        """Whether the file has the size, and the bytes that are compared at each opening."""
        size = path.stat().st_size
        if self.size < 0:
            return not is_small(size) or file_hash(path) == self.sha256
        if size != self.size:
            return False
        if self.quick == self.sha256:
            return file_hash(path) == self.sha256
        return parts_hash(path, self.structure) == self.quick


def damaged(path: Path, why: object) -> DamageError:
    """An error that names the file ``path`` of an index, and the command that mends the index."""
    rebuild = f"dalil index --rebuild --index {index_of(path)}"
    return DamageError(
        f"The file {path} of the index cannot be read: {why}.",
        f"Build the index again: {rebuild}",
        arabic=f"فهرس هذه المجموعة تالف، وموضع التلف الملف «{left_to_right(path.name)}»، أمّا "
        "النصوص التي بُني منها فلم يمسّها شيء. أعد بناء المجموعة في هذه الصفحة، أو في نافذة "
        f"الأوامر بهذا الأمر: {left_to_right(rebuild)}",
    )


def index_of(path: Path) -> Path:
    """The folder of the index that a file stands in."""
    for folder in path.parents:
        if folder.name == GENERATIONS:
            return folder.parent
    return path.parent


def require_unharmed(folder: Path, seals: Mapping[str, Seal]) -> None:
    """Raise DamageError when a file of the generation ``folder`` is missing or another.

    Sizes of all, all bytes of small ones, and of large ones what can be compared at once.
    """
    for name, seal in seals.items():
        path = folder / name
        try:
            if not seal.fits_quickly(path):
                raise damaged(path, "it has changed since it was built")
        except OSError as error:
            raise damaged(path, error.strerror or error) from error


def require_whole(folder: Path, seals: Mapping[str, Seal], parts: tuple[str, ...]) -> None:
    """Raise DamageError when a byte has changed in a file whose name begins with one of ``parts``.

    What a build takes over would else get a new checksum, and the damage would be none any more.
    """
    for name, seal in seals.items():
        if name.startswith(parts) and not _is_whole(folder / name, seal):
            raise damaged(folder / name, "it has changed since it was built")


def _is_whole(path: Path, seal: Seal) -> bool:
    try:
        return file_hash(path) == seal.sha256
    except OSError:
        return False


@contextmanager
def blamed(folder: Path, seals: Mapping[str, Seal]) -> Iterator[None]:
    """Where reading goes astray inside, look for the damaged file and say which it is.

    Raises what was raised where every file is whole: then the fault is not the index's.
    """
    try:
        yield
    except (LookupError, ValueError, ArithmeticError, RuntimeError) as error:
        for name, seal in seals.items():
            if not _is_whole(folder / name, seal):
                raise damaged(folder / name, "it has changed since it was built") from error
        raise
