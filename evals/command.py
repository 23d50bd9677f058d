"""``dalil eval``: what it measures, where it writes, and how it shows that it works."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from corpus import bundled_texts
from corpus.errors import DalilError
from evals.cached import CachedReads
from evals.collections import DEVELOPMENT_SETS, Collection
from evals.comparison import Change, Paired, compare, load_run, paired
from evals.datasets import Dataset, Question, load_lines, load_squad, sampled
from evals.feedback import from_feedback, load_feedback, unscored
from evals.outcomes import System
from evals.questions import load_table
from evals.reader_training.split import unseen
from evals.results import SECTIONS, Result
from evals.suite import Suite
from index.embedder import load_embedder
from index.search import SearchIndex
from qa.readers import make_reader, threshold_of
from qa.settings import Settings

OWN_SET = Path(__file__).parent / "data" / "own.jsonl"


def run_eval(
    settings: Settings,
    *,
    datasets: Sequence[Path],
    texts: Path | None,
    questions: Path | None,
    feedback_on: str | None = None,
    full: bool,
    sample: int | None = None,
    out: Path | None,
    against: Path | None,
    as_json: bool,
) -> dict[str, Any]:
    """Measure, write the reports, print a summary or JSON, and return the run.

    ``questions``, or those that readers judged in the chat, are asked of the settings' index in
    place of any ``datasets``; ``feedback_on`` is the collection id under which they were asked.
    ``sample`` is the number of questions asked of each set, None for all. Raises DalilError when a
    file is missing or of another form.
    """
    console = Console(stderr=True)
    earlier = load_run(against) if against else None
    own = _table(questions) if questions else None
    if feedback_on:
        own = _feedback(settings, feedback_on, console)
    chosen = [] if own else _chosen(datasets, texts, full)
    model = load_embedder(settings.embedder, settings.cache, console.print)
    cache = settings.cache / "evals"
    bare = System(make_reader(settings, console.print), threshold_of(settings), settings.candidates)
    system = replace(
        bare,
        reader=make_reader(settings, remember=lambda net: CachedReads(net, cache / "reads.sqlite")),
    )
    suite = Suite(model, system, bare, settings.size, cache, full)
    with Bars(console) as bars:
        if own:
            index = SearchIndex.open(settings.index_folder, model, settings.store)
            results = [suite.measure(Collection(sampled(own, sample), index), bars.track)]
        else:
            results = [suite.run(sampled(one, sample), bars, bars.track) for one in chosen]
    run = _as_run(settings, model.name, full, results)
    changes = list(compare(earlier, run)) if earlier else []
    pairs = paired(earlier, run) if earlier else []
    if out:
        from evals.reports import write_reports

        write_reports(out, run, results, changes, pairs)
        console.print(f"Reports: {out / 'report.html'}, report.md, run.json", soft_wrap=True)
    if as_json and earlier:  # standard output holds the JSON that is promised and nothing else
        console.print("\n".join(comparison_lines(changes, pairs)), markup=False, soft_wrap=True)
    print(promised(results) if as_json else summary(results, changes, pairs))
    return run


def load_questions(path: Path, texts: Path | None = None) -> Dataset:
    """A question set of any form that can be read, by the ending of its name."""
    if path.suffix == ".jsonl":
        return load_lines(path, texts or bundled_texts())
    return load_squad(path) if path.suffix == ".json" else load_table(path)


def _table(path: Path) -> Dataset:
    """Questions for an index, whose texts only their words can be looked for in."""
    if path.suffix in {".json", ".jsonl"}:
        raise DalilError(
            f"{path} is not a table of questions and answers.",
            f"A set with texts of its own: dalil eval --dataset {path}",
        )
    return load_table(path)


def _feedback(settings: Settings, collection: str, console: Console) -> Dataset:
    """Questions from readers' judgements; says how many there were and how many are of use."""
    judged = load_feedback(settings, collection)
    dataset, lost = from_feedback(judged), unscored(judged)
    asked = len(dataset.questions)
    console.print(
        f"Feedback: {len(judged)} judgements, of which {asked} are used, {lost} cannot be scored, "
        f"and {len(judged) - asked - lost} were replaced by newer ones of the same question.",
        soft_wrap=True,
    )
    if not asked:
        raise DalilError(
            "No judgement says what the right answer is.",
            "Call right answers right, and write the right answer under a wrong one.",
        )
    return dataset


def _chosen(paths: Sequence[Path], texts: Path | None, full: bool) -> list[Dataset]:
    """The sets named, or our own and, in full, the development sets that are there.

    Of ARCD-train, the articles that the reader was not trained on are measured apart too.
    """
    if not paths:
        own = [
            load_lines(OWN_SET, bundled_texts(), f"own-{split}", split) for split in ("dev", "test")
        ]
        public = [load_squad(path) for path in DEVELOPMENT_SETS if full and path.exists()]
        return own + public + [unseen(one) for one in public if one.name == "arcd-train"]
    tables = [path for path in paths if path.suffix not in {".json", ".jsonl"}]
    if tables:
        raise DalilError(
            f"{tables[0]} is not a SQuAD (.json) or JSON Lines (.jsonl) file.",
            f"A table needs an index: dalil eval --index DIR --questions {tables[0]}",
        )
    found = [load_questions(path, texts) for path in paths]
    names = [dataset.name for dataset in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise DalilError(f"Two sets are called {twice}.", "Rename one of the files.")
    return found


class Bars:
    """Progress bars on standard error: for indexing, and for rounds of questions."""

    def __init__(self, console: Console) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeRemainingColumn(), console=console, transient=True,
        )  # fmt: skip

    def __enter__(self) -> Bars:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def start(self, stage: str, total: int) -> None:
        """Show a new bar for a stage of indexing."""
        self._task = self._bars.add_task(stage, total=total, visible=total > 0)

    def advance(self, steps: int = 1) -> None:
        """Move the newest bar on."""
        self._bars.advance(self._task, steps)

    def track(self, questions: Iterable[Question], label: str) -> Iterator[Question]:
        """Pass questions on and move a bar."""
        asked = list(questions)
        yield from self._bars.track(asked, total=len(asked), description=label)


def promised(results: Sequence[Result]) -> str:
    """The JSON that programs are promised: measures by set and section."""
    found: dict[str, Any] = {}
    for result in results:
        every = result.as_json()
        found[result.name] = {name: every[name] for name in SECTIONS if name in every}
    return json.dumps({"datasets": found}, ensure_ascii=False, indent=2)


def summary(
    results: Sequence[Result], changes: Sequence[Change], pairs: Sequence[Paired] = ()
) -> str:
    """A few lines for each set."""
    lines = []
    for result in results:
        lines.append(f"{result.name}: {len(result.outcomes)} questions, {result.passages} passages")
        for name, section in result.sections().items():
            figures = "; ".join(f"{measure} {value}" for measure, value in section.items())
            lines.append(f"  {name.replace('_', ' ')}: {figures}")
        if result.latency:
            lines.append(f"  a question takes {result.latency.median:.0f} ms at the median")
    return "\n".join([*lines, *comparison_lines(changes, pairs)])


def comparison_lines(changes: Sequence[Change], pairs: Sequence[Paired]) -> list[str]:
    """How much of each set is compared with the earlier run, then what changed."""
    changed = [f"{c.dataset} {c.measure}: {c.change} p={c.p:.3f}" for c in changes]
    return [*map(str, pairs), *changed]


def _as_run(
    settings: Settings, model: str, full: bool, results: Sequence[Result]
) -> dict[str, Any]:
    return {
        "version": version("dalil"),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "suite": "full" if full else "quick",
        "embedder": model,
        "settings": settings.model_dump(
            mode="json",
            include={
                "passage_words",
                "passage_overlap",
                "candidates",
                "reader",
                "mood",
                "threshold",
            },
        ),
        "datasets": {result.name: result.as_json() for result in results},
    }
