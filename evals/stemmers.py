"""Stemmers that can stand in for ours, to compare them. Only Dalil's own is installed with it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from corpus.errors import DalilError
from corpus.terms import stem

Stemmer = Callable[[str], str]


def _light10() -> Stemmer:
    return stem


def _none() -> Stemmer:
    return str


def _snowball() -> Stemmer:
    return _need("Stemmer", "PyStemmer").Stemmer("arabic").stemWord  # type: ignore[no-any-return]


def _light10_snowball() -> Stemmer:
    snowball = _snowball()
    return lambda word: snowball(stem(word))


def _isri() -> Stemmer:
    return _need("nltk.stem.isri", "nltk").ISRIStemmer().stem  # type: ignore[no-any-return]


def _tashaphyne() -> Stemmer:
    stemmer = _need("tashaphyne.stemming", "tashaphyne").ArabicLightStemmer()
    return lambda word: stemmer.light_stem(word) or word


STEMMERS: dict[str, Callable[[], Stemmer]] = {
    "light10": _light10,
    "none": _none,
    "snowball": _snowball,
    "light10+snowball": _light10_snowball,
    "isri": _isri,
    "tashaphyne": _tashaphyne,
}


def load_stemmer(name: str) -> Stemmer:
    """The stemmer of that name, for folded words; raises DalilError when it is not installed."""
    return STEMMERS[name]()


def _need(module: str, package: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise DalilError(f"The package {package} is missing.", f"pip install {package}") from error
