"""The scale benchmark's figures for people: a table with how each cost grows, and a plot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

Runs = Mapping[int, Mapping[str, Any]]
"""Figures by the number of passages."""

_MIB = 1 << 20
ROWS: dict[str, tuple[str, tuple[str, ...], float]] = {
    "build, s": ("build", ("seconds", "all"), 1),
    "- read files, s": ("build", ("seconds", "read"), 1),
    "- cut and store, s": ("build", ("seconds", "cut and store"), 1),
    "- made vectors in place of embedding, s": ("build", ("seconds", "embed (made vectors)"), 1),
    "- gather vectors, s": ("build", ("seconds", "gather vectors"), 1),
    "- tokenise, s": ("build", ("seconds", "tokenise"), 1),
    "- postings, s": ("build", ("seconds", "postings"), 1),
    "- FAISS, s": ("build", ("seconds", "FAISS"), 1),
    "- checksums, s": ("build", ("seconds", "checksums"), 1),
    "- to disk and publish, s": ("build", ("seconds", "publish"), 1),
    "build, own memory, MiB": ("build", ("memory", "own"), _MIB),
    "build, resident with mapped files, MiB": ("build", ("memory", "resident"), _MIB),
    "disk, MiB": ("build", ("disk", "all"), _MIB),
    "- texts and passages (SQLite), MiB": ("build", ("disk", "passages"), _MIB),
    "- vectors, MiB": ("build", ("disk", "vectors"), _MIB),
    "- FAISS, MiB": ("build", ("disk", "FAISS"), _MIB),
    "- stems, MiB": ("build", ("disk", "stems"), _MIB),
    "- exact words, MiB": ("build", ("disk", "exact"), _MIB),
    "- parts of words, MiB": ("build", ("disk", "parts of words"), _MIB),
    "- tokens, MiB": ("build", ("disk", "tokens"), _MIB),
    "open, files not in memory, s": ("open", ("cold", "open"), 1),
    "first search then, s": ("open", ("cold", "first"), 1),
    "open, files in memory, s": ("open", ("warm", "open"), 1),
    "search p50, ms": ("search", ("ms", "search", "p50"), 1),
    "search p95, ms": ("search", ("ms", "search", "p95"), 1),
    "- dense p95, ms": ("search", ("ms", "dense", "p95"), 1),
    "- lexical p95, ms": ("search", ("ms", "lexical", "p95"), 1),
    "searching, own memory, MiB": ("search", ("memory", "own"), _MIB),
    "update of 1,000 documents, s": ("update", ("seconds", "all"), 1),
    "- FAISS, s ": ("update", ("seconds", "FAISS"), 1),
    "update, own memory, MiB": ("update", ("memory", "own"), _MIB),
}
SHARES = {
    "recall@10, FAISS alone": ("recall@10", "FAISS"),
    "recall@10, dense leg as used": ("recall@10", "dense"),
    "overlap@10 of the whole search": ("recall@10", "search"),
}
_DRAWN = (
    "build, s", "build, own memory, MiB", "disk, MiB", "open, files not in memory, s",
    "search p50, ms", "search p95, ms", "update of 1,000 documents, s",
)  # fmt: skip


def values(runs: Runs, row: str) -> dict[int, float]:
    """A row's figure at each size that has it."""
    step, keys, unit = ROWS[row]
    found = {}
    for size, run in sorted(runs.items()):
        figure: Any = run.get(step)
        for key in keys:
            figure = None if figure is None else figure.get(key)
        if figure is not None:
            found[size] = figure / unit
    return found


def growth(found: Mapping[int, float]) -> float | None:
    """The exponent ``e`` of the power law ``n ** e`` nearest to the figures; None for fewer than
    two that are above zero.
    """
    some = {size: value for size, value in found.items() if value > 0}
    if len(some) < 2:
        return None
    return float(np.polyfit(np.log(list(some)), np.log(list(some.values())), 1)[0])


def table(runs: Runs) -> Iterator[str]:
    """Lines of a Markdown table, a column for each size."""
    sizes = sorted(runs)
    yield f"| | {' | '.join(f'{size:,}' for size in sizes)} | grows as |"
    yield f"|---|{'---|' * len(sizes)}---|"
    yield f"| FAISS kind | {' | '.join(runs[size]['build']['kind'] for size in sizes)} | |"
    for row in ROWS:
        found = values(runs, row)
        shown = (_number(found[size]) if size in found else "" for size in sizes)
        exponent = growth(found)
        yield f"| {row} | {' | '.join(shown)} | {'' if exponent is None else f'n^{exponent:.2f}'} |"
    for row, keys in SHARES.items():
        shown = (f"{runs[size]['search'][keys[0]][keys[1]]:.3f}" for size in sizes)
        yield f"| {row} | {' | '.join(shown)} | |"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def plot(runs: Runs, path: Path) -> None:
    """Draw how costs grow, both axes logarithmic."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5.5), layout="constrained")
    axes = figure.subplots()
    for row in _DRAWN:
        found = values(runs, row)
        exponent = growth(found)
        label = row if exponent is None else f"{row}: n^{exponent:.2f}"
        axes.plot(list(found), list(found.values()), marker="o", label=label)
    axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="seconds, milliseconds, MiB")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    figure.savefig(path, dpi=120)
