"""Any Hugging Face extractive question-answering model in place of the reader that ships."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import DalilError, left_to_right
from qa.network_reader import MAX_ANSWER_TOKENS, trimmed
from qa.reader import Read

if TYPE_CHECKING:
    from transformers import BatchEncoding

_MAX_TOKENS, _STRIDE, _BATCH = 384, 128, 8
_NOTHING = Read(float("-inf"), 0, 0, float("-inf"))


class HubReader:
    """A passage reader on a model trained as SQuAD 2.0 asks.

    Its relevance is the best span's score above that of its first token, which stands for "no
    answer"; a model that never saw unanswerable questions makes little of it.
    """

    def __init__(self, name: str) -> None:
        """Load a folder or hub name; raises DalilError when that cannot be done."""
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(name)
            self._model: Any = AutoModelForQuestionAnswering.from_pretrained(name).eval()
        except (OSError, ValueError) as error:
            raise DalilError(
                f"The reader {name} cannot be loaded: {str(error).splitlines()[0]}",
                "Give a folder or hub name of an extractive question-answering model.",
                arabic=f"تعذّر تحميل القارئ «{left_to_right(name)}». "
                "عيّن غيره في الإعدادات، أو اترك المعتاد.",
            ) from error
        about = f"{name}\0{self._model.config.to_json_string()}"
        self.fingerprint = sha256(about.encode()).hexdigest()

    def read(self, question: str, passages: Sequence[str]) -> list[Read]:
        """One reading for each passage, in the order given; a long passage's best window's."""
        import torch

        best = [_NOTHING] * len(passages)
        filled = [i for i, passage in enumerate(passages) if passage.strip()]
        for first in range(0, len(filled), _BATCH):
            some = filled[first : first + _BATCH]
            encoded = self._encode(question, [passages[i] for i in some])
            owners = encoded.pop("overflow_to_sample_mapping")
            offsets = encoded.pop("offset_mapping")
            with torch.inference_mode():
                scores = self._model(**encoded)
            for row, owner in enumerate(owners.tolist()):
                inside = [place for place, s in enumerate(encoded.sequence_ids(row)) if s == 1]
                both = scores.start_logits[row].numpy(), scores.end_logits[row].numpy()
                read = _best_span(*both, inside, offsets[row].tolist())
                if read.relevance > best[some[owner]].relevance:
                    start, end = trimmed(passages[some[owner]], read.start, read.end)
                    best[some[owner]] = Read(read.relevance, start, end, read.span)
        return best

    def _encode(self, question: str, passages: list[str]) -> BatchEncoding:
        encoded: BatchEncoding = self._tokenizer(
            [question] * len(passages),
            passages,
            truncation="only_second",
            max_length=_MAX_TOKENS,
            stride=_STRIDE,
            padding=True,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        return encoded


def _best_span(
    starts: np.typing.NDArray[np.float32],
    ends: np.typing.NDArray[np.float32],
    inside: list[int],
    offsets: list[list[int]],
) -> Read:
    """The best span among the tokens ``inside`` the passage, against the first token."""
    if not inside:
        return _NOTHING
    both = starts[inside][:, None] + ends[inside][None, :]
    allowed = np.tril(np.triu(np.ones(both.shape, dtype=bool)), MAX_ANSWER_TOKENS - 1)
    flat = int(np.where(allowed, both, -np.inf).argmax())
    first, last = divmod(flat, len(inside))
    chances = both - np.logaddexp.reduce(starts[inside]) - np.logaddexp.reduce(ends[inside])
    return Read(
        relevance=float(both[first, last] - starts[0] - ends[0]),
        start=offsets[inside[first]][0],
        end=offsets[inside[last]][1],
        span=float(chances[first, last]),
    )
