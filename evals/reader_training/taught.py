"""Whether relevance gains from the search as a teacher (distillation), beside the labels.

Only the relevance head is trained, on the encoder as it is: each passage's pooled states are
computed once, so that several ways of teaching cost no more than one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from evals.collections import context_of
from evals.datasets import Question
from evals.reader_training.measure import Judged
from index.search import SearchIndex
from qa.pairs import PairEncoder, pad
from qa.reader_network import ReaderNetwork

_ROUNDS = 30
_RATE = 1e-4
_SPREAD = 0.05  # a difference of fused scores that makes the teacher e times as sure
_TOKENS = 512


@dataclass(frozen=True, slots=True)
class Listed:
    """A question's candidates, best fused score first: pooled states ``(n, 2 * width)``, fused
    scores ``(n,)``, and 1 where a candidate is of the question's own paragraph.
    """

    question: Question
    contexts: tuple[int, ...]
    states: Tensor
    fused: Tensor
    labels: Tensor


@torch.no_grad()
def listed(
    network: ReaderNetwork,
    encoder: PairEncoder,
    index: SearchIndex,
    questions: Sequence[Question],
    depth: int,
) -> Iterator[Listed]:
    """The ``depth`` best passages of each question, as the network's relevance head meets them."""
    network.eval()
    for question in questions:
        hits = index.search(question.text, depth)
        asked = encoder.question(question.text)
        states = []
        for hit in hits:
            pair = encoder.windows(asked, hit.passage.text, _TOKENS)[0]
            ids, mask, types = map(torch.from_numpy, pad([pair], encoder.padding))
            states.append(network.states(network.words(ids), mask, types)[1])
        contexts = tuple(context_of(hit.source) for hit in hits)
        yield Listed(
            question,
            contexts,
            torch.cat(states),
            torch.tensor([hit.score for hit in hits]),
            torch.tensor([float(context == question.context) for context in contexts]),
        )


def taught(head: nn.Module, lists: Sequence[Listed], labels: float, teacher: float) -> nn.Module:
    """The head after some rounds over the lists.

    ``labels`` weighs the cross-entropy of each candidate's label, and ``teacher`` the divergence of
    the candidates' relevance from the search's fused scores (Hinton et al. 2015).
    """
    torch.manual_seed(0)
    pupil = deepcopy(head)
    optimizer = torch.optim.AdamW(pupil.parameters(), lr=_RATE)
    for _ in range(_ROUNDS):
        for i in torch.randperm(len(lists)).tolist():
            one = lists[i]
            relevance = pupil(one.states).squeeze(-1)
            said = functional.log_softmax(relevance, dim=0)
            sought = functional.softmax(one.fused / _SPREAD, dim=0)
            hard = functional.binary_cross_entropy_with_logits(relevance, one.labels)
            loss = labels * hard + teacher * functional.kl_div(said, sought, reduction="sum")
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            optimizer.zero_grad()
    return pupil.eval()


@torch.no_grad()
def judged(head: nn.Module, lists: Sequence[Listed]) -> list[Judged]:
    """The lists with a head's relevance, for the measures of re-ranking."""
    return [
        Judged(
            one.question,
            one.contexts,
            tuple(one.fused.tolist()),
            tuple(head(one.states).squeeze(-1).tolist()),
        )
        for one in lists
    ]
