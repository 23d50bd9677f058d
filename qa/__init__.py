"""A question and the hits for it become an answer with verified citations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.search import SearchIndex
    from qa.calibration import Calibration
    from qa.pipeline import Pipeline
    from qa.reader import PassageReader, Reader
    from qa.reader_network import ReaderNetwork
    from qa.settings import Settings


def open_pipeline(settings: Settings, progress: Callable[[str], None] | None = None) -> Pipeline:
    """The pipeline that the settings describe.

    ``progress`` is told what is being loaded. Raises DalilError when the model or the index is
    missing, damaged, or the two do not belong together.
    """
    from index.embedder import load_embedder
    from index.live import LiveIndex
    from index.search import require_generation
    from qa.pipeline import Pipeline

    folder = settings.index_folder
    require_generation(folder)
    index = LiveIndex(folder, load_embedder(settings.embedder, settings.cache, progress))
    index()
    return Pipeline(index, make_reader(settings), threshold_of(settings), settings.candidates)


def make_reader(
    settings: Settings, remember: Callable[[PassageReader], PassageReader] | None = None
) -> Callable[[SearchIndex], Reader]:
    """What makes the reader that the settings describe for an index.

    ``remember`` may wrap the network. It is loaded once, here; raises DalilError when it cannot be.
    """
    if settings.reader == "sentences":
        from qa.sentence_reader import SentenceReader

        return SentenceReader
    from qa.trained_reader import TrainedReader

    network = load_network(settings)
    network = remember(network) if remember else network
    calibration = calibration_of(settings)
    return lambda index: TrainedReader(index, network, calibration)


def threshold_of(settings: Settings) -> float:
    """The least confidence of an answer that the settings ask for."""
    if settings.threshold is not None:
        return settings.threshold
    if settings.reader == "sentences":
        from qa.sentence_reader import THRESHOLDS

        return THRESHOLDS[settings.mood]
    return calibration_of(settings).thresholds[settings.mood]


def calibration_of(settings: Settings) -> Calibration:
    """The calibration of the settings' reader: the file named, or the one that ships, or none."""
    from qa.calibration import Calibration

    if settings.calibration:
        return Calibration.load(settings.calibration)
    if settings.reader == "default":
        return Calibration.load(weights_folder() / "calibration.json")
    return Calibration.plain()


def load_network(settings: Settings) -> PassageReader:
    """The network that the settings name; raises DalilError when it cannot be loaded."""
    if settings.reader == "default":
        return default_network(settings)
    from qa.hub_reader import HubReader

    return HubReader(settings.reader)


def default_network(settings: Settings) -> PassageReader:
    """The reader's network that ships with Dalil, on the default encoder."""
    from index.default_model import default_model_folder

    weights = weights_folder() / "reader.safetensors"
    return load_reader(default_model_folder(settings.cache), weights, settings.cache)


def load_reader(base: Path, weights: Path, cache: Path) -> PassageReader:
    """A trained network on the encoder in ``base``, on the fastest engine that is here."""
    from index.disk import file_hash
    from qa.engines import best_engine
    from qa.network_reader import NetworkReader
    from qa.pairs import load_encoder

    def load() -> ReaderNetwork:
        from qa.reader_network import load_network

        return load_network(base, weights)

    name = file_hash(weights)[:16]
    return NetworkReader(best_engine(load, cache, name), load_encoder(base), name)


def weights_folder() -> Path:
    """Where the weights that ship with Dalil lie."""
    return Path(__file__).parent / "weights"
