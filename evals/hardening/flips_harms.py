"""Ways to damage a file, and every one of them for every file of a folder."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Harm:
    """What is done to the file ``name`` of a folder: ``kind``, and for a flip at which byte, and
    with which bits.
    """

    name: str
    kind: str
    at: int = 0
    bits: int = 0

    def __str__(self) -> str:
        place = f" at {self.at} by {self.bits:#04x}" if self.kind == "flip" else ""
        return f"{self.name}: {self.kind}{place}"

    def do(self, folder: Path) -> None:
        """Do it to the files of ``folder``."""
        path = folder / self.name
        match self.kind:
            case "flip":
                with path.open("r+b") as file:
                    file.seek(self.at)
                    byte = file.read(1)[0]
                    file.seek(self.at)
                    file.write(bytes([byte ^ self.bits]))
            case "missing":
                path.unlink()
            case "added":
                path.write_bytes(b"\x80\x04]\x94.")
            case _:
                with path.open("r+b") as file:
                    file.truncate(self.at)

    def undo(self, folder: Path, whole: Path) -> None:
        """Put back what stands in ``whole``."""
        path = folder / self.name
        if self.kind == "added":
            path.unlink(missing_ok=True)
        else:
            path.write_bytes((whole / self.name).read_bytes())


def harms(
    folder: Path, flips: int, dice: random.Random, *, without: tuple[str, ...] = ()
) -> list[Harm]:
    """Every harm to every file below ``folder`` that is not empty: the first byte, the last one,
    and ``flips`` others flipped; a byte lost, half lost, emptied, missing; and files added.
    """
    found: list[Harm] = []
    folders = {folder}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.stat().st_size and path.name not in without:
            found.extend(_of(name, path.stat().st_size, flips, dice))
            folders.add(path.parent)
    for place in sorted(folders):
        found.append(Harm((place / "added.pickle").relative_to(folder).as_posix(), "added"))
    return found


def _of(name: str, size: int, flips: int, dice: random.Random) -> Iterator[Harm]:
    places = [0, size - 1, *(dice.randrange(size) for _ in range(flips))]
    for place in places:
        yield Harm(
            name, "flip", place, dice.choice([1 << dice.randrange(8), dice.randrange(1, 256)])
        )
    yield Harm(name, "a byte lost", size - 1)
    yield Harm(name, "half lost", size // 2)
    yield Harm(name, "emptied", 0)
    yield Harm(name, "missing")
