"""Build or update an index: read what changed, embed what is new, write beside, swap at once."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import DalilError, left_to_right
from corpus.passages import PassageSize
from index.bulk import BulkEmbedder
from index.damage import require_whole
from index.embedder import Embedder
from index.engines import FAISS_STORE, engine_for, keep_only, named
from index.generation import PASSAGES, WORDS, Generation, require_model, write_generation
from index.leftovers import OURS, discard_leftovers, make_room, recorded_roots
from index.manifest import (
    SCHEMA_VERSION,
    Manifest,
    current_generation,
    new_generation,
    pointed_at,
    publish,
)
from index.pending import PendingVectors
from index.progress import Progress, Silent
from index.sources import TEXT_VERSION, Changes, ReadFile, scan

_TAKEN_OVER = (PASSAGES, "vectors.", f"{WORDS}/tokens/")
"""How the names of the files begin that a build copies from the last generation."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: changes by file, passages embedded now, and what the index holds.

    ``written`` is False when nothing had changed and the index stayed as it was.
    """

    changes: Changes
    embedded: int
    documents: int
    passages: int
    written: bool


def build_index(
    folder: Path,
    paths: Sequence[Path],
    model_name: str,
    load_model: Callable[[], Embedder],
    *,
    size: PassageSize | None = None,
    label: str | None = None,
    remove: Sequence[Path] = (),
    rebuild: bool = False,
    store: str = FAISS_STORE,
    bulk: BulkEmbedder | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Bring the index in ``folder`` up to date with ``paths`` and with the paths given before.

    Sources are named after the paths as given, or after ``label`` where there is one.
    ``store`` is the setting of that name; vectors move where it says, and are not made again.
    ``bulk`` embeds what is new, None in this process.
    The model is loaded only when something has changed. The index that serves is not touched until
    the new one is complete. Raises DalilError when another build runs, when the folder holds
    something else, when the index is of another model or damaged, when no text is left, when the
    engine of ``store`` cannot be used, or when ``folder`` cannot be written: what was there stays.
    """
    engine_for(store)  # known at once, before anything is read
    try:
        _check_folder(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0):
            previous, recorded = _previous(folder, rebuild)
            given = {str(path.resolve()): label or path.as_posix() for path in paths}
            build = _Build(
                folder, model_name, load_model, size or PassageSize(), previous, store, bulk
            )
            return build.run(given, recorded, remove, progress or Silent())
    except Timeout as error:
        raise DalilError(
            f"Another build of the index in {folder} is running.",
            "Wait for it to end.",
            arabic="فهرس هذه المجموعة يُبنى الآن. انتظر حتى ينتهي بناؤه.",
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise _unwritable(folder, error) from error


def _check_folder(folder: Path) -> None:
    """Refuse to write among files that are not ours."""
    if folder.is_file():
        raise DalilError(
            f"{folder} is a file; an index is a folder.",
            "Give --index another name.",
            arabic=f"ما عُيّن للفهرس ملف وليس مجلّدًا: «{left_to_right(folder)}». "
            "عيّن له اسمًا آخر في نافذة الأوامر بالخيار --index.",
        )
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if not names <= OURS:
        raise DalilError(
            f"The folder {folder} holds other files and is not a Dalil index.",
            "Give --index the name of a new folder.",
            arabic=f"في المجلّد «{left_to_right(folder)}» ملفّات أخرى، وليس من فهارس دليل. "
            "عيّن للفهرس مجلّدًا جديدًا في نافذة الأوامر بالخيار --index.",
        )


def _previous(folder: Path, rebuild: bool) -> tuple[Generation | None, dict[str, str]]:
    """The generation that serves, unless a rebuild ignores it, and the paths it was built from."""
    if rebuild:
        return None, recorded_roots(folder)
    current = current_generation(folder)
    generation = Generation.open(current) if current else None
    return generation, generation.manifest.roots if generation else {}


def _unwritable(folder: Path, error: Exception) -> DalilError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    return DalilError(
        f"The index in {folder} cannot be written: {reason}.",
        "Free some space there, or allow Dalil to write in it, and run the command again. "
        "What was there before is kept.",
        arabic=f"تعذّرت الكتابة في فهرس هذه المجموعة: «{left_to_right(folder)}». أفرغ مساحة على "
        "القرص، أو اسمح لدليل بالكتابة فيه، ثم أعِد المحاولة. وما كان في الفهرس من قبل باقٍ.",
    )


@dataclass(frozen=True, slots=True)
class _Build:
    folder: Path
    model_name: str
    load_model: Callable[[], Embedder]
    size: PassageSize
    previous: Generation | None
    store: str
    bulk: BulkEmbedder | None

    def run(
        self,
        given: Mapping[str, str],
        recorded: Mapping[str, str],
        remove: Sequence[Path],
        progress: Progress,
    ) -> BuildReport:
        changes = Changes()
        dropped = {str(path.resolve()) for path in remove}
        roots = {root: name for root, name in recorded.items() if root not in dropped} | dict(given)
        absent = [root for root in roots if root not in given and not Path(root).exists()]
        changes.warnings.extend((roots[root], "not_there_now") for root in absent)
        if not roots:
            raise DalilError(
                "No file or folder was given.",
                "Type: dalil index FOLDER",
                arabic="لا ملف هنا ليُفهرس. أضِف نصوصًا إلى المجموعة أوّلًا.",
            )
        live = {root: name for root, name in roots.items() if root not in absent}
        known = self.previous.store if self.previous else None
        files = list(scan(live, dropped, known, self._texts_reusable, changes, progress))
        if not files:
            raise _no_text(changes)
        if self.previous and not changes.any and self._serves(roots):
            held = self.previous.manifest
            discard_leftovers(self.folder, self.previous.folder)
            keep_only(self.folder, self.store, held.collection)
            return BuildReport(changes, 0, held.documents, held.passages, written=False)
        model = self.load_model()
        if self.previous:
            require_model(self.folder, self.previous.manifest, model)
            require_whole(self.previous.folder, self.previous.manifest.files, _TAKEN_OVER)
        generation = new_generation(self.folder)
        make_room(self.folder, generation)
        try:
            manifest, embedded = self._write(generation, files, roots, model, progress)
        except BaseException:
            if pointed_at(self.folder) != generation.name:
                shutil.rmtree(generation, ignore_errors=True)
            raise
        discard_leftovers(self.folder, generation)
        keep_only(self.folder, self.store, manifest.collection)
        if self.previous and self.previous.manifest.store not in {FAISS_STORE, named(self.store)}:
            changes.warnings.append((self.previous.manifest.collection, "left_in_engine"))
        return BuildReport(changes, embedded, manifest.documents, manifest.passages, written=True)

    def _write(
        self,
        generation: Path,
        files: Sequence[ReadFile],
        roots: Mapping[str, str],
        model: Embedder,
        progress: Progress,
    ) -> tuple[Manifest, int]:
        """Fill the folder ``generation`` and make it the one that serves."""
        with PendingVectors(self.folder, model.fingerprint) as pending:
            written = write_generation(
                generation,
                files,
                self.previous,
                roots,
                self.size,
                model,
                pending,
                progress,
                self.store,
                self.bulk,
            )
        publish(self.folder, generation)
        return written

    @property
    def _texts_reusable(self) -> bool:
        return self.previous is not None and self.previous.manifest.text_version == TEXT_VERSION

    def _serves(self, roots: Mapping[str, str]) -> bool:
        """Whether the index that serves has these settings already."""
        return (
            self.previous is not None
            and self._texts_reusable
            and self.previous.manifest.schema == SCHEMA_VERSION
            and self.previous.size == self.size
            and self.previous.manifest.embedder == self.model_name
            and self.previous.manifest.roots == roots
            and self._stored(self.previous.manifest)
        )

    def _stored(self, manifest: Manifest) -> bool:
        """Whether the engine of the setting has the vectors already."""
        engine = engine_for(self.store)
        there = engine is None or manifest.collection in engine.names(manifest.collection)
        return manifest.store == named(self.store) and there


def _no_text(changes: Changes) -> DalilError:
    reasons = "".join(f"\n  {skip.source}: {skip.reason}" for skip in changes.skipped[:20])
    names = "، ".join(f"«{skip.source}»" for skip in changes.skipped[:20])
    return DalilError(
        f"There is no text to index in the paths given.{reasons}",
        "Dalil reads .txt, .md, .html, .pdf, .docx, .pptx, .xlsx, .csv, .tsv, .jsonl and .epub. "
        "An index that was there is kept.",
        arabic="لم يوجد في الملفّات نصّ ليُفهرس. أضِف ملفّات فيها نصّ؛ "
        f"وإن كان للمجموعة فهرس من قبل فهو باقٍ.{names and f' وهذه لم تُقرأ: {names}.'}",
    )
