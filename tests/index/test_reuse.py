import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.reuse import Reuse

KEYS = st.lists(st.sampled_from("abcdefg"), max_size=12)


@given(KEYS, KEYS)
def test_rows_of_equal_keys_meet(before: list[str], now: list[str]) -> None:
    reuse = Reuse.of(before, now)
    assert [before[row] if row >= 0 else None for row in reuse.taken] == [
        key if key in before else None for key in now
    ]
    moved = reuse.moved[reuse.moved >= 0]
    assert (
        len(set(moved)) == len(moved) == sum(min(before.count(k), now.count(k)) for k in set(now))
    )
    assert all(now[new] == before[old] for old, new in enumerate(reuse.moved) if new >= 0)
    assert sorted([*moved, *reuse.new]) == list(np.arange(len(now)))
