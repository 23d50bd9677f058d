from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.batches import token_batches


@given(st.lists(st.integers(0, 600)), st.integers(1, 2_000))
def test_batches_hold_every_text_once_within_the_budget(lengths: list[int], tokens: int) -> None:
    batches = list(token_batches(lengths, tokens))
    assert sorted(place for batch in batches for place in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or max(lengths[i] for i in batch) * len(batch) <= tokens


@given(st.lists(st.integers(1, 600), min_size=2), st.integers(1, 2_000))
def test_like_lengths_go_together_and_no_batch_ends_early(lengths: list[int], tokens: int) -> None:
    batches = list(token_batches(lengths, tokens))
    for before, after in pairwise(batches):
        assert min(lengths[i] for i in before) >= max(lengths[i] for i in after)
        assert lengths[before[0]] * (len(before) + 1) > tokens


def test_nothing_makes_no_batch() -> None:
    assert list(token_batches([])) == []
