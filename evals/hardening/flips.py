"""Damage every file of an index, and see that it is noticed: ``python -m evals.hardening.flips``.

Each harm by itself: bytes flipped, the first, the last and others anywhere; an end that is lost; a
file emptied, missing, added. ``dalil index --check`` must name the file, opening and asking must
end in words or in the answers of the whole index, and the command that is named must mend it. The
same is done again with files above 2,000 bytes treated as those are which are too large to be
hashed at each opening: what is not noticed at once may change the order of hits, never a text.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from evals.hardening.flips_found import Damaged, Large, outcomes
from evals.hardening.flips_harms import Harm, harms
from evals.hardening.kills_builder import QuickEmbedder, preload
from evals.hardening.kills_cases import Case, answers, prepared
from evals.hardening.kills_folders import convert, fill
from index.cached_folder import cached_folder, cached_folders, is_whole
from index.check import check_models

_USUAL, _AS_IF_LARGE = Large(), Large(2_000, 40)

Found = tuple[str, Harm, str, str]
"""Where, what was done, how opening and asking ended, and what is wrong: empty where nothing is."""


def _of_index(
    case: Case, flips: int, mended: int, large: Large, share: float, dice: random.Random
) -> Iterator[Found]:
    """Harms to an index that has grown a graph; every ``mended``-th is mended as people would."""
    folder = case.folder / f"flipped-{large.small}"
    whole = folder / "whole.index"
    with large.held():
        case.work.run(case.fresh(whole))
    todo = _some(harms(whole, flips, dice, without=(".lock",)), share, dice)
    mend = {i for i, harm in enumerate(todo) if harm.kind == "missing" or i % mended == 0}
    damaged = Damaged(whole, folder / "an.index", case.work, large)
    where = "index" if large == _USUAL else "index, as if large"
    for harm, outcome in zip(todo, outcomes(damaged, todo, mend), strict=True):
        yield where, harm, outcome.met, outcome.wrong


def _some(todo: list[Harm], share: float, dice: random.Random) -> list[Harm]:
    return todo if share == 1 else sorted(dice.sample(todo, round(share * len(todo))), key=str)


def _of_pending(case: Case, flips: int, dice: random.Random) -> Iterator[Found]:
    """Harms to what a killed build left: the next one must not trust it."""
    target, right = case.folder / "an.index", answers(case.after, QuickEmbedder())
    for harm in harms(case.before, flips, dice):
        if harm.name == "pending.sqlite":
            harm.do(case.fresh(target))
            case.work.run(target)
            same = answers(target, QuickEmbedder()) == right
            wrong = "" if same else "the next build takes damaged vectors over"
            yield "vectors of a killed build", harm, "same answers", wrong


def _of_model(cache: Path, flips: int, count: int | None, dice: random.Random) -> Iterator[Found]:
    """Harms to the folders of a cache, all or ``count`` of them."""
    shutil.copytree(cache, whole := cache.with_name(f"{cache.name}-whole"))
    todo = [
        harm for harm in harms(cache, flips, dice, without=("added.pickle",)) if "/" in harm.name
    ]
    if count is not None:
        todo = sorted(dice.sample(todo, min(count, len(todo))), key=str)
    for harm in todo:
        harm.do(cache)
        folder = cache / Path(harm.name).parts[0]
        named = any(str(cache / harm.name) in fault for fault in check_models(cache))
        named |= folder not in cached_folders(cache)  # then it is made again
        met = "found by --check alone" if is_whole(folder) else "made again"
        yield "model folder", harm, met, "" if named else "--check does not name it"
        harm.undo(cache, whole)


def run_flips(
    folder: Path, flips: int, mended: int, real: int, seed: int, share: float = 1
) -> Iterator[Found]:
    """All harms, or a ``share`` of those to an index, in the new ``folder``."""
    dice = random.Random(seed)
    preload()
    case = prepared("graph grows", folder / "case", 60)
    yield from _of_index(case, flips, mended, _USUAL, share, dice)
    yield from _of_index(case, flips, mended, _AS_IF_LARGE, share, dice)
    yield from _of_pending(prepared("after a killed build", folder / "killed", 60), flips, dice)
    cached_folder(folder / "cache" / "model", {"converter": 1}, fill)
    with _AS_IF_LARGE.held():
        yield from _of_model(folder / "cache", flips, None, dice)
    if real:
        convert(folder / "models", "compiled")
        yield from _of_model(folder / "models", flips, real, dice)


@click.command()
@click.option("--flips", default=12, show_default=True, help="Random bytes of each file.")
@click.option("--mended", default=8, show_default=True, help="Every so many-th harm is mended.")
@click.option("--real", default=40, show_default=True, help="Harms to the real model's folders.")
@click.option("--seed", default=8, show_default=True)
def main(flips: int, mended: int, real: int, seed: int) -> None:
    """Damage files, and print how many harms were found."""
    click.echo(f"seed {seed}")
    kinds, met, lost = Counter[str](), Counter[str](), []
    with tempfile.TemporaryDirectory() as name:
        found = run_flips(Path(name).resolve(), flips, mended, real, seed)
        for where, harm, ended, wrong in track(found, "harms", console=Console(stderr=True)):
            kinds[f"{where}, {'flipped' if harm.kind == 'flip' else 'other harms'}"] += 1
            met[f"{where}: {ended}"] += 1
            if wrong:
                lost.append(f"{where}, {harm}: {wrong}")
    click.echo("; ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    click.echo("; ".join(f"{kind} {count}" for kind, count in sorted(met.items())))
    for one in lost:
        click.echo(f"lost: {one}")
    tried = kinds.total()
    click.echo(f"damage found and named: {tried - len(lost)} of {tried}")
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
