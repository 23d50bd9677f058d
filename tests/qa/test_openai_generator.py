"""The client of OpenAI-compatible servers against a server that keeps to no rule."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.generator import GeneratorError, Message
from qa.openai_generator import OpenAIGenerator
from qa.openai_protocol import first_model, words_in
from qa.timed import Limits, NoWordError
from tests.generation import (
    END,
    Reply,
    event,
    free_port,
    known,
    listing,
    none_at_work,
    refused,
    said,
    scripted,
)

KEY = "sk-never-to-be-seen-1234567890"
WORDS = 20
ASKED = (Message("system", "أجب."), Message("user", "ما عاصمة مصر؟"))
JSON = (("Content-Type", "application/json"),)


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    yield
    assert none_at_work()


def at(address: str, model: str = "", wait: float = 30, seconds: float = 60) -> OpenAIGenerator:
    return OpenAIGenerator(address, model, KEY, limits=Limits(wait, seconds), words=WORDS)


def failing(
    generator: OpenAIGenerator, match: str | None = None, before: str = ""
) -> GeneratorError:
    """The error of ``generator``, after the words ``before``; it is in Arabic too, without the key."""
    got: list[str] = []
    known(generator)
    with pytest.raises(GeneratorError, match=match) as error:
        collect(generator, got)
    assert "".join(got) == before
    assert sum("\u0621" <= letter <= "\u064a" for letter in error.value.arabic) > 20
    assert KEY not in f"{error.value}{error.value.arabic}{error.value.__context__!r}"
    return error.value


def collect(generator: OpenAIGenerator, got: list[str]) -> None:
    for piece in generator.write(ASKED):
        got.append(piece)


def test_pieces_come_as_they_are_written_and_the_request_says_what_is_set() -> None:
    with scripted(said("القاهرة ", "عاصمة ", "مصر.")) as server:
        generator = at(server.address, "toy-2")
        assert list(known(generator).write(ASKED)) == ["القاهرة ", "عاصمة ", "مصر."]
        assert generator.name == "toy-2"
    (asked,) = server.questions
    assert asked.path == "/v1/chat/completions"
    assert asked.body == {
        "model": "toy-2",
        "messages": [{"role": one.role, "content": one.content} for one in ASKED],
        "max_tokens": WORDS,
        "temperature": 0,
        "stream": True,
    }
    assert asked.headers["authorization"] == f"Bearer {KEY}"


def test_the_first_model_listed_is_asked_where_none_is_set() -> None:
    with scripted(said("نعم"), models=listing("first", "second")) as server:
        generator = at(server.address)
        assert generator.name == server.address
        assert list(known(generator).write(ASKED)) == ["نعم"]
        assert generator.name == "first"
    assert server.questions[0].body["model"] == "first"


def test_a_file_that_is_listed_is_called_by_its_own_name() -> None:
    with scripted(said("نعم"), models=listing("/home/a/models/small.gguf")) as server:
        generator = at(server.address)
        list(known(generator).write(ASKED))
        assert generator.name == "small.gguf"


@pytest.mark.parametrize(
    "models", [listing(), refused(404), Reply((b"[1]",), headers=JSON), listing("x" * 500)]
)
def test_a_server_without_a_model_is_an_error(models: Reply) -> None:
    with scripted(said("نعم"), models=models) as server:
        failing(at(server.address), "does not have any model|not the answer of")
        assert server.questions == []


def test_nothing_of_the_environment_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "ORG_ID", "PROJECT_ID", "ADMIN_KEY"):
        monkeypatch.setenv(f"OPENAI_{name}", "from-the-environment")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Other: from-the-environment")
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with scripted(said("نعم")) as server:
        generator = OpenAIGenerator(server.address, limits=Limits(30, 60), words=WORDS)
        assert list(known(generator).write(ASKED)) == ["نعم"]
    for asked in server.asked:
        assert "from-the-environment" not in str(asked)
        assert "authorization" not in asked.headers
        assert not [name for name in asked.headers if name.startswith("x-")]


def test_a_server_that_is_not_there_is_refused_at_once_and_again() -> None:
    generator = at(f"http://127.0.0.1:{free_port()}/v1")
    for _ in range(2):
        error = failing(generator, "does not answer")
        assert "Start it" in error.hint


def test_a_black_hole_delays_nobody() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as hole:
        generator = at(f"http://127.0.0.1:{hole.getsockname()[1]}/v1")
        with pytest.raises(GeneratorError, match="has not answered yet"):
            next(generator.write(ASKED))
        failing(generator, "does not answer")


def test_a_server_that_dies_is_noticed_by_the_next_question() -> None:
    with scripted(said("نعم")) as server:
        generator = at(server.address, "toy")
        assert list(known(generator).write(ASKED)) == ["نعم"]
    failing(generator, "does not answer")
    with pytest.raises(GeneratorError, match="tried again after"):
        next(known(generator).write(ASKED))


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (refused(401, {"error": {"message": f"Incorrect key: {KEY}"}}), "does not accept the key"),
        (refused(403), "does not accept the key"),
        (refused(404, {"error": {"message": "model 'toy' not found"}}), "does not have the model toy"),
        (refused(404, {"detail": "Not Found"}), "ends in /v1"),
        (refused(400, {"error": {"message": "exceeds the context size"}}), "longer than"),
        (refused(400, {"error": {"message": f"Bad: {KEY}"}}), "HTTP 400"),
        (refused(422, ["what"]), "HTTP 422"),
        (refused(302, {}, Location="http://127.0.0.1:1/"), "HTTP 302"),
        (Reply((b"<html>" * 9,), 200, (("Content-Type", "text/html"),)), "not the answer of"),
        (Reply((b'{"choices": [{"message": {"content": "x"}}]}',), 200, JSON), "not the answer of"),
        (Reply((b"data: {\n\n",)), "not the answer of"),
        (Reply((b"data: \xff\xfe\n\n",)), "not the answer of"),
        (Reply((b"data: " + b"[" * 200_000 + b"\n\n",)), "not the answer of"),
        (Reply((), headers=(("Content-Encoding", "gzip"),)), "not the answer of"),
        (Reply((b"x" * 2_000_000,)), "not the answer of"),
        (Reply((b'data: {"error": {"message": "no memory"}}\n\n',)), "reported a failure"),
        (Reply((), before_status="drop"), "broke off"),
    ],
)  # fmt: skip
def test_every_way_to_refuse_is_told_in_words_and_asked_once(reply: Reply, words: str) -> None:
    with scripted(reply) as server:
        error = failing(at(server.address, "toy"))
        assert words in str(error)
        assert len(server.questions) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_refuses_for_the_moment_is_asked_again(status: int) -> None:
    with scripted(refused(status), refused(status), said("نعم")) as server:
        assert list(known(at(server.address, "toy")).write(ASKED)) == ["نعم"]
        assert len(server.questions) == 3


@pytest.mark.parametrize("status", [429, 500])
def test_but_not_for_ever(status: int) -> None:
    with scripted(refused(status)) as server:
        failing(at(server.address, "toy"), f"HTTP {status}")
        assert len(server.questions) == 3


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((event("القاهرة "), "drop"), "broke off"),
        ((event("القاهرة "),), "broke off"),
        ((event("القاهرة "), b"data: {\n\n"), "not the answer of"),
        ((event("القاهرة "), b'data: {"error": {"message": "x"}}\n\n'), "reported a failure"),
        ((event("القاهرة "), b"data: " + b"x" * 2_000_000), "not the answer of"),
    ],
)
def test_what_came_before_a_fault_stays_and_is_not_asked_for_again(
    steps: tuple[bytes, ...], words: str
) -> None:
    with scripted(Reply(steps)) as server:
        failing(at(server.address, "toy"), words, before="القاهرة ")
        assert len(server.questions) == 1


@pytest.mark.parametrize("reply", [Reply(("silence",)), Reply((), before_status="silence")])
def test_a_model_without_a_first_word_is_given_up_and_left_alone(reply: Reply) -> None:
    with scripted(reply) as server:
        generator = at(server.address, "toy", wait=0.3)
        with pytest.raises(NoWordError, match="wrote nothing within"):
            next(known(generator).write(ASKED))
        assert server.hung_up.wait(10)
        failing(generator, "tried again after")
        assert len(server.questions) == 1


def test_a_model_that_falls_silent_is_given_up() -> None:
    with scripted(Reply((event("القاهرة "), "silence"))) as server:
        failing(at(server.address, "toy", wait=0.3), "fell silent", before="القاهرة ")
        assert server.hung_up.wait(10)


@pytest.mark.parametrize(
    "reply",
    [
        Reply((), before_status="silence"),
        Reply(("silence",)),
        Reply((event("القاهرة "), "silence")),
    ],
)
def test_stopping_hangs_up_whatever_the_server_does(reply: Reply) -> None:
    with scripted(reply) as server:
        stop = threading.Event()
        server.fell_silent = stop
        got = list(known(at(server.address, "toy")).write(ASKED, stop.is_set))
        assert set(got) <= {"القاهرة "}
        assert server.hung_up.wait(10)


def test_words_without_end_are_cut_whatever_the_server_was_told() -> None:
    with scripted(Reply((event("كلمة "),) * 5_000)) as server:
        assert len(list(known(at(server.address, "toy")).write(ASKED))) == 2 * WORDS
    with scripted(Reply((event("ط" * 100_000), END))) as server:
        assert len("".join(at(server.address, "toy").write(ASKED))) == 16 * WORDS


def test_thoughts_are_not_words() -> None:
    thought = [event("أفكّر", field_name=name) for name in ("reasoning_content", "reasoning")]
    with scripted(Reply((*thought, event(None), event("نعم"), END))) as server:
        assert list(known(at(server.address, "toy")).write(ASKED)) == ["نعم"]


def test_what_comes_after_the_end_is_not_waited_for() -> None:
    with scripted(Reply((event("نعم"), END, "silence"))) as server:
        assert list(known(at(server.address, "toy")).write(ASKED)) == ["نعم"]


def test_half_a_character_does_not_keep_a_question_from_being_sent() -> None:
    with scripted(said("نعم")) as server:
        list(known(at(server.address, "toy")).write([Message("user", "ما \ud800 هذا؟")]))
        assert server.questions[0].body["messages"][0]["content"] == "ما ? هذا؟"


def test_the_key_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with scripted(refused(401), said("نعم")) as server:
        generator = at(server.address)
        failing(generator, "key")
        list(known(generator).write(ASKED))
    assert caplog.records
    assert KEY not in caplog.text
    assert KEY not in repr(vars(generator))


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "delta", "content", "finish_reason", "data", "id"]), inner
        )
    ),
)


@given(ANY_JSON)
def test_no_form_of_json_is_misread(sent: object) -> None:
    words, last = words_in(sent)
    assert isinstance(words, str)
    assert isinstance(last, bool)
    assert isinstance(first_model(sent), str)


@given(st.lists(st.text(min_size=1, max_size=10), min_size=1, max_size=5))
def test_every_text_arrives_as_it_was_sent(pieces: list[str]) -> None:
    sent = [json.loads(event(piece).removeprefix(b"data: ")) for piece in pieces]
    assert [words_in(one) for one in sent] == [(piece, False) for piece in pieces]
