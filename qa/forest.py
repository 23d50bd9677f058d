"""A forest of decision trees as arrays: what scikit-learn grew, read without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_NO_FEATURE = -1


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of nodes, each array with an entry for every node of every tree.

    At a node a row goes ``left`` where its ``feature`` is at most ``threshold``, else ``right``; a
    leaf has feature -1 and a ``value``: the share of its examples that were positive. ``roots`` are
    the nodes at which the trees begin.
    """

    roots: NDArray[np.int32]
    feature: NDArray[np.int8]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]

    def probability(self, row: Sequence[float]) -> float:
        """The mean of the leaves that ``row`` comes to, one in each tree: 0..1."""
        values = np.asarray(row, dtype=np.float32)  # as scikit-learn compares
        at = self.roots
        while True:
            feature = self.feature[at]
            inner = feature != _NO_FEATURE
            if not inner.any():
                return float(self.value[at].mean())
            goes_left = values[feature] <= self.threshold[at]
            at = np.where(inner, np.where(goes_left, self.left[at], self.right[at]), at)

    @classmethod
    def grown(cls, model: Any) -> Forest:
        """From a fitted scikit-learn forest for two classes, the second the positive one."""
        trees = [one.tree_ for one in model.estimators_]
        firsts = np.cumsum([0, *(tree.node_count for tree in trees)])[:-1]
        inner = np.concatenate([tree.children_left >= 0 for tree in trees])
        feature = np.concatenate([tree.feature for tree in trees])
        moved = list(zip(trees, firsts, strict=True))
        share = [tree.value[:, 0, 1] / tree.value[:, 0].sum(axis=1) for tree in trees]
        return cls(
            roots=firsts.astype(np.int32),
            feature=np.where(inner, feature, _NO_FEATURE).astype(np.int8),
            threshold=np.concatenate([tree.threshold for tree in trees]),
            left=np.concatenate([t.children_left + first for t, first in moved]).astype(np.int32),
            right=np.concatenate([t.children_right + first for t, first in moved]).astype(np.int32),
            value=np.concatenate(share).astype(np.float32),
        )

    def save(self, path: Path) -> None:
        """Write what ``load`` reads."""
        from safetensors.numpy import save_file

        arrays = {
            field.name: np.ascontiguousarray(getattr(self, field.name)) for field in fields(self)
        }
        save_file(arrays, path)

    @classmethod
    def load(cls, path: Path) -> Forest:
        """Read the file; raises OSError or ValueError when it is missing or not a forest."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            return cls(**load_file(path))
        except (SafetensorError, TypeError) as error:
            raise ValueError(str(error)) from error
