"""The engines that run the reader's network: OpenVINO where it is fast, torch everywhere."""

from __future__ import annotations

import shutil
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from filelock import FileLock

from corpus.errors import DalilError, left_to_right
from qa.network_reader import Engine, Floats
from qa.pairs import Ints

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.reader_network import ReaderNetwork


_CONVERTER = 1  # raise it when what is converted changes, so that no old cache is used


class TorchEngine:
    """The reference: float32, or bfloat16 when ``fast``."""

    def __init__(self, network: ReaderNetwork, *, fast: bool = False) -> None:
        self._network = network.eval()
        self._fast = fast

    def __call__(self, ids: Ints, mask: Ints, types: Ints) -> tuple[Floats, Floats]:
        """Scores and log odds."""
        import torch

        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=self._fast):
            scores, relevance = self._network(*map(torch.from_numpy, (ids, mask, types)))
        return scores.float().numpy(), relevance.float().numpy()


def has_bfloat16() -> bool:
    """Whether this processor multiplies in bfloat16; where it does not, torch takes thirty times as
    long with it as with float32.
    """
    import torch

    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


class OpenVinoEngine:
    """The same network compiled for this processor, in bfloat16 where it has that."""

    def __init__(self, model: Path) -> None:
        core = _openvino().Core()
        self._compiled = core.compile_model(model, "CPU", {"PERFORMANCE_HINT": "LATENCY"})

    def __call__(self, ids: Ints, mask: Ints, types: Ints) -> tuple[Floats, Floats]:
        """Scores and log odds."""
        outputs = self._compiled([ids, mask, types])
        return np.asarray(outputs[0], np.float32), np.asarray(outputs[1], np.float32)


def best_engine(
    load: Callable[[], ReaderNetwork],
    cache: Path,
    name: str,
    progress: Callable[[str], None] | None = None,
) -> Engine:
    """OpenVINO, when it is installed, with its converted model kept in ``cache``; else torch.

    ``load`` loads the network, which a converted one needs no more; ``name`` tells it from others.
    ``progress`` is told, in one line, before a conversion starts. Raises DalilError when the cache
    cannot be written.
    """
    if find_spec("openvino") is None:
        return TorchEngine(load())
    folder = cache / f"reader-{name}-openvino-{_CONVERTER}"
    model = folder / "model.xml"
    if not model.exists():
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with FileLock(cache / f".{folder.name}.lock"):
                if not model.exists():
                    if progress:
                        progress(f"Preparing the reader, once, in {folder}")
                    _convert(load(), folder)
        except OSError as error:
            raise DalilError(
                f"The reader could not be written to {folder}: {error}",
                "Free 500 MB there or choose another cache folder, then run the command again.",
                arabic=f"تعذّر حفظ القارئ في «{left_to_right(folder)}». "
                "أفرغ هناك 500 ميغابايت، ثم شغّل دليل من جديد.",
            ) from error
    return OpenVinoEngine(model)


def _convert(network: ReaderNetwork, folder: Path) -> None:
    """Write the network in OpenVINO's form beside ``folder`` and put it there in one step."""
    import torch

    openvino = _openvino()
    example = tuple(torch.ones((2, 8), dtype=torch.long) for _ in range(3))
    with warnings.catch_warnings():  # of branches that the trace takes for good; tests compare
        warnings.simplefilter("ignore")
        model: Any = openvino.convert_model(network.eval(), example_input=example)
    making = folder.with_name(f".{folder.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    openvino.save_model(model, making / "model.xml")
    shutil.rmtree(folder, ignore_errors=True)
    making.rename(folder)


def _openvino() -> Any:
    """The package, without the one that tells its makers each time that it is imported."""
    sys.modules.setdefault("openvino_telemetry", cast(Any, None))  # importing it now fails
    import openvino

    return openvino
