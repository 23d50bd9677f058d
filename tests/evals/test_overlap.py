import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evals.overlap import arabic_tokens, contains, exact_match, squad_tokens, token_f1


def test_the_squad_way_by_hand() -> None:
    golds = ["The Nile River", "a river"]
    assert exact_match("nile  river!", golds, squad_tokens) == 1
    assert exact_match("rivers", golds, squad_tokens) == 0
    # 1 of 3 tokens found, 1 of 2 expected: 2 * 1 / (3 + 2); against the second gold 2 * 1 / 4.
    assert token_f1("long river valley", ["nile river"], squad_tokens) == pytest.approx(0.4)
    assert token_f1("long river valley", ["nile river", "a river"], squad_tokens) == 0.5


def test_a_word_said_twice_counts_once_where_it_was_expected_once() -> None:
    assert token_f1("بحر بحر", ["بحر"], squad_tokens) == pytest.approx(2 / 3)


def test_empty_answers_follow_squad_2() -> None:
    """Nothing against nothing is right; in SQuAD 1.1's script its F1 was 0."""
    for tokens in (squad_tokens, arabic_tokens):
        assert (exact_match("", [""], tokens), token_f1("", [""], tokens)) == (1, 1)
        assert (exact_match("", ["بحر"], tokens), token_f1("", ["بحر"], tokens)) == (0, 0)
        assert (exact_match("بحر", [], tokens), token_f1("بحر", [], tokens)) == (0, 0)
    assert exact_match("the", ["؟ an"], squad_tokens) == 0  # ASCII signs only
    assert exact_match("the", ["! an"], squad_tokens) == 1


ANSWERS = st.lists(
    st.sampled_from(
        ["the", "The", "an", "a", "theme", "Nile", "nile.", "NILE,", "بحر", "البحر،", "أحمد",
         "احمد", "مُحَمَّد", "٢٠١٧", "2017", "«بحر»", "(بحر)", "a's", "!", "", "\u00a0", "İ", "a-an"]
    ),
    max_size=6,
).map(" ".join)  # fmt: skip


@given(ANSWERS, st.lists(ANSWERS, min_size=1, max_size=3))
@example("", [""])
@example("the", ["a"])
def test_the_raw_way_is_that_of_an_independent_implementation(
    answer: str, golds: list[str]
) -> None:
    """TorchMetrics gives 0..100. It follows SQuAD 2.0 for empty answers too: nothing differs."""
    from torchmetrics.functional.text import squad

    found = squad(
        [{"prediction_text": answer, "id": "q"}],
        [{"answers": {"answer_start": [0] * len(golds), "text": golds}, "id": "q"}],
    )
    ours = exact_match(answer, golds, squad_tokens), token_f1(answer, golds, squad_tokens)
    assert 100 * ours[0] == found["exact_match"].item()
    assert 100 * ours[1] == pytest.approx(found["f1"].item(), abs=1e-3)


@pytest.mark.parametrize(
    ("answer", "gold"),
    [
        ("احمد", "أحمد"),
        ("مُحَمَّدٌ", "محمد"),
        ("عام ٢٠١٧", "عام 2017"),
        ("شيء", "شي"),
        ("مدرسه", "مدرسة،"),
        ("على", "علي"),
        ("مـدرسة", "مدرسة"),
        ("«11,500» طالب", "١١٬٥٠٠ طالب"),
    ],
)
def test_the_arabic_way_sees_through_spelling_and_the_raw_way_does_not(
    answer: str, gold: str
) -> None:
    assert exact_match(answer, [gold], arabic_tokens) == 1
    assert token_f1(answer, [gold], arabic_tokens) == 1
    assert exact_match(answer, [gold], squad_tokens) == 0


def test_the_arabic_way_does_not_see_through_words() -> None:
    assert exact_match("كتابات", ["كتاب"], arabic_tokens) == 0
    assert exact_match("2017", ["2018"], arabic_tokens) == 0


def test_contains_wants_whole_words_in_order_and_together() -> None:
    text = "بُنيت المدرسةُ الأولى عام ١٩٩٠."
    assert contains(text, ["المدرسه الاولي"])
    assert contains(text, ["شيء آخر", "1990"])
    assert not contains(text, ["الأولى المدرسة"])
    assert not contains(text, ["المدرسة عام"])
    assert not contains(text, ["مدرسة"])
    assert not contains(text, ["990"])
    assert not contains(text, ["", "؟!"])
    assert not contains(text, [])
