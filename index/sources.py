"""What stands in the files now, against what the index last read in them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath

from corpus.document import Document
from corpus.errors import UnreadableFileError
from corpus.files import FoundFile, SkippedFile, find_files
from corpus.readers import read_document
from index.progress import Progress
from index.store import FileRecord, PassageStore

TEXT_VERSION = 7
"""Raise it whenever readers or the splitter make other text of the same file, and whenever
``corpus.terms`` makes other words or stems of it."""

_ATTEMPTS = 3


@dataclass(slots=True)
class Changes:
    """What a build did with the files, for people. Sources are named as they gave them."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    relabelled: bool = False

    @property
    def any(self) -> bool:
        """Whether the index must be written again."""
        return bool(self.added or self.changed or self.removed or self.relabelled)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file's record, and its document where the file was read again."""

    record: FileRecord
    document: Document | None


def scan(
    roots: Mapping[str, str],
    dropped: Collection[str],
    previous: PassageStore | None,
    reusable: bool,
    changes: Changes,
    progress: Progress,
) -> Iterator[ReadFile]:
    """Yield every file below ``roots`` with its text where it is new; fill ``changes``.

    ``roots`` maps absolute paths to the names that people gave them. Texts of ``dropped`` roots,
    and of files gone from ``roots``, are left out; texts of other roots stay.
    ``reusable`` says whether texts in ``previous`` were read by this version of the readers.
    """
    known = {record.path: record for record in previous.files()} if previous else {}
    found: list[FoundFile] = []
    outer_first = sorted(map(Path, roots), key=lambda root: len(root.parts))
    for found_item in find_files(outer_first):
        item = replace(found_item, source=_named(found_item.source, roots))
        if isinstance(item, FoundFile):
            found.append(item)
        else:
            changes.skipped.append(item)
    progress.start("reading", len(found))
    for item in found:
        record = known.pop(str(item.path), None)
        if (file := _read(item, record, reusable, changes)) is not None:
            yield file
        progress.advance()
    for record in known.values():
        if record.root in dropped or (record.root in roots and not _is_out_of_reach(record)):
            changes.removed.append(record.source)
        else:
            changes.unchanged.append(record.source)
            yield ReadFile(record, None)


def _named(source: str, roots: Mapping[str, str]) -> str:
    """A source that begins with an absolute root, under the name that people gave the root."""
    for root, name in roots.items():
        prefix = Path(root).as_posix()
        if source == prefix or source.startswith(prefix.rstrip("/") + "/"):
            inside = source.removeprefix(prefix.rstrip("/")).lstrip("/")
            return (PurePosixPath(name) / inside).as_posix()
    return source


def _read(
    item: FoundFile, known: FileRecord | None, reusable: bool, changes: Changes
) -> ReadFile | None:
    """Read one file unless its bytes are those that the index has; None when it is skipped."""
    try:
        state = _state(item.path)
        if known and reusable and known.file_hash == state.hash:
            changes.unchanged.append(item.source)
            now = replace(known, source=item.source, root=str(item.root.resolve()))
            changes.relabelled |= now != known
            return ReadFile(now, None)
        file_hash, document = _read_at_rest(item, state)
    except UnreadableFileError as error:
        changes.skipped.append(SkippedFile(item.source, _reason(error, known)))
        if known:
            return ReadFile(known, None)
        return None
    (changes.changed if known else changes.added).append(item.source)
    changes.warnings.extend((item.source, warning) for warning in document.warnings)
    record = FileRecord(
        str(item.path), item.source, str(item.root.resolve()), file_hash, document.id
    )
    return ReadFile(record, document)


def _read_at_rest(item: FoundFile, state: _State) -> tuple[str, Document]:
    """The document in a file, and the hash of the bytes that it was read from.

    ``state`` is that of the file just now. Raises UnreadableFileError, also when the file does not
    stay the same for as long as it takes to read it.
    """
    for _ in range(_ATTEMPTS):
        document = read_document(item.path, item.source)
        before, state = state, _state(item.path)
        if state == before:
            return state.hash, document
    raise UnreadableFileError(
        f"{item.source}: it changes while it is being read.",
        "Build the index again when nothing writes to it.",
        arabic=f"يتغيّر الملف «{item.source}» في أثناء قراءته. أعِد المحاولة حين تنتهي كتابته.",
    )


def _is_out_of_reach(record: FileRecord) -> bool:
    """Whether a file was not found because a folder on the way to it cannot be opened now."""
    root, path = Path(record.root), Path(record.path)
    for folder in (one for one in reversed(path.parents) if one.is_relative_to(root)):
        try:
            os.scandir(folder).close()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True
    return False


def _reason(error: UnreadableFileError, known: FileRecord | None) -> str:
    kept = " The text that was read from it before is kept." if known else ""
    return f"{error.message} {error.hint}{kept}".strip()


@dataclass(frozen=True, slots=True)
class _State:
    """SHA-256 of a file's bytes, and when they were last written, in nanoseconds."""

    hash: str
    written: int


def _state(path: Path) -> _State:
    digest = sha256()
    try:
        with path.open("rb") as file:
            written = os.fstat(file.fileno()).st_mtime_ns
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise UnreadableFileError(
            f"{path.name} cannot be read: {error.strerror}.",
            arabic=f"تعذّرت قراءة الملف «{path.name}».",
        ) from error
    return _State(digest.hexdigest(), written)
