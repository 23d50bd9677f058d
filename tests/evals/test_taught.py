"""Teaching the relevance head by labels and by the search."""

from __future__ import annotations

import torch
from scipy.stats import spearmanr
from torch import nn

from evals.datasets import Question
from evals.reader_training.measure import rerank_figures
from evals.reader_training.taught import Listed, judged, taught

QUESTION = Question("a", "من بناه؟", 0, ("سليم",))


def lists(n: int) -> list[Listed]:
    """Candidates whose first number tells the label, and whose second the fused score."""
    torch.manual_seed(1)
    found = []
    for _ in range(n):
        right = int(torch.randint(4, ()).item())
        labels = torch.zeros(4)
        labels[right] = 1
        fused = torch.rand(4).sort(descending=True).values
        states = torch.stack([labels, fused, torch.ones(4)], dim=1)
        contexts = tuple(0 if i == right else i + 1 for i in range(4))
        found.append(Listed(QUESTION, contexts, states, fused, labels))
    return found


def agreement(head: nn.Module, exam: list[Listed]) -> float:
    """Mean rank correlation of a head's order with the search's."""
    ranks = [spearmanr(one.fused, one.relevance).statistic for one in judged(head, exam)]
    return float(sum(ranks) / len(ranks))


def test_the_head_comes_to_order_as_it_is_taught() -> None:
    torch.manual_seed(2)
    head = nn.Sequential(nn.Linear(3, 16), nn.GELU(), nn.Linear(16, 1))
    before = [weight.clone() for weight in head.parameters()]
    lessons, exam = lists(150), lists(40)
    by_label, by_search = taught(head, lessons, 1, 0), taught(head, lessons, 0, 1)
    assert rerank_figures(judged(by_label, exam), 0)["hit@1"].value == 1
    assert agreement(by_search, exam) > 0.9 > agreement(by_label, exam)
    after = list(head.parameters())
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
