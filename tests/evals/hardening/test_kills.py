from pathlib import Path

import pytest

from evals.hardening.kills import run_kills
from evals.hardening.kills_builder import STAGES
from evals.hardening.kills_disturbed import disturbances


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="builders are forked")
def test_an_index_survives_kills_in_every_stage(tmp_path: Path) -> None:
    names = ("add", "graph built anew")
    tally = run_kills(tmp_path, 13, 2, 0, 4, 0, seed=8, names=names, count=45)
    assert tally.lost == []
    assert tally.kinds.keys() >= {*STAGES, "a moment", "cache", "conversations"}
    assert tally.kinds.total() >= 20


def test_what_is_disturbed_ends_in_words_and_loses_nothing(tmp_path: Path) -> None:
    found = disturbances(tmp_path, seed=8, share=0.1)
    assert [f"{kind}, {name}: {lost}" for kind, name, end in found if (lost := end())] == []
