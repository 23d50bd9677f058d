"""Fit the trained reader's calibration on development data, and show what it is worth.

Run it as ``python -m evals.fit_reader``; it writes ``qa/weights/calibration.json``. For a reader
of your own set ``DALIL_READER`` and ``--out``, and name the file in ``DALIL_CALIBRATION``. Used are
XQuAD-ar, the articles of ARCD-train that the reader was not trained on, and the development half
of our own set: each question as it is, and with its answering text taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
from numpy.typing import NDArray

from corpus import bundled_texts
from corpus.passages import PassageSize
from evals.cached import CachedEmbedder, CachedReads
from evals.collections import DEVELOPMENT_SETS, Collection, named, open_collection
from evals.command import OWN_SET
from evals.datasets import Question, load_lines, load_squad, sampled
from evals.dialogues import standing_alone, unanswered
from evals.measures import auroc, balanced_accuracy, mean
from evals.overlap import contains
from evals.reader_training.split import unseen
from index.embedder import load_embedder
from index.hit import Hit
from index.progress import Silent
from qa.calibration import Calibration, Signs
from qa.forest import Forest
from qa.reader import PassageReader
from qa.readers import load_network, weights_folder
from qa.settings import load_settings
from qa.shipped import write_sums
from qa.trained_reader import Found, TrainedReader

if TYPE_CHECKING:
    from sklearn.ensemble import RandomForestClassifier

_FALSE_ANSWERS = {"cautious": 0.10, "balanced": 0.20, "eager": 0.35}
_TREES, _LEAST_LEAF, _FOLDS = 200, 8, 10
_NAMES = tuple(field.name for field in fields(Signs))
_ORDERS = ("relevance", "span", "fused", "dense", "meaning", "lacks", "words")
_NEUTRAL = Calibration(Signs(relevance=1, fused=12), Signs(), 0.0)


@dataclass(frozen=True, slots=True)
class Case:
    """A question over some passages: the signs of its readings ``(n, signs)``, which are right,
    and whether the answer was there.
    """

    question: str
    signs: NDArray[np.float64]
    right: NDArray[np.bool_]
    present: bool


def searches(collection: Collection, limit: int) -> Iterator[tuple[Question, list[Hit], bool]]:
    """Each question's hits, with ``True``; and, with ``False``, the hits without the answer."""
    for question in collection.dataset.questions:
        yield question, collection.index.search(question.text, limit), bool(question.answers)
        if question.answers:
            others = collection.other_rows(question)
            yield question, collection.index.search(question.text, limit, among=others), False


def case(question: Question, reader: TrainedReader, hits: list[Hit], present: bool) -> Case | None:
    """The readings of a question; None when nothing was read."""
    found = reader.find(question.text, hits)
    if not found:
        return None
    right = [present and _is_right(question, one) for one in found]
    signs = np.array([astuple(one.signs) for one in found])
    return Case(question.id, signs, np.array(right), present)


def _is_right(question: Question, found: Found) -> bool:
    passage = found.hit.passage
    start, end = found.quote
    meets = any(r.meets(named(found.hit.source), start, end) for r in question.regions)
    quote = passage.text[start - passage.start : end - passage.start]
    return meets and (question.needs_all or contains(quote, question.answers))


def fit(cases: Sequence[Case]) -> Calibration:
    """The order on all readings of questions whose answer is there, then the trust on the best."""
    order = fit_order(cases)
    trust, bias, forest = fit_trust(*_bests(cases, order))
    return Calibration(order, trust, bias, forest=forest)


def fit_trust(signs: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[Signs, float, Forest]:
    """A logistic model and a forest of the readings' signs ``(n, signs)``.

    An answer that is given elsewhere too must never be the less sure for it, in neither of them.
    """
    trust, bias = _logistic(signs, right, _NAMES)
    if trust.echo < 0:
        trust, bias = _logistic(signs, right, [name for name in _NAMES if name != "echo"])
    return trust, bias, Forest.grown(_forest().fit(signs, right))


def fit_order(cases: Sequence[Case]) -> Signs:
    """What orders the readings of a question."""
    there = [one for one in cases if one.present]
    order, _ = _logistic(
        np.concatenate([one.signs for one in there]),
        np.concatenate([one.right for one in there]),
        _ORDERS,
    )
    return order


def unseen_chances(cases: Sequence[Case], order: Signs) -> NDArray[np.float64]:
    """The probability of each case's best reading, by models that were not fitted on its question.

    A question comes twice, with its answer and without: both stay on one side.
    """
    from sklearn.model_selection import GroupKFold

    signs, right = _bests(cases, order)
    likely = np.zeros(len(cases))
    groups = [one.question for one in cases]
    for known, held_out in GroupKFold(_FOLDS).split(signs, right, groups):
        trust, bias, forest = fit_trust(signs[known], right[known])
        model = Calibration(order, trust, bias, forest=forest)
        rows = signs[held_out].tolist()
        likely[held_out] = [model.probability(Signs(*row)) for row in rows]
    return likely


def _forest() -> RandomForestClassifier:
    from sklearn.ensemble import RandomForestClassifier as Grower

    rising = [int(name == "echo") for name in _NAMES]
    return Grower(_TREES, min_samples_leaf=_LEAST_LEAF, monotonic_cst=rising, random_state=0)


def _bests(cases: Sequence[Case], order: Signs) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The signs of each case's best reading, and whether it is right."""
    best = [_best(one, order) for one in cases]
    signs = np.array([one.signs[i] for one, i in zip(cases, best, strict=True)])
    return signs, np.array([one.right[i] for one, i in zip(cases, best, strict=True)])


def _best(one: Case, order: Signs) -> int:
    return int((one.signs @ np.array(astuple(order))).argmax())


def _logistic(
    rows: NDArray[np.float64], right: NDArray[np.bool_], names: Sequence[str]
) -> tuple[Signs, float]:
    """Maximum likelihood with a light ridge, on columns scaled to a spread of one."""
    from sklearn.linear_model import LogisticRegression

    columns = [_NAMES.index(name) for name in names]
    spread = rows[:, columns].std(axis=0) + 1e-9
    model = LogisticRegression(C=10, max_iter=2_000).fit(rows[:, columns] / spread, right)
    weights = dict(zip(names, (model.coef_[0] / spread).tolist(), strict=True))
    return Signs(**weights), float(model.intercept_[0])


def threshold_for(probabilities: NDArray[np.float64], false_rate: float) -> float:
    """The least threshold at which at most that share of absent questions is answered."""
    return float(np.quantile(probabilities, 1 - false_rate))


@click.command()
@click.option("--candidates", default=10, help="Passages that the reader is given.")
@click.option("--sample", type=click.IntRange(1), help="Questions asked of each set at most.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=weights_folder() / "calibration.json"
)
def main(candidates: int, sample: int | None, out: Path) -> None:
    """Fit order and probability, print figures and thresholds, and write the file."""
    settings = load_settings()
    cache = settings.cache / "evals"
    model = CachedEmbedder(
        load_embedder(settings.embedder, settings.cache, click.echo), cache / "vectors.sqlite"
    )
    network: PassageReader = CachedReads(load_network(settings), cache / "reads.sqlite")
    arcd = next(path for path in DEVELOPMENT_SETS if path.stem.startswith("arcd"))
    xquad = next(path for path in DEVELOPMENT_SETS if path.stem.startswith("xquad"))
    datasets = [
        standing_alone(load_lines(OWN_SET, bundled_texts(), "own-dev", "dev"), unanswered),
        unseen(load_squad(arcd)),
        load_squad(xquad),
    ]
    collections = [
        Collection(sampled(d, sample), open_collection(d, model, cache, PassageSize(), Silent()))
        for d in datasets
    ]
    every: dict[str, list[Case]] = {}
    for collection in collections:
        reader = TrainedReader(collection.index, network, _NEUTRAL, enough=2)
        with click.progressbar(list(searches(collection, candidates)), label="reading") as bar:
            found = [case(q, reader, hits, present) for q, hits, present in bar]
        every[collection.dataset.name] = [one for one in found if one]
    cases = [one for some in every.values() for one in some]
    calibration = fit(cases)
    likely = unseen_chances(cases, calibration.order)
    absent = np.array([not one.present for one in cases])
    own = np.arange(len(cases)) < len(every["own-dev"])
    thresholds = {
        mood: threshold_for(likely[own & absent], r) for mood, r in _FALSE_ANSWERS.items()
    }
    first = 0
    for name, some in every.items():
        _report(name, some, likely[first : first + len(some)], calibration.order)
        first += len(some)
    replace(calibration, thresholds=thresholds).save(out)
    write_sums(out.parent)
    click.echo(f"{thresholds}")
    click.echo(f"Written: {out}")


def _report(name: str, cases: Sequence[Case], likely: NDArray[np.float64], order: Signs) -> None:
    """Figures of probabilities that come from forests which had not seen the question."""
    _, right = _bests(cases, order)
    present = np.array([one.present for one in cases])
    click.echo(
        f"{name}: best reading right {mean(right[present].tolist())}; "
        f"AUROC {auroc(likely[present].tolist(), likely[~present].tolist())}; "
        f"Brier {np.mean((likely - right) ** 2):.3f}"
    )
    for mood, rate in _FALSE_ANSWERS.items():
        least = threshold_for(likely[~present], rate)
        said = (likely >= least).astype(float)
        balanced = balanced_accuracy(said[present].tolist(), said[~present].tolist())
        correct = mean(right[present & (said > 0)].tolist())
        click.echo(
            f"  {mood}: threshold {least:.2f} covers {mean(said[present].tolist())}, "
            f"right when answering {correct}, balanced accuracy {balanced}"
        )
    for least in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        said = (likely >= least).astype(float)
        click.echo(
            f"  at {least}: covers {mean(said[present].tolist())}, "
            f"false answers {mean(said[~present].tolist())}"
        )


if __name__ == "__main__":
    main()
