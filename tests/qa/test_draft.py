"""Sentences out of what a model writes, whatever pieces it comes in."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.draft import MAX_SENTENCES, Drafted, drafted

PLAIN = "افتُتحت المكتبة سنة 2002 [1]. وصمّم مبناها مكتب نرويجي [2]. وتضمّ متحفًا للآثار [1][2]."


def all_of(text: str, size: int = 7) -> list[Drafted]:
    return list(drafted(text[i : i + size] for i in range(0, len(text), size)))


def test_sentences_lose_their_marks_and_keep_their_numbers() -> None:
    assert all_of(PLAIN) == [
        Drafted("افتُتحت المكتبة سنة 2002.", (1,)),
        Drafted("وصمّم مبناها مكتب نرويجي.", (2,)),
        Drafted("وتضمّ متحفًا للآثار.", (1, 2)),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("مقرّه جنيف. [2]", Drafted("مقرّه جنيف.", (2,))),
        ("مقرّه جنيف [٢].", Drafted("مقرّه جنيف.", (2,))),
        ("مقرّه جنيف 【1】.", Drafted("مقرّه جنيف.", (1,))),
        ("مقرّه جنيف [1، 3].", Drafted("مقرّه جنيف.", (1, 3))),
        ("مقرّه جنيف [المقطع 2].", Drafted("مقرّه جنيف.", (2,))),
        ("مق\u200dرّ\u00adه\u202e جني\u200bف [1].", Drafted("مقرّه جنيف.", (1,))),
        ("مقرّہ جنےف\ufffe [1].", Drafted("مقرّه جنيف.", (1,))),
        ("مقرّه جنيف [[1]].", Drafted("مقرّه جنيف.", (1,))),
        ("مقرّه جنيف «» ([1]).", Drafted("مقرّه جنيف.", (1,))),
        ("- **مقرّه** جنيف [1].", Drafted("مقرّه جنيف.", (1,))),
        ("1. مقرّه جنيف [1].", Drafted("مقرّه جنيف.", (1,))),
        ("الجواب: مقرّه جنيف [1]", Drafted("مقرّه جنيف", (1,))),
        ("مقرّه جنيف", Drafted("مقرّه جنيف", ())),
        ("<think>لعلّه في باريس. نعم.</think>مقرّه جنيف [1].", Drafted("مقرّه جنيف.", (1,))),
    ],
)
@pytest.mark.parametrize("size", [1, 5, 1000])
def test_marks_in_every_form(text: str, sentence: Drafted, size: int) -> None:
    assert all_of(text, size) == [sentence]


def test_a_sentence_comes_once_it_has_ended_and_its_marks_too() -> None:
    def pieces() -> Iterator[str]:
        yield "افتُتحت المكتبة سنة 2002. [1"
        told.append("first piece")
        yield "] وصمّم مبناها مكتب"
        told.append("second piece")
        yield " نرويجي [2]."

    told: list[str] = []
    for one in drafted(pieces()):
        told.append(one.text)
    assert told == [
        "first piece", "افتُتحت المكتبة سنة 2002.", "second piece", "وصمّم مبناها مكتب نرويجي.",
    ]  # fmt: skip


def test_a_sentence_that_was_cut_off_is_not_given() -> None:
    assert all_of("مقرّه جنيف [1]. ولم يُنقل إلى") == [Drafted("مقرّه جنيف.", (1,))]
    assert all_of("مقرّه جنيف [1]. ولم يُنقل [1]")[1:] == [Drafted("ولم يُنقل", (1,))]


def test_a_model_that_asks_itself_is_done() -> None:
    text = "مقرّه جنيف [1].\nالسؤال: متى تأسّس؟\nالجواب: تأسّس سنة 1865 [1]."
    for size in (1, 4, 500):
        assert [one.text for one in all_of(text, size)] == ["مقرّه جنيف."]


@pytest.mark.parametrize("mark", ["<|im_end|>", "<end_of_turn>", "</s>", "[/INST]"])
def test_the_mark_of_a_turn_s_end_is_the_end(mark: str) -> None:
    text = f"مقرّه جنيف [1]{mark}\nuser\nلا شيء غير هذا."
    for size in (1, 4, 500):
        assert [one.text for one in all_of(text, size)] == ["مقرّه جنيف"]


def test_thoughts_that_never_end_say_nothing() -> None:
    assert all_of("<think>مقرّه باريس. مقرّه روما.") == []


def test_a_model_that_never_stops_is_stopped() -> None:
    def endless() -> Iterator[str]:
        while True:
            yield "مقرّه جنيف [1]. "

    assert len(list(drafted(endless()))) == MAX_SENTENCES

    def breathless() -> Iterator[str]:
        while True:
            yield "كلمة "

    assert len(list(drafted(breathless()))) == MAX_SENTENCES


@given(st.text(alphabet="اب ت.؟!؛[]1٢\n-*<>:«»", max_size=80), st.integers(1, 9))
def test_pieces_make_no_difference(text: str, size: int) -> None:
    assert all_of(text, size) == all_of(text, 1000)


@given(st.text(max_size=200))
def test_any_text_gives_sentences_with_words(text: str) -> None:
    for one in all_of(text):
        assert any(c.isalpha() for c in one.text)
        assert "\n" not in one.text
