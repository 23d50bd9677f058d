"""The files that ship with Dalil, checked against the sums beside them before they are used."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from corpus.errors import DalilError
from index.disk import file_hash

_FOLDER = Path(__file__).parent / "weights"
_SUMS = "SHA256SUMS"


@cache
def shipped(name: str) -> Path:
    """The file of that name in ``qa/weights``; raises DalilError when it is not what shipped."""
    path = _FOLDER / name
    try:
        same = file_hash(path) == sums(_FOLDER)[name]
    except (OSError, ValueError, KeyError):
        same = False
    if not same:
        raise DalilError(
            f"{path} is not the file that came with Dalil: it is missing, damaged or changed.",
            "Fetch Dalil again, for example with: git checkout -- qa/weights",
            arabic="ملفّ من ملفّات دليل نفسه ناقص أو تالف أو مغيَّر. نزّل دليل من جديد.",
        )
    return path


def write_sums(folder: Path) -> None:
    """Renew the sums of the files that ``folder`` has sums of; none where there are none."""
    if (folder / _SUMS).exists():
        lines = (f"{file_hash(folder / name)}  {name}\n" for name in sums(folder))
        (folder / _SUMS).write_text("".join(list(lines)), "ascii")


def sums(folder: Path) -> dict[str, str]:
    """SHA-256 by file name, as ``sha256sum`` writes and checks them."""
    lines = (folder / _SUMS).read_text("ascii").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
