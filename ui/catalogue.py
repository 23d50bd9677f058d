"""Which collections there are: the bundled texts, the person's own, and those made on the page."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.document import content_id
from corpus.errors import AbsentError, BusyError, DalilError, UnfitError, left_to_right
from index.disk import private_folder, sync
from qa.settings import Settings
from ui.names import collection_name, name_key

BUNDLED, OWN = "bundled", "own"
_NAMES = {
    "ar": {BUNDLED: "النصوص المرفقة بدليل", OWN: "نصوصي"},
    "en": {BUNDLED: "Texts that come with Dalil", OWN: "My texts"},
}
_ID = re.compile("[0-9a-f]{16}")
_PATIENCE = 10  # seconds that another Dalil is given to write the list


@dataclass(frozen=True, slots=True)
class Collection:
    """Texts that are asked together.

    ``folder`` holds their index; ``files``, what was added on the page, None where nothing can be.
    A ``fixed`` one cannot be changed or deleted.
    """

    id: str
    name: str
    folder: Path
    files: Path | None
    fixed: bool

    @property
    def made(self) -> bool:
        """Whether it was made on the page, and so can be renamed and deleted there."""
        return self.id not in {BUNDLED, OWN}


class Catalogue:
    """The collections under the settings. Those made on the page stand in ``collections.json``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._path = settings.data / "collections.json"
        self._copy = settings.data / "collections.copy.json"

    def all(self) -> tuple[Collection, ...]:
        """The bundled texts, the person's own where there are any, and those made here by name.

        Raises DalilError when the list of those made here is damaged.
        """
        made = [self._made(key, name) for key, name in self._read().items()]
        made.sort(key=lambda one: (name_key(one.name), one.id))
        own = self._own()
        return (self._bundled(), *([own] if own else []), *made)

    def find(self, key: str) -> Collection:
        """The collection with this id; raises AbsentError when there is none (any more)."""
        found = self._bundled() if key == BUNDLED else self._own() if key == OWN else None
        if found is None and (name := self._read().get(key)) is not None:
            found = self._made(key, name)
        if found is None:
            raise AbsentError(
                "This collection is not there any more.",
                "Choose another one.",
                arabic="هذه المجموعة لم تعد موجودة. اختر مجموعة أخرى.",
            )
        return found

    def default(self) -> Collection:
        """The collection that `dalil chat` asks."""
        folder = self._settings.index_folder
        if _same(folder, self._bundled().folder):
            return self._bundled()
        return self._own() or next(one for one in self.all() if _same(one.folder, folder))

    def create(self, name: str) -> Collection:
        """A new, empty collection; raises DalilError when the name will not do or is taken."""
        with self._changing() as names:
            key = secrets.token_hex(8)
            self._write({**names, key: self._free(name, key)})
        return self.find(key)

    def rename(self, key: str, name: str) -> Collection:
        """The collection under another name; raises DalilError as ``create`` does."""
        with self._changing() as names:
            if key in names:
                self._write({**names, key: self._free(name, key)})
        return self.find(key)

    def remove(self, key: str) -> None:
        """Take a collection off the list."""
        with self._changing() as names:
            self._write({one: name for one, name in names.items() if one != key})

    def _bundled(self) -> Collection:
        name = _NAMES[self._settings.language][BUNDLED]
        return Collection(BUNDLED, name, self._settings.bundled_index, None, fixed=True)

    def _own(self) -> Collection | None:
        """What `dalil index` writes, unless it is one of the others or not there."""
        named, folder = self._settings.index, self._settings.own_index
        if named is None and not folder.is_dir():
            return None
        if _same(folder, self._bundled().folder) or self._is_made(folder):
            return None
        name, files = _NAMES[self._settings.language][OWN], OWN
        if named is not None:  # each named index has uploads of its own
            name = named.resolve().name or name
            files = f"{OWN}-{content_id(str(named.resolve()))}"
        return Collection(OWN, name, folder, self._settings.data / "files" / files, fixed=False)

    def _made(self, key: str, name: str) -> Collection:
        data = self._settings.data
        return Collection(key, name, data / "indexes" / key, data / "files" / key, fixed=False)

    def _is_made(self, folder: Path) -> bool:
        inside = _same(folder.parent, self._settings.data / "indexes")
        return inside and bool(_ID.fullmatch(folder.name)) and folder.name in self._read()

    def _free(self, name: str, key: str) -> str:
        """``name`` in its proper form, unless a collection other than ``key`` has it."""
        name = collection_name(name)
        if any(name_key(one.name) == name_key(name) and one.id != key for one in self.all()):
            raise UnfitError(
                f"There is a collection «{name}» already.",
                "Choose another name.",
                arabic=f"توجد مجموعة باسم «{name}». اختر اسمًا آخر.",
            )
        return name

    @contextmanager
    def _changing(self) -> Iterator[dict[str, str]]:
        """The names by id, while no other thread or process changes them."""
        try:
            private_folder(self._settings.data)
            with FileLock(f"{self._path}.lock", timeout=_PATIENCE):
                yield self._read()
        except Timeout as error:
            raise BusyError(
                "The list of collections is being changed by another Dalil.",
                "Try again.",
                arabic="نسخة أخرى من دليل تغيّر قائمة المجموعات الآن. أعِد المحاولة بعد قليل.",
            ) from error
        except OSError as error:
            raise DalilError(
                f"The list of collections cannot be written to {self._path}: {error.strerror}.",
                "Allow Dalil to write there, or free some space.",
                arabic="تعذّر حفظ قائمة المجموعات في الملف "
                f"«{left_to_right(self._path)}». اسمح لدليل بالكتابة فيه، أو أفرغ مساحة على القرص.",
            ) from error

    def _read(self) -> dict[str, str]:
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise self._damaged(error) from error
        try:
            entries = [(entry["id"], entry["name"]) for entry in json.loads(text)["collections"]]
            fit = all(_ID.fullmatch(key) and isinstance(name, str) for key, name in entries)
            names = dict(entries)
        except (ValueError, KeyError, TypeError) as error:
            raise self._damaged(error) from error
        if not fit or len(names) != len(entries):
            raise self._damaged("an entry is not as Dalil writes them")
        return names

    def _damaged(self, reason: object) -> DalilError:
        restore = f"cp '{self._copy}' '{self._path}'"
        return DalilError(
            f"The list of collections {self._path} cannot be read: {reason}.",
            f"Put back the copy that Dalil keeps: {restore}. "
            "The texts and their indexes are not touched.",
            arabic="قائمة المجموعات تالفة، أمّا النصوص وفهارسها فلم يمسّها شيء. "
            "يحتفظ دليل بنسخة من القائمة، فأعِدها إلى مكانها. في نافذة الأوامر: "
            f"{left_to_right(restore)}",
        )

    def _write(self, names: Mapping[str, str]) -> None:
        """Write the list and then its copy, each at once or not at all."""
        entries = [{"id": key, "name": name} for key, name in names.items()]
        text = json.dumps({"collections": entries}, ensure_ascii=False, indent=2) + "\n"
        for path in (self._path, self._copy):
            staged = path.with_suffix(".new")
            staged.write_text(text, encoding="utf-8")
            sync(staged)
            staged.replace(path)
        sync(self._path.parent)


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
