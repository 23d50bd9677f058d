"""Work on a collection: it runs in a thread to its end, and anybody may watch how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from threading import Condition, Event, Thread
from typing import Any, Literal

from corpus.errors import DalilError
from index.build import BuildReport

State = Literal["waiting", "reading", "read", "refused", "indexed"]

_BETWEEN = 0.2
"""Seconds between two snapshots: what changes faster is seen together."""


@dataclass(frozen=True, slots=True)
class FileState:
    """One added file. ``characters`` and ``pages`` count what was read in it (a text has no pages);
    ``message`` is for people: what the reader doubts, or why the file was refused, with ``arabic``.
    """

    name: str
    state: State = "waiting"
    pages: int = 0
    characters: int = 0
    message: str = ""
    arabic: str = ""

    def told(self, language: str) -> str:
        """The message; in Arabic for "ar" where there is any."""
        return self.arabic if language == "ar" and self.arabic else self.message


@dataclass(frozen=True, slots=True)
class Work:
    """How far a piece of work is.

    ``stage`` is ``reading``, ``loading`` (the models), ``embedding`` or ``writing``, of which
    ``done`` of ``total`` steps are done; a total of 0 is unknown. Work that has ``finished`` has a
    ``report``, or an ``error`` with its ``hint`` (and both in ``arabic``), or neither where no file
    was fit to be added.
    """

    files: tuple[FileState, ...] = ()
    stage: str = "reading"
    done: int = 0
    total: int = 0
    finished: bool = False
    error: str = ""
    hint: str = ""
    arabic: str = ""
    report: BuildReport | None = None

    @classmethod
    def failed(cls, error: DalilError) -> Work:
        """Work that could not even begin."""
        return cls(finished=True, error=error.message, hint=error.hint, arabic=error.arabic)

    def told(self, language: str) -> tuple[str, str]:
        """What failed and a hint, as `DalilError.told`; both empty where nothing did."""
        return DalilError(self.error, self.hint, arabic=self.arabic).told(language)


class Task:
    """One piece of work. It is also the ``Progress`` that a build tells of its stages."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._work = Work(tuple(FileState(name) for name in names))
        self._version = 0
        self._changed = Condition()
        self._ended = Event()
        self._fault: BaseException | None = None

    @property
    def finished(self) -> bool:
        """Whether it has come to its end, a good one or not."""
        return self._ended.is_set()

    def begin(self, job: Callable[[Task], BuildReport | None]) -> None:
        """Run ``job`` in a thread of its own; a DalilError in it becomes words in the work."""
        Thread(target=self._run, args=(job,), name="dalil-work", daemon=True).start()

    def watch(self) -> Iterator[Work]:
        """Snapshots as the work goes on, at most five a second, and the last one always.

        The work does not depend on being watched. What is no DalilError is raised here at the end.
        """
        seen = -1
        while True:
            with self._changed:
                while self._version == seen:
                    self._changed.wait()
                seen, work = self._version, self._work
            if work.finished and self._fault:
                raise self._fault
            yield work
            if work.finished:
                return
            self._ended.wait(_BETWEEN)

    def start(self, stage: str, total: int) -> None:
        """A stage begins."""
        self._change(stage=stage, done=0, total=total)

    def advance(self, steps: int = 1) -> None:
        """Some steps of the stage are done."""
        self._change(done=self._work.done + steps)

    def file(self, place: int, **changes: Any) -> None:
        """The file at ``place`` is in another state."""
        files = list(self._work.files)
        files[place] = replace(files[place], **changes)
        self._change(files=tuple(files))

    def settle(self, skipped: Mapping[str, str]) -> None:
        """The files that were read are indexed now, but those ``skipped``, with the reason."""
        reasons = {PurePosixPath(source).as_posix(): why for source, why in skipped.items()}
        for place, one in enumerate(self._work.files):
            if one.state == "read" and one.name in reasons:
                arabic = f"تعذّرت قراءة الملف «{one.name}» عند الفهرسة. أضِفه مرّة أخرى."
                self.file(place, state="refused", message=reasons[one.name], arabic=arabic)
            elif one.state == "read":
                self.file(place, state="indexed")

    def _run(self, job: Callable[[Task], BuildReport | None]) -> None:
        try:
            self._change(report=job(self))
        except DalilError as error:
            self._change(error=error.message, hint=error.hint, arabic=error.arabic)
        except BaseException as fault:
            self._fault = fault
            raise  # the thread prints it, for nobody may be watching
        finally:
            self._ended.set()
            self._change(finished=True)

    def _change(self, **changes: Any) -> None:
        with self._changed:
            self._work = replace(self._work, **changes)
            self._version += 1
            self._changed.notify_all()
