"""Write a trained network as the small file that Dalil loads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from qa.reader_network import FORMAT, SCALE, ReaderNetwork, is_trained


def save_weights(network: ReaderNetwork, path: Path, about: dict[str, Any]) -> None:
    """Write what training changed, the encoder's matrices as one byte a number.

    ``about`` goes into the file's header beside the format, each value as JSON.
    """
    tensors: dict[str, Tensor] = {}
    for name, weight in network.state_dict().items():
        if not is_trained(name):
            continue
        if weight.dim() == 2 and name.startswith("encoder."):
            scale = weight.abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
            tensors[name] = (weight / scale).round().to(torch.int8).contiguous()
            tensors[name + SCALE] = scale.float().contiguous()
        else:
            tensors[name] = weight.half().contiguous()
    path.parent.mkdir(parents=True, exist_ok=True)
    header = {"format": FORMAT, **{k: json.dumps(v, ensure_ascii=False) for k, v in about.items()}}
    save_file(tensors, path, metadata=header)


def told_of(path: Path) -> dict[str, Any]:
    """What a weights file's header says beside the format."""
    with safe_open(str(path), framework="pt") as file:
        header = dict(file.metadata())
    del header["format"]
    return {key: json.loads(value) for key, value in header.items()}


def mixed(
    trained: Sequence[Mapping[str, Tensor]], base: Mapping[str, Tensor], share: float
) -> dict[str, Tensor]:
    """The mean of trained weights, the encoder's drawn back towards the base model's.

    Between the two lies a network that keeps more of what the base model knows of languages that
    the training set lacks (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
    """
    found: dict[str, Tensor] = {}
    for name, weight in base.items():
        if not weight.is_floating_point():
            found[name] = weight
            continue
        mean = torch.stack([weights[name] for weights in trained]).mean(dim=0)
        found[name] = torch.lerp(weight, mean, share) if name.startswith("encoder.") else mean
    return found
