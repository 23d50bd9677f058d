"""The reader that the settings describe, with its network, calibration and threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.search import SearchIndex
    from qa.calibration import Calibration
    from qa.reader import PassageReader, Reader
    from qa.reader_network import ReaderNetwork
    from qa.settings import Settings


def make_reader(
    settings: Settings,
    progress: Callable[[str], None] | None = None,
    remember: Callable[[PassageReader], PassageReader] | None = None,
) -> Callable[[SearchIndex], Reader]:
    """What makes the reader that the settings describe for an index.

    ``remember`` may wrap the network. It is loaded once, here; raises DalilError when it cannot be.
    """
    if settings.reader == "sentences":
        from qa.sentence_reader import SentenceReader

        return SentenceReader
    from qa.trained_reader import TrainedReader

    network = load_network(settings, progress)
    network = remember(network) if remember else network
    calibration = calibration_of(settings)
    return lambda index: TrainedReader(index, network, calibration)


def threshold_of(settings: Settings) -> float:
    """The least confidence of an answer that the settings ask for."""
    if settings.threshold is not None:
        return settings.threshold
    return thresholds_of(settings)[settings.mood]


def thresholds_of(settings: Settings) -> Mapping[str, float]:
    """The least confidence of an answer in each mood."""
    if settings.reader == "sentences":
        from qa.sentence_reader import THRESHOLDS

        return THRESHOLDS
    return calibration_of(settings).thresholds


def calibration_of(settings: Settings) -> Calibration:
    """The calibration of the settings' reader: the file named, or the one that ships, or none."""
    from qa.calibration import Calibration

    if settings.calibration:
        return Calibration.load(settings.calibration)
    if settings.reader == "default":
        from qa.shipped import shipped

        shipped("calibration.safetensors")  # the forest, which is read with it
        return Calibration.load(shipped("calibration.json"))
    return Calibration.plain()


def load_network(
    settings: Settings, progress: Callable[[str], None] | None = None
) -> PassageReader:
    """The network that the settings name; raises DalilError when it cannot be loaded."""
    if settings.reader == "default":
        from index.default_model import default_model_folder
        from qa.shipped import shipped

        weights = shipped("reader.safetensors")
        base = default_model_folder(settings.cache, progress)
        return load_reader(base, weights, settings.cache, progress)
    from qa.hub_reader import HubReader

    return HubReader(settings.reader)


def load_reader(
    base: Path, weights: Path, cache: Path, progress: Callable[[str], None] | None = None
) -> PassageReader:
    """A trained network on the encoder in ``base``, on the fastest engine that is here."""
    from index.disk import file_hash
    from index.tokens import load_tokenizer
    from qa.engines import best_engine
    from qa.network_reader import NetworkReader
    from qa.pairs import PairEncoder

    def load() -> ReaderNetwork:
        from qa.reader_network import load_network as load_torch

        return load_torch(base, weights)

    name = file_hash(weights)[:16]
    engine = best_engine(load, base, cache, name, progress)
    return NetworkReader(engine, PairEncoder(load_tokenizer(base, cache)), name)


def weights_folder() -> Path:
    """Where the weights that ship with Dalil lie."""
    return Path(__file__).parent / "weights"
