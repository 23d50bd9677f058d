"""A model's tokenizer, loaded once for all that need it."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@lru_cache(maxsize=2)
def load_tokenizer(base: Path) -> "Tokenizer":
    """The tokenizer of the model in ``base``, which neither cuts nor pads, and reads «<unk>» in a
    text as transformers does. Safe to share among threads while nobody changes its settings.
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = True
    return tokenizer
