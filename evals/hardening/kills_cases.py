"""What is built when the builder dies: a collection before, a collection after, and the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import AbsentError, DalilError
from evals.hardening.kills_builder import Work, builder
from index.embedder import Embedder
from index.search import SearchIndex

_CITIES = (
    *("بغداد", "دمشق", "القاهرة", "فاس", "تونس", "صنعاء", "عمّان", "القدس", "حلب", "الموصل"),
    *("قرطبة", "غرناطة", "مكة", "مسقط", "طرابلس"),
)
QUESTIONS = (
    *(f"متى بُني سور مدينة {city}؟" for city in _CITIES[:6]),
    "كم باباً لسور القاهرة؟",
    "من كتب عن أسواق حلب؟",
    "النص المضاف",
    "النص الذي تغيّر",
)

Answers = tuple[tuple[tuple[str, str, str, float], ...], ...]
"""For each question its hits: passage id, source, text, score."""


def texts(count: int) -> dict[str, str]:
    """So many short texts by file name, no two the same."""
    return {
        f"{number:03}.txt": f"سور مدينة {_CITIES[number % len(_CITIES)]} رقم {number}. بُني في سنة "
        f"{900 + 7 * number}. له {number % 9 + 2} أبواب.\n\nكتب عن أسواقها رحّالة كثيرون، ومنهم "
        f"صاحب الرحلة {number * 13}."
        for number in range(count)
    }


@dataclass(frozen=True, slots=True)
class Case:
    """An index as it was, and what the build makes of it. ``before`` is None for a first build."""

    name: str
    folder: Path
    work: Work

    @property
    def before(self) -> Path:
        """The index as it was, if any."""
        return self.folder / "before.index"

    @property
    def after(self) -> Path:
        """The index that an undisturbed build makes of it."""
        return self.folder / "after.index"

    def fresh(self, target: Path) -> Path:
        """``target``, as the index was before."""
        shutil.rmtree(target, ignore_errors=True)
        if self.before.exists():
            shutil.copytree(self.before, target)
        return target


def answers(target: Path, model: Embedder) -> Answers | None:
    """What an index answers; None where there is none. Raises DalilError where it is damaged."""
    try:
        index = SearchIndex.open(target, model)
    except AbsentError:
        return None
    except DalilError as error:
        if "There is no index" in error.message or "the first build was killed" in error.message:
            return None
        raise
    return tuple(
        tuple((h.passage.id, h.source, h.passage.text, h.score) for h in index.search(question))
        for question in QUESTIONS
    )


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _add(folder: Path) -> None:
    write(folder, {f"جديد-{i}.txt": f"النص المضاف رقم {i}، وفيه خبر جديد." for i in range(40)})


def _change(folder: Path) -> None:
    for path in sorted(folder.glob("*.txt"))[::3]:
        path.write_text(f"النص الذي تغيّر في {path.stem}. وفيه زيادة.", encoding="utf-8")


def _delete(folder: Path) -> None:
    for path in sorted(folder.glob("*.txt"))[::4]:
        path.unlink()


def _delete_most(folder: Path) -> None:
    for path in sorted(folder.glob("*.txt"))[::2]:
        path.unlink()


def _nothing(_: Path) -> None:
    pass


_WAYS: dict[str, tuple[Callable[[Path], None], dict[str, Any], dict[str, Any]]] = {
    # name: what happens to the texts, the settings of the build before, and of the build after
    "first build": (_nothing, {}, {}),
    "add": (_add, {}, {}),
    "change": (_change, {}, {}),
    "delete": (_delete, {}, {}),
    "remove a path": (_nothing, {}, {}),
    "cut anew": (_nothing, {}, {"words": 30}),
    "rebuild": (_add, {}, {"rebuild": True}),
    "graph grows": (_add, {"graph": True}, {"graph": True}),
    "graph built anew": (_delete_most, {"graph": True}, {"graph": True}),
    "store becomes a graph": (_add, {}, {"graph": True}),
    "after a killed build": (_add, {}, {}),
}
NAMES = tuple(_WAYS)


def case_named(name: str, folder: Path, *, real: bool = False) -> Case:
    """The case of that name below ``folder``, where ``prepared`` may have made it."""
    removed = (folder / "other",) if name == "remove a path" else ()
    later: dict[str, Any] = _WAYS[name][2]
    return Case(name, folder, Work((folder / "texts",), remove=removed, real=real, **later))


def prepared(name: str, folder: Path, count: int = 70, *, real: bool = False) -> Case:
    """The case of that name, with its indexes before and after, below the new ``folder``."""
    happens, earlier, _ = _WAYS[name]
    case = case_named(name, folder, real=real)
    write(folder / "texts", texts(count))
    write(folder / "other", {"آخر.txt": "هذا نصّ يُزال من المجموعة. فيه ذكر سور القاهرة."})
    if name != "first build":
        Work((*case.work.paths, *case.work.remove), real=real, **earlier).run(case.before)
    happens(folder / "texts")
    case.work.run(case.fresh(case.after))
    if name == "after a killed build":
        with builder(case.work, case.before, at=len(steps_of(case)) // 2):
            pass
    return case


def steps_of(case: Case) -> list[str]:
    """The stage of each step at which the case's builder can die."""
    with builder(case.work, case.fresh(case.folder / "counted.index")) as (_, told):
        steps: list[str] = told.recv()
    return steps
