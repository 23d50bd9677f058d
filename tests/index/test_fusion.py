import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import fuse

SCORES = st.lists(
    st.tuples(st.floats(-1, 1, width=32), st.floats(0, 30, width=32)), min_size=1, max_size=20
)


def arrays(pairs: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    dense, lexical = zip(*pairs, strict=True)
    return np.array(dense, dtype=np.float32), np.array(lexical, dtype=np.float32)


@given(SCORES, st.floats(-1, 1), st.floats(0, 1))
def test_scores_stay_between_nought_and_one(
    pairs: list[tuple[float, float]], floor: float, weight: float
) -> None:
    fused = fuse(*arrays(pairs), floor, weight)
    assert fused.shape == (len(pairs),)
    assert float(fused.min()) >= 0
    assert float(fused.max()) <= 1 + 1e-6


@given(SCORES, st.floats(0, 1))
def test_better_in_both_is_never_worse(pairs: list[tuple[float, float]], weight: float) -> None:
    dense, lexical = arrays(pairs)
    fused = fuse(dense, lexical, -1.0, weight)
    for i in range(len(pairs)):
        for j in range(len(pairs)):
            if dense[i] >= dense[j] and lexical[i] >= lexical[j]:
                assert fused[i] >= fused[j]


def test_by_hand() -> None:
    dense = np.array([0.9, 0.8, 0.7], dtype=np.float32)
    lexical = np.array([0.0, 4.0, 2.0], dtype=np.float32)
    fused = fuse(dense, lexical, floor=0.7, weight=0.5)
    np.testing.assert_allclose(fused, [0.5, 0.75, 0.25], atol=1e-6)


def test_no_candidates_and_no_shared_word() -> None:
    nothing = np.empty(0, dtype=np.float32)
    assert fuse(nothing, nothing, 0.0).shape == (0,)
    only = fuse(np.array([0.5], np.float32), np.array([0.0], np.float32), 0.5)
    assert only.tolist() == [0.0]
