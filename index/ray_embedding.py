"""Embed on the machines of a Ray cluster, each of which has Dalil installed."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import DalilError, left_to_right
from index.batches import batched
from index.bulk import BATCH
from index.embedder import Embedder, Vectors, load_embedder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Batch = dict[str, NDArray[Any]]

_SLAB = 32_768
"""Texts that are handed to the cluster together, some 60 MB; the next ones are read after that."""


class RayEmbedder:
    """A cluster that runs already, at ``address``, or without one the cores of this machine."""

    def __init__(self, address: str, embedder: str, cache: Path) -> None:
        self._address, self._embedder, self._cache = address, embedder, cache

    def vectors(
        self, texts: Iterable[tuple[str, str]], model: Embedder
    ) -> Iterator[tuple[Sequence[str], Vectors]]:
        """As they come back from the machines."""
        ray = _connected(self._address)
        try:
            for slab in batched(texts, _SLAB):
                yield from self._slab(ray, slab, model.fingerprint)
        except ray.exceptions.RayError as error:
            raise DalilError(
                f"A machine of the Ray cluster could not embed: {_cause(error)}",
                "See that Dalil is installed there with the same embedder. What was embedded is "
                "kept; run the command again to go on.",
                arabic="تعذّر الحساب على أحد أجهزة العنقود. تأكّد من تثبيت دليل عليه بالنموذج نفسه، "
                "ثم شغّل الأمر من جديد؛ وما حُسب محفوظ.",
            ) from error
        finally:
            ray.shutdown()

    def _slab(
        self, ray: Any, slab: Sequence[tuple[str, str]], fingerprint: str
    ) -> Iterator[tuple[Sequence[str], Vectors]]:
        rows = [{"key": key, "text": text} for key, text in slab]
        # Ray's own tasks want cores beside the actors': with none left for them both would wait.
        batches = -(-len(rows) // BATCH)
        actors = max(1, int(ray.cluster_resources().get("CPU", 1)) // 2)
        made = ray.data.from_items(rows, override_num_blocks=batches).map_batches(
            _Worker,
            fn_constructor_args=(self._embedder, self._cache, fingerprint),
            batch_size=BATCH,
            compute=ray.data.ActorPoolStrategy(size=min(actors, batches)),
            num_cpus=1,
        )
        for batch in made.iter_batches(batch_size=None, batch_format="numpy"):
            yield batch["key"].tolist(), np.stack(batch["vector"]).astype(np.float32, copy=False)


class _Worker:
    """The model on one core of one machine.

    Nothing may fail as it is made: Ray would make it again and again.
    """

    def __init__(self, embedder: str, cache: Path, fingerprint: str) -> None:
        self._named, self._cache, self._fingerprint = embedder, cache, fingerprint

    def __call__(self, batch: Batch) -> Batch:
        return {"key": batch["key"], "vector": self._model.embed_passages(batch["text"].tolist())}

    @cached_property
    def _model(self) -> Embedder:
        model = load_embedder(self._named, self._cache)
        if model.fingerprint != self._fingerprint:
            raise DalilError(
                f"The embedder there is {model.name} ({model.fingerprint}), "
                f"not the one of this build ({self._fingerprint}).",
                "Install the same model everywhere.",
            )
        return model


def _connected(address: str) -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to its makers
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise DalilError(
            "Embedding on several machines needs the package ray, which is not installed here.",
            "Run: pip install 'ray[data]'",
            arabic="الحساب على أجهزة عدّة يحتاج إلى حزمة غير مثبّتة هنا. ثبّتها في نافذة الأوامر: "
            f"{left_to_right('pip install ray[data]')}",
        ) from error
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    try:
        if address:
            _knock(address)  # Ray itself would wait for minutes
            ray.init(address=address, **quiet)
        else:
            # Twice the cores in its books: one of two is for its own tasks, which hardly compute.
            cores = 2 * (os.cpu_count() or 1)
            ray.init(num_cpus=cores, include_dashboard=False, **quiet)
    except (OSError, ValueError, RuntimeError) as error:
        raise DalilError(
            f"The Ray cluster at {address or 'this machine'} cannot be reached: {error}",
            "Start one with `ray start --head`, and give its address as ray:HOST:6379.",
            arabic="تعذّر الوصول إلى عنقود Ray. شغّله، ثم عيّن عنوانه هكذا: "
            f"{left_to_right('--embed-on ray:HOST:6379')}",
        ) from error
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    return ray


def _knock(address: str) -> None:
    """Raise OSError where nobody listens at ``HOST:PORT``, ValueError where it is not that."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=5):
        pass


def _cause(error: BaseException) -> str:
    cause = getattr(error, "cause", None) or error.__cause__ or error
    lines = str(cause).strip().splitlines()
    return lines[-1] if lines else type(cause).__name__
