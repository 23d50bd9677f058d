"""Low-rank adapters in place of whole layers (Hu et al. 2021, "LoRA"), to compare the two."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from qa.reader_network import ReaderNetwork

SCALE = 2.0  # what an adapter's product counts; rank and rate do the rest
_MATRICES = ["query", "key", "value", "dense"]
_BASE = ".base_layer."
_PART = ".lora_A.default.weight"


def add_adapter(network: ReaderNetwork, rank: int) -> None:
    """Put an adapter of ``rank`` beside each of the encoder's matrices, and freeze these."""
    from peft import LoraConfig, inject_adapter_in_model

    config = LoraConfig(r=rank, lora_alpha=int(SCALE * rank), target_modules=_MATRICES)
    inject_adapter_in_model(config, network.encoder)


def without_adapter(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A network's weights with its adapters added into the matrices; others as they are."""
    found: dict[str, Tensor] = {}
    for name, weight in state.items():
        if ".lora_" in name:
            continue
        matrix = name.partition(_BASE)[0]
        if name.endswith(f"{_BASE}weight") and matrix + _PART in state:
            low, high = state[matrix + _PART], state[(matrix + _PART).replace("lora_A", "lora_B")]
            found[f"{matrix}.weight"] = torch.addmm(weight, high, low, alpha=SCALE)
        else:
            found[name.replace(_BASE, ".")] = weight
    return found
