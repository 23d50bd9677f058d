"""Haystack: the in-memory document store, embedding and BM25 retrievers joined by rank."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.bench.peers.system import Answer, Search
from evals.bench.peers.workload import BATCH, PASSAGE, QUERY, Workload

_STORE, _DEPTH = "store.json", 10


def load(work: Workload) -> Any:
    """Its embedders of documents and of queries, which share one model."""
    from haystack_integrations.components.embedders import sentence_transformers as embedders

    common = {"model": work.model, "normalize_embeddings": True, "progress_bar": False}
    documents = embedders.SentenceTransformersDocumentEmbedder(
        prefix=PASSAGE, batch_size=BATCH, **common
    )
    queries = embedders.SentenceTransformersTextEmbedder(prefix=QUERY, **common)
    documents.warm_up()
    queries.warm_up()
    return documents, queries


def build(model: Any, work: Workload, folder: Path) -> None:
    """Embed, write, save."""
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
    _write(model, store, work.texts, folder)


def update(model: Any, work: Workload, folder: Path) -> None:
    """Read the whole store, overwrite what changed, save the whole store."""
    _write(model, _opened(folder), work.changed, folder)


def open_search(model: Any, folder: Path) -> Search:
    """A pipeline: two retrievers, ten results each, one joiner."""
    pipeline = _searching(model, folder)

    def search(query: str, limit: int) -> list[str]:
        found = pipeline.run({"embedder": {"text": query}, "words": {"query": query}})
        return [document.id for document in found["join"]["documents"][:limit]]

    return search


def open_answer(model: Any, folder: Path, work: Workload) -> Answer:
    """The same with the extractive reader behind it, as it comes; the best answer is taken."""
    from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

    pipeline = _searching(model, folder)
    reader = TransformersExtractiveReader(work.reader, top_k=1, no_answer=False)
    pipeline.add_component("reader", reader)
    pipeline.connect("join.documents", "reader.documents")

    def answer(query: str) -> str:
        asked = {"embedder": {"text": query}, "words": {"query": query}, "reader": {"query": query}}
        found = pipeline.run(asked)["reader"]["answers"]
        return found[0].data or "" if found else ""

    return answer


def _searching(model: Any, folder: Path) -> Any:
    from haystack import Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers import InMemoryBM25Retriever, InMemoryEmbeddingRetriever

    store = _opened(folder)
    pipeline = Pipeline()
    pipeline.add_component("embedder", model[1])
    pipeline.add_component("meaning", InMemoryEmbeddingRetriever(store, top_k=_DEPTH))
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=_DEPTH))
    join = DocumentJoiner("reciprocal_rank_fusion", top_k=_DEPTH)
    pipeline.add_component("join", join)
    pipeline.connect("embedder.embedding", "meaning.query_embedding")
    pipeline.connect("meaning", "join")
    pipeline.connect("words", "join")
    return pipeline


def _opened(folder: Path) -> Any:
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    return InMemoryDocumentStore.load_from_disk(str(folder / _STORE))


def _write(model: Any, store: Any, texts: Mapping[str, str], folder: Path) -> None:
    from haystack import Document
    from haystack.document_stores.types import DuplicatePolicy

    documents = [Document(id=name, content=text) for name, text in texts.items()]
    embedded = model[0].run(documents)["documents"]
    store.write_documents(embedded, policy=DuplicatePolicy.OVERWRITE)
    store.save_to_disk(str(folder / _STORE))
