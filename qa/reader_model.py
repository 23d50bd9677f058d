"""The network that reads: one pass over question and passage, for relevance and answer span.

This module imports torch; import it only where a reader is really loaded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer
from torch import Tensor, nn

from corpus.document import Span
from corpus.errors import DalilError
from corpus.normalise import plain
from index.disk import file_hash
from qa.reader import Read

FORMAT = "dalil-reader-1"
"""What the weights file's header says: int8 matrices of the encoder, each with a float32 scale for
every row under its name and ``SCALE``; all else float16. Embeddings come from the base model."""
MAX_TOKENS = 512
MAX_ANSWER_TOKENS = 32
_QUESTION_TOKENS = 96
_STRIDE = 128
_TOKENS_PER_BATCH = 4_096
SCALE = ".scale"
_PUNCTUATION = " \n\t.,،؛;:!؟?…\"'«»“”()[]-–"
_OPENERS = {")": "(", "]": "[", "»": "«", "”": "“"}


@dataclass(frozen=True, slots=True)
class Pair:
    """One input: ``<s> question </s></s> passage </s>``.

    ``spans`` are raw character spans of the passage's tokens, the first of which is at ``first``.
    """

    ids: list[int]
    first: int
    spans: list[Span]


class PairEncoder:
    """Makes token ids of questions and passages in the spelling that the embedder uses."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._open = _special(tokenizer, "<s>")
        self._close = _special(tokenizer, "</s>")
        self.padding = _special(tokenizer, "<pad>")

    def question(self, text: str) -> list[int]:
        """Token ids of a question, cut where it is absurdly long."""
        encoding = self._tokenizer.encode(plain(text), add_special_tokens=False)
        return list(encoding.ids[:_QUESTION_TOKENS])

    def passage(self, text: str) -> tuple[list[int], list[Span]]:
        """Token ids of a passage and, for each, the raw characters it came from."""
        spelling = plain_with_spans(text)
        encoding = self._tokenizer.encode(spelling.text, add_special_tokens=False)
        return list(encoding.ids), [spelling.raw_span(*span) for span in encoding.offsets]

    def pair(self, question: Sequence[int], ids: Sequence[int], spans: Sequence[Span]) -> Pair:
        """One input of the network."""
        head = [self._open, *question, self._close, self._close]
        return Pair([*head, *ids, self._close], len(head), list(spans))

    def windows(self, question: Sequence[int], passage: str, limit: int = MAX_TOKENS) -> list[Pair]:
        """The passage as inputs of ``limit`` tokens at most; long ones overlap by 128 tokens."""
        ids, spans = self.passage(passage)
        room = limit - len(question) - 4
        step = max(room - _STRIDE, 1)
        starts = range(0, max(len(ids) - _STRIDE, 1), step) if len(ids) > room else [0]
        return [self.pair(question, ids[i : i + room], spans[i : i + room]) for i in starts]


def _special(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:
        raise DalilError(f"The tokenizer has no {token}.", "The reader needs an XLM-R tokenizer.")
    return int(number)


@dataclass(frozen=True, slots=True)
class PlainSpelling:
    """``plain`` text and the raw span behind each of its characters."""

    text: str
    spans: list[Span]

    def raw_span(self, start: int, end: int) -> Span:
        """The raw span behind ``text[start:end]``, without white space at either end."""
        while start < end and self.text[start].isspace():
            start += 1
        while start < end and self.text[end - 1].isspace():
            end -= 1
        if start >= end:
            at = self.spans[min(start, len(self.spans) - 1)][0] if self.spans else 0
            return at, at
        return self.spans[start][0], self.spans[end - 1][1]


def plain_with_spans(text: str) -> PlainSpelling:
    """``corpus.normalise.plain`` letter by letter; marks belong to the letter before them."""
    pieces: list[str] = []
    spans: list[Span] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and unicodedata.combining(text[end]):
            continue
        piece = plain(text[start:end])
        pieces.append(piece)
        spans += [(start, end)] * len(piece)
        start = end
    return PlainSpelling("".join(pieces), spans)


class ReaderNetwork(nn.Module):
    """The encoder with two heads: a start and an end score a token, and one relevance a pair."""

    def __init__(self, encoder: nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.span = nn.Linear(width, 2)
        self.relevance = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Linear(width, 1))

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """Scores ``(batch, tokens, 2)`` and log odds ``(batch,)`` from ids of ``(batch, tokens)``.

        ``mask`` is 1 on tokens and 0 on padding; ``types`` is 1 from the passage on.
        """
        hidden = self.encoder(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state.float()
        asked = (mask * (1 - types)).unsqueeze(-1).float()
        question = (hidden * asked).sum(dim=1) / asked.sum(dim=1)
        pooled = torch.cat([hidden[:, 0], question], dim=-1)
        return self.span(hidden), self.relevance(pooled).squeeze(-1)


def base_network(folder: Path) -> ReaderNetwork:
    """The base encoder with fresh heads; attention is exact, and nothing is dropped out."""
    from transformers import AutoModel

    encoder = AutoModel.from_pretrained(
        folder, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    return ReaderNetwork(encoder, int(encoder.config.hidden_size))


def pad(pairs: Sequence[Pair], padding: int) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, mask and types of shape ``(len(pairs), longest)``."""
    longest = max(len(pair.ids) for pair in pairs)
    ids = torch.full((len(pairs), longest), padding, dtype=torch.long)
    mask = torch.zeros_like(ids)
    types = torch.zeros_like(ids)
    for row, pair in enumerate(pairs):
        ids[row, : len(pair.ids)] = torch.tensor(pair.ids)
        mask[row, : len(pair.ids)] = 1
        types[row, pair.first : len(pair.ids)] = 1
    return ids, mask, types


class ReaderModel:
    """A trained network with its tokenizer; ``fast`` computes in bfloat16."""

    def __init__(
        self,
        network: ReaderNetwork,
        encoder: PairEncoder,
        *,
        fast: bool = True,
        fingerprint: str = "",
    ) -> None:
        self.fingerprint = fingerprint
        self.network = network.eval()
        self.encoder = encoder
        self._fast = fast

    def read(self, question: str, passages: Sequence[str]) -> list[Read]:
        """One reading for each passage, in the order given."""
        asked = self.encoder.question(question)
        owners: list[int] = []
        pairs: list[Pair] = []
        for number, passage in enumerate(passages):
            for pair in self.encoder.windows(asked, passage):
                owners.append(number)
                pairs.append(pair)
        best = [Read(float("-inf"), 0, 0, float("-inf"))] * len(passages)
        for owner, reading in zip(owners, self.read_pairs(pairs), strict=True):
            if reading.relevance > best[owner].relevance:
                start, end = _trimmed(passages[owner], reading.start, reading.end)
                best[owner] = Read(reading.relevance, start, end, reading.span)
        return best

    @torch.inference_mode()
    def read_pairs(self, pairs: Sequence[Pair]) -> list[Read]:
        """Readings of encoded pairs; those of like length share a batch."""
        found: list[Read] = [Read(float("-inf"), 0, 0, float("-inf"))] * len(pairs)
        order = sorted(
            (i for i, pair in enumerate(pairs) if pair.spans), key=lambda i: len(pairs[i].ids)
        )
        while order:
            size = max(1, _TOKENS_PER_BATCH // len(pairs[order[-1]].ids))
            batch, order = order[-size:], order[:-size]
            some = [pairs[i] for i in batch]
            with torch.autocast("cpu", torch.bfloat16, enabled=self._fast):
                scores, relevance = self.network(*pad(some, self.encoder.padding))
            for row, i in enumerate(batch):
                found[i] = _reading(scores[row].float(), float(relevance[row]), pairs[i])
        return found


def _has_bfloat16() -> bool:
    """Whether bfloat16 is faster here than float32; torch before 2.10 or so cannot tell."""
    able: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(able.get("avx512_bf16"))


def _trimmed(text: str, start: int, end: int) -> Span:
    """The span without punctuation at its ends, but with the closer of a bracket in it.

    As it was when there is nothing but punctuation.
    """
    words = text[start:end]
    first = len(words) - len(words.lstrip(_PUNCTUATION))
    last = len(words.rstrip(_PUNCTUATION))
    if first >= last:
        return start, end
    inside, after = words[first:last], words[last : last + 1]
    if after in _OPENERS and inside.count(_OPENERS[after]) > inside.count(after):
        last += 1
    return start + first, start + last


def _reading(scores: Tensor, relevance: float, pair: Pair) -> Read:
    """The best span that begins before it ends and is not too long."""
    inside = scores[pair.first : pair.first + len(pair.spans)].log_softmax(dim=0)
    both = inside[:, 0, None] + inside[None, :, 1]
    allowed = torch.ones_like(both, dtype=torch.bool).triu().tril(MAX_ANSWER_TOKENS - 1)
    flat = int(both.masked_fill(~allowed, float("-inf")).argmax())
    first, last = divmod(flat, len(pair.spans))
    start, end = pair.spans[first][0], pair.spans[last][1]
    return Read(relevance, start, max(start, end), float(both[first, last]))


def load_reader_model(base: Path, weights: Path) -> ReaderModel:
    """The reader on the encoder in ``base``, a sentence-transformers or transformers folder.

    Raises DalilError when the weights are missing, damaged, or of another encoder.
    """
    network = base_network(base)
    try:
        with safe_open(str(weights), framework="pt") as file:
            if (file.metadata() or {}).get("format") != FORMAT:
                raise DalilError(f"{weights} is not a reader of format {FORMAT}.", _REINSTALL)
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise DalilError(f"The reader's weights cannot be read: {error}", _REINSTALL) from error
    _put(network, tensors, weights)
    encoder = PairEncoder(Tokenizer.from_file(str(base / "tokenizer.json")))
    return ReaderModel(network, encoder, fingerprint=file_hash(weights)[:16])


_REINSTALL = "Install Dalil again, or set `reader` to another model."


def _put(network: ReaderNetwork, tensors: dict[str, Tensor], path: Path) -> None:
    wanted = {name for name in network.state_dict() if is_trained(name)}
    found = {name for name in tensors if not name.endswith(SCALE)}
    if wanted != found:
        odd = sorted(wanted ^ found)[:3]
        raise DalilError(f"{path} does not fit the encoder: {odd} differ.", _REINSTALL)
    for name, weight in network.state_dict().items():
        if name not in wanted:
            continue
        stored = tensors[name].float()
        whole = stored * tensors[name + SCALE] if name + SCALE in tensors else stored
        if whole.shape != weight.shape:
            raise DalilError(
                f"{path} does not fit the encoder: {name} has another shape.", _REINSTALL
            )
        weight.copy_(whole)


def is_trained(name: str) -> bool:
    """Whether the weights file holds it: word and position embeddings stay the base model's."""
    return not name.endswith(("word_embeddings.weight", "position_embeddings.weight")) and not (
        name.endswith(("position_ids", "token_type_ids"))
    )
