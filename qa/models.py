"""The models of one configuration: loaded once, and shared by pipelines over any indexes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.embedder import Embedder, Vectors
    from index.search import SearchIndex
    from qa.generator import Generator
    from qa.pipeline import Pipeline
    from qa.reader import PassageReader, Read, Reader
    from qa.rewriting import Rewriter
    from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Models:
    """What answering takes besides an index. Safe to share among threads.

    ``reader`` makes the reader for the index that it is given; ``threshold`` is the least
    confidence of an answer, 0..1, and ``moods`` what it is in each mood; ``candidates`` is how many
    passages the reader is given; ``generator`` words answers where there is one,
    and ``rewriter`` questions; ``store`` is the setting of that name.
    """

    embedder: Embedder
    reader: Callable[[SearchIndex], Reader]
    threshold: float
    candidates: int
    moods: Mapping[str, float] = field(default_factory=dict)
    generator: Generator | None = None
    rewriter: Rewriter | None = None
    store: str = "faiss"

    @classmethod
    def load(cls, settings: Settings, progress: Callable[[str], None] | None = None) -> Models:
        """The models that the settings name; takes seconds.

        ``progress`` is told what is being loaded. Raises DalilError when one is missing or damaged.
        """
        from index.embedder import load_embedder
        from index.openvino_models import has_openvino
        from qa.generators import load_generator
        from qa.readers import make_reader, threshold_of, thresholds_of
        from qa.rewriting import Rewriter

        generator = load_generator(settings)  # first: what is wrong with its address costs no wait
        if generator:
            generator.prepare()

        def load_model() -> EmbedderInTurn:
            return EmbedderInTurn(load_embedder(settings.embedder, settings.cache, progress))

        if settings.embedder == settings.reader == "default" and has_openvino():
            with ThreadPoolExecutor(1) as beside:  # OpenVINO compiles one while the other is read
                loading = beside.submit(load_model)
                reader = make_reader(settings, progress, ReaderInTurn)
                embedder = loading.result()
        else:
            embedder, reader = load_model(), make_reader(settings, progress, ReaderInTurn)
        threshold, moods = threshold_of(settings), thresholds_of(settings)
        rewriter = Rewriter(generator) if generator and settings.generator_rewrites else None
        most = settings.candidates
        store = settings.store
        return cls(embedder, reader, threshold, most, moods, generator, rewriter, store)

    def pipeline(self, folder: Path) -> Pipeline:
        """A pipeline over the index in ``folder``, which follows its rebuilds.

        Raises DalilError when there is no index, or it is damaged or of another embedder or store.
        """
        from index.live import LiveIndex
        from qa.pipeline import Pipeline

        index = LiveIndex(folder, self.embedder, self.store)
        index()
        return Pipeline(
            index,
            self.reader,
            self.threshold,
            self.candidates,
            self.moods,
            self.generator,
            self.rewriter,
        )


# Tokenizers change their own settings while they run, and OpenVINO's request holds one input at a
# time: either fails when a build and a question, or two questions, come at once.


class EmbedderInTurn:
    """An embedder for one thread at a time; the others wait for its batch."""

    def __init__(self, model: Embedder) -> None:
        self.name, self.fingerprint, self.dim = model.name, model.fingerprint, model.dim
        self._model = model
        self._turn = Lock()

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape ``(n, dim)``."""
        with self._turn:
            return self._model.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, shape ``(n, dim)``."""
        with self._turn:
            return self._model.embed_passages(texts)


class ReaderInTurn:
    """A network for one thread at a time."""

    def __init__(self, network: PassageReader) -> None:
        self.fingerprint = network.fingerprint
        self._network = network
        self._turn = Lock()

    def read(self, question: str, passages: Sequence[str]) -> list[Read]:
        """One reading for each passage, in the order given."""
        with self._turn:
            return self._network.read(question, passages)
