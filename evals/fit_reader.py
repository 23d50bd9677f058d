"""Fit the trained reader's calibration on development data, and show what it is worth.

Run it as ``python -m evals.fit_reader``; it writes ``qa/weights/calibration.json``. For a reader
of your own set ``DALIL_READER`` and ``--out``, and name the file in ``DALIL_CALIBRATION``. Used are
XQuAD-ar, the articles of ARCD-train that the reader was not trained on, and the development half
of our own set: each question as it is, and with its answering text taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields, replace
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from corpus import bundled_texts
from corpus.passages import PassageSize
from evals.cached import CachedEmbedder, CachedReads
from evals.collections import DEVELOPMENT_SETS, Collection, named, open_collection
from evals.command import OWN_SET
from evals.datasets import Dataset, Question, load_lines, load_squad
from evals.measures import auroc, balanced_accuracy, mean, ranking
from evals.overlap import contains
from evals.reader_training.split import held_out_articles
from index.embedder import load_embedder
from index.hit import Hit
from index.progress import Silent
from qa.calibration import Calibration, Signs
from qa.question import understand
from qa.reader import PassageReader
from qa.readers import load_network, weights_folder
from qa.settings import load_settings
from qa.trained_reader import Found, TrainedReader

_FUSED_WEIGHTS = (0.0, 2.0, 4.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0)
_FALSE_ANSWERS = {"cautious": 0.05, "balanced": 0.10, "eager": 0.25}
_NAMES = tuple(field.name for field in fields(Signs))
_NEUTRAL = Calibration(0.0, Signs(*[0.0] * len(_NAMES)), 0.0)


@dataclass(frozen=True, slots=True)
class Case:
    """A question over some passages: the signs of its best reading, and whether that is right."""

    signs: Signs
    right: bool
    present: bool


def held_out(dataset: Dataset) -> Dataset:
    """The questions on articles that the reader was never trained on; all contexts stay."""
    kept = held_out_articles(dataset)
    questions = tuple(q for q in dataset.questions if dataset.articles[q.context] in kept)
    return replace(dataset, questions=questions)


def searches(collection: Collection, limit: int) -> Iterator[tuple[Question, list[Hit], bool]]:
    """Each question's hits, with ``True``; and, with ``False``, the hits without the answer."""
    for question in collection.dataset.questions:
        yield question, collection.index.search(question.text, limit), bool(question.answers)
        if question.answers:
            others = collection.other_rows(question)
            yield question, collection.index.search(question.text, limit, among=others), False


def case(question: Question, reader: TrainedReader, hits: list[Hit], present: bool) -> Case | None:
    """The best reading's signs; None when nothing was read."""
    found = reader.find(question.text, hits)
    if not found:
        return None
    signs = reader.signs(understand(question.text), found, 0)
    return Case(signs, present and _is_right(question, found[0]), present)


def _is_right(question: Question, found: Found) -> bool:
    passage = found.hit.passage
    start, end = found.quote
    meets = any(r.meets(named(found.hit.source), start, end) for r in question.regions)
    quote = passage.text[start - passage.start : end - passage.start]
    return meets and (question.needs_all or contains(quote, question.answers))


def ranked(collection: Collection, reader: TrainedReader, limit: int) -> list[float]:
    """nDCG@10 of each answerable question after the reader's ordering."""
    qrels, run = {}, {}
    for question in collection.dataset.questions:
        if question.answers:
            hits = collection.index.search(question.text, limit)
            order = reader.order(question.text, hits)
            units = dict.fromkeys(collection.unit(hit) for hit in order)
            qrels[question.id] = dict.fromkeys(collection.relevant(question), 1)
            run[question.id] = {unit: -float(place) for place, unit in enumerate(units)}
    return [scores["ndcg@10"] for scores in ranking(qrels, run).values()]


def fit(cases: Sequence[Case], fused_weight: float) -> Calibration:
    """Maximum likelihood with a light ridge, on columns scaled to a spread of one."""
    from sklearn.linear_model import LogisticRegression

    rows = np.array([astuple(one.signs) for one in cases])
    spread = rows.std(axis=0) + 1e-9
    model = LogisticRegression(C=10, max_iter=2_000).fit(rows / spread, [c.right for c in cases])
    weights = Signs(*(float(w) for w in model.coef_[0] / spread))
    return Calibration(fused_weight, weights, float(model.intercept_[0]))


def _thresholds(cases: Sequence[Case], calibration: Calibration) -> dict[str, float]:
    """By mood; from our own set alone, whose absent questions people might really ask."""
    absent = [calibration.probability(c.signs) for c in cases if not c.present]
    return {mood: threshold_for(np.array(absent), r) for mood, r in _FALSE_ANSWERS.items()}


def threshold_for(probabilities: NDArray[np.float64], false_rate: float) -> float:
    """The least threshold at which at most that share of absent questions is answered."""
    return float(np.quantile(probabilities, 1 - false_rate))


@click.command()
@click.option("--candidates", default=10, help="Passages that the reader is given.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=weights_folder() / "calibration.json"
)
def main(candidates: int, out: Path) -> None:
    """Choose the fused weight, fit the probability, and print thresholds."""
    settings = load_settings()
    cache = settings.cache / "evals"
    model = CachedEmbedder(
        load_embedder(settings.embedder, settings.cache, click.echo), cache / "vectors.sqlite"
    )
    network: PassageReader = CachedReads(load_network(settings), cache / "reads.sqlite")
    arcd = next(path for path in DEVELOPMENT_SETS if path.stem.startswith("arcd"))
    xquad = next(path for path in DEVELOPMENT_SETS if path.stem.startswith("xquad"))
    datasets = [
        load_lines(OWN_SET, bundled_texts(), "own-dev", "dev"),
        replace(held_out(load_squad(arcd)), name="arcd held out"),
        load_squad(xquad),
    ]
    collections = [
        Collection(d, open_collection(d, model, cache, PassageSize(), Silent())) for d in datasets
    ]
    best = _choose_weight(collections, network, candidates)
    every: dict[str, list[Case]] = {}
    for collection in collections:
        reader = TrainedReader(collection.index, network, replace(_NEUTRAL, fused_weight=best))
        with click.progressbar(list(searches(collection, candidates)), label="reading") as bar:
            found = [case(q, reader, hits, present) for q, hits, present in bar]
        every[collection.dataset.name] = [one for one in found if one]
    calibration = fit([one for some in every.values() for one in some], best)
    calibration = replace(calibration, thresholds=_thresholds(every["own-dev"], calibration))
    click.echo(f"{asdict(calibration)}")
    for name, cases in every.items():
        _report(name, cases, calibration)
    calibration.save(out)
    click.echo(f"Written: {out}")


def _choose_weight(
    collections: Sequence[Collection], network: PassageReader, candidates: int
) -> float:
    """The fused weight with the best mean nDCG@10 over the sets; prints all."""
    means: dict[float, float] = {}
    for weight in _FUSED_WEIGHTS:
        calibration = replace(_NEUTRAL, fused_weight=weight)
        found = {
            c.dataset.name: mean(
                ranked(c, TrainedReader(c.index, network, calibration), candidates)
            )
            for c in collections
        }
        means[weight] = float(np.mean([m.value for m in found.values()]))
        click.echo(f"fused weight {weight:g}: " + "; ".join(f"{n} {m}" for n, m in found.items()))
    return max(means, key=lambda weight: means[weight])


def _report(name: str, cases: Sequence[Case], calibration: Calibration) -> None:
    chances = np.array([calibration.probability(one.signs) for one in cases])
    present = np.array([one.present for one in cases])
    right = np.array([one.right for one in cases])
    click.echo(
        f"{name}: best reading right {mean(right[present].tolist())}; "
        f"AUROC {auroc(chances[present].tolist(), chances[~present].tolist())}; "
        f"Brier {np.mean((chances - right) ** 2):.3f}"
    )
    for mood, rate in _FALSE_ANSWERS.items():
        least = threshold_for(chances[~present], rate)
        said = (chances >= least).astype(float)
        balanced = balanced_accuracy(said[present].tolist(), said[~present].tolist())
        correct = mean(right[present & (said > 0)].tolist())
        click.echo(
            f"  {mood}: threshold {least:.2f} covers {mean(said[present].tolist())}, "
            f"right when answering {correct}, balanced accuracy {balanced}"
        )
    for least in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        said = (chances >= least).astype(float)
        click.echo(
            f"  at {least}: covers {mean(said[present].tolist())}, "
            f"false answers {mean(said[~present].tolist())}"
        )


if __name__ == "__main__":
    main()
