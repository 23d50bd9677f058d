"""A run for people: ``report.md``, a page ``report.html`` with pictures, and ``run.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus.errors import DalilError
from evals.comparison import Change, Paired
from evals.outcomes import Outcome
from evals.results import Result, Section

# Controls of direction, which would turn round what stands beside them, and of terminals.
_HIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

HEADINGS = {
    "retrieval": "الاسترجاع · Retrieval",
    "reader": "القراءة من المقطع الصحيح · Reader, given the gold passage",
    "end_to_end": "من السؤال إلى الجواب · End to end",
    "abstention": "الامتناع · Abstention",
    "near_scope": "الامتناع إذا حُذف الجواب وحده · Abstention when only the answer is taken away",
}


def write_reports(
    out: Path,
    run: dict[str, Any],
    results: Sequence[Result],
    changes: Sequence[Change],
    pairs: Sequence[Paired] = (),
) -> None:
    """Write the three files into ``out``; raises DalilError when that cannot be done."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        text = json.dumps(run, ensure_ascii=False, indent=1)
        (out / "run.json").write_text(text + "\n", encoding="utf-8")
        lines = "\n".join(markdown(run, results, changes, pairs))
        (out / "report.md").write_text(lines + "\n", encoding="utf-8")
        html = page(run, results, changes, pairs)
        (out / "report.html").write_text(html, encoding="utf-8")
    except OSError as error:
        raise DalilError(f"The reports cannot be written: {error}.", "Choose another --out.") from (
            error
        )


def page(
    run: dict[str, Any],
    results: Sequence[Result],
    changes: Sequence[Change],
    pairs: Sequence[Paired] = (),
) -> str:
    """The HTML page; everything from questions and texts is escaped by the template."""
    from jinja2 import Environment, PackageLoader, select_autoescape

    from evals.plots import TYPES, plots

    environment = Environment(
        loader=PackageLoader("evals"),
        autoescape=select_autoescape(default=True),
        finalize=_shown,
    )
    return environment.get_template("report.html").render(
        run=run,
        changes=changes,
        pairs=pairs,
        headings=HEADINGS,
        types=TYPES,
        results=[(result, list(plots(result))) for result in results],
    )


def _shown(value: object) -> object:
    """A value as the template may show it: a string without hidden controls, of the same type."""
    return type(value)(_HIDDEN.sub("", value)) if isinstance(value, str) else value


def markdown(
    run: dict[str, Any],
    results: Sequence[Result],
    changes: Sequence[Change],
    pairs: Sequence[Paired] = (),
) -> Iterator[str]:
    """Lines of the Markdown report."""
    yield f"# Dalil {run['version']}: {run['suite']} suite, {run['created']}"
    yield f"\nEmbedder: {_line(run['embedder'])}. Settings: {json.dumps(run['settings'])}."
    yield "Values are per cent, with 95% bootstrap intervals in brackets."
    for result in results:
        yield f"\n## {_line(result.name)}\n"
        yield f"{len(result.outcomes)} questions, {result.passages} passages."
        for name, section in result.sections().items():
            yield from _table(HEADINGS.get(name, name), section)
        for name, groups in result.groups().items():
            yield from _group_table(name, groups)
        yield from _extras(result)
        yield from _worst(result.worst())
    if changes or pairs:
        yield "\n## Against the earlier run\n"
        yield from (f"- {_line(str(one))}" for one in pairs)
    if changes:
        yield "\n| set | measure | n | change | p |\n|---|---|---|---|---|"
        yield from (
            f"| {_line(c.dataset)} | {c.measure} | {c.change.n} | {c.change} | {c.p:.3f} |"
            for c in changes
        )


def _table(heading: str, section: Section) -> Iterator[str]:
    yield f"\n### {heading}\n\n| measure | value | n |\n|---|---|---|"
    yield from (f"| {name} | {measured} | {measured.n} |" for name, measured in section.items())


def _group_table(name: str, groups: dict[str, dict[str, Section]]) -> Iterator[str]:
    shown = [("retrieval", "ndcg@10"), ("reader", "f1"), ("end_to_end", "f1")]
    shown += [("end_to_end", "answer_in_quote"), ("end_to_end", "cited_first")]
    shown += [("abstention", "false_answer_rate")]
    heads = " | ".join(f"{section} {measure}" for section, measure in shown)
    yield f"\n### By {name}\n\n| {name} | n | {heads} |\n|---|---|{'---|' * len(shown)}"
    for value, sections in groups.items():
        found = [sections.get(section, {}).get(measure) for section, measure in shown]
        count = max((m.n for m in found if m), default=0)
        yield f"| {_line(value)} | {count} | {' | '.join(str(m) if m else '' for m in found)} |"


def _extras(result: Result) -> Iterator[str]:
    if result.ablations:
        measures = list(next(iter(result.ablations.values())))
        yield f"\n### Stages\n\n| stage | {' | '.join(measures)} |\n|---|{'---|' * len(measures)}"
        for stage, section in result.ablations.items():
            yield f"| {stage} | {' | '.join(map(str, section.values()))} |"
    if result.spellings:
        yield "\n### Spelling, nDCG@10\n\n| spelling | n | as it was | changed | change | p |"
        yield "|---|---|---|---|---|---|"
        for d in result.spellings:
            yield f"| {d.name} | {d.after.n} | {d.before} | {d.after} | {d.change} | {d.p:.3f} |"
    if result.latency:
        yield f"\nA question takes {result.latency.median:.0f} ms at the median, "
        yield f"{result.latency.p95:.0f} ms at the 95th percentile."


def _worst(outcomes: Sequence[Outcome]) -> Iterator[str]:
    if outcomes:
        yield "\n### The worst questions\n"
    for outcome in outcomes:
        expected = " / ".join(outcome.expected) or "(the texts do not say)"
        yield f"- **{_line(outcome.question)}** ({_line(outcome.id)}), expected: {_line(expected)}"
        said = _line(outcome.answer) or "(abstained)"
        yield f"  - answered with confidence {outcome.confidence:.2f}: {said}"
        yield from (f"  - found: {_line(text)}" for text in outcome.retrieved[:3])


def _line(text: str) -> str:
    """On one line, with what Markdown would read as its own made harmless."""
    flat = " ".join(_HIDDEN.sub("", text).split())
    return re.sub(r"([\\`*_\[\]<>|~$&])", r"\\\1", flat)
