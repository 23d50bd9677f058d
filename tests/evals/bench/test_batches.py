import pytest

from evals.bench.batches import padding, ways


def test_padding_is_what_the_longest_text_of_a_batch_adds() -> None:
    assert padding([[0, 1], [2]], [10, 5, 7]) == pytest.approx(5 / 22)
    assert padding([[0], [1], [2]], [10, 5, 7]) == 0


def test_every_way_takes_every_text_once() -> None:
    texts = ["ا" * (number % 17 + 1) for number in range(80)]
    lengths = [len(text) * 20 for text in texts]
    for batches in ways(texts, lengths).values():
        assert sorted(place for batch in batches for place in batch) == list(range(80))


def test_smaller_batches_of_like_lengths_are_padded_less() -> None:
    lengths = [number * 3 for number in range(1, 150)]
    texts = ["ا" * length for length in lengths]
    shares = {name: padding(batches, lengths) for name, batches in ways(texts, lengths).items()}
    assert shares["512 tokens"] < shares["2048 tokens"] < shares["8192 tokens"]
