"""Answers worded by a language model, through the door at /api/v1/ask."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.ui import fake_pipeline as fake
from tests.ui.conftest import serving
from tests.ui.test_rest import events
from tests.ui.worded_pipeline import GONE, WordedPipeline

BODY = {"question": fake.WHEN}
STREAM = {**BODY, "stream": True}
SAID = [{"text": one.text, "citations": list(one.citations)} for one in fake.SENTENCES]


@contextmanager
def door(pipeline: fake.FakePipeline) -> Iterator[httpx.Client]:
    with serving(pipeline) as address, httpx.Client(base_url=f"{address}/api/v1") as api:
        yield api


def answer(api: httpx.Client, **more: object) -> dict[str, Any]:
    return dict(api.post("/ask", json={**BODY, **more}).raise_for_status().json())


def test_the_sentences_come_with_the_answer_and_further_citations_after_its_own() -> None:
    with door(WordedPipeline()) as api:
        said = answer(api)
        assert said["answer"] == "16 أكتوبر 2002"
        assert [one["number"] for one in said["citations"]] == [1, 2]
        for citation in said["citations"]:
            text = api.get(f"/documents/{citation['document_id']}").json()["text"]
            assert text[citation["start"] : citation["end"]] == citation["quote"]
        plain = answer(api, write=False)
    assert said.pop("written") == {
        "sentences": SAID,
        "removed": 1,
        "state": "done",
        "trouble": "",
        "trouble_arabic": "",
    }
    assert plain.pop("written") is None
    said["citations"].pop()
    assert plain == said


def test_a_stream_gives_each_citation_before_the_sentence_that_needs_it() -> None:
    with door(WordedPipeline()) as api:
        whole = answer(api)
        streamed = events(api.post("/ask", json=STREAM).text)
    citations, written = whole.pop("citations"), whole.pop("written")
    assert streamed == [
        ("search", {"query": fake.WHEN}),
        ("answer", whole),
        ("citation", citations[0]),
        ("sentence", written["sentences"][0]),
        ("sentence", written["sentences"][1]),
        ("citation", citations[1]),
        ("sentence", written["sentences"][2]),
        ("written", written),
        ("done", {}),
    ]


def test_a_stream_without_wording_is_as_it_always_was() -> None:
    with door(WordedPipeline()) as api:
        names = [name for name, _ in events(api.post("/ask", json={**STREAM, "write": False}).text)]
        unknown = events(api.post("/ask", json={**STREAM, "question": fake.UNKNOWN}).text)
        abstained = answer(api, question=fake.UNKNOWN)
    assert names == ["search", "answer", "citation", "done"]
    assert [name for name, _ in unknown] == ["search", "answer", "done"]
    assert abstained["written"] is None


def test_the_answer_is_there_and_others_are_answered_while_the_model_still_writes() -> None:
    pipeline = WordedPipeline.held()
    with door(pipeline) as api, api.stream("POST", "/ask", json=STREAM) as response:
        lines = response.iter_lines()
        names = []
        while "sentence" not in names:
            if (line := next(lines)).startswith("event: "):
                names.append(line.removeprefix("event: "))
        assert names == ["search", "answer", "citation", "sentence"]
        assert answer(api, write=False)["answer"] == "16 أكتوبر 2002"
        assert api.post("/search", json={"query": "مكتبة"}).json()["hits"]
        pipeline.go_on()
        assert list(lines)[-3:-1] == ["event: done", "data: {}"]


# Who goes away, and how many at once


def test_a_stream_that_nobody_reads_any_more_stops_the_model() -> None:
    pipeline = WordedPipeline.held()
    with door(pipeline) as api:
        with api.stream("POST", "/ask", json=STREAM):
            assert pipeline.began.wait(30)
            assert not pipeline.stopped.is_set()
        assert pipeline.stopped.wait(20)
        assert pipeline.closed.wait(20)


def test_whoever_hangs_up_before_the_whole_answer_stops_the_model() -> None:
    pipeline = WordedPipeline.held()
    body = json.dumps(BODY).encode()
    head = "POST /api/v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    with serving(pipeline) as address:
        port = urlsplit(address).port
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            assert pipeline.began.wait(30)
            assert not pipeline.stopped.is_set()
        assert pipeline.stopped.wait(20)
        assert pipeline.closed.wait(20)


def test_one_more_than_there_is_room_for_comes_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.workspace.WORDED", 1)
    pipeline = WordedPipeline.held()
    with door(pipeline) as api:
        with api.stream("POST", "/ask", json=STREAM) as first:
            assert pipeline.began.wait(30)
            second = answer(api)
            assert second["answer"]
            assert second["written"]["state"] == "failed"
            assert second["written"]["sentences"] == []
            assert second["written"]["trouble"]
            assert second["written"]["trouble_arabic"]
            names = [name for name, _ in events(api.post("/ask", json=STREAM).text)]
            assert names == ["search", "answer", "citation", "written", "done"]
            pipeline.go_on()
            first.read()
        assert answer(api)["written"]["state"] == "done"


# What must not be believed, and what goes wrong


def test_a_sentence_whose_citation_does_not_hold_is_removed() -> None:
    with door(WordedPipeline(forged="سقفها من ذهب.")) as api:
        said = api.post("/ask", json=BODY)
        streamed = api.post("/ask", json=STREAM)
    assert [one["number"] for one in said.json()["citations"]] == [1]
    written = said.json()["written"]
    assert written["sentences"] == SAID[:2]
    assert written["removed"] == 2
    for text in (said.text, streamed.text):
        assert "ذهب" not in text
        assert fake.HALL not in text


def test_a_model_that_fails_says_so_and_the_answer_stays() -> None:
    with door(WordedPipeline(state="failed")) as api:
        said = answer(api)
        streamed = events(api.post("/ask", json=STREAM).text)
    assert said["answer"]
    assert said["written"]["sentences"] == SAID
    assert said["written"]["state"] == "failed"
    assert said["written"]["trouble"] == "The <b>server</b> is gone."
    assert said["written"]["trouble_arabic"] == "غاب <b>الخادم</b>."
    assert streamed[-2:] == [("written", said["written"]), ("done", {})]


def test_an_index_that_changes_meanwhile_ends_the_wording_in_words() -> None:
    with door(WordedPipeline(breaks=GONE)) as api:
        written = answer(api)["written"]
    assert written["sentences"] == SAID
    assert (written["state"], written["trouble"]) == ("failed", "The passage is gone. Ask again.")
    assert written["trouble_arabic"] == "لم يعد المقطع موجودًا."


def test_an_error_that_nobody_foresaw_tells_nothing_of_the_inside() -> None:
    with door(WordedPipeline(breaks=RuntimeError("secret detail"))) as api:
        said = api.post("/ask", json=BODY)
        lines: list[str] = []
        address = f"{api.base_url}ask"  # by itself: the server has closed the line before
        with (
            suppress(httpx.RemoteProtocolError),
            httpx.stream("POST", address, json=STREAM) as response,
        ):
            for line in response.iter_lines():  # it breaks off, for its end is no end
                lines.append(line)
        assert httpx.post(address, json={**BODY, "write": False}).json()["answer"]
    assert said.status_code == 500
    assert [line for line in lines if line.startswith("event")][-1] == "event: error"
    assert "secret" not in said.text + "".join(lines)
