"""The support check's own set: its form, its balance, and how far the check must hold on it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from evals import support
from evals.support import (
    HALVES,
    SUPPORT_SET,
    Case,
    Judged,
    as_text,
    judge,
    load_cases,
    open_index,
    share,
)
from index.embedder import Embedder
from index.progress import Silent
from qa.readers import make_reader
from qa.settings import load_settings
from qa.support import Support

SHA256 = "7a671e746065f5523ca96438a4eefd95cc81955b981161214b6805632fe0391b"
"""A changed case makes earlier figures incomparable: say so in the changelog, then renew."""
LEAST_KEPT = 0.8
_UNSUPPORTED = {
    "figure", "other_figure", "roles", "name", "negated", "unnegated", "quantifier", "added",
    "outside", "date", "unit", "wrong_passage", "echo", "injection", "consensus", "cause", "hedge",
    "other_subject",
}  # fmt: skip
_SUPPORTED = {
    "verbatim", "trimmed", "reordered", "paraphrase", "spelling", "digits", "pronoun", "merged",
}  # fmt: skip


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return load_cases()


def test_the_cases_are_frozen() -> None:
    assert sha256(SUPPORT_SET.read_bytes()).hexdigest() == SHA256


def test_each_half_has_enough_of_both_sorts(cases: list[Case]) -> None:
    counts = Counter((case.half, case.supported) for case in cases)
    assert set(counts) == {(half, supported) for half in HALVES for supported in (True, False)}
    assert min(counts.values()) >= 100
    assert 0.4 <= sum(case.supported for case in cases) / len(cases) <= 0.6


def test_kinds_are_what_they_are_called(cases: list[Case]) -> None:
    for case in cases:
        assert case.kind in (_SUPPORTED if case.supported else _UNSUPPORTED), case.id
    for kind in _UNSUPPORTED | _SUPPORTED:
        assert {case.half for case in cases if case.kind == kind} == set(HALVES), kind


def test_no_case_comes_twice_and_the_halves_share_no_subject(cases: list[Case]) -> None:
    assert len({case.id for case in cases}) == len(cases)
    assert len({(case.passage, case.question, case.sentence) for case in cases}) == len(cases)
    dev, test = ({case.passage for case in cases if case.half == half} for half in HALVES)
    assert dev.isdisjoint(test)


def test_the_test_half_is_held(model: Embedder, tmp_path: Path) -> None:
    """Nothing that the passage does not say is shown, and most of what it says is."""
    some = load_cases("test")
    reader = make_reader(load_settings())
    judged = list(judge(some, open_index(some, model, tmp_path, Silent()), reader))
    assert [one.case.id for one in judged if one.passed and not one.case.supported] == []
    kept = [one.passed for one in judged if one.case.supported]
    assert sum(kept) / len(kept) >= LEAST_KEPT


def test_figures_are_told_by_half_and_kind(cases: list[Case]) -> None:
    one = next(case for case in cases if case.supported)
    other = replace(one, supported=False, kind="name")
    said = as_text([Judged(one, Support((0, 9))), Judged(other, Support(None, "words"))])
    assert f"| {one.half} | {one.kind} | 1 | 100.0 [20.7, 100.0] |" in said
    assert f"| {one.half} | name | 1 | 0.0 [0.0, 79.3] |" in said


@pytest.mark.parametrize(
    ("found", "n", "low", "high"), [(0, 154, 0, 0.0243), (113, 129, 0.808, 0.922), (5, 5, 0.566, 1)]
)
def test_shares_have_wilson_intervals(found: int, n: int, low: float, high: float) -> None:
    got = share([True] * found + [False] * (n - found))
    assert (got.value, got.n) == (found / n, n)
    assert got.low == pytest.approx(low, abs=0.001)
    assert got.high == pytest.approx(high, abs=0.001)


def test_the_command_prints_figures_of_both_halves_and_wrong_verdicts_of_one(
    cases: list[Case], tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("CACHE", tmp_path), ("READER", "sentences"), ("EMBEDDER", tiny_model)):
        monkeypatch.setenv(f"DALIL_{name}", str(value))
    few = [case for case in cases if case.id.startswith(("library-0", "salt-0"))]
    monkeypatch.setattr(support, "load_cases", lambda: few)
    done = CliRunner().invoke(support.main, ["--json", "--wrong", "test"], catch_exceptions=False)
    found = json.loads(done.stdout)
    assert {row["half"] for row in found["support"]} == set(HALVES)
    assert sum(row["n"] for row in found["support"]) == len(few)
    assert all(line.startswith("salt-") for line in found["wrong"])
