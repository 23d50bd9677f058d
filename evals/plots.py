"""Pictures of a result, as SVG with real text, so that a browser sets the Arabic."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from evals.outcomes import Outcome
from evals.results import Result, Section

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GREEN, AMBER, RED, GREY = "#0b6b57", "#d99a1c", "#b5533c", "#9aa3a0"
_LONGEST_NAME = 20
_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "font.family": ["IBM Plex Sans Arabic", "Noto Sans Arabic", "DejaVu Sans", "sans-serif"],
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.titleweight": "bold",
}
TYPES = {
    "who": "من", "when": "متى", "where": "أين", "how_many": "كم", "what": "ما", "which": "أي",
    "why": "لماذا", "how": "كيف", "yes_no": "هل", "list": "اذكر",
}  # fmt: skip


def plots(result: Result) -> Iterator[tuple[str, str]]:
    """Titles (Arabic and English) and SVG of every picture that the result has figures for."""
    # A withheld answer is neither right nor wrong: without a shown one there is nothing to draw.
    if _shown(result) and any(o.answerable for o in result.outcomes):
        yield "المخاطرة والتغطية · Risk and coverage", _drawn(_risk_coverage, result)
        yield "صدق الثقة · Calibration", _drawn(_calibration, result)
    by_type = result.groups().get("type", {})
    if any("end_to_end" in sections for sections in by_type.values()):
        yield "بحسب أداة السؤال · By question word", _drawn(_by_type, by_type)
    if result.ablations:
        yield "قيمة كل مرحلة · What each stage is worth", _drawn(_stages, result.ablations)
    if result.latency:
        yield "زمن الجواب · Time to answer", _drawn(_latency, result)


def _drawn(draw: Any, what: object) -> str:
    import logging

    import matplotlib as mpl
    from matplotlib.figure import Figure

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with mpl.rc_context(cast(Any, _STYLE | {"svg.hashsalt": draw.__name__})):
        figure = Figure(figsize=(6, 3.6), layout="constrained")
        draw(figure.subplots(), what)
        file = StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    svg = file.getvalue()
    return svg[svg.index("<svg") :]


def _shown(result: Result) -> list[Outcome]:
    """The outcomes whose answer was shown, the least sure first."""
    return sorted((o for o in result.outcomes if o.answered), key=lambda o: o.confidence)


def _risk_coverage(axes: Axes, result: Result) -> None:
    """Errors among the answers, as more and more of all questions are answered, surest first."""
    ranked, asked = _shown(result)[::-1], len(result.outcomes)
    wrong = np.array([1 - o.scores.get("end_to_end.answer_in_quote", 0.0) for o in ranked])
    answered = np.arange(1, len(ranked) + 1)
    axes.plot(answered / asked, np.cumsum(wrong) / answered, color=GREEN, linewidth=2)
    axes.axvline(len(ranked) / asked, color=AMBER, linestyle="--", label="العتبة · threshold")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="التغطية · coverage", ylabel="الخطأ · risk")
    axes.legend(frameon=False)


def _calibration(axes: Axes, result: Result) -> None:
    """Stated confidence of the answers shown against how often their quotes held the expected
    answer, in ten equal groups.
    """
    ranked = _shown(result)
    groups = np.array_split(np.array(ranked, dtype=object), min(10, len(ranked)))
    stated = [np.mean([o.confidence for o in group]) for group in groups]
    true = [
        np.mean([o.scores.get("end_to_end.answer_in_quote", 0.0) for o in group])
        for group in groups
    ]
    axes.plot([0, 1], [0, 1], color=GREY, linestyle=":")
    axes.plot(stated, true, color=GREEN, marker="o")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="الثقة المعلنة · stated", ylabel="الصواب · true")


def _by_type(axes: Axes, groups: dict[str, dict[str, Section]]) -> None:
    shown = {k: s["end_to_end"]["answer_in_quote"] for k, s in groups.items() if "end_to_end" in s}
    names = [f"{_named(kind)} ({m.n})" for kind, m in shown.items()]
    _bars(axes, names, list(shown.values()))
    axes.set_xlabel("الجواب في الاقتباس · answer in the quote")


def _named(kind: str) -> str:
    """A type from a question set, in both languages, fit to stand beside a bar."""
    short = "".join(filter(str.isprintable, kind))[:_LONGEST_NAME]
    return f"{TYPES[kind]} · {short}" if kind in TYPES else short


def _stages(axes: Axes, ablations: dict[str, Section]) -> None:
    _bars(axes, list(ablations), [section["ndcg@10"] for section in ablations.values()])
    axes.set_xlabel("nDCG@10")


def _bars(axes: Axes, names: list[str], values: list[Any]) -> None:
    """Horizontal bars with intervals, the first on top."""
    middle = [m.value for m in values]
    spread = [[m.value - m.low for m in values], [m.high - m.value for m in values]]
    axes.barh(range(len(names)), middle, xerr=spread, color=GREEN, ecolor=GREY, capsize=3)
    axes.set_yticks(range(len(names)), names, parse_math=False)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)


def _latency(axes: Axes, result: Result) -> None:
    assert result.latency
    axes.hist(result.latency.samples, bins=20, color=GREEN)
    for value, name in ((result.latency.median, "p50"), (result.latency.p95, "p95")):
        axes.axvline(value, color=AMBER, linestyle="--")
        axes.annotate(f"{name} {value:.0f} ms", (value, axes.get_ylim()[1]), va="top", rotation=90)
    axes.set(xlabel="ms", ylabel="الأسئلة · questions")
