"""Raw files become documents, and documents become passages."""

from pathlib import Path


def bundled_texts() -> Path:
    """The folder of the Arabic texts that ship with Dalil."""
    return Path(__file__).parent / "texts"
