"""Networks converted for OpenVINO, once, and compiled for this processor at each start."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor, nn

Network = Callable[[Sequence[NDArray[Any]]], list[NDArray[np.float32]]]
"""Inputs in their order to outputs in theirs, each of float32. For one thread at a time."""

MODEL = "model.xml"


def has_openvino() -> bool:
    """Whether the package is installed, without importing it."""
    return find_spec("openvino") is not None


def openvino() -> Any:
    """The package, without the one that tells its makers each time that it is imported."""
    sys.modules.setdefault("openvino_telemetry", cast(Any, None))  # importing it now fails
    import openvino

    return openvino


def convert(network: nn.Module, example: tuple[Tensor, ...], folder: Path) -> None:
    """Write ``network`` into ``folder`` in OpenVINO's form, weights as they are.

    ``example`` is one input; the sizes of its dimensions do not matter. Raises OSError.
    """
    with warnings.catch_warnings():  # of branches that the trace takes for good; tests compare
        warnings.simplefilter("ignore")
        model: Any = openvino().convert_model(network.eval(), example_input=example)
    try:
        openvino().save_model(model, folder / MODEL, compress_to_fp16=False)
    except RuntimeError as error:  # what this library raises for a full disk
        raise OSError(f"{folder / MODEL}: {error}") from error


def compiled(folder: Path) -> Network:
    """The network in ``folder``, in bfloat16 where the processor multiplies in that."""
    path = folder / MODEL
    request = _compiled(path, path.stat().st_mtime_ns).create_infer_request()

    def run(inputs: Sequence[NDArray[Any]]) -> list[NDArray[np.float32]]:
        outputs = request.infer(list(inputs), share_inputs=True)
        return [np.asarray(outputs[i], np.float32) for i in range(len(outputs))]

    return run


@lru_cache(maxsize=2)
def _compiled(path: Path, _: int) -> Any:
    """Compiled once in a process: it takes a tenth of a gigabyte, and any number may use it."""
    wanted: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
    threads = os.environ.get("OMP_NUM_THREADS", "")  # what torch, FAISS and Ray go by
    if threads.isdigit() and int(threads):
        wanted["INFERENCE_NUM_THREADS"] = int(threads)
    return openvino().Core().compile_model(path, "CPU", wanted)
