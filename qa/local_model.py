"""A causal language model of `transformers` in this process: its prompt, and what it writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from jinja2 import TemplateError
from safetensors import SafetensorError
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    GenerationConfig,
    StoppingCriteria,
    StoppingCriteriaList,
    TextStreamer,
)

from corpus.errors import left_to_right
from qa.generator import GeneratorError, Message
from qa.openai_troubles import too_long

_HERE: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
_SMALL = 1_500_000_000  # parameters: up to here float32 fits; it was faster than bfloat16 here
_MARK = "###"
_ROLES = {"system": "التعليمات", "user": "المستخدم", "assistant": "المساعد"}


class LocalModel:
    """One model, for one thread at a time."""

    def __init__(self, source: str, name: str) -> None:
        """Load a folder, or a hub name that was fetched before. Raises GeneratorError."""
        self._name = name
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(source, **_HERE)
            self._model: Any = AutoModelForCausalLM.from_pretrained(
                source, use_safetensors=True, **_HERE
            ).eval()
        except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
            raise _not_loaded(source, error) from error
        if torch.cuda.is_available():
            self._model.to("cuda")
        elif self._model.num_parameters() <= _SMALL:
            self._model.float()

    def write(
        self,
        messages: Sequence[Message],
        most: int,
        give: Callable[[str], None],
        left: Callable[[], bool],
    ) -> None:
        """Give what the model writes, word by word, in ``most`` tokens at most, until ``left``.

        It takes the likeliest token each time. Raises GeneratorError when the messages do not fit.
        """
        ids = self._encoded(messages)
        room = self._model.config.get_text_config().max_position_embeddings - ids.shape[1]
        if room < 1:
            raise too_long(self._name)
        known = self._model.generation_config
        end = known.eos_token_id if known.eos_token_id is not None else self._tokenizer.eos_token_id
        words = _Words(self._tokenizer, give, "" if self._tokenizer.chat_template else _MARK)
        try:
            self._model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                generation_config=GenerationConfig(
                    do_sample=False,
                    max_new_tokens=min(most, room),
                    eos_token_id=end,
                    pad_token_id=end[0] if isinstance(end, list) else end,
                ),
                streamer=words,
                stopping_criteria=StoppingCriteriaList([_When(lambda: left() or words.ended)]),
            )
        except (RuntimeError, MemoryError) as error:  # torch's, of which too little memory is one
            raise _broke_off(self._name) from error

    def _encoded(self, messages: Sequence[Message]) -> torch.Tensor:
        """The token ids of the messages, shape ``(1, n)``, with the answer to be written next."""
        told = [{"role": one.role, "content": self._harmless(one.content)} for one in messages]
        if self._tokenizer.chat_template:
            text, special = self._in_template(told), False
        else:
            text, special = _transcript(told), True
        found = self._tokenizer(text, add_special_tokens=special, return_tensors="pt").input_ids
        ids: torch.Tensor = found.to(self._model.device)
        return ids

    def _in_template(self, told: list[dict[str, str]]) -> str:
        for form in (told, _without_system(told)):  # there are templates that know no such message
            try:
                return str(
                    self._tokenizer.apply_chat_template(
                        form, tokenize=False, add_generation_prompt=True
                    )
                )
            except TemplateError:
                continue
        raise GeneratorError(
            f"The language model {self._name} cannot be asked: its chat template fails.",
            "Take another model.",
            arabic=f"لا يقبل النموذج اللغوي «{left_to_right(self._name)}» صيغة السؤال. "
            "عيّن غيره في الإعدادات.",
        )

    def _harmless(self, text: str) -> str:
        """``text`` without the signs with which the model's own format parts who speaks: a document
        must not be able to speak for anybody.
        """
        added = self._tokenizer.added_tokens_decoder.values()
        special = {token.content for token in added if token.special}
        for sign in sorted(
            special | set(self._tokenizer.all_special_tokens), key=len, reverse=True
        ):
            text = text.replace(sign, " ")
        return text.encode("utf-8", "replace").decode("utf-8").replace(_MARK, " ")


class _Words(TextStreamer):
    """Gives words as they are whole, to where the model begins to speak for somebody else."""

    def __init__(self, tokenizer: Any, give: Callable[[str], None], mark: str) -> None:
        super().__init__(tokenizer, skip_prompt=True, skip_special_tokens=True)
        self._give, self._mark = give, mark
        self._held = ""
        self.ended = False

    def on_finalized_text(self, text: str, stream_end: bool = False) -> None:
        """Give ``text``, but for what may be the beginning of the mark."""
        if self.ended:
            return
        ready = self._held + text
        if self._mark and self._mark in ready:
            ready, self.ended = ready[: ready.index(self._mark)], True
        kept = 0 if stream_end or self.ended else self._begun(ready)
        self._held = ready[len(ready) - kept :]
        if piece := ready[: len(ready) - kept]:
            self._give(piece)

    def _begun(self, text: str) -> int:
        """How many letters at the end of ``text`` may be the mark's first."""
        sizes = range(len(self._mark) - 1, 0, -1)
        return next((size for size in sizes if text.endswith(self._mark[:size])), 0)


class _When(StoppingCriteria):  # type: ignore[no-untyped-call, unused-ignore]
    """Ends the generation when ``over`` says so."""

    def __init__(self, over: Callable[[], bool]) -> None:
        self._over = over

    def __call__(self, input_ids: Any, scores: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        return torch.full((input_ids.shape[0],), self._over(), device=input_ids.device)


def _without_system(told: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same with what the system says at the head of the first question."""
    if len(told) < 2 or told[0]["role"] != "system":
        return told
    first, second, *rest = told
    both = f"{first['content']}\n\n{second['content']}"
    return [{"role": second["role"], "content": both}, *rest]


def _transcript(told: Sequence[dict[str, str]]) -> str:
    """The messages as text that a model goes on with which knows no roles of its own."""
    parts = [f"{_MARK} {_ROLES[one['role']]}\n{one['content']}\n" for one in told]
    return "\n".join([*parts, f"{_MARK} {_ROLES['assistant']}\n"])


def _not_loaded(source: str, error: Exception) -> GeneratorError:
    why = (str(error).strip().splitlines() or [type(error).__name__])[0]
    hint = "Give the folder of a causal language model of transformers with safetensors weights"
    if not Path(source).exists():
        hint += f", or fetch it first: hf download {source}"
    return GeneratorError(
        f"The language model {source} cannot be loaded: {why}",
        f"{hint}.",
        arabic=f"تعذّر تحميل النموذج اللغوي «{left_to_right(source)}». "
        "عيّن غيره في الإعدادات، أو نزّله أوّلًا ثم أعد السؤال.",
    )


def _broke_off(name: str) -> GeneratorError:
    return GeneratorError(
        f"The language model {name} broke off while it was writing.",
        "It may need more memory than this machine has: take a smaller one.",
        arabic=f"انقطع النموذج اللغوي «{left_to_right(name)}» في أثناء الكتابة. "
        "لعلّه يحتاج إلى ذاكرة أكبر ممّا في هذا الجهاز: اختر نموذجًا أصغر.",
    )
