import json
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import DalilError
from evals.datasets import Dataset, Question, Region, load_lines, load_squad, sampled, source_of
from tests.evals.doubles import MOON, NILE, SEA, WHEN_MOON, write_lines, write_squad

ANSWER = {"text": "سبعة", "answer_start": 1}


def squad_file(*questions: object, context: object = MOON) -> dict[str, Any]:
    return {"data": [{"title": "ت", "paragraphs": [{"context": context, "qas": list(questions)}]}]}


def own(**changes: object) -> dict[str, object]:
    start = MOON.index("سبعة وعشرين")
    gold = {"source": "moon.txt", "start": start, "text": "سبعة وعشرين"}
    return {"id": "1", "question": WHEN_MOON, "answers": [gold]} | changes


def test_a_squad_file_keeps_contexts_titles_and_every_accepted_answer(squad: Dataset) -> None:
    assert squad.name == "small"
    assert squad.contexts == (MOON, SEA, NILE)
    assert squad.articles == ("فلك", "ماء", "ماء")
    moon, sea, nile = squad.questions
    assert (moon.id, moon.text, moon.context) == ("moon", WHEN_MOON, 0)
    assert nile.answers == ("6650 كيلومتراً", "نحو 6650 كيلومتراً")
    assert nile.regions == (Region(source_of(2)),)
    assert (sea.answers, sea.regions, sea.context) == ((), (), 1)


def test_squad_1_and_2_are_told_apart_by_the_question(tmp_path: Path) -> None:
    questions = [
        {"id": "plain", "question": "س", "answers": [ANSWER, ANSWER]},
        {"id": "impossible", "question": "س", "answers": [ANSWER], "is_impossible": True},
        {"id": "plausible", "question": "س", "plausible_answers": [ANSWER], "is_impossible": True},
        {"id": "empty", "question": "س", "answers": [{"text": " ", "answer_start": 0}]},
    ]
    found = load_squad(write_squad(tmp_path, squad_file(*questions))).questions
    assert [question.answers for question in found] == [("سبعة",), (), (), ()]


def test_an_id_that_is_used_again_gets_a_new_one(tmp_path: Path) -> None:
    names = ["a", "a#2", "a", "a", "b"]
    questions = [{"id": name, "question": "س", "answers": [ANSWER]} for name in names]
    found = load_squad(write_squad(tmp_path, squad_file(*questions))).questions
    assert [question.id for question in found] == ["a", "a#2", "a#3", "a#4", "b"]


def test_a_context_that_comes_again_is_the_same_one(tmp_path: Path) -> None:
    one, two = ({"id": name, "question": "س", "answers": [ANSWER]} for name in "12")
    content = {"data": squad_file(one)["data"] + squad_file(two)["data"]}
    found = load_squad(write_squad(tmp_path, content))
    assert found.contexts == (MOON,)
    assert [question.context for question in found.questions] == [0, 0]


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"data": 3},
        {"data": [{"paragraphs": [{"qas": []}]}]},
        {"rows": []},
        squad_file({"id": "1", "answers": []}),
        squad_file({"id": "1", "question": None, "answers": []}),
        squad_file({"id": "1", "question": "س", "answers": ["سبعة"]}),
        squad_file({"id": "1", "question": "س", "answers": [{"text": 7}]}),
        squad_file({"id": "1", "question": "س", "answers": []}, context=None),
    ],
)
def test_another_form_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(DalilError, match="not a SQuAD file"):
        load_squad(write_squad(tmp_path, content))


def test_half_a_surrogate_pair_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(squad_file({"id": "1", "question": "\ud800", "answers": []})))
    with pytest.raises(DalilError, match="not a SQuAD file"):
        load_squad(path)


def test_a_set_without_questions_or_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DalilError, match="holds no question"):
        load_squad(write_squad(tmp_path, {"data": []}))
    with pytest.raises(DalilError, match="There is no file"):
        load_squad(tmp_path / "none.json")
    with pytest.raises(DalilError, match="cannot be read"):
        load_squad(tmp_path)
    (tmp_path / "half.json").write_text('{"data": [', encoding="utf-8")
    with pytest.raises(DalilError, match="not a SQuAD file"):
        load_squad(tmp_path / "half.json")
    (tmp_path / "old.json").write_bytes("سؤال".encode("windows-1256"))
    with pytest.raises(DalilError, match="cannot be read"):
        load_squad(tmp_path / "old.json")


def test_our_own_form_keeps_what_it_says(tmp_path: Path, texts: Path) -> None:
    start = MOON.index("سبعة وعشرين")
    entry = own(type="how_many", kind="follow_up", style="careless", history=["ما القمر؟"])
    (found,) = load_lines(write_lines(tmp_path, entry), texts, "mine").questions
    assert found.answers == ("سبعة وعشرين",)
    assert found.regions == (Region("moon.txt", start, start + len("سبعة وعشرين")),)
    assert (found.type, found.kind, found.style) == ("how_many", "follow_up", "careless")
    assert found.history == ("ما القمر؟",)
    assert not found.needs_all


def test_two_passages_are_both_needed_and_their_answers_are_one(
    tmp_path: Path, texts: Path
) -> None:
    golds = [
        {"source": "moon.txt", "start": MOON.index("سبعة"), "text": "سبعة"},
        {"source": "nile.txt", "start": NILE.index("6650"), "text": "6650"},
    ]
    entry = own(kind="two_passages", answers=golds)
    empty = own(id="2", kind="two_passages", answers=[])
    both, none = load_lines(write_lines(tmp_path, entry, empty), texts).questions
    assert both.needs_all
    assert both.answers == ("سبعة 6650",)
    assert (none.needs_all, none.answers) == (False, ())


def test_a_split_is_kept_alone_and_other_line_ends_stay_inside_strings(
    tmp_path: Path, texts: Path
) -> None:
    entries = [own(id=str(n), split=s) for n, s in enumerate(["dev", "test", "dev"])]
    path = write_lines(tmp_path, *entries, own(id="u", question="سطر\u2028آخر\x85؟", split="x"))
    assert [q.id for q in load_lines(path, texts, split="dev").questions] == ["0", "2"]
    assert load_lines(path, texts, split="x").questions[0].text == "سطر\u2028آخر\x85؟"
    with pytest.raises(DalilError, match="holds no question"):
        load_lines(path, texts, split="train")


GOLD = {"source": "moon.txt", "start": MOON.index("سبعة"), "text": "سبعة"}


@pytest.mark.parametrize(
    "entry",
    [
        own(answers=[GOLD | {"start": 0}]),
        own(answers=[GOLD | {"start": -1}]),
        own(answers=[GOLD | {"start": "x"}]),
        own(answers=[GOLD | {"start": len(MOON)}]),
        own(answers=[GOLD | {"text": ""}]),
        own(answers=[GOLD | {"text": 7}]),
        own(answers=[GOLD | {"source": "none.txt"}]),
        own(answers="سبعة"),
        own(answers=["سبعة"]),
        own(question=None),
        {"id": "2", "question": "س"},
        {"question": "س", "answers": []},
        [],
        7,
    ],
)
def test_a_line_that_does_not_fit_is_named(tmp_path: Path, texts: Path, entry: object) -> None:
    path = write_lines(tmp_path, own(), entry)
    with pytest.raises(DalilError, match=r"Line 2 of .*mine\.jsonl") as refused:
        load_lines(path, texts)
    assert "README" in refused.value.hint


def test_a_region_meets_what_shares_a_letter_with_it() -> None:
    region = Region("a.txt", 10, 20)
    for start, end, meets in [(0, 10, False), (0, 11, True), (19, 30, True), (20, 30, False)]:
        assert region.meets("a.txt", start, end) is meets
    assert not region.meets("b.txt", 10, 20)
    assert Region("a.txt").meets("a.txt", 500, 501)


def test_a_sample_is_the_same_each_time_and_keeps_the_order() -> None:
    questions = tuple(Question(str(n), "س", 0, ("ج",)) for n in range(50))
    whole = Dataset("set", ("ن",), ("م",), questions)
    some = sampled(whole, 10)
    assert some == sampled(whole, 10)
    assert len(some.questions) == 10
    assert [int(q.id) for q in some.questions] == sorted(int(q.id) for q in some.questions)
    assert sampled(whole, 50) is sampled(whole, None) is whole
