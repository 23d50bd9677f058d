from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import bundled_texts
from index.default_model import default_model_folder
from index.tokens import KEPT, TextTokenizer, load_tokenizer
from qa.settings import load_settings

MIXED = st.text(
    alphabet=st.one_of(
        st.sampled_from("ابتةىأإﷲﻻﺏ َُِّْٰـ١٢٣۴ab XYZ019؟.,()«»–\n\t\u200f<>/"),
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
        st.characters(codec="utf-8"),
    ),
    max_size=80,
)


@pytest.fixture(scope="module")
def base() -> Path:
    return default_model_folder(load_settings().cache)


@pytest.fixture(scope="module")
def small(base: Path) -> TextTokenizer:
    return load_tokenizer(base, load_settings().cache)


@pytest.fixture(scope="module")
def full(base: Path) -> TextTokenizer:
    return TextTokenizer(base)


def test_texts_have_the_ids_and_spans_of_the_whole_vocabulary(
    small: TextTokenizer, full: TextTokenizer
) -> None:
    for path in sorted(bundled_texts().iterdir()):
        for line in path.read_text("utf-8").splitlines():
            assert small(line) == full(line), line


@given(text=MIXED)
def test_any_text_has_them(small: TextTokenizer, full: TextTokenizer, text: str) -> None:
    for ends in (True, False):
        assert small(text, ends=ends) == full(text, ends=ends)


@given(text=st.text(alphabet="ابتةىأإﷲﻻﺏ َُِّْٰـ١٢٣abcXYZ019؟.,()«»–\n<unk>/s", max_size=80))
def test_arabic_needs_no_more_than_the_small_one(
    small: TextTokenizer, full: TextTokenizer, text: str
) -> None:
    assert KEPT.fullmatch(text)
    assert small(text) == full(text)


def test_special_tokens_have_their_ids(small: TextTokenizer, full: TextTokenizer) -> None:
    for token in ("<s>", "</s>", "<pad>", "<unk>", "<mask>", "no such"):
        assert small.special(token) == full.special(token)
