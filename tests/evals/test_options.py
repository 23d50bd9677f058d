"""Options of ``dalil eval`` and of the training that would do nothing are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corpus.errors import DalilError
from evals import generation
from evals.options import check_options
from evals.outcomes import Outcome
from evals.reader_training.__main__ import main as training
from tests.evals.doubles import write_squad

Dalil = Callable[..., Result]
SERVER = "http://127.0.0.1:1/v1"
NOTHING: dict[str, object] = {
    "--generator": None, "--questions": None, "--from-feedback": False, "--index": None,
    "--suite": None, "--out": None, "--against": None, "--answers": None, "--keep": None,
}  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ("--suite", "quick"),
        ("--suite", "full"),
        ("--out", "runs"),
        ("--against", "runs"),
        ("--index", "an.index"),
        ("--questions", "mine.csv"),
        ("--from-feedback",),
    ],
)
def test_what_does_nothing_with_a_generator_is_refused(
    dalil: Dalil, words: tuple[str, ...]
) -> None:
    result = dalil("eval", "--generator", SERVER, *words)
    assert result.exit_code == 2
    assert f"{words[0]} does nothing with --generator." in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("words", [("--answers", "3"), ("--keep", "kept.jsonl")])
def test_what_does_nothing_without_a_generator_is_refused(
    dalil: Dalil, words: tuple[str, ...]
) -> None:
    result = dalil("eval", *words)
    assert result.exit_code == 2
    assert f"{words[0]} does nothing without --generator." in result.stderr
    assert "dalil eval --generator" in result.stderr


def test_every_refusal_has_a_hint_and_what_fits_has_none() -> None:
    refused: list[tuple[str, dict[str, object]]] = [
        ("ab", {"--generator": SERVER}),
        ("", {"--generator": SERVER, "--out": Path("x")}),
        ("", {"--answers": 3}),
        ("a", {"--questions": Path("x"), "--index": Path("y")}),
        ("a", {"--from-feedback": True}),
        ("", {"--index": Path("y")}),
    ]
    for datasets, given in refused:
        with pytest.raises(DalilError) as said:
            check_options(datasets, NOTHING | given)
        assert said.value.hint
    check_options("", NOTHING)
    check_options("ab", NOTHING | {"--suite": "full", "--out": Path("x"), "--against": Path("y")})
    check_options("a", NOTHING | {"--generator": SERVER, "--answers": 3, "--keep": Path("x")})
    check_options("", NOTHING | {"--from-feedback": True, "--index": Path("y")})


class _Asked(Exception):  # noqa: N818
    """Ends a run where its questions are known."""


def test_a_sample_is_honoured_with_a_generator(
    dalil: Dalil, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def end(_: object, dataset: Any, __: object) -> None:
        asked.append(dataset)
        raise _Asked

    monkeypatch.setattr(generation, "open_bench", end)
    monkeypatch.setattr(generation, "generator_of", lambda _: None)
    result = dalil(
        "eval", "--generator", SERVER, "--dataset", write_squad(tmp_path), "--sample", "2"
    )
    assert isinstance(result.exception, _Asked)
    assert len(asked[0].questions) == 2


def test_training_begins_with_no_end_that_is_not_there(tmp_path: Path) -> None:
    start = tmp_path / "none"
    ran = CliRunner().invoke(training, ["train", "--work", str(tmp_path), "--start", str(start)])
    assert ran.exit_code == 1
    assert f"There is no checkpoint in {start}." in ran.output


def test_what_was_saved_without_what_was_typed_is_still_an_outcome() -> None:
    assert Outcome("1", "س؟", (), {}, False, 0.1, "", (), ()).typed == ()
