"""What a load came to: replies told apart, and how long they took."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from evals.hardening.load_doors import Reply

Known = Mapping[tuple[str, str], frozenset[tuple[str, ...]]]
"""The right replies, by door and question."""
_MOST_EXAMPLES = 10


@dataclass
class Tally:
    """Counts of replies by what they were; ``known`` are the right ones."""

    known: Known
    counts: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    spans: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)

    def take(self, door: str, question: str, reply: Reply, began: float, ended: float) -> None:
        """Count one reply; ``began`` and ``ended`` are in seconds of one clock."""
        kind: str = reply.kind
        if kind == "answer":
            self.seconds[door].append(ended - began)
            self.spans[door].append((began, ended))
            kind = "right" if reply.said in self.known[door, question] else "wrong"
        self.counts[kind] += 1
        self.counts[f"{kind} {door}"] += 1
        if kind in {"wrong", "lost"}:
            self.faults.append(f"{kind} at {door}: {question} -> {reply.said}")

    @property
    def held(self) -> bool:
        """Whether there were answers, none wrong and none lost."""
        return bool(self.counts["right"]) and not self.counts["wrong"] + self.counts["lost"]

    def lines(self) -> list[str]:
        """A line for each door, and the first faults."""
        found = []
        for door, seconds in sorted(self.seconds.items()):
            middle, late = np.percentile(seconds, [50, 95])
            found.append(
                f"  {door}: {len(seconds)} answers, p50 {middle:.2f} s, p95 {late:.2f} s, "
                f"{self.counts[f'busy {door}']} told busy, "
                f"{at_once(self.spans[door])} answered at once at most"
            )
        return [*found, *(f"  {fault}" for fault in self.faults[:_MOST_EXAMPLES])]

    @property
    def late(self) -> float:
        """The 95th percentile of all answers, in seconds; nan without any."""
        every = [one for some in self.seconds.values() for one in some]
        return float(np.percentile(every, 95)) if every else float("nan")


def at_once(spans: Sequence[tuple[float, float]]) -> int:
    """How many of some requests, each from its first to its second time, went on at once at most:
    with one at work, the others were in the queue.
    """
    ends = sorted([(end, -1) for _, end in spans] + [(start, 1) for start, _ in spans])
    now = most = 0
    for _, step in ends:
        now += step
        most = max(most, now)
    return most
