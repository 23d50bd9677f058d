"""Untrusted text in HTML: escaped, exact, and running its own way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.reading import Reading
from ui.markup import direction, safe, safe_attribute

PRINTABLE = st.characters(exclude_categories=["Cc", "Cs", "Cn"])


@given(st.text(PRINTABLE))
def test_safe_text_reads_back_exactly(text: str) -> None:
    reading = Reading(safe(text))
    assert reading.text == text
    assert {tag for tag, _ in reading.tags} <= {"span"}


@given(st.text())
def test_safe_text_can_always_be_sent(text: str) -> None:
    sent = safe(text).encode("utf-8").decode("utf-8")
    assert len(Reading(sent).text) == len(text)


@given(st.text(PRINTABLE | st.sampled_from("\r\n\t\u202e\u2066\"'<>&`")))
def test_an_attribute_reads_back_exactly(text: str) -> None:
    reading = Reading(f'<i title="{safe_attribute(text)}" class="x">')
    assert reading.tags == [("i", {"title": text, "class": "x"})]
    assert reading.text == ""


@given(st.text())
def test_an_attribute_can_always_be_sent(text: str) -> None:
    sent = safe_attribute(text).encode("utf-8").decode("utf-8")
    assert '"' not in sent
    assert "\r" not in sent


def test_carriage_returns_survive_a_parser() -> None:
    assert safe("أ\r\nب") == "أ&#13;\nب"


@pytest.mark.parametrize("control", list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
def test_bidi_controls_stand_alone_in_their_box(control: str) -> None:
    assert safe(f"قبل{control}بعد") == f'قبل<span class="control">{control}</span>بعد'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ITU هو الاتحاد الدولي للاتصالات", "rtl"),
        ("The word كتاب means a book", "ltr"),
        ("1990 (2002)", "rtl"),
        ("", "rtl"),
    ],
)
def test_direction_goes_by_most_letters(text: str, expected: str) -> None:
    assert direction(text) == expected
