"""The generator that the settings name."""

from __future__ import annotations

from qa.generator import Generator
from qa.settings import Settings


def load_generator(settings: Settings) -> Generator | None:
    """The generator; None where none is set."""
    if not settings.generator:
        return None
    raise NotImplementedError
