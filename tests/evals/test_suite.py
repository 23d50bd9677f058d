from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.passages import PassageSize
from evals.datasets import Dataset
from evals.results import Result
from evals.suite import Suite
from index.embedder import Vectors
from index.progress import Silent
from tests.evals.doubles import NILE_LENGTH, SEA_NAME, WHEN_MOON, quietly, scripted
from tests.index.doubles import HashEmbedder

SCRIPT = {
    WHEN_MOON: [("سبعة وعشرين يوماً", 0.9)],
    SEA_NAME: [("شديد الملوحة", 0.6)],
    NILE_LENGTH: [("6650 كيلومتراً", 0.15), ("البحر الميت", 0.05)],
}


def measured(
    squad: Dataset, cache: Path, *, full: bool, model: HashEmbedder | None = None
) -> Result:
    suite = Suite(
        model or HashEmbedder(), scripted(SCRIPT), scripted(SCRIPT), PassageSize(), cache, full
    )
    return suite.run(squad, Silent(), quietly)


def test_the_quick_suite_by_hand(squad: Dataset, tmp_path: Path) -> None:
    found = measured(squad, tmp_path, full=False)
    assert (found.name, found.passages, found.threshold) == ("small", 3, 0.2)
    sections = found.sections()
    assert set(sections) == {"retrieval", "reader", "end_to_end", "abstention"}
    values = {name: {m: v.value for m, v in s.items()} for name, s in sections.items()}
    assert values["retrieval"] == {"ndcg@10": 1, "hit@1": 1, "hit@5": 1, "mrr@10": 1}
    assert values["reader"] == {"em": 1, "f1": 1, "em_raw": 1, "f1_raw": 1}
    # The moon is answered; the Nile is not, for want of confidence.
    assert values["end_to_end"] == {
        "em": 0.5,
        "f1": 0.5,
        "answer_in_quote": 0.5,
        "cited_first": 0.5,
    }
    assert values["abstention"] == {
        "auroc": 0.5, "balanced_accuracy": 0.25, "coverage": 0.5, "false_answer_rate": 1
    }  # fmt: skip
    assert (found.ablations, found.spellings, found.without_gold) == ({}, (), ())
    assert found.latency
    assert len(found.latency.samples) == 3
    assert min(found.latency.samples) <= found.latency.median <= found.latency.p95


def test_the_full_suite_adds_the_rest(squad: Dataset, tmp_path: Path) -> None:
    found = measured(squad, tmp_path, full=True)
    assert found.without_gold == (0.0, 0.05)
    near = found.sections()["near_scope"]
    assert (near["auroc"].value, near["coverage"].value, near["false_answer_rate"].value) == (
        1,
        0.5,
        0,
    )
    assert len(found.ablations) == 7
    assert len(found.spellings) == 4


class Counting(HashEmbedder):
    """Counts the questions too."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        return super().embed_queries(texts)


def test_a_second_run_embeds_only_to_take_the_time(squad: Dataset, tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    once = measured(squad, tmp_path, full=True, model=first)
    again = measured(squad, tmp_path, full=True, model=second)
    assert first.embedded
    assert second.embedded == []
    assert len(second.asked) == 4  # three questions are timed, after one to warm up
    assert once.outcomes == again.outcomes
    assert once.sections() == again.sections()


@pytest.mark.parametrize(("count", "timed"), [(1, 1), (19, 19), (20, 20), (21, 20), (175, 20)])
def test_twenty_questions_at_most_are_timed(
    squad: Dataset, tmp_path: Path, count: int, timed: int
) -> None:
    question = squad.questions[0]
    many = tuple(replace(question, id=str(n)) for n in range(count))
    found = measured(replace(squad, questions=many), tmp_path, full=False)
    assert found.latency
    assert len(found.latency.samples) == timed
