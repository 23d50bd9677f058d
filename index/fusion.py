"""One score from two searches."""

import numpy as np
from numpy.typing import NDArray

DENSE_WEIGHT = 0.5
"""Share of the dense score; from ``python -m evals.retrieval`` on the development sets."""


def fuse(
    dense: NDArray[np.float32],
    lexical: NDArray[np.float32],
    floor: float,
    weight: float = DENSE_WEIGHT,
) -> NDArray[np.float32]:
    """Convex combination of the two scores of the same candidates, shape ``(n,)``, in 0..1.

    Lexical scores are scaled from 0 to the best candidate's; dense scores from ``floor``, the mean
    cosine of the query with the whole collection, since cosines of this family crowd near the top.
    The result does not depend on how many candidates there are.
    """
    if len(dense) == 0:
        return np.zeros(0, dtype=np.float32)
    by_meaning = _scale(dense, floor)
    by_words = _scale(lexical, 0.0)
    return np.asarray(weight * by_meaning + (1 - weight) * by_words, dtype=np.float32)


def _scale(scores: NDArray[np.float32], floor: float) -> NDArray[np.float32]:
    span = float(scores.max()) - floor
    if span <= 1e-6:
        return np.zeros_like(scores)
    return np.asarray(np.clip((scores - floor) / span, 0.0, 1.0), dtype=np.float32)
