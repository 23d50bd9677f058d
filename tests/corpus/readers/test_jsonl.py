import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document
from corpus.errors import UnreadableFileError
from corpus.readers.jsonl import read_jsonl


def read(*records: Any) -> Document:
    lines = [x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in records]
    return read_jsonl("\n".join(lines).encode(), "أخبار.jsonl")


def refusal(data: bytes) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as caught:
        read_jsonl(data, "أخبار.jsonl")
    assert caught.value.message.startswith("أخبار.jsonl: ")
    assert caught.value.hint
    return caught.value


def test_titles_texts_and_other_fields() -> None:
    document = read(
        {"العنوان": "افتتاح الميناء", "النص": "افتُتح الميناء.\n\nوحضر  الوزير.", "السنة": 2017},
        {"title": "ثان", "text": "نص ثان."},
    )
    assert document.text == (
        "افتتاح الميناء\n\nافتُتح الميناء.\n\nوحضر  الوزير.\n\nالسنة: 2017\n\nثان\n\nنص ثان."
    )
    assert [document.text[a:b] for a, b in document.headings] == ["افتتاح الميناء", "ثان"]
    assert document.pages == ()
    assert document.warnings == ()


def test_records_without_a_text_are_lines_of_keys_and_values() -> None:
    document = read({"اسم": "منى", "سعر": 3.0, "ملغى": None, "متاح": True}, {"اسم": "علي"})
    assert document.text == "اسم: منى\nسعر: 3.0\nمتاح: true\n\nاسم: علي"


def test_numbers_stay_as_they_are_written() -> None:
    digits = "9" * 5000
    assert read(f'{{"أ": {digits}, "ب": 1e400, "ج": NaN}}').text == f"أ: {digits}\nب: 1e400"


def test_two_texts_are_fields_like_others() -> None:
    assert read({"text": "أ", "content": "ب"}).text == "text: أ\ncontent: ب"


def test_lists_and_objects() -> None:
    value = {"مؤلف": {"اسم": "طه", "كتب": ["أ", "ب"]}, "أبواب": [{"رقم": 1}, {"رقم": 2}]}
    assert read(value).text == ("مؤلف › اسم: طه\nمؤلف › كتب: أ، ب\nأبواب › رقم: 1\nأبواب › رقم: 2")


def test_broken_lines_are_counted() -> None:
    document = read({"نص": "سليم"}, "{", "", "[1]", '"كلمة"', "  ", "[" * 100_000)
    assert document.text == "سليم"
    (warning,) = document.warnings
    assert "عددها 4" in warning


def test_escapes_of_what_is_no_character() -> None:
    text = read('{"نص": "أ\\ud800\\u0000ب", "\\udfffج": "\\ud83d\\ude00"}').text
    assert text == "أ\ufffd\ufffdب\n\n\ufffdج: 😀"
    text.encode()


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"[\n 1,\n 2\n]", "نص عادي".encode(), b'{"a": 1', b"%PDF-1.7\n%%EOF"]
)
def test_a_file_without_an_object_is_refused(data: bytes) -> None:
    assert "no line" in refusal(data).message


def test_binary_data_is_refused() -> None:
    refusal(bytes(range(256)) * 10)


WORDS = st.text(max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(WORDS, inside, max_size=3),
    max_leaves=6,
)
KEYS = WORDS | st.sampled_from(["title", "نص"])


@given(st.lists(st.dictionaries(KEYS, JSON, max_size=3), min_size=1, max_size=4))
def test_any_objects_become_a_text(records: list[dict[str, Any]]) -> None:
    document = read_jsonl("\n".join(map(json.dumps, records)).encode(), "a")
    document.text.encode()
    assert not any("سليمة" in warning for warning in document.warnings)
    assert all(document.text[a:b].strip() for a, b in document.headings)
