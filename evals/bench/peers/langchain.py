"""LangChain: FAISS and BM25 under an ensemble retriever, kept up to date by its indexing API."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.bench.peers.system import Search
from evals.bench.peers.workload import BATCH, PASSAGE, QUERY, Workload

_WORDS, _RECORDS, _DEPTH = "bm25.pickle", "records.sqlite", 10


def load(work: Workload) -> Any:
    """Its embeddings class, told what to put before passages and before queries."""
    from langchain_huggingface import HuggingFaceEmbeddings

    common = {"normalize_embeddings": True, "batch_size": BATCH}
    return HuggingFaceEmbeddings(
        model=work.model,
        encode_kwargs={"prompt": PASSAGE, **common},
        query_encode_kwargs={"prompt": QUERY, **common},
    )


def build(model: Any, work: Workload, folder: Path) -> None:
    """All documents through the indexing API, which remembers their hashes."""
    import faiss
    from langchain_community.docstore.in_memory import InMemoryDocstore
    from langchain_community.vectorstores import FAISS

    flat = faiss.IndexFlatIP(len(model.embed_query("؟")))
    _index(FAISS(model, flat, InMemoryDocstore(), {}), work.texts, folder)


def update(model: Any, work: Workload, folder: Path) -> None:
    """All documents again: those with known hashes are passed over, BM25 is built anew."""
    _index(_opened(model, folder), work.texts | work.changed, folder)


def open_search(model: Any, folder: Path) -> Search:
    """Both retrievers, ten results each, fused by rank."""
    from langchain_classic.retrievers import EnsembleRetriever

    words = pickle.loads((folder / _WORDS).read_bytes())
    meaning = _opened(model, folder).as_retriever(search_kwargs={"k": _DEPTH})
    both = EnsembleRetriever(retrievers=[words, meaning], weights=[0.5, 0.5])

    def search(query: str, limit: int) -> list[str]:
        return [found.metadata["id"] for found in both.invoke(query)[:limit]]

    return search


def _opened(model: Any, folder: Path) -> Any:
    from langchain_community.vectorstores import FAISS

    return FAISS.load_local(str(folder), model, allow_dangerous_deserialization=True)


def _index(store: Any, texts: Mapping[str, str], folder: Path) -> None:
    from langchain_classic.indexes import SQLRecordManager, index
    from langchain_community.retrievers import BM25Retriever
    from langchain_core.documents import Document

    documents = [Document(text, metadata={"id": name}) for name, text in texts.items()]
    records = SQLRecordManager("bench", db_url=f"sqlite:///{folder / _RECORDS}")
    records.create_schema()
    index(
        documents,
        records,
        store,
        batch_size=len(documents),
        cleanup="full",
        source_id_key="id",
        key_encoder="sha256",
    )
    store.save_local(str(folder))
    words = BM25Retriever.from_documents(documents, k=_DEPTH)
    (folder / _WORDS).write_bytes(pickle.dumps(words))
