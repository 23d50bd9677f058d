"""Dalil's reader in the form that other systems load: a checkpoint for extractive answering."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

_TOKENIZER, _CONFIG = "tokenizer.json", "tokenizer_config.json"


def write_checkpoint(base: Path, weights: Path, folder: Path) -> None:
    """Write a transformers folder with the encoder and the two scores of each token.

    The head for relevance has no place in that form; neither have Dalil's spelling and windows.
    """
    from transformers import BertConfig, BertForQuestionAnswering

    from qa.reader_network import load_network

    network = load_network(base, weights)
    answering = BertForQuestionAnswering(BertConfig.from_pretrained(base))
    answering.bert.load_state_dict(network.encoder.state_dict(), strict=False)
    answering.qa_outputs.load_state_dict(network.span.state_dict())
    answering.save_pretrained(folder)
    _write_tokenizer(base, folder)


def _write_tokenizer(base: Path, folder: Path) -> None:
    """The base's tokenizer, which tells question and passage apart as the network was trained."""
    tokenizer = json.loads((base / _TOKENIZER).read_text(encoding="utf-8"))
    pair = tokenizer["post_processor"]["pair"]
    passage = next(i for i, part in enumerate(pair) if part.get("Sequence", {}).get("id") == "B")
    for part in pair[passage:]:
        next(iter(part.values()))["type_id"] = 1
    (folder / _TOKENIZER).write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    shutil.copy(base / _CONFIG, folder / _CONFIG)
    config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
    config["model_input_names"] = ["input_ids", "token_type_ids", "attention_mask"]
    (folder / _CONFIG).write_text(json.dumps(config), encoding="utf-8")
