"""What a damaged index does: in a process of its own, for a library may die of it."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from unittest.mock import patch

from corpus.errors import DalilError
from evals.hardening.flips_harms import Harm
from evals.hardening.kills_builder import CONTEXT, QuickEmbedder, Work
from evals.hardening.kills_cases import QUESTIONS, Answers, answers
from index import disk
from index.check import check_index
from index.search import SearchIndex

_PATIENCE = 60  # seconds for one harm
_MEMORY = 6 << 30  # bytes that the process may map


@dataclass(frozen=True, slots=True)
class Large:
    """From how many bytes on a file is large, and in which blocks it is looked at when opened."""

    small: int = disk.SMALL
    block: int = disk.BLOCK

    @contextmanager
    def held(self) -> Iterator[None]:
        """While it holds in this process."""
        with patch.object(disk, "SMALL", self.small), patch.object(disk, "BLOCK", self.block):
            yield


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one harm led to. ``wrong`` is empty unless something was lost.

    ``met`` says how opening and asking ended: ``refused``, ``same answers``, ``other order`` where
    hits are others but each of them is whole.
    """

    met: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Damaged:
    """An index that is damaged again and again: ``target``, a copy of ``whole``.

    ``large`` says which files are treated as large ones are.
    """

    whole: Path
    target: Path
    work: Work
    large: Large

    def outcome(self, harm: Harm, right: Answers, mend: bool) -> Outcome:
        """Do one harm, look, and mend it: by the command that is named, or by putting it back."""
        harm.do(self.target)
        met, wrong = self._met(harm, right)
        wrong = wrong or self._unnamed(harm)
        if mend and not wrong and harm.kind != "added":
            wrong = self._unmended(right)
        if mend:
            shutil.rmtree(self.target)
            shutil.copytree(self.whole, self.target)
        else:
            harm.undo(self.target, self.whole)
        return Outcome(met, wrong)

    def _met(self, harm: Harm, right: Answers) -> tuple[str, str]:
        try:
            found = answers(self.target, QuickEmbedder())
            if found == right:
                return "same answers", ""
            if found is None:
                return "refused", ""
            return "other order", self._untrue(right)
        except DalilError as error:
            named = Path(harm.name).name in error.message and "dalil index --rebuild" in error.hint
            return "refused", "" if named else f"the file is not named: {error}"
        except Exception as error:  # this is what is looked for, and it is told
            return "a traceback", f"a traceback: {error!r}"

    def _untrue(self, right: Answers) -> str:
        """A hit that a citation would be made of, though it is not what was indexed."""
        if self.large == Large():
            return "answers are others, and nobody said so"
        index = SearchIndex.open(self.target, QuickEmbedder())
        true = {hit[0]: hit[2] for hits in right for hit in hits}
        for question in QUESTIONS:
            for hit in index.search(question):
                passage = hit.passage
                text = index.document(passage.document_id).text
                if text[passage.start : passage.end] != passage.text:
                    continue  # a citation of it is dropped
                if true.get(passage.id, passage.text) != passage.text:
                    return f"a text that was never indexed: {passage.text!r}"
        return ""

    def _unnamed(self, harm: Harm) -> str:
        faults: Sequence[str]
        try:
            faults = check_index(self.target)
        except DalilError as error:
            faults = [error.message]
        except Exception as error:  # this is what is looked for, and it is told
            return f"a traceback from --check: {error!r}"
        if any(Path(harm.name).name in fault for fault in faults):
            return ""
        return f"--check names {[str(fault) for fault in faults] or 'nothing'}"

    def _unmended(self, right: Answers) -> str:
        try:
            Work(rebuild=True, graph=self.work.graph).run(self.target)
        except DalilError as error:
            return f"the command that is named does not mend it: {error}"
        if check_index(self.target) or answers(self.target, QuickEmbedder()) != right:
            return "it is not mended by the command that is named"
        return ""


def _look(damaged: Damaged, todo: Sequence[Harm], mend: set[int], told: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.RLIM_INFINITY))
    with damaged.large.held():
        right = answers(damaged.whole, QuickEmbedder())
        assert right is not None
        for place, harm in enumerate(todo):
            told.send(damaged.outcome(harm, right, place in mend))


def outcomes(damaged: Damaged, todo: Sequence[Harm], mend: set[int]) -> Iterator[Outcome]:
    """What each harm leads to; the ones at the places ``mend`` are mended as people are told to."""
    place = 0
    while place < len(todo):
        shutil.rmtree(damaged.target, ignore_errors=True)
        shutil.copytree(damaged.whole, damaged.target)
        ours, theirs = CONTEXT.Pipe()
        left = {one - place for one in mend}
        process = CONTEXT.Process(target=_look, args=(damaged, todo[place:], left, theirs))
        process.start()
        theirs.close()
        try:
            while place < len(todo):
                if not ours.poll(_PATIENCE):
                    yield Outcome("hung", f"it takes longer than {_PATIENCE} s")
                    break
                yield ours.recv()
                place += 1
        except EOFError:
            process.join()
            yield Outcome("died", f"the process died: {process.exitcode}")
        process.kill()
        process.join()
        place += place < len(todo)
