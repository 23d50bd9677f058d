"""Vectors for a million passages in minutes: real ones for some, and beyond them real ones of the
passages' sentences, mixed and perturbed.

A passage of the benchmark is made of known sentences. Its vector is a linear function of the mean
of their real vectors, plus noise. The function and the noise's covariance are fitted to passages
whose real vectors are known, so that made vectors lie about as real ones do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.calendar import one_month_name
from index.embedder import Embedder, Vectors
from index.text import searched_text

_HELD_OUT = 0.2
_AT_ONCE = 200


@dataclass(frozen=True)
class MadeVectors:
    """An ``Embedder`` of the benchmark's texts alone; equal texts have equal vectors.

    ``known`` are real vectors of passages, ``sentences`` those of sentences, ``queries`` those of
    questions, each by text. ``slope`` has shape ``(dim + 1, dim)``, its last row is the constant;
    ``spread`` of shape ``(dim, dim)`` turns standard normal numbers into noise.
    """

    name: str
    dim: int
    known: Mapping[str, Vectors]
    sentences: Mapping[str, Vectors]
    queries: Mapping[str, Vectors]
    slope: NDArray[np.float64]
    spread: NDArray[np.float64]

    @property
    def fingerprint(self) -> str:
        """Another one for vectors made otherwise."""
        return sha256(self.slope.tobytes() + self.spread.tobytes()).hexdigest()[:12]

    @classmethod
    def fit(
        cls,
        model: Embedder,
        passages: Sequence[str],
        sentences: Sequence[str],
        questions: Sequence[str],
    ) -> Self:
        """Embed these with ``model`` and fit the rest to them; every line of ``passages`` must be
        among ``sentences``.
        """
        known = _embedded(passages, model.embed_passages)
        lines = [one_month_name(sentence) for sentence in sentences]
        parts = _embedded(lines, model.embed_passages)
        asked = [question for question in questions if searched_text(question) == question]
        queries = _embedded(asked, model.embed_queries)
        mixed = np.stack([_mean(text, parts) for text in passages])
        real = np.stack([known[text] for text in passages])
        slope, spread = _fitted(mixed, real)
        return cls(model.name, model.dim, known, parts, queries, slope, spread)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Real vectors of the benchmark's questions; raises KeyError for others."""
        return np.stack([self.queries[text] for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Real vectors where they are known, made ones elsewhere, shape ``(n, dim)``."""
        return np.stack([self.known[t] if t in self.known else self._made(t) for t in texts])

    def _made(self, text: str) -> Vectors:
        seed = int.from_bytes(sha256(text.encode()).digest()[:8], "little")
        noise = self.spread @ np.random.default_rng(seed).standard_normal(self.dim)
        vector = np.append(_mean(text, self.sentences), 1.0) @ self.slope + noise
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def likeness(self) -> dict[str, float]:
        """How alike real and made vectors of the same passages are: medians of cosines.

        ``own`` is of a passage's two vectors; ``nearest_real`` and ``nearest_made`` are of each
        passage and the nearest other one, in either kind.
        """
        texts = list(self.known)[:2_000]
        real = np.stack([self.known[text] for text in texts])
        made = np.stack([self._made(text) for text in texts])
        return {
            "own": float(np.median((real * made).sum(axis=1))),
            "nearest_real": _nearest(real),
            "nearest_made": _nearest(made),
        }

    def save(self, path: Path) -> None:
        """Write into one file."""
        texts = {
            f"{name}_texts": np.array(list(some), dtype=np.str_) for name, some in self._named()
        }
        vectors = {name: np.stack(list(some.values())) for name, some in self._named()}
        fitted = {"slope": self.slope, "spread": self.spread, "name": np.array(self.name)}
        np.savez(path, allow_pickle=False, **texts, **vectors, **fitted)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what ``save`` wrote."""
        with np.load(path) as kept:
            known, sentences, queries = (
                dict(zip(kept[f"{name}_texts"].tolist(), kept[name], strict=True))
                for name in ("known", "sentences", "queries")
            )
            slope, spread = kept["slope"], kept["spread"]
            name, dim = str(kept["name"]), slope.shape[1]
        return cls(name, dim, known, sentences, queries, slope, spread)

    def _named(self) -> list[tuple[str, Mapping[str, Vectors]]]:
        return [("known", self.known), ("sentences", self.sentences), ("queries", self.queries)]


def _embedded(
    texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]
) -> dict[str, Vectors]:
    """Vectors by text, a few hundred at a time, so that a model that remembers can go on."""
    found: dict[str, Vectors] = {}
    for first in range(0, len(texts), _AT_ONCE):
        some = texts[first : first + _AT_ONCE]
        found |= zip(some, embed(some), strict=True)
    return found


def _mean(text: str, sentences: Mapping[str, Vectors]) -> NDArray[np.float64]:
    """The mean of the sentences' vectors by their lengths, shape ``(dim,)``."""
    lines = text.split("\n")
    weights = [len(line) for line in lines]
    return np.average([sentences[line] for line in lines], axis=0, weights=weights)


def _fitted(
    mixed: NDArray[np.float64], real: Vectors
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least squares from ``mixed`` to ``real``, and what its errors on held-out rows look like."""
    known = np.column_stack((mixed, np.ones(len(mixed))))
    first_held_out = max(1, round((1 - _HELD_OUT) * len(real)))
    ridge = 1e-3 * np.eye(known.shape[1])
    fitting, target = known[:first_held_out], real[:first_held_out]
    slope = np.linalg.solve(fitting.T @ fitting + ridge, fitting.T @ target).astype(np.float64)
    errors = real[first_held_out:] - known[first_held_out:] @ slope
    covariance = errors.T @ errors / max(1, len(errors))
    values, directions = np.linalg.eigh(covariance)
    return slope, directions * np.sqrt(np.clip(values, 0, None))


def _nearest(vectors: Vectors) -> float:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    return float(np.median(cosines.max(axis=1)))
