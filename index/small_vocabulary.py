"""Make the small form of a Unigram tokenizer: other ids inside, the same ids outside."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from index.disk import save_array
from index.tokens import FILE, IDS, kept_places


def keep_small(base: Path, folder: Path) -> None:
    """Write the tokenizer of ``base`` into ``folder`` without the pieces of other scripts, and the
    id that each of its ids stands for. Raises OSError.
    """
    tokenizer: dict[str, Any] = json.loads((base / FILE).read_text("utf-8"))
    model = tokenizer["model"]
    special = {added["id"] for added in tokenizer["added_tokens"]} | {model["unk_id"]}
    pieces = [piece for piece, _ in model["vocab"]]
    places = kept_places(pieces, special)
    small = {place: number for number, place in enumerate(places)}
    model["vocab"] = [model["vocab"][place] for place in places]
    model["unk_id"] = small[model["unk_id"]]
    for added in tokenizer["added_tokens"]:
        added["id"] = small[added["id"]]
    for token in tokenizer["post_processor"]["special_tokens"].values():
        token["ids"] = [small[place] for place in token["ids"]]
    (folder / FILE).write_text(json.dumps(tokenizer, ensure_ascii=False), "utf-8")
    save_array(folder / IDS, np.asarray(places, dtype=np.int32))
