"""Fit the two logistic models of the sentence reader on the development sets.

Run it as ``python -m evals.fit_sentence_reader``; it prints the weights that stand in
``qa/sentence_reader.py``, how well they do, and what each threshold lets through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from corpus.normalise import fold
from corpus.passages import PassageSize
from evals.collections import DEVELOPMENT_SETS, context_of, open_collection
from evals.datasets import Dataset, Question, load_squad
from evals.measures import mean
from index.embedder import load_embedder
from index.hit import Hit
from index.progress import Silent
from index.search import SearchIndex
from qa.question import understand
from qa.sentence_reader import PASSAGES_READ, Evidence, SentenceReader
from qa.settings import load_settings

_NAMES = tuple(Evidence.__dataclass_fields__)
_RANK_NAMES = ("meaning", "words", "fused", "dense", "lacks")
_TRUST_NAMES = ("meaning", "words", "around", "dense", "lacks")
_THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


@dataclass(frozen=True, slots=True)
class Case:
    """One question's sentences: evidence of shape ``(n, 6)``, and which of them hold the answer.

    ``present`` says whether the answering paragraph was there.
    """

    evidence: NDArray[np.float64]
    correct: NDArray[np.bool_]
    present: bool


def cases(dataset: Dataset, index: SearchIndex) -> Iterator[Case]:
    """Each question twice: as it is, and with its paragraph alone taken away."""
    reader = SentenceReader(index)
    for question in dataset.questions:
        hits = index.search(question.text, 3 * PASSAGES_READ)
        away = [hit for hit in hits if context_of(hit.source) != question.context]
        for present, kept in ((True, hits), (False, away)):
            found = reader.weigh(understand(question.text), kept)
            if found:
                yield Case(
                    np.array([astuple(evidence) for _, evidence in found]),
                    np.array([_holds(index, question, c.hit, c.span) for c, _ in found]),
                    present,
                )


def _holds(index: SearchIndex, question: Question, hit: Hit, span: tuple[int, int]) -> bool:
    if context_of(hit.source) != question.context:
        return False
    sentence = fold(index.document(hit.passage.document_id).text[span[0] : span[1]])
    return any(fold(answer) in sentence for answer in question.answers)


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model over some columns of the evidence."""

    columns: list[int]
    weights: NDArray[np.float64]
    bias: float

    @classmethod
    def fit(
        cls, names: Sequence[str], evidence: NDArray[np.float64], labels: NDArray[np.bool_]
    ) -> Model:
        """Maximum likelihood with a light ridge on standardised columns."""
        from sklearn.linear_model import LogisticRegression

        columns = [_NAMES.index(name) for name in names]
        rows = evidence[:, columns]
        spread = rows.std(axis=0) + 1e-9
        fitted = LogisticRegression(C=10, max_iter=1_000).fit(rows / spread, labels)
        return cls(columns, fitted.coef_[0] / spread, float(fitted.intercept_[0]))

    def scores(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds of each row."""
        return np.asarray(evidence[:, self.columns] @ self.weights + self.bias)

    def __str__(self) -> str:
        named = zip(self.columns, self.weights, strict=True)
        return ", ".join(f"{_NAMES[c]}={w:.3g}" for c, w in named) + f"; bias={self.bias:.3g}"


def report(name: str, found: Sequence[Case], rank: Model, trust: Model) -> Iterator[str]:
    """Lines about one set: best sentence right, present against absent, and each threshold."""
    from sklearn.metrics import roc_auc_score

    best = [int(rank.scores(case.evidence).argmax()) for case in found]
    chosen = np.array([case.evidence[i] for case, i in zip(found, best, strict=True)])
    probability = 1 / (1 + np.exp(-trust.scores(chosen)))
    right = np.array([case.correct[i] for case, i in zip(found, best, strict=True)])
    present = np.array([case.present for case in found])
    brier = float(np.mean((probability - right) ** 2))
    yield f"{name}: n={present.sum()} with the answer, {(~present).sum()} without"
    yield f"  best sentence holds the answer: {mean(right[present].tolist())}"
    yield f"  AUROC present/absent: {roc_auc_score(present, probability):.3f}; Brier: {brier:.3f}"
    for threshold in _THRESHOLDS:
        said = probability >= threshold
        balanced = (said[present].mean() + (~said[~present]).mean()) / 2
        yield (
            f"  threshold {threshold:.2f}: answers {mean(said[present].tolist())} of the present, "
            f"{mean(said[~present].tolist())} of the absent; "
            f"balanced accuracy {100 * balanced:.1f}; "
            f"right when answering {100 * right[present & said].mean():.1f}"
        )


@click.command()
@click.option("--dataset", "paths", multiple=True, type=click.Path(path_type=Path))
def main(paths: tuple[Path, ...]) -> None:
    """Print weights fitted on all sets together, and figures for each set."""
    settings = load_settings()
    model = load_embedder(settings.embedder, settings.cache, click.echo)
    found: dict[str, list[Case]] = {}
    for path in paths or DEVELOPMENT_SETS:
        dataset = load_squad(path)
        index = open_collection(dataset, model, settings.cache / "evals", PassageSize(), Silent())
        with click.progressbar(cases(dataset, index), 2 * len(dataset.questions), path.stem) as bar:
            found[path.stem] = list(bar)
    everything = [case for some in found.values() for case in some]
    present = [case for case in everything if case.present]
    rank = Model.fit(
        _RANK_NAMES,
        np.concatenate([case.evidence for case in present]),
        np.concatenate([case.correct for case in present]),
    )
    best = [int(rank.scores(case.evidence).argmax()) for case in everything]
    trust = Model.fit(
        _TRUST_NAMES,
        np.array([case.evidence[i] for case, i in zip(everything, best, strict=True)]),
        np.array([case.correct[i] for case, i in zip(everything, best, strict=True)]),
    )
    click.echo(f"rank:  {rank}\ntrust: {trust}")
    for name, some in found.items():
        click.echo("\n".join(report(name, some, rank, trust)))


if __name__ == "__main__":
    main()
