"""The small set, loaded, and indexed once a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.collections import Collection
from evals.datasets import Dataset, load_lines, load_squad
from tests.evals.doubles import MOON, NILE, SEA, collected, write_lines, write_squad


@pytest.fixture(scope="session")
def squad(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return load_squad(write_squad(tmp_path_factory.mktemp("squad")))


@pytest.fixture(scope="session")
def collection(squad: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return collected(squad, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same texts as files, with names that people would give."""
    folder = tmp_path_factory.mktemp("texts")
    for name, text in (("moon.txt", MOON), ("sea.md", SEA), ("nile.txt", NILE)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


BOTH = "في كم يوماً يدور القمر، وما طول النيل؟"


@pytest.fixture(scope="session")
def own_form(texts: Path, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """Our own form over those files, cut in passages of a sentence each."""
    moon = {"source": "moon.txt", "start": MOON.index("سبعة"), "text": "سبعة وعشرين يوماً"}
    nile = {"source": "nile.txt", "start": NILE.index("6650"), "text": "6650 كيلومتراً"}
    entries = [
        {"id": "both", "question": BOTH, "kind": "two_passages", "type": "how_many",
         "style": "careful", "answers": [moon, nile]},
        {"id": "either", "question": "كم يوماً؟", "kind": "plain", "answers": [moon, nile]},
        {"id": "near", "question": "كم يوماً يسبح السمك؟", "kind": "near_scope", "answers": []},
    ]  # fmt: skip
    folder = tmp_path_factory.mktemp("own")
    return collected(load_lines(write_lines(folder, *entries), texts), folder / "cache", words=7)
