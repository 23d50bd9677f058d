"""The quick form of the fuzzer, and that it notices what it looks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest

from corpus.children import BrokenOffError
from corpus.errors import UnreadableFileError
from evals.hardening import fuzz, fuzz_judging
from evals.hardening.fuzz_bombs import bombs
from evals.hardening.fuzz_files import MUTATIONS, damaged
from evals.hardening.fuzz_judging import Maker, Work, judged
from evals.hardening.fuzz_seeds import seeds

QUICK = [target for target in fuzz._SHARES if target not in ("pipeline", "requests", "index")]


def test_nothing_breaks_in_a_quick_run() -> None:
    counts = fuzz.plan(400, QUICK)
    assert sum(counts.values()) == 400
    said: list[str] = []
    tallies = {target: fuzz.run(target, 1, range(count)) for target, count in counts.items()}
    faults = [fault for tally in tallies.values() for fault in tally.faults]
    assert faults == []
    fuzz.conclude(tallies, said.append)
    assert said[0].startswith("fuzz: 400 cases, 0 crashes, 0 hangs, ")
    for suffix in MUTATIONS:
        ends = tallies[f"reader{suffix}"].endings
        assert ends["read"] + ends["refused"] == ends.total()


def test_the_whole_is_as_large_as_asked_and_holds_each_bomb() -> None:
    counts = fuzz.plan(20_000, tuple(fuzz._TARGETS))
    assert sum(counts.values()) == 20_000
    assert counts["bombs"] == len(bombs())
    assert set(counts) == set(fuzz._TARGETS)


def raising(error: BaseException) -> Work:
    def work() -> None:
        raise error

    return work


def spinning() -> None:
    while True:
        pass


@pytest.mark.parametrize(
    ("work", "ending"),
    [
        (lambda: None, "read"),
        (raising(UnreadableFileError("No.", "Go.", arabic="لا.")), "refused"),
        (raising(UnreadableFileError("No.")), "crash"),
        (raising(BrokenOffError("time", "x")), "stopped"),
        (raising(BrokenOffError("crash", "x")), "crash"),
        (raising(RecursionError()), "crash"),
        (spinning, "hang"),
    ],
)
def test_every_end_is_noticed(work: Work, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz_judging, "HANG", 0.2)
    assert judged("x 1", work).ending == ending


def test_a_fault_fails_the_run_and_says_how_to_run_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @contextmanager
    def faulty() -> Iterator[Maker]:
        yield lambda _random, number: raising(KeyError("broken")) if number == 3 else (lambda: None)

    monkeypatch.setattr(fuzz, "_TARGETS", {"faulty": faulty})
    said: list[object] = []
    tallies = {"faulty": fuzz.run("faulty", 1, range(5))}
    fuzz.show(tallies, said.append)
    assert not fuzz.conclude(tallies, said.append)
    assert "--only faulty --case 3" in str(said[1])
    assert "broken" in str(said[1])


@pytest.mark.parametrize("suffix", MUTATIONS)
def test_a_case_is_made_of_its_seed_alone(suffix: str) -> None:
    assert seeds()[suffix]
    assert damaged(Random("1"), suffix) == damaged(Random("1"), suffix)
