"""How good worded answers are, and how well their sentences are borne out.

``dalil eval --generator ADDRESS`` and ``python -m evals.generation`` ask our own development
questions, or a set's, have the answers worded, and judge every sentence with ``evals.judge``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console

from corpus import bundled_texts
from corpus.errors import DalilError
from evals.cached import CachedEmbedder
from evals.collections import open_collection
from evals.command import OWN_SET, Bars, load_questions
from evals.datasets import Dataset, load_lines, sampled
from evals.measures import Measured, mean
from evals.overlap import arabic_tokens, contains, token_f1
from evals.worded import Bench, Worded
from index.embedder import load_embedder
from index.progress import Progress
from qa.generator import Generator
from qa.generators import load_generator
from qa.readers import make_reader, threshold_of
from qa.settings import Settings, load_settings


def open_bench(settings: Settings, dataset: Dataset, progress: Progress) -> Bench:
    """The set's texts, indexed unless they were before, and the settings' reader."""
    cache = settings.cache / "evals"
    model = load_embedder(settings.embedder, settings.cache)
    remembering = CachedEmbedder(model, cache / "vectors.sqlite")
    index = open_collection(dataset, remembering, cache, settings.size, progress)
    reader = make_reader(settings)(index)
    return Bench(index, reader, threshold_of(settings), settings.candidates)


def generator_of(settings: Settings) -> Generator:
    """The generator that the settings name; raises DalilError where they name none."""
    generator = load_generator(settings)
    if generator is None:
        raise DalilError(
            "No language model is named.",
            "Type: dalil eval --generator http://127.0.0.1:8080/v1",
        )
    return generator


def figures(worded: Sequence[Worded]) -> dict[str, Any]:
    """Counts and measures of some answers; a measure of nothing is None.

    Quality is that of the answers with a gold answer and a sentence shown: F1 of folded words, and
    whether the gold answer stands in the text; for the sentences, and for the short answer.
    """
    shown = [one for answer in worded for one in answer.shown]
    states = Counter(one.answer.written.state for one in worded if one.answer.written)
    golden = [one for one in worded if one.shown and one.question.answers]
    return {
        "answers": len(worded),
        "worded": sum(bool(one.shown) for one in worded),
        "states": dict(states),
        "sentences": {
            "written": len(shown) + sum(len(one.removed) for one in worded),
            "shown": len(shown),
            "removed": sum(len(one.removed) for one in worded),
            "unsupported": sum(not one.verdict.borne_out for one in shown),
        },
        "lacks": dict(Counter(str(r.lack) for one in worded for r in one.removed)),
        "unsupported_by": dict(Counter(s.verdict.why for s in shown if s.verdict.why)),
        "citations": {
            "verified": sum(one.true for one in shown),
            "all": sum(len(one.citations) for one in shown),
        },
        "citation_recall": _mean([float(one.verdict.borne_out) for one in shown]),
        "citation_precision": _mean([value for one in shown for value in one.useful]),
        "quality": {
            "f1": _beside(golden, lambda text, gold: token_f1(text, gold, arabic_tokens)),
            "contains": _beside(golden, lambda text, gold: float(contains(text, gold))),
        },
        "seconds": {
            "first": _spread([one.first for one in worded if one.first is not None]),
            "whole": _spread([one.whole for one in worded]),
        },
    }


def _mean(values: Sequence[float]) -> Measured | None:
    return mean(values) if values else None


def _beside(golden: Sequence[Worded], measure: Any) -> dict[str, Measured | None]:
    return {
        "worded": _mean([measure(one.text, one.question.answers) for one in golden]),
        "short": _mean([measure(one.short.text, one.question.answers) for one in golden]),
    }


def _spread(seconds: Sequence[float]) -> dict[str, float] | None:
    if not seconds:
        return None
    median, p95 = np.percentile(seconds, [50, 95])
    return {"median": float(median), "p95": float(p95), "n": len(seconds)}


def as_text(name: str, found: dict[str, Any]) -> str:
    """The figures in a few lines."""
    counts, cited = found["sentences"], found["citations"]
    lacks = ", ".join(f"{lack} {n}" for lack, n in sorted(found["lacks"].items()))
    failed = ", ".join(f"{why} {n}" for why, n in sorted(found["unsupported_by"].items()))
    lines = [
        f"{name}: {found['answers']} answers, {found['worded']} with a sentence or more; "
        + ", ".join(f"{state} {n}" for state, n in found["states"].items()),
        f"  sentences: {counts['written']} written, {counts['shown']} shown, "
        f"{counts['removed']} removed" + (f" ({lacks})" if lacks else ""),
        f"  shown and unsupported, by the judge: {counts['unsupported']}"
        + (f" ({failed})" if failed else ""),
        f"  citations verified: {cited['verified']} of {cited['all']}",
        f"  citation recall {_said(found['citation_recall'])}, "
        f"precision {_said(found['citation_precision'])}",
    ]
    for measure, both in found["quality"].items():
        lines.append(f"  {measure}: worded {_said(both['worded'])}, short {_said(both['short'])}")
    for what, spread in found["seconds"].items():
        if spread:
            lines.append(
                f"  {what}: {spread['median']:.2f} s at the median, {spread['p95']:.2f} s at the "
                f"95th percentile (n={spread['n']})"
            )
    return "\n".join(lines)


def _said(measured: Measured | None) -> str:
    return f"{measured} (n={measured.n})" if measured else "-"


def kept(one: Worded, **more: object) -> Iterator[dict[str, Any]]:
    """A row for each sentence of an answer, to be read by people."""
    head = {
        **more,
        "id": one.question.id,
        "question": one.answer.query,
        "short": one.short.text,
        "raw": one.raw,
    }
    for shown in one.shown:
        yield head | {
            "sentence": shown.text,
            "shown": True,
            "verdict": shown.verdict.borne_out,
            "why": shown.verdict.why,
            "quotes": [citation.quote for citation in shown.citations],
            "heading": " ".join(dict.fromkeys(c.heading for c in shown.citations)),
            "sources": [f"{c.source}:{c.start}-{c.end}" for c in shown.citations],
        }
    for removed in one.removed:
        passage = removed.hit.passage if removed.hit else None
        yield head | {
            "sentence": removed.text,
            "shown": False,
            "lack": removed.lack,
            "quotes": [passage.text] if passage else [],
            "heading": passage.heading if passage else "",
        }


def write_kept(path: Path, rows: Sequence[dict[str, Any]], *, more: bool = False) -> None:
    """Write rows as JSON Lines, behind those that are there with ``more``; raises DalilError when
    that cannot be done.
    """
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    try:  # a model can write halves of characters, which no file holds
        with path.open("a" if more else "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(lines)
    except OSError as error:
        raise DalilError(f"{path} cannot be written: {error}.", "Choose another --keep.") from error


def run_generation(
    settings: Settings,
    *,
    dataset: Path | None = None,
    texts: Path | None = None,
    sample: int | None = None,
    answers: int | None = None,
    keep: Path | None = None,
    as_json: bool = False,
) -> dict[str, Any]:
    """Word ``answers`` of a set's questions, all without a number, print the figures, return them.

    Only ``sample`` of its questions are asked, those that ``dalil eval`` would ask; None asks all.
    Our own development half where no ``dataset`` is given. Raises DalilError when a file is missing
    or of another form, or no generator is set.
    """
    console = Console(stderr=True)
    generator = generator_of(settings)
    own = load_lines(OWN_SET, bundled_texts(), "own-dev", "dev")
    asked = sampled(load_questions(dataset, texts) if dataset else own, sample)
    with Bars(console) as bars:
        bench = open_bench(settings, asked, bars)
        questions = bars.track(asked.questions, "wording")
        worded = []
        if keep:
            write_kept(keep, [])
        for one in bench.word(questions, generator, answers):
            worded.append(one)
            if keep:  # at once: a slow model takes an hour, and may not come to its end
                write_kept(keep, list(kept(one)), more=True)
    found = figures(worded)
    if keep:
        console.print(f"Sentences: {keep}", soft_wrap=True)
    report = {asked.name: found}
    click.echo(
        json.dumps({"generation": report}, ensure_ascii=False, indent=2, default=asdict)
        if as_json
        else as_text(asked.name, found)
    )
    return report


@click.command()
@click.option("--generator", help="Address of a server, or a model's path; else the settings'.")
@click.option("--answers", type=click.IntRange(1), help="Stop after this many answers.")
@click.option(
    "--set", "dataset", type=click.Path(path_type=Path), help="Questions; else our own, dev half."
)
@click.option("--texts", type=click.Path(path_type=Path), help="The texts of a .jsonl set.")
@click.option("--keep", type=click.Path(path_type=Path), help="Write every sentence here (.jsonl).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def main(
    generator: str | None,
    answers: int | None,
    dataset: Path | None,
    texts: Path | None,
    keep: Path | None,
    as_json: bool,
) -> None:
    """Measure answers that a language model words."""
    try:
        run_generation(
            load_settings(generator=generator),
            dataset=dataset,
            texts=texts,
            answers=answers,
            keep=keep,
            as_json=as_json,
        )
    except DalilError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
