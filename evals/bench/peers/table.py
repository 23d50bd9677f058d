"""Figures of all systems as Markdown, each beside its ratio to the best peer's."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from evals.bench.peers.rounds import Measured
from evals.bench.peers.step import CLIENTS, LIMIT
from evals.bench.peers.workload import Workload

Values = Callable[[Measured, Workload], list[float]]


@dataclass(frozen=True, slots=True)
class Column:
    """A figure of each round: its name with the unit, and whether more of it is better."""

    key: str
    title: str
    values: Values
    more_is_better: bool = False


def _figure(step: str, name: str) -> Values:
    return lambda one, _: one.values(step, name)


def _rate(one: Measured, work: Workload) -> list[float]:
    return [len(work.texts) / seconds for seconds in one.values("index", "index_s")]


def _percentile(name: str, share: int, step: str = "search") -> Values:
    return lambda one, _: [
        float(np.percentile(found[name], share)) for found in one.steps.get(step, []) if found[name]
    ]


INDEXING = (
    Column("index_rate", "passages/s", _rate, more_is_better=True),
    Column("index_peak_mb", "peak MB", _figure("index", "peak_mb")),
    Column("update_s", "1% changed, model loaded, s", _figure("update", "update_s")),
    Column("update_wall_s", "1% changed, whole process, s", _figure("update", "wall_s")),
    Column("disk_mb", "on disk, MB", _figure("index", "disk_mb")),
)
SEARCHING = (
    Column("cold_s", "cold start to first result, s", _figure("cold", "wall_s")),
    Column("alone_p50", "alone p50, ms", _percentile("alone_ms", 50)),
    Column("alone_p95", "p95", _percentile("alone_ms", 95)),
    Column("clients_p50", f"{CLIENTS} clients p50, ms", _percentile("clients_ms", 50)),
    Column("clients_p95", "p95", _percentile("clients_ms", 95)),
    Column("clients_rate", "questions/s", _figure("search", "clients_per_s"), more_is_better=True),
    Column("search_peak_mb", "peak MB", _figure("search", "peak_mb")),
)
ANSWERING = (
    Column("answer_p50", "answer p50, ms", _percentile("answer_ms", 50, "answer")),
    Column("answer_p95", "p95", _percentile("answer_ms", 95, "answer")),
    Column("answer_peak_mb", "peak MB", _figure("answer", "peak_mb")),
)


@dataclass(frozen=True, slots=True)
class Quality:
    """How good each system's results are, by module, with their intervals: of its first round."""

    ndcg: dict[str, str] = field(default_factory=dict)
    f1: dict[str, str] = field(default_factory=dict)


def markdown(measured: Sequence[Measured], work: Workload, quality: Quality) -> Iterator[str]:
    """Three tables, and what they rest on."""
    rounds = max((len(found) for one in measured for found in one.steps.values()), default=0)
    yield f"{machine()}. {len(work.texts)} passages, n={len(work.questions)} questions, " \
          f"{rounds} rounds: medians [lowest, highest], then how many times as good as the best " \
          "peer's."  # fmt: skip
    started = [one for one in measured if one.steps]
    yield from _table([one for one in measured if one.described.indexes], work, INDEXING, "", {})
    yield from _table(started, work, SEARCHING, f"nDCG@{LIMIT}", quality.ndcg)
    answering = [one for one in started if one.described.answers]
    yield from _table(answering, work, ANSWERING, "F1 of the answer", quality.f1)
    for one in measured:
        yield from _remarks(one, work)


def _table(
    measured: Sequence[Measured],
    work: Workload,
    columns: Sequence[Column],
    title: str,
    quality: dict[str, str],
) -> Iterator[str]:
    if not measured:
        return
    titles = ["system", *(column.title for column in columns), *([title] if quality else [])]
    yield ""
    yield f"| {' | '.join(titles)} |"
    yield f"|{'---|' * len(titles)}"
    best = {column.key: best_of_peers(measured, work, column) for column in columns}
    for one in measured:
        cells = [_cell(column.values(one, work), column, best[column.key]) for column in columns]
        more = [quality.get(one.described.module, "")] if quality else []
        yield f"| {' | '.join([one.described.name, *cells, *more])} |"


def best_of_peers(measured: Sequence[Measured], work: Workload, column: Column) -> float | None:
    """The best median that is not ours; None where no peer has one."""
    medians = [
        median(values)
        for one in measured
        if not one.described.ours and (values := column.values(one, work))
    ]
    return (max if column.more_is_better else min)(medians) if medians else None


def ratio(value: float, best: float, more_is_better: bool) -> float:
    """How many times as good as the best peer's, above 1 where it is better."""
    return value / best if more_is_better else best / value


def _cell(values: Sequence[float], column: Column, best: float | None) -> str:
    if not values:
        return "-"
    middle = median(values)
    spread = f" [{_short(min(values))}, {_short(max(values))}]" if len(values) > 1 else ""
    against = f"; {ratio(middle, best, column.more_is_better):.2f}" if best else ""
    return f"{_short(middle)}{spread}{against}"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _remarks(one: Measured, work: Workload) -> Iterator[str]:
    if one.failure:
        yield f"- {one.described.name}: failed at {one.failure}"
    elif one.repeated:
        yield f"- {one.described.name}: broke once at {', and at '.join(one.repeated)}"
    if failed := sum(one.values("search", "clients_failed")):
        asked = len(work.questions) * len(one.steps["search"])
        broke = f"{failed:.0f} of {asked} questions broke with {CLIENTS} clients"
        yield f"- {one.described.name}: {broke}"
    if (found := min(one.values("update", "found"), default=1)) < 1:
        yield f"- {one.described.name}: finds {found:.0%} of the changed texts after an update"
    for seconds in (one.values("encode", "encode_s"), one.values("ask", "wall_s")):
        what = "`dalil ask`, cold, s" if one.described.ours else "`encode` alone, float32, s"
        if seconds:
            yield f"- {what}: {_short(median(seconds))} [{min(seconds):.2f}, {max(seconds):.2f}]"
    if versions := _versions(one):
        listed = ", ".join(f"{name} {number}" for name, number in versions.items())
        yield f"- {one.described.name}: {listed}"


def _versions(one: Measured) -> dict[str, str]:
    for found in one.steps.get("index", []):
        return dict(found["versions"])
    return {}


def as_json(measured: Sequence[Measured], work: Workload, quality: Quality) -> dict[str, Any]:
    """Every figure of every round, for programs."""
    return {
        "machine": machine(),
        "passages": len(work.texts),
        "questions": len(work.questions),
        "systems": {
            one.described.module: {
                "name": one.described.name,
                "failure": one.failure,
                "ndcg@10": quality.ndcg.get(one.described.module),
                "answer_f1": quality.f1.get(one.described.module),
                **{c.key: c.values(one, work) for c in (*INDEXING, *SEARCHING, *ANSWERING)},
                "load_s": one.values("cold", "load_s"),
                "encode_s": one.values("encode", "encode_s"),
                "ask_s": one.values("ask", "wall_s"),
                "versions": _versions(one),
            }
            for one in measured
        },
    }


def machine() -> str:
    """Processor, cores, system, Python."""
    cpuinfo = Path("/proc/cpuinfo")
    names = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    models = [line.partition(":")[2].strip() for line in names if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    system = f"{platform.system()} {platform.release()}"
    return f"{model}, {os.cpu_count()} cores, {system}, Python {platform.python_version()}"
