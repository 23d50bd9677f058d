"""What a module must offer to be measured, and which modules there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from evals.bench.peers.workload import Workload

Search = Callable[[str, int], list[str]]
"""Question and number of results in; ids of texts out, best first."""

Answer = Callable[[str], str]
"""Question in; the words of the best answer out."""


class System(Protocol):
    """Each function is timed by itself; what ``load`` gives is handed to the others."""

    def load(self, work: Workload) -> Any:
        """Load the model."""

    def build(self, model: Any, work: Workload, folder: Path) -> None:
        """Index all texts, and save what a later process needs in ``folder``."""

    def update(self, model: Any, work: Workload, folder: Path) -> None:
        """Bring the saved index up to date with ``work.changed``, and save it."""

    def open_search(self, model: Any, folder: Path) -> Search:
        """Open the saved index for searching."""


class Answering(System, Protocol):
    """A system that gives answers too."""

    def open_answer(self, model: Any, folder: Path, work: Workload) -> Answer:
        """Open the saved index, with a reader of the weights ``work.reader`` behind its search."""


@dataclass(frozen=True, slots=True)
class Described:
    """A system's module, its name in tables, and the packages whose versions matter.

    ``ours`` says whether it runs in Dalil's own environment; ``indexes`` is False for one that
    searches what another one's ``build`` makes, and so needs no timing of it; ``answers`` is True
    for one that has ``open_answer``.
    """

    module: str
    name: str
    packages: tuple[str, ...]
    ours: bool = False
    indexes: bool = True
    answers: bool = False

    def open(self) -> System:
        """Import the module; what it needs must be installed where this runs."""
        return cast(System, import_module(f"evals.bench.peers.{self.module}"))


_BELOW = ("sentence-transformers", "transformers", "torch")

SYSTEMS = {
    described.module: described
    for described in (
        Described("plain", "sentence-transformers + FAISS", ("faiss-cpu", *_BELOW)),
        Described(
            "langchain",
            "LangChain (FAISS + BM25)",
            ("langchain-classic", "langchain-community", "langchain-huggingface", "rank-bm25"),
        ),
        Described(
            "llamaindex",
            "LlamaIndex (vectors + BM25)",
            ("llama-index-core", "llama-index-embeddings-huggingface", "bm25s"),
        ),
        Described(
            "haystack",
            "Haystack (in memory)",
            ("haystack-ai", "sentence-transformers-haystack", "transformers-haystack"),
            answers=True,
        ),
        Described("txtai", "txtai (hybrid)", ("txtai", "faiss-cpu"), answers=True),
        Described("dalil", "Dalil, whole paragraphs", ("faiss-cpu", "bm25s", *_BELOW), ours=True),
        Described("dalil_cut", "Dalil, as it cuts passages", (), ours=True),
        Described(
            "dalil_reader", "Dalil with its reader", (), ours=True, indexes=False, answers=True
        ),
    )
}
