"""How often the support check lets a sentence through that its passage does not say.

Run it as ``python -m evals.support``: figures of both halves of ``data/support.jsonl``, by kind.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from corpus.document import content_id
from corpus.passages import PassageSize
from evals.cached import CachedEmbedder, CachedReads
from evals.command import OWN_SET, Bars
from evals.measures import Measured
from index.build import build_index
from index.embedder import Embedder, load_embedder
from index.hit import Hit
from index.progress import Progress
from index.search import SearchIndex
from qa.reader import Reader
from qa.readers import make_reader
from qa.settings import load_settings
from qa.support import Support, SupportCheck

SUPPORT_SET = OWN_SET.with_name("support.jsonl")
HALVES = ("dev", "test")
_Z = 1.96
_WHOLE = PassageSize(400, 0)
"""No passage of the set is longer, so each is one passage of the index."""


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence that a passage says, or does not, with the question that it was written for."""

    id: str
    half: str
    kind: str
    supported: bool
    heading: str
    passage: str
    question: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A case and what the check made of it."""

    case: Case
    support: Support

    @property
    def passed(self) -> bool:
        """Whether the sentence would be shown."""
        return self.support.place is not None

    @property
    def wrong(self) -> bool:
        """Whether it is shown and must not be, or the other way round."""
        return self.passed != self.case.supported


def load_cases(half: str | None = None) -> list[Case]:
    """The cases, of one of ``HALVES`` or of both."""
    lines = SUPPORT_SET.read_text(encoding="utf-8").splitlines()
    cases = [Case(**json.loads(line)) for line in lines]
    return [case for case in cases if half in (None, case.half)]


def open_index(
    cases: Sequence[Case], model: Embedder, cache: Path, progress: Progress
) -> SearchIndex:
    """An index of the cases' passages, each a text under its heading; it is kept in ``cache``."""
    texts = list(dict.fromkeys(f"# {case.heading}\n\n{case.passage}\n" for case in cases))
    folder = cache / f"support-{content_id(model.fingerprint, *texts)}"
    (folder / "texts").mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts):
        (folder / "texts" / f"{number}.md").write_text(text, encoding="utf-8")
    build_index(
        folder / "an.index", [folder / "texts"], model.name, lambda: model, size=_WHOLE,
        progress=progress,
    )  # fmt: skip
    return SearchIndex.open(folder / "an.index", model)


def hit_of(case: Case, index: SearchIndex) -> Hit:
    """The case's passage as a search for its question finds it; it is among all that there are."""
    hits = index.search(case.question, len(index.vectors))
    return next(hit for hit in hits if case.passage in hit.passage.text)


def judge(
    cases: Iterable[Case], index: SearchIndex, reader: Callable[[SearchIndex], Reader]
) -> Iterator[Judged]:
    """Check each case's sentence against its passage."""
    check = SupportCheck(reader(index), index.document)
    hits: dict[tuple[str, str], Hit] = {}
    for case in cases:
        key = case.question, case.passage
        hits[key] = hits.get(key) or hit_of(case, index)
        yield Judged(case, check.check(case.sentence, case.question, hits[key]))


def share(passed: Sequence[bool]) -> Measured:
    """The share that passed, with its 95% interval by Wilson's score (1927).

    Resampling would give none of 154 an interval without width; needs one value at least.
    """
    n, found = len(passed), sum(passed)
    middle = (found + _Z**2 / 2) / (n + _Z**2)
    reach = _Z / (n + _Z**2) * math.sqrt(found * (n - found) / n + _Z**2 / 4)
    return Measured(found / n, max(0.0, middle - reach), min(1.0, middle + reach), n)


def as_text(judged: Sequence[Judged]) -> str:
    """For each half and kind: the share let through, with its interval, as Markdown tables."""
    lines = []
    for supported, title in ((False, "Not borne out, let through"), (True, "Borne out, kept")):
        lines += [f"{title}, %", "", "| half | kind | n | share [95%] |", "|---|---|---|---|"]
        for half in HALVES:
            some = [o for o in judged if o.case.half == half and o.case.supported is supported]
            kinds = sorted({one.case.kind for one in some})
            lines += [_row(half, "all", some)] if some else []
            lines += [_row(half, k, [o for o in some if o.case.kind == k]) for k in kinds]
        lines.append("")
    return "\n".join(lines)


def _row(half: str, kind: str, some: Sequence[Judged]) -> str:
    return f"| {half} | {kind} | {len(some)} | {share([one.passed for one in some])} |"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option(
    "--wrong",
    "wrong_of",
    multiple=True,
    type=click.Choice(HALVES),
    default=["dev"],
    help="List what is judged wrongly in this half; the test half is for figures alone.",
)
def main(as_json: bool, wrong_of: tuple[str, ...]) -> None:
    """Measure the check that stands between a language model and what is shown."""
    console = Console(stderr=True)
    settings = load_settings()
    cache = settings.cache / "evals"
    model = load_embedder(settings.embedder, settings.cache, console.print)
    remembering = CachedEmbedder(model, cache / "vectors.sqlite")
    reader = make_reader(
        settings, console.print, remember=lambda net: CachedReads(net, cache / "reads.sqlite")
    )
    cases = load_cases()
    with Bars(console) as bars:
        index = open_index(cases, remembering, cache, bars)
        judged = list(judge(cases, index, reader))
    wrong = [one for one in judged if one.wrong and one.case.half in wrong_of]
    if as_json:
        click.echo(json.dumps(_figures(judged, wrong), ensure_ascii=False, indent=2))
        return
    click.echo(as_text(judged))
    for one in wrong:
        click.echo(f"- {_said(one)}")


def _figures(judged: Sequence[Judged], wrong: Sequence[Judged]) -> dict[str, object]:
    rows = []
    for half in HALVES:
        for supported in (False, True):
            some = [o for o in judged if o.case.half == half and o.case.supported is supported]
            found = share([one.passed for one in some])
            rows.append(
                {"half": half, "supported": supported, "n": found.n, "passed": found.value,
                 "low": found.low, "high": found.high}
            )  # fmt: skip
    return {"support": rows, "wrong": [_said(one) for one in wrong]}


def _said(one: Judged) -> str:
    verdict = "let through" if one.passed else f"lost ({one.support.lack})"
    return f"{one.case.id}, {one.case.kind}, {verdict}: {one.case.sentence}"


if __name__ == "__main__":
    main()
