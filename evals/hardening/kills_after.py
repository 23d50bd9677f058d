"""What must hold once a builder was killed, and what the next build must make of it."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import DalilError
from evals.hardening.kills_cases import QUESTIONS, Case, answers
from index.check import check_index
from index.embedder import Embedder
from index.live import LiveIndex
from index.manifest import current_generation


class Watch:
    """The index of a case before its builder is killed, opened by somebody where there is one."""

    def __init__(self, case: Case, target: Path, model: Embedder) -> None:
        self._case, self._target, self._model = case, target, model
        self._either = (answers(case.before, model), answers(case.after, model))
        self._live = LiveIndex(target, model)
        if self._either[0] is not None:
            self._live()

    def lost(self) -> str:
        """What is wrong after the kill or after the next build, in words; empty where nothing is.

        The next build is run here.
        """
        try:
            return self._lost_now() or self.unrepaired()
        except DalilError as error:
            return f"it is refused: {error.message}"

    def _lost_now(self) -> str:
        found = answers(self._target, self._model)
        if found not in self._either:
            return "answers are neither those before nor those after"
        if found is not None:
            if faults := check_index(self._target):
                return f"faults: {faults}"
            index = self._live()
            seen = tuple(
                tuple((h.passage.id, h.source, h.passage.text, h.score) for h in index.search(q))
                for q in QUESTIONS
            )
            if seen != found:
                return "who had it open sees another version"
        return ""

    def unrepaired(self) -> str:
        """What the next build leaves wrong."""
        self._case.work.run(self._target)
        if answers(self._target, self._model) != self._either[1]:
            return "the next build's answers are not those of an undisturbed one"
        if faults := check_index(self._target):
            return f"faults after the next build: {faults}"
        return leftovers(self._target)


def leftovers(target: Path) -> str:
    """What lies in the folder of an index that no reader needs; empty where nothing does."""
    serving = current_generation(target)
    kept = {"CURRENT", "generations", ".lock"}
    found = [path.name for path in target.iterdir() if path.name not in kept]
    found += [p.name for p in (target / "generations").iterdir() if p != serving]
    found += [p.name for p in target.rglob("*.new")]
    return f"left over: {sorted(found)}" if found else ""
