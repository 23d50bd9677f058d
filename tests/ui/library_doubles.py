"""A library without heavy models, and short ways to work with it."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

from index.embedder import Vectors
from qa.models import Models
from qa.sentence_reader import SentenceReader
from qa.settings import Settings, load_settings
from tests.index.doubles import HashEmbedder
from ui.library import Library, Work

MOON = "يدور القمر حول الأرض في سبعة وعشرين يوماً. والقمر تابعها الوحيد."
NILE = "يجري نهر النيل من الجنوب إلى الشمال، ويصبّ في البحر المتوسط."
PDF = Path(__file__).parents[1] / "corpus" / "fixtures" / "three_pages.pdf"


def settings_in(data: Path, **more: object) -> Settings:
    return load_settings(data=data, embedder="hash", **more)


def light_models(embedder: HashEmbedder | None = None) -> Models:
    return Models(embedder or HashEmbedder(), SentenceReader, threshold=0.0, candidates=10)


def library_in(data: Path, embedder: HashEmbedder | None = None, **more: object) -> Library:
    return Library(settings_in(data, **more), lambda: light_models(embedder))


def text(folder: Path, words: str | bytes, name: str = "upload") -> Path:
    """A temporary file as a server keeps uploads: its name says nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{len(list(folder.iterdir()))}"
    path.write_bytes(words.encode() if isinstance(words, str) else words)
    return path


def ended(works: Iterator[Work]) -> Work:
    """The last snapshot, of work that has ended well."""
    work = list(works)[-1]
    assert work.finished
    assert work.error == "", (work.error, work.hint)
    return work


class Waiting(HashEmbedder):
    """Stops in the middle of embedding until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go_on = Event(), Event()

    def embed_passages(self, texts: object) -> Vectors:
        self.reached.set()
        assert self.go_on.wait(60)
        return super().embed_passages(texts)  # type: ignore[arg-type]
