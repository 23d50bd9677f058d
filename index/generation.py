"""Write one generation of an index: passages, vectors, FAISS, words, manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from corpus.errors import DalilError, left_to_right
from corpus.passages import PassageSize, passages
from index.batches import batched
from index.bulk import BulkEmbedder, Here
from index.damage import blamed, damaged, require_unharmed
from index.disk import array_on_disk, flush, load_array, save_array
from index.embedder import Embedder, Vectors
from index.engines import FAISS_STORE, collections_of, engine_for, named
from index.lexical import Bm25Index
from index.manifest import Manifest, sealed
from index.pending import PendingVectors
from index.progress import Progress
from index.reuse import Reuse
from index.sources import TEXT_VERSION, ReadFile
from index.store import PassageStore
from index.text import indexed_text, vector_key
from index.tokenised import tokenise
from index.vectors import FaissStore, VectorStore

PASSAGES, VECTORS, CENTRE = "passages.sqlite", "vectors.npy", "centre.npy"
FAISS, WORDS = "vectors.faiss", "words"
_READ_AT_ONCE = 32
_COPIED_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Generation:
    """An open generation: its folder, manifest, and passages.

    Vectors are read where they are wanted; both methods raise DamageError.
    """

    folder: Path
    manifest: Manifest
    store: PassageStore

    @classmethod
    def open(cls, folder: Path) -> Generation:
        """Open for reading; raises DalilError when a part is missing or damaged, as far as is cheap
        to tell: ``require_unharmed``.
        """
        manifest = Manifest.load(folder)
        require_unharmed(folder, manifest.files)
        return cls(folder, manifest, PassageStore.open(folder / PASSAGES))

    @property
    def size(self) -> PassageSize:
        """The passage size that it was built with."""
        return PassageSize(self.manifest.passage_words, self.manifest.passage_overlap)

    def vectors(self) -> Vectors:
        """Every passage's vector, mapped from disk, shape ``(passages, dim)``."""
        return _array(self.folder / VECTORS, mapped=True)

    def centre(self) -> Vectors:
        """The mean of the vectors, shape ``(dim,)``."""
        return _array(self.folder / CENTRE)

    def blamed(self) -> AbstractContextManager[None]:
        """Where reading its files goes astray, say which of them is damaged."""
        return blamed(self.folder, self.manifest.files)


def _array(path: Path, *, mapped: bool = False) -> Vectors:
    try:
        return load_array(path, mapped=mapped)
    except (OSError, ValueError) as error:
        raise damaged(path, error) from error


@dataclass(frozen=True, slots=True)
class _Embedding:
    """How new passages get their vectors."""

    model: Embedder
    bulk: BulkEmbedder
    pending: PendingVectors
    progress: Progress

    def run(self, rows: Mapping[str, int], store: PassageStore) -> None:
        """Embed the passages at ``rows``, by key, each batch safe on disk before the next is taken.

        Few texts lie in memory at a time. Like lengths are to stand together.
        """
        self.progress.start("embedding", len(rows))
        for keys, vectors in self.bulk.vectors(_texts(rows, store), self.model):
            self.pending.add(keys, vectors)
            self.progress.advance(len(keys))


def _texts(rows: Mapping[str, int], store: PassageStore) -> Iterator[tuple[str, str]]:
    for some in batched(rows.items(), _READ_AT_ONCE):
        found = store.passages_at(row for _, row in some)
        yield from ((key, indexed_text(p)) for (key, _), (p, _) in zip(some, found, strict=True))


def write_generation(
    folder: Path,
    files: Sequence[ReadFile],
    previous: Generation | None,
    roots: Mapping[str, str],
    size: PassageSize,
    model: Embedder,
    pending: PendingVectors,
    progress: Progress,
    engine_setting: str = FAISS_STORE,
    bulk: BulkEmbedder | None = None,
) -> tuple[Manifest, int]:
    """Fill ``folder``; returns its manifest and how many passages had to be embedded."""
    store = PassageStore.create(folder / PASSAGES)
    _write_passages(store, files, previous, size)
    keys = store.vector_keys()
    reuse = Reuse.of(previous.store.vector_keys() if previous else [], keys)
    embedding = _Embedding(model, bulk or Here(), pending, progress)
    embedded = _write_vectors(folder, store, keys, previous, reuse, embedding)
    _write_words(folder, store, previous, reuse, progress)
    vectors, collection, structures = _write_searchable(folder, previous, reuse, engine_setting)
    manifest = Manifest(
        embedder=model.name,
        fingerprint=model.fingerprint,
        dim=model.dim,
        passage_words=size.words,
        passage_overlap=size.overlap,
        documents=store.document_count(),
        passages=store.passage_count(),
        vector_kind=vectors.kind,
        roots=dict(roots),
        text_version=TEXT_VERSION,
        store=named(engine_setting),
        collection=collection,
    )
    store.close()
    manifest = replace(manifest, files=sealed(folder, structures))
    manifest.save(folder)
    return manifest, embedded


def _write_passages(
    store: PassageStore, files: Sequence[ReadFile], previous: Generation | None, size: PassageSize
) -> None:
    """Every file's record, and every different text once, under the first file that holds it."""
    written: set[str] = set()
    for file in sorted(files, key=lambda file: file.record.source):
        record = file.record
        store.add_file(record)
        if record.document_id in written:
            continue
        written.add(record.document_id)
        cut = None
        document = file.document
        if document is None:
            if previous is None:
                raise AssertionError("a file can only be unchanged against an earlier index")
            document = replace(previous.store.document(record.document_id), source=record.source)
            if previous.size == size and previous.manifest.text_version == TEXT_VERSION:
                cut = previous.store.passages_of(record.document_id)
        cut = passages(document, size) if cut is None else cut
        store.add_document(document, cut, [vector_key(passage) for passage in cut])


def _write_vectors(
    folder: Path,
    store: PassageStore,
    keys: Sequence[str],
    previous: Generation | None,
    reuse: Reuse,
    embedding: _Embedding,
) -> int:
    """Gather each row's vector from the last generation, from a killed build, or from the model.

    Returns how many texts were embedded.
    """
    ready = embedding.pending.keys()
    new = {
        key: (-len(indexed_text(passage)), row)
        for row, (passage, key) in enumerate(store.passage_rows())
        if reuse.taken[row] < 0 and key not in ready
    }
    longest_first = sorted(new, key=lambda key: (new[key][0], key))
    embedding.run({key: new[key][1] for key in longest_first}, store)
    vectors = array_on_disk(folder / VECTORS, np.float32, (len(keys), embedding.model.dim))
    old = previous.vectors() if previous else np.empty((0, embedding.model.dim), dtype=np.float32)
    for first in range(0, len(keys), _COPIED_AT_ONCE):
        taken = reuse.taken[first : first + _COPIED_AT_ONCE]
        kept = np.flatnonzero(taken >= 0)
        vectors[first + kept] = old[taken[kept]]
    for row in np.flatnonzero(reuse.taken < 0).tolist():
        vectors[row] = embedding.pending.get(keys[row])
    flush(vectors)
    save_array(folder / CENTRE, np.asarray(vectors.mean(axis=0), dtype=np.float32))
    return len(new)


def _write_words(
    folder: Path,
    store: PassageStore,
    previous: Generation | None,
    reuse: Reuse,
    progress: Progress,
) -> None:
    """Index the words, which are those of the last generation where a text is."""
    progress.start("writing", len(reuse.taken))
    earlier = None
    if previous and previous.manifest.text_version == TEXT_VERSION:
        earlier = Bm25Index.tokens(previous.folder / WORDS)
    texts = (
        int(reuse.taken[row])
        if earlier is not None and reuse.taken[row] >= 0
        else indexed_text(passage)
        for row, (passage, _) in enumerate(store.passage_rows())
    )
    tokenised = tokenise(texts, lambda _: progress.advance(), earlier)
    Bm25Index.of(tokenised, folder=folder / WORDS)


def _write_searchable(
    folder: Path, previous: Generation | None, reuse: Reuse, store: str
) -> tuple[VectorStore, str, dict[str, int]]:
    """Give the vectors to the engine of the setting.

    Returns the collection's name in it, and of files written here the bytes that each opening is
    to be sure of.
    """
    engine = engine_for(store)
    vectors = _array(folder / VECTORS, mapped=True)
    if engine is None:
        written = _faiss(vectors, previous, reuse)
        return written, "", {FAISS: written.save(folder / FAISS)}
    collection = collections_of(folder.parents[1]) + folder.name
    return engine.write(collection, vectors), collection, {}


def _faiss(vectors: Vectors, previous: Generation | None, reuse: Reuse) -> FaissStore:
    """The last generation's index with what is new, where that can be had, else one anew."""
    store = None
    if previous and previous.manifest.store == FAISS_STORE:
        kind = previous.manifest.vector_kind
        store = FaissStore.grown(previous.folder / FAISS, kind, reuse, vectors)
    return FaissStore.build(vectors) if store is None else store


def require_model(folder: Path, manifest: Manifest, model: Embedder) -> None:
    """Raise DalilError when the index in ``folder`` was built with another model than ``model``."""
    if model.fingerprint != manifest.fingerprint:
        rebuild = f"dalil index --rebuild --index {folder}"
        raise DalilError(
            f"The index in {folder} was built with {manifest.embedder} ({manifest.fingerprint}); "
            f"this is {model.name} ({model.fingerprint}), whose vectors cannot be compared.",
            f"Set the embedder back, or build again with this one: {rebuild}",
            arabic="بُني فهرس هذه المجموعة بنموذج آخر، ولا تُقارن متّجهاته بمتّجهات هذا النموذج. "
            "أعِد النموذج السابق في الإعدادات، أو أعد بناء المجموعة في نافذة الأوامر: "
            f"{left_to_right(rebuild)}",
        )
