"""The load test: a quick one on a real server, and that its count can fail."""

from __future__ import annotations

import json

import httpx
import pytest
from click.testing import CliRunner

from evals.hardening.load import Plan, main
from evals.hardening.load_doors import Reply, _refused
from evals.hardening.load_figures import Tally, at_once
from evals.hardening.load_models import MODELS
from evals.hardening.load_texts import questions, texts

KNOWN = {("ask", "س"): frozenset({("قبل",), ("بعد",)})}


def test_a_few_clients_while_the_index_is_rebuilt() -> None:
    words = ["--clients", "6", "--seconds", "4", "--questions", "1", "--pause", "0"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    *_, last = done.output.strip().splitlines()
    assert last.startswith("load held: 6 clients, 4 s, ")
    assert "0 wrong, 0 lost" in last


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply("answer", ("قبل",)), "right"),
        (Reply("answer", ("بعد",)), "right"),
        (Reply("answer", ("قبل", "بعد")), "wrong"),
        (Reply("answer", ("",)), "wrong"),
        (Reply("busy", wait=5), "busy"),
        (Reply("lost", ("status 500",)), "lost"),
    ],
)
def test_what_came_is_told_apart(reply: Reply, kind: str) -> None:
    tally = Tally(KNOWN)
    tally.take("ask", "س", reply, 0, 1)
    assert tally.counts[kind] == 1
    assert tally.held is (kind == "right")


def test_busy_is_honest_when_it_says_for_how_long() -> None:
    honest = _refused(httpx.Response(429, headers={"retry-after": "5"}))
    assert honest == Reply("busy", wait=5)
    for status, headers in ((429, {}), (503, {"retry-after": "5"}), (500, {})):
        refused = _refused(httpx.Response(status, headers=headers))
        assert refused is not None
        assert refused.kind == "lost"


def test_most_at_once() -> None:
    assert at_once([]) == 0
    assert at_once([(0, 2), (1, 3), (2, 4), (5, 6)]) == 2


def test_all_rush_to_one_door_from_time_to_time() -> None:
    plan = Plan(questions()[:1], 8, 60, 5, 7)
    assert len({plan.door(number, 10) for number in range(8)}) > 4
    assert {plan.door(number, 55) for number in range(8)} == {"page"}
    assert {plan.door(number, 115) for number in range(8)} == {"ask"}


def test_the_versions_differ_where_the_questions_say_so() -> None:
    before, after = texts("before"), texts("after")
    assert before.keys() == after.keys()
    assert 0 < sum(before[name] == after[name] for name in before) < len(before) / 2
    for one in questions():
        assert all(any(word in text for text in before.values()) for word in one.before)
        assert all(any(word in text for text in after.values()) for word in one.after)


def test_a_dead_model_takes_a_connection_and_says_nothing() -> None:
    with MODELS["dead"]() as address, pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{address}/models", timeout=0.5)


def test_a_slow_model_lists_itself_and_lets_its_answer_drip() -> None:
    with MODELS["slow"]() as address, httpx.Client(timeout=30) as client:
        assert client.get(f"{address}/models").json()["data"][0]["id"] == "slow"
        with client.stream("POST", f"{address}/chat/completions", json={}) as answer:
            assert (
                "نعم" in json.loads(next(answer.iter_lines())[5:])["choices"][0]["delta"]["content"]
            )
