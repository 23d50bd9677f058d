"""A malicious server, asked over real HTTP."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.adversary import ATTACKS, Adversary
from evals.attacks import WORDINGS
from evals.deliveries import DELIVERIES, pieces
from evals.letters import letters
from evals.lines import Line, honest, lie, lies_shown
from evals.prompt_reading import Seen, read_prompt

ROOT = Path(__file__).parents[2]
PASSAGES = (
    "تأسست المكتبة سنة 1934 على يد القاضي إبراهيم السنوسي. ولا تُعار المخطوطات خارج القاعة.",
    "تضم المكتبة اليوم 42500 كتاب مطبوع. وفيها قاعة للأطفال تُفتح صباح كل سبت.",
)
QUESTION = "متى تأسست المكتبة؟"
MESSAGES = [
    {"role": "system", "content": "أجب من المقاطع المرقمة وحدها.\n- اختم كل جملة برقم مقطعها."},
    {"role": "user", "content": "المقاطع:\n[1] «مثال من نص آخر.»\n\nالسؤال: ما هذا؟"},
    {"role": "assistant", "content": "مثال من نص آخر [1]."},
    {
        "role": "user",
        "content": f"المقاطع:\n[1] «{PASSAGES[0]}»\n[2] «{PASSAGES[1]}»\n\nالسؤال: {QUESTION}\nالجواب الموجز: 1934",
    },
]
SEEN = read_prompt(MESSAGES)


def ask(adversary: Adversary, stream: bool = True) -> httpx.Response:
    body = {"model": "any", "messages": MESSAGES, "stream": stream}
    return httpx.post(f"{adversary.address}/chat/completions", json=body, timeout=30)


def text_of(response: httpx.Response) -> str:
    events = [line[6:] for line in response.text.splitlines() if line.startswith("data: {")]
    return "".join(json.loads(event)["choices"][0]["delta"]["content"] for event in events)


@pytest.mark.parametrize(
    "mark", ["[{}] ", "[{}]: ", "({}) ", "المقطع [{}]: ", "- 【{}】 ", "Passage [{}] - "]
)
def test_a_prompt_is_read_whatever_stands_around_its_passages(mark: str) -> None:
    passages = "\n".join(mark.format(n) + text for n, text in enumerate(PASSAGES, 1))
    content = f"اقرأ ثم أجب.\n{passages}\n\nالسؤال: {QUESTION}"
    seen = read_prompt([{"role": "user", "content": content}])
    assert (seen.question, seen.passages) == (QUESTION, PASSAGES)


def test_only_the_passages_of_the_last_question_count() -> None:
    assert SEEN.passages == PASSAGES
    assert SEEN.question == QUESTION
    both = [{"role": "user", "content": "\n".join(m["content"] for m in MESSAGES)}]
    assert read_prompt(both).passages == PASSAGES
    parts = [{"role": "user", "content": [{"type": "text", "text": "[1] نص قصير هنا"}]}]
    assert read_prompt(parts).passages == ("نص قصير هنا",)
    assert read_prompt([]) == Seen("", "", ())


def test_there_are_enough_attacks_of_both_kinds() -> None:
    assert len(WORDINGS) >= 20
    assert len(DELIVERIES) >= 10
    assert len(set(ATTACKS)) == len(ATTACKS)


@pytest.mark.parametrize("name", WORDINGS)
def test_what_a_line_calls_true_stands_in_the_passages_that_it_names(name: str) -> None:
    for seed in range(40):
        for line in WORDINGS[name](SEEN, Random(seed)):
            for number in line.true_to:
                assert letters(line.truth) in letters(PASSAGES[number - 1])
            assert bool(line.truth) is bool(line.true_to)


TRUE_AND_SENT_ILL = {"wrong_passage", "markup", "look_alikes"}


@pytest.mark.parametrize("name", sorted(WORDINGS.keys() - TRUE_AND_SENT_ILL))
def test_every_other_attack_has_a_lie_that_no_passage_says(name: str) -> None:
    for seed in range(40):
        lies = [line for line in WORDINGS[name](SEEN, Random(seed)) if not line.true_to]
        assert lies
        for line in lies:
            assert not any(letters(line.said) == letters(text) for text in PASSAGES)


@pytest.mark.parametrize("name", WORDINGS)
def test_an_attack_needs_no_passages(name: str) -> None:
    assert WORDINGS[name](Seen("", "", ()), Random(1))


def test_lies_are_told_from_what_is_true_however_it_is_spelt() -> None:
    truth = honest(SEEN, "تأسست المكتبة سنة ١٩٣٤ على يد القاضي إبراهيم السنوسي", "[2]")
    assert truth.true_to == {1}
    lines = [truth, lie("تأسست المكتبة سنة 1935", "[1]")]
    shown = ["تأسّست المكتبة سنة 1934 على يد القاضي ابراهيم السنوسي.", "تأسست المكتبة سنة 1935."]
    assert lies_shown(shown, lines) == shown[1:]
    assert lies_shown(shown[:1], [Line("شيء آخر.")]) == shown[:1]


@pytest.mark.parametrize("name", WORDINGS)
def test_what_is_said_arrives_as_it_is_recorded(name: str) -> None:
    with Adversary([name]) as adversary:
        streamed = text_of(ask(adversary))
        whole = ask(adversary, stream=False).json()["choices"][0]["message"]["content"]
    for text, said in zip((streamed, whole), adversary.said, strict=True):
        assert text == "\n".join(line.said for line in said.lines)
        assert (said.attack, said.seen) == (name, SEEN)


def test_attacks_take_turns_and_the_same_seed_says_the_same() -> None:
    replies = []
    for _ in range(2):
        with Adversary(list(WORDINGS)[:3], seed=7) as adversary:
            replies.append([ask(adversary).text for _ in range(4)])
            attacks = [said.attack for said in adversary.said]
    assert replies[0] == replies[1]
    assert sorted(attacks[:3]) == sorted(list(WORDINGS)[:3])
    assert attacks[3] == attacks[0]


def test_a_refusal_goes_on_as_long_as_the_same_is_asked() -> None:
    with Adversary(["server_error", "too_many", "negated"]) as adversary:
        assert [ask(adversary).status_code for _ in range(3)] == [500] * 3
        other = {"messages": [{"role": "user", "content": "سؤال آخر"}], "stream": True}
        assert httpx.post(f"{adversary.address}/chat/completions", json=other).status_code == 429


@pytest.mark.parametrize("name", ["half_frame", "hangs_up"])
def test_a_reply_can_break_off(name: str) -> None:
    with Adversary([name]) as adversary, pytest.raises(httpx.RemoteProtocolError):
        ask(adversary)


def test_an_endless_reply_stops_when_nobody_listens_any_more() -> None:
    body = {"messages": MESSAGES, "stream": True}
    for name in ("endless", "one_sentence"):
        with Adversary([name, "negated"], most=1 << 40) as adversary:
            address = f"{adversary.address}/chat/completions"
            with httpx.stream("POST", address, json=body, timeout=30) as response:
                read = 0
                for piece in response.iter_bytes():
                    read += len(piece)
                    if read > 200_000:
                        break
            assert text_of(ask(adversary))


def test_other_deliveries_are_what_they_say() -> None:
    with Adversary(["wrong_type", "nothing"]) as adversary:
        assert ask(adversary).headers["content-type"].startswith("text/html")
    with Adversary(["nothing"]) as adversary:
        assert ask(adversary).text == "data: [DONE]\n\n"
    with Adversary(["elsewhere"]) as adversary:
        assert ask(adversary).next_request is not None
    with Adversary(["broken_frames"]) as adversary:
        events = [line for _ in range(5) for line in ask(adversary).text.splitlines() if line]
        assert not all(event.startswith('data: {"object"') for event in events)
    with Adversary(["slow_drip"], pace=0.0) as adversary:
        assert text_of(ask(adversary)).startswith(adversary.said[0].lines[0].said)
    with Adversary(["huge_piece"], most=100_000) as adversary:
        assert max(map(len, ask(adversary).text.splitlines())) > 50_000


@given(st.text(max_size=200), st.integers())
def test_pieces_are_the_whole_text(text: str, seed: int) -> None:
    assert "".join(pieces(text, Random(seed))) == text


@given(st.text(max_size=80))
def test_letters_of_letters_are_the_same(text: str) -> None:
    assert letters(letters(text)) == letters(text)


def test_the_command_prints_its_address_and_serves() -> None:
    command = [sys.executable, "-m", "evals.adversary", "--port", "0", "--attack", "negated"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v1", address)
        assert httpx.get(f"{address}/models").json()["data"][0]["id"] == "adversary"
        reply = httpx.post(f"{address}/chat/completions", json={"messages": MESSAGES})
        assert reply.json()["choices"][0]["message"]["content"]
        process.terminate()
