import random
from pathlib import Path

from evals.hardening.flips import run_flips
from evals.hardening.flips_harms import Harm, harms


def test_damage_in_every_kind_of_file_is_found_and_named(tmp_path: Path) -> None:
    found = list(run_flips(tmp_path, flips=0, mended=40, real=0, seed=8, share=0.15))
    assert len(found) >= 60
    assert [f"{where}, {harm}: {wrong}" for where, harm, _, wrong in found if wrong] == []
    assert {where for where, *_ in found} >= {"index", "index, as if large", "model folder"}


def test_a_harm_is_what_it_says_and_can_be_undone(tmp_path: Path) -> None:
    whole, folder = tmp_path / "whole", tmp_path / "folder"
    for one in (whole, folder):
        one.mkdir()
        (one / "a.bin").write_bytes(b"0123456789")
    todo = harms(folder, 3, random.Random(1))
    for harm in todo:
        harm.do(folder)
        assert [path.read_bytes() for path in sorted(folder.iterdir())] != [b"0123456789"], harm
        harm.undo(folder, whole)
        assert [path.read_bytes() for path in folder.iterdir()] == [b"0123456789"], harm
    assert Harm("a.bin", "flip", 9, 1) not in todo or len(todo) == 10
