"""Files that people add: read first, and kept only when they hold text."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from corpus.document import Document
from corpus.errors import DalilError, UnfitError, UnreadableFileError, left_to_right
from corpus.readers import MAX_FILE_BYTES, read_document
from index.disk import sync
from ui.names import file_name, shown_name
from ui.work import Task

MOST_FILES = 100
_SPARE = 256 * 1024**2  # bytes of a disk that uploads leave alone

Upload = tuple[str, Path]
"""A file's name as the person had it, and where it lies for now."""


def check_uploads(uploads: Sequence[Upload]) -> None:
    """Raise UnfitError when there are none or too many."""
    if not uploads:
        raise UnfitError(
            "No file was given.",
            "Choose one or more files.",
            arabic="لم يصل أيّ ملف. اختر ملفًّا أو أكثر.",
        )
    if len(uploads) > MOST_FILES:
        raise UnfitError(
            f"{len(uploads)} files were given; {MOST_FILES} can be added at once, "
            f"of {MAX_FILE_BYTES // 1024**2} MB each at most.",
            "Add them in several parts.",
            arabic=f"عدد الملفّات {len(uploads)}، والحدّ {MOST_FILES} في المرّة الواحدة. "
            "أضِفها على دفعات.",
        )


def upload_names(uploads: Sequence[Upload]) -> list[str]:
    """The names to show: those under which the files will be kept, where they can be kept."""
    return [_name(given) for given, _ in uploads]


def receive(uploads: Sequence[Upload], folder: Path, task: Task) -> int:
    """Copy every upload that can be read into ``folder``; gives how many those are.

    ``task`` is told of each. A file of the same name is replaced, unless the new one cannot be
    read. Raises DalilError when ``folder`` cannot be written or the disk is nearly full.
    """
    _clear(folder)
    _require_room(uploads, folder)
    kept: set[str] = set()
    task.start("reading", len(uploads))
    for place, (given, path) in enumerate(uploads):
        task.file(place, state="reading")
        try:
            document = _keep(given, path, folder, kept)
        except UnreadableFileError as error:
            message = f"{error.message} {error.hint}".strip()
            task.file(place, state="refused", message=message, arabic=error.arabic)
        else:
            task.file(
                place,
                state="read",
                pages=len(document.pages),
                characters=len(document.text),
                message=" ".join(document.warnings),
            )
        task.advance()
    return len(kept)


def _name(given: str) -> str:
    try:
        return file_name(given)
    except UnreadableFileError:
        return shown_name(given) or "?"


def _clear(folder: Path) -> None:
    """Make the folder, and drop what a killed Dalil left half copied in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob(".*"):
            path.unlink()
    except OSError as error:
        raise _unwritable(folder, error) from error


def _require_room(uploads: Sequence[Upload], folder: Path) -> None:
    """An index is about as large as its files; and a full disk hurts whoever else writes to it."""
    wanted = sum(path.stat().st_size for _, path in uploads if path.is_file())
    if shutil.disk_usage(folder).free < 3 * wanted + _SPARE:
        raise DalilError(
            f"The disk has too little room left for {wanted / 1024**2:,.0f} MB of files and "
            "their index.",
            "Free some space, then add them again.",
            arabic="لم يبقَ على القرص متّسع لهذه الملفّات ولفهرسها. أفرغ مساحة، ثم أضِفها من جديد.",
        )


def _keep(given: str, path: Path, folder: Path, kept: set[str]) -> Document:
    """Copy one file into ``folder`` once it has been read; adds its name to ``kept``."""
    name = file_name(given)
    if name.casefold() in kept:
        raise UnreadableFileError(
            f"{name}: another file of this name came with it.",
            "Rename one and add it again.",
            arabic=f"وصل ملفّان بالاسم نفسه «{name}». غيّر اسم أحدهما، ثم أضِفه من جديد.",
        )
    staged = folder / f".{secrets.token_hex(8)}{Path(name).suffix}"
    _check(path, name)
    try:
        shutil.copyfile(path, staged)
        document = read_document(staged, name)
        sync(staged)
        staged.replace(folder / name)
        sync(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        staged.unlink(missing_ok=True)
    kept.add(name.casefold())
    return document


def _check(path: Path, name: str) -> None:
    """Refuse what is not worth copying: no file, or one too large."""
    if not path.is_file():
        raise UnreadableFileError(
            f"{name}: the file did not arrive.",
            "Add it again.",
            arabic=f"لم يصل الملف «{name}». أضِفه مرّة أخرى.",
        )
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UnreadableFileError(
            f"{name}: larger than {MAX_FILE_BYTES // 1024**2} MB, the most that Dalil reads.",
            "Split it into smaller files.",
            arabic=f"حجم الملف «{name}» أكبر من {MAX_FILE_BYTES // 1024**2} ميغابايت، "
            "وهو أقصى ما يقرؤه دليل. قسّمه إلى ملفّات أصغر.",
        )


def _unwritable(folder: Path, error: OSError) -> DalilError:
    return DalilError(
        f"Added files cannot be written to {folder}: {error.strerror or error}.",
        "Allow Dalil to write there, or free some space.",
        arabic=f"تعذّر حفظ الملفّات المضافة في المجلّد «{left_to_right(folder)}». "
        "اسمح لدليل بالكتابة فيه، أو أفرغ مساحة على القرص.",
    )
