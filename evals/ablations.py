"""What each part of the search is worth: the same questions, ranked by fewer parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from corpus.terms import stems, words
from evals.collections import Collection
from evals.outcomes import System, Track, rank_all
from index.hit import Hit
from index.search import SearchIndex
from index.text import indexed_text

Search = Callable[[str, int], list[Hit]]


def raw_words(text: str) -> list[str]:
    """What a program sees that knows nothing of Arabic: words between spaces, bare of signs."""
    return [word for part in text.split() if (word := part.strip(_SIGNS))]


_SIGNS = ".,:;!?()[]{}«»\"'،؛؟…-–—"

TOKENISERS: dict[str, Callable[[str], list[str]]] = {
    "BM25, raw words": raw_words,
    "BM25, normalised words": words,
    "BM25, light stems": stems,
}


def ablations(
    collection: Collection, system: System, track: Track
) -> Iterator[tuple[str, dict[str, list[float]]]]:
    """For each stage its name and the ranking measures, one value for each question."""
    ordered = system.pipeline(collection.index).search
    for name, search in [*stages(collection.index), ("fused, in the reader's order", ordered)]:
        found = rank_all(collection, search, track)
        if found:
            measures = next(iter(found.values()))
            yield name, {m: [scores[m] for scores in found.values()] for m in measures}


def stages(index: SearchIndex) -> Iterator[tuple[str, Search]]:
    """Rankings by single parts of the search, then by the whole."""
    yield "dense", partial(index.search, weight=1.0)
    for name, tokenise in TOKENISERS.items():
        yield name, bm25_search(index, tokenise)
    yield "BM25, stems, exact words and parts", partial(index.search, weight=0.0)
    yield "fused", index.search


def bm25_search(
    index: SearchIndex, tokenise: Callable[[str], list[str]], k1: float = 1.5, b: float = 0.75
) -> Search:
    """BM25 over the index's passages with another tokeniser."""
    import bm25s

    passages = index.generation.store.passages_at(np.arange(len(index.vectors)))
    engine = bm25s.BM25(method="lucene", k1=k1, b=b)
    engine.index([tokenise(indexed_text(p)) or ["\0"] for p, _ in passages], show_progress=False)

    def search(query: str, limit: int) -> list[Hit]:
        known = [term for term in tokenise(query) if term in engine.vocab_dict]
        if not known:
            return []
        scores = engine.get_scores(known)
        best = np.argsort(-scores, kind="stable")[:limit]
        found = ((passages[row], float(scores[row])) for row in best if scores[row] > 0)
        return [Hit(p, source, score, 0.0, score) for (p, source), score in found]

    return search
