"""What every generator keeps to: the real server of llama.cpp, and transformers in this process.

Both run gemma-3-270m, a weak base model: what it says is of no matter here.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa.generator import Generator, GeneratorError, Message
from qa.generators import load_generator
from qa.settings import load_settings
from tests.generation import known, none_at_work

WORDS = 20
ASKED = (
    Message("system", "أجب عن السؤال بجملة واحدة."),
    Message("user", "السؤال: ما عاصمة فرنسا؟"),
    Message("assistant", "عاصمة فرنسا باريس."),
    Message("user", "السؤال: ما عاصمة مصر؟"),
)


@pytest.fixture(scope="module", params=["server", "local"])
def generator(request: pytest.FixtureRequest, gemma: Path) -> Generator:
    named = request.getfixturevalue("llama") if request.param == "server" else str(gemma)
    settings = load_settings(
        generator=named, generator_words=WORDS, generator_wait=120, generator_seconds=240
    )
    found = load_generator(settings)
    assert found
    return found


def written(generator: Generator) -> str:
    return "".join(known(generator).write(ASKED))


@pytest.fixture(scope="module")
def whole(generator: Generator) -> str:
    """What it writes when nobody stops it."""
    pieces = list(known(generator).write(ASKED))
    assert all(pieces)
    assert 2 <= len(pieces) <= WORDS
    return "".join(pieces)


def test_several_may_ask_at_once_and_each_is_told_the_same(
    generator: Generator, whole: str
) -> None:
    assert whole.strip()
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: written(generator), range(2))) == [whole] * 2


def test_it_is_called_by_the_models_name(generator: Generator, whole: str) -> None:  # noqa: ARG001
    assert generator.name == "gemma-3-270m-q4_k_m.gguf"


def test_it_ends_when_it_is_stopped_and_leaves_no_thread(generator: Generator, whole: str) -> None:
    got: list[str] = []
    for piece in known(generator).write(ASKED, lambda: bool(got)):
        got.append(piece)
    assert got
    assert whole.startswith("".join(got))
    assert len("".join(got)) < len(whole)
    assert list(known(generator).write(ASKED, lambda: True)) == []
    assert none_at_work()


def test_one_that_is_left_amid_its_answer_leaves_no_thread(
    generator: Generator, whole: str
) -> None:
    for _ in range(2):
        pieces = known(generator).write(ASKED)
        assert whole.startswith(next(pieces))
        pieces.close()  # type: ignore[attr-defined]
        assert none_at_work()


def test_what_is_longer_than_its_context_is_an_error_in_words(
    generator: Generator, whole: str
) -> None:
    long = Message("user", "ما عاصمة مصر؟ " * 12_000)
    with pytest.raises(GeneratorError, match="longer than") as error:
        list(known(generator).write([long]))
    assert "أطول" in error.value.arabic
    assert whole.startswith(next(known(generator).write(ASKED)))
