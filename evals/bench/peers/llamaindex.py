"""LlamaIndex: its own vector store and BM25 with an Arabic stemmer, under a fusion retriever.

Not its FAISS stores: one cannot delete, and the other gives a new row the number of an old one
once a row was deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.bench.peers.system import Search
from evals.bench.peers.workload import BATCH, PASSAGE, QUERY, Workload

_WORDS, _DEPTH = "bm25", 10


def load(work: Workload) -> Any:
    """Its embedding class, told what to put before passages and before queries."""
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return HuggingFaceEmbedding(
        model_name=work.model,
        query_instruction=QUERY,
        text_instruction=PASSAGE,
        embed_batch_size=BATCH,
        device="cpu",
    )


def build(model: Any, work: Workload, folder: Path) -> None:
    """One node for each text, none of them split."""
    from llama_index.core import VectorStoreIndex

    _save(VectorStoreIndex(_nodes(work.texts), embed_model=model), folder)


def update(model: Any, work: Workload, folder: Path) -> None:
    """Delete and insert what changed; BM25 is built anew."""
    index = _opened(model, folder)
    index.delete_nodes(list(work.changed), delete_from_docstore=True)
    index.insert_nodes(_nodes(work.changed))
    _save(index, folder)


def open_search(model: Any, folder: Path) -> Search:
    """Both retrievers, ten results each, fused by rank; no language model rewrites the query."""
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.retrievers.bm25 import BM25Retriever
    from Stemmer import Stemmer

    words = BM25Retriever.from_persist_dir(str(folder / _WORDS))
    words.stemmer = Stemmer("arabic")  # is not kept with the rest
    both = QueryFusionRetriever(
        [_opened(model, folder).as_retriever(similarity_top_k=_DEPTH), words],
        llm=MockLLM(),
        num_queries=1,
        mode="reciprocal_rerank",
        similarity_top_k=_DEPTH,
        use_async=False,
    )

    def search(query: str, limit: int) -> list[str]:
        return [found.node.node_id for found in both.retrieve(query)[:limit]]

    return search


def _nodes(texts: Mapping[str, str]) -> list[Any]:
    from llama_index.core.schema import TextNode

    return [TextNode(id_=name, text=text) for name, text in texts.items()]


def _opened(model: Any, folder: Path) -> Any:
    from llama_index.core import StorageContext, load_index_from_storage

    context = StorageContext.from_defaults(persist_dir=str(folder))
    return load_index_from_storage(context, embed_model=model)


def _save(index: Any, folder: Path) -> None:
    from llama_index.retrievers.bm25 import BM25Retriever
    from Stemmer import Stemmer

    index.storage_context.persist(persist_dir=str(folder))
    words = BM25Retriever.from_defaults(
        docstore=index.docstore, stemmer=Stemmer("arabic"), similarity_top_k=_DEPTH
    )
    words.persist(str(folder / _WORDS))
