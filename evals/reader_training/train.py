"""The training loop: a budget of minutes, a log, and checkpoints to go on from."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from evals.reader_training.batches import Batch, Mixture, pools
from evals.reader_training.examples import Example
from qa.engines import has_bfloat16
from qa.pairs import PairEncoder
from qa.reader_network import ReaderNetwork


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the reader is trained; the learning rate falls to ``end`` of itself as ``minutes`` run
    out.

    ``rate`` is the highest layer's; each layer below has ``layer_decay`` of the one above, and the
    lowest ``frozen`` ones are not trained. Figures are measured at every ``measured_every``-th
    checkpoint and at the end.
    """

    minutes: float = 65
    rate: float = 1.2e-4
    head_rate: float = 5e-4
    layer_decay: float = 0.9
    frozen: int = 3
    end: float = 0.0
    warm_up: float = 0.05
    decay: float = 0.01
    clip: float = 1.0
    relevance_weight: float = 0.7
    checkpoint_minutes: float = 5
    measured_every: int = 3
    seed: int = 7
    mixture: Mixture = field(default_factory=Mixture)


@dataclass(slots=True)
class _Progress:
    """Where training stands; ``seconds`` counts training alone, over all runs."""

    step: int = 0
    pool: int = 0
    seconds: float = 0.0
    examples: int = 0


_CHECKPOINT = "checkpoint.pt"
_NEVER_TRAINED = ("word_embeddings.weight", "position_embeddings.weight")
Measure = Callable[[ReaderNetwork], dict[str, float]]


class Training:
    """One network in training, with everything needed to go on after a stop."""

    def __init__(self, network: ReaderNetwork, recipe: Recipe, folder: Path) -> None:
        torch.manual_seed(recipe.seed)
        self.network = network
        self._recipe = recipe
        self._folder = folder
        self._optimizer = torch.optim.AdamW(parameter_groups(network, recipe), fused=True)
        self._bfloat16 = has_bfloat16()
        self._rates = [group["lr"] for group in self._optimizer.param_groups]
        self._progress = _Progress()
        self._recipes = [asdict(recipe)]
        folder.mkdir(parents=True, exist_ok=True)

    def resume(self) -> bool:
        """Take up the last checkpoint; says whether there was one."""
        kept = last_checkpoint(self._folder)
        if kept is None:
            return False
        self.network.load_state_dict(kept["network"])
        self._optimizer.load_state_dict(kept["optimizer"])
        self._progress = _Progress(**kept["progress"])
        before = kept.get("recipes", [])
        self._recipes = before if before[-1:] == self._recipes else [*before, *self._recipes]
        return True

    def run(
        self,
        examples: Sequence[Example],
        negatives: Sequence[Sequence[str]],
        encoder: PairEncoder,
        measure: Measure,
    ) -> None:
        """Train until the minutes are spent, then measure and keep the end."""
        limit = 60 * self._recipe.minutes
        saved = self._progress.seconds
        started = time.monotonic()
        kept = 0
        mixture = self._recipe.mixture
        for number, batches in pools(examples, negatives, encoder, mixture, self._progress.pool):
            self._progress.pool = number
            for batch in batches:
                losses = self._step(batch, self._progress.seconds / limit)
                now = time.monotonic()
                self._progress.seconds += now - started
                started = now
                if self._progress.step % 20 == 0:
                    self._log(losses)
                if self._progress.seconds >= limit:
                    self._keep(measure)
                    return
            if self._progress.seconds - saved >= 60 * self._recipe.checkpoint_minutes:
                self._progress.pool += 1
                kept += 1
                self._keep(measure if kept % self._recipe.measured_every == 0 else None)
                saved, started = self._progress.seconds, time.monotonic()

    def _step(self, batch: Batch, done: float) -> dict[str, float]:
        recipe = self._recipe
        falling = 1 - (1 - recipe.end) * max(0.0, done - recipe.warm_up) / (1 - recipe.warm_up)
        factor = min(done / recipe.warm_up, falling)
        for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * max(factor, 1e-3)
        self.network.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            scores, relevance = self.network(batch.ids, batch.mask, batch.types)
        span = span_loss(scores.float(), batch)
        answers = (batch.starts >= 0).float()
        judged = functional.binary_cross_entropy_with_logits(relevance.float(), answers)
        loss = span + self._recipe.relevance_weight * judged
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self._recipe.clip)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self._progress.step += 1
        self._progress.examples += len(batch.ids)
        return {"span": span.item(), "relevance": judged.item(), "factor": factor}

    def _log(self, figures: dict[str, float]) -> None:
        line = {**asdict(self._progress), **figures}
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({k: round(v, 4) for k, v in line.items()}) + "\n")

    def _keep(self, measure: Measure | None) -> None:
        kept: dict[str, Any] = {
            "network": self.network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "progress": asdict(self._progress),
            "recipes": self._recipes,
        }
        making = self._folder / "checkpoint.part"
        torch.save(kept, making)
        os.replace(making, self._folder / _CHECKPOINT)  # noqa: PTH105
        if measure:
            self._log(measure(self.network))


def last_checkpoint(folder: Path) -> dict[str, Any] | None:
    """The network's weights, the optimizer's state, progress and recipes; None without any."""
    path = folder / _CHECKPOINT
    return dict(torch.load(path, weights_only=True)) if path.exists() else None


def span_loss(scores: Tensor, batch: Batch) -> Tensor:
    """Mean cross-entropy of the two ends over the passage's tokens; nought without answers."""
    answered = batch.starts >= 0
    if not bool(answered.any()):
        return scores.sum() * 0
    passage = (batch.types[answered] == 1).unsqueeze(-1)
    inside = scores[answered].masked_fill(~passage, float("-inf"))
    start = functional.cross_entropy(inside[..., 0], batch.starts[answered])
    end = functional.cross_entropy(inside[..., 1], batch.ends[answered])
    return (start + end) / 2


def parameter_groups(network: ReaderNetwork, recipe: Recipe) -> list[dict[str, Any]]:
    """Parameters by rate and decay; embeddings and the frozen layers stay as they are."""
    groups: dict[tuple[float, bool], list[Tensor]] = {}
    layers = 1 + max(_layer(name, -1) for name, _ in network.named_parameters())
    for name, weight in network.named_parameters():
        layer = _layer(name, layers)
        if layer < recipe.frozen or name.endswith(_NEVER_TRAINED) or not weight.requires_grad:
            weight.requires_grad_(False)
            continue
        rate = recipe.rate * recipe.layer_decay ** (layers - 1 - layer)
        groups.setdefault(
            (recipe.head_rate if layer >= layers else rate, weight.dim() > 1), []
        ).append(weight)
    return [
        {"params": weights, "lr": rate, "weight_decay": recipe.decay if matrix else 0.0}
        for (rate, matrix), weights in groups.items()
    ]


def _layer(name: str, layers: int) -> int:
    """The encoder layer of a parameter: -1 for embeddings, ``layers`` for the heads."""
    if not name.startswith("encoder."):
        return layers
    inside = re.search(r"layer\.(\d+)\.", name)
    return int(inside[1]) if inside else -1
