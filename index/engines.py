"""An existing engine that searches the vectors, in place of FAISS: which one, and whose."""

from __future__ import annotations

import secrets
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from corpus.errors import AbsentError, DalilError, left_to_right
from index.damage import damaged
from index.disk import checked_word, with_check, write_at_once
from index.embedder import Vectors
from index.manifest import Manifest
from index.vectors import VectorStore

FAISS_STORE = "faiss"
STORE_ID = ".store-id"


class Engine(Protocol):
    """A server, or an embedded library, that keeps vectors in collections with names.

    Safe to share among threads. Every method raises DalilError when the engine cannot be reached.
    """

    @property
    def name(self) -> str:
        """`milvus` or `postgres`, as written in the manifest."""

    def write(self, collection: str, vectors: Vectors, kind: str | None = None) -> VectorStore:
        """Keep ``vectors`` of shape ``(n, dim)`` by row; what a killed build left there goes.

        ``kind`` is the engine's name for how it searches, None for the one that fits the size.
        Returns when the engine holds all of them and can search them.
        """

    def open(self, collection: str) -> VectorStore:
        """The vectors written before; raises AbsentError when the engine does not hold them."""

    def names(self, prefix: str) -> list[str]:
        """The collections whose names begin so, in order."""

    def drop(self, collection: str) -> None:
        """Remove a collection; nothing happens where there is none."""


@cache
def engine_for(store: str) -> Engine | None:
    """The engine of the setting ``store``, None for FAISS; connected, once for each address.

    Raises DalilError when the setting names no engine, when the engine's client is not installed,
    and when it cannot be reached.
    """
    name, _, address = store.partition(":")
    if store == FAISS_STORE:
        return None
    if name == "milvus" and address:
        from index.milvus import Milvus

        return Milvus(address)
    if name == "postgres" and address:
        from index.postgres import Postgres

        return Postgres(address)
    raise DalilError(
        "The setting `store` names no engine that Dalil knows.",
        "It is `faiss`, `milvus:` with a file *.db or an address, or `postgres:` with a "
        "connection string.",
        arabic="لا يعرف دليل المحرّك المعيّن في الإعدادات للمتّجهات. عيّن المعتاد: "
        f"{left_to_right('store = faiss')}",
    )


def named(store: str) -> str:
    """The engine's name in the setting, without its address."""
    return store.partition(":")[0]


def collections_of(index: Path) -> str:
    """Begins the names of this index's collections, and of no other's.

    A copy of the folder has other names, so that building one never takes vectors from the other.
    Raises OSError, and DamageError when the file of its name is damaged.
    """
    path = index / STORE_ID
    if not path.exists():
        write_at_once(path, with_check(secrets.token_hex(16)))
    try:
        word = checked_word(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise damaged(path, error) from error
    identity = f"{word}\n{index.resolve()}"
    return f"dalil_{sha256(identity.encode()).hexdigest()[:16]}_"


def keep_only(index: Path, store: str, collection: str = "") -> None:
    """Drop the index's other collections: old ones, and what killed builds left."""
    engine = engine_for(store)
    if engine is not None and (index / STORE_ID).exists():
        for name in engine.names(collections_of(index)):
            if name != collection:
                engine.drop(name)


def require_store(folder: Path, manifest: Manifest, store: str) -> None:
    """Raise DalilError when the vectors of the index in ``folder`` are kept by another engine."""
    if named(store) != manifest.store:
        move = f"dalil index --index {folder} --store {_shown(store)}"
        raise DalilError(
            f"The vectors of the index in {folder} are in {manifest.store}; "
            f"the setting `store` says {named(store)}.",
            f"Set it back, or move the vectors, for which nothing is embedded again: {move}",
            arabic="متّجهات هذه المجموعة في محرّك آخر غير المعيّن في الإعدادات. أعِد الإعداد السابق، "
            f"أو انقلها في نافذة الأوامر: {left_to_right(move)}",
        )


def not_installed(engine: str, packages: str) -> DalilError:
    """The engine's client is not among the installed packages."""
    install = f"{sys.executable} -m pip install {packages}"
    return DalilError(
        f"The client for {engine} is not installed.",
        f"Install it: {install}",
        arabic=f"ما يلزم لهذا المحرّك غير مثبّت. ثبّته في نافذة الأوامر: {left_to_right(install)}",
    )


def unreachable(engine: str, address: str, reason: str) -> DalilError:
    """The engine at ``address``, which holds no password, does not answer or refuses."""
    return DalilError(
        f"{engine} at {address} cannot be used: {reason}",
        "Start it, or mend the setting `store`.",
        arabic=f"تعذّر استعمال محرّك المتّجهات في «{left_to_right(address)}». شغّله، أو صحّح عنوانه "
        "في الإعدادات.",
    )


def absent(engine: str, address: str, collection: str) -> AbsentError:
    """The engine is there, the vectors are not."""
    again = "dalil index"
    return AbsentError(
        f"{engine} at {address} does not hold the vectors of this index ({collection}).",
        "If it was rebuilt just now, ask again. Else look whether the setting `store` is that of "
        f"its build, or give the same flags to `{again}`: it writes them anew, embedding nothing.",
        arabic="متّجهات هذه المجموعة ليست في المحرّك. إن أُعيد بناؤها الآن فاسأل من جديد، وإلّا فانظر "
        f"في عنوانه، أو اكتبها فيه من جديد في نافذة الأوامر: {left_to_right(again)}",
    )


def _shown(store: str) -> str:
    """The setting as people may type it; an address may hold a password."""
    return store if store == FAISS_STORE else f"{named(store)}:..."
