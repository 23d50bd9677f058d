"""The doors for programs under /api/v1: questions, searches, and what is refused how."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from corpus.errors import (
    AbsentError,
    BusyError,
    DalilError,
    UnfitError,
    UnreadableFileError,
)
from qa.answer import Exchange
from qa.question import MAX_QUESTION
from tests.ui import fake_pipeline as fake
from tests.ui.conftest import serving
from tests.ui.fake_library import FakeLibrary, workspace_over
from ui import doors, gate
from ui.rest_page import routes_page
from ui.workspace import Workspace


@pytest.fixture(scope="module")
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline()


@pytest.fixture(scope="module")
def workspace(pipeline: fake.FakePipeline) -> Workspace:
    return workspace_over(pipeline)


@pytest.fixture(scope="module")
def api(workspace: Workspace) -> Iterator[httpx.Client]:
    with serving(workspace) as address, httpx.Client(base_url=f"{address}/api/v1") as client:
        yield client


def events(text: str) -> list[tuple[str, dict[str, object]]]:
    """Name and data of each server-sent event."""
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def in_form(response: httpx.Response) -> dict[str, str]:
    """The error of a response, which has the one form of errors."""
    said = response.json()
    assert list(said) == ["error"]
    assert list(said["error"]) == ["message", "hint", "arabic"]
    assert said["error"]["message"]
    assert "Traceback" not in response.text
    return dict(said["error"])


# Questions


def test_an_answer_comes_with_citations_that_point_into_the_texts(
    api: httpx.Client, pipeline: fake.FakePipeline
) -> None:
    said = api.post("/ask", json={"question": fake.UNESCO}).raise_for_status().json()
    assert said["question"] == fake.UNESCO
    assert said["query"] != fake.UNESCO
    assert not said["abstained"]
    assert said["nearest"] == []
    assert [one["number"] for one in said["citations"]] == [1, 2]
    for citation in said["citations"]:
        document = api.get(f"/documents/{citation['document_id']}").raise_for_status().json()
        assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert document["source"] == citation["source"]
        starts = document["pages"]
        assert starts[citation["page"] - 1] <= citation["start"]
        assert citation["passage_id"] in pipeline.passages


def test_an_abstention_comes_with_the_nearest_passages(api: httpx.Client) -> None:
    said = api.post("/ask", json={"question": fake.UNKNOWN}).json()
    assert (said["abstained"], said["answer"], said["citations"]) == (True, "", [])
    scores = [hit["score"] for hit in said["nearest"]]
    assert scores
    assert scores == sorted(scores, reverse=True)


def test_a_forged_quote_never_leaves(api: httpx.Client) -> None:
    said = api.post("/ask", json={"question": fake.FORGED})
    assert said.json()["abstained"]
    assert "17 أكتوبر" not in said.text


def test_history_and_mood_go_along_with_the_question(
    api: httpx.Client, pipeline: fake.FakePipeline
) -> None:
    history = [{"query": fake.WHEN, "answer": "16 أكتوبر 2002"}, {"query": fake.UNKNOWN}]
    body = {"question": "ومن صمّمها؟", "history": history, "mood": "cautious"}
    assert api.post("/ask", json=body).status_code == 200
    assert pipeline.histories[-1] == (Exchange(fake.WHEN, "16 أكتوبر 2002"), Exchange(fake.UNKNOWN))
    api.post("/ask", json={"question": fake.WHEN})
    assert pipeline.histories[-1:] == [()]
    assert pipeline.moods[-2:] == ["cautious", None]


@pytest.mark.parametrize("name", ["fake", "<b>نُصوص</b>"])
def test_a_collection_goes_by_its_id_or_its_name(api: httpx.Client, name: str) -> None:
    assert api.post("/ask", json={"question": fake.WHEN, "collection": name}).status_code == 200


def test_every_collection_is_listed(api: httpx.Client) -> None:
    listed = {"id": "fake", "name": "<b>نصوص</b>", "default": True, "fixed": True}
    assert api.get("/collections").json() == {"collections": [listed]}


def test_a_search_gives_the_best_passages(api: httpx.Client) -> None:
    hits = api.post("/search", json={"query": "مكتبة", "limit": 2}).json()["hits"]
    assert len(hits) == 2
    assert hits[0]["score"] > hits[1]["score"]
    for hit in hits:
        text = api.get(f"/documents/{hit['document_id']}").json()["text"]
        assert text[hit["start"] : hit["end"]] == hit["text"]


# Streams


@pytest.mark.parametrize(
    ("body", "headers"), [({"stream": True}, {}), ({}, {"Accept": "text/event-stream"})]
)
def test_an_answer_comes_in_parts_where_it_is_asked_for_so(
    api: httpx.Client, body: dict[str, object], headers: dict[str, str]
) -> None:
    streamed = api.post("/ask", json={"question": fake.WHEN, **body}, headers=headers)
    assert streamed.headers["content-type"].startswith("text/event-stream")
    whole = api.post("/ask", json={"question": fake.WHEN}).json()
    (search, answer, citation, done) = events(streamed.text)
    assert search == ("search", {"query": fake.WHEN})
    citations, written = whole.pop("citations"), whole.pop("written")
    assert written is None
    assert answer == ("answer", whole)
    assert citation == ("citation", citations[0])
    assert done == ("done", {})


def test_what_is_searched_for_is_said_before_the_answer_is_there() -> None:
    pipeline = fake.FakePipeline()
    pipeline.gate.clear()
    body = {"question": "ومن صمّمها؟", "history": [{"query": fake.WHEN}], "stream": True}
    with (
        serving(pipeline) as address,
        httpx.stream("POST", f"{address}/api/v1/ask", json=body) as response,
    ):
        lines = response.iter_lines()
        assert next(lines) == "event: search"
        assert "مكتبة الإسكندرية" in next(lines)
        assert pipeline.asked == []
        pipeline.gate.set()
        assert list(lines)[-3:-1] == ["event: done", "data: {}"]


def test_a_stream_that_fails_says_so_at_its_end(api: httpx.Client) -> None:
    refused = api.post("/ask", json={"question": fake.REFUSED, "stream": True})
    (_, (name, said)) = events(refused.text)
    assert name == "error"
    assert "The index is gone" in str(said)


def test_what_is_wrong_with_a_question_is_said_before_a_stream_begins(api: httpx.Client) -> None:
    for body, status in (({"question": "؟!"}, 400), ({"question": "أ", "collection": "ب"}, 404)):
        response = api.post("/ask", json={**body, "stream": True})
        assert response.status_code == status
        in_form(response)


# What is refused


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"question": ""}, 400),
        ({"question": "؟ ؟"}, 400),
        ({"question": "س" * (MAX_QUESTION + 1)}, 400),
        ({"question": "س", "collection": "gone"}, 404),
        ({"question": "س", "collection": "س" * 201}, 422),
        ({"question": "س", "mood": "brave"}, 422),
        ({"question": "س", "history": [{"answer": "أ"}]}, 422),
        ({"question": 5}, 422),
        ({"query": "س"}, 422),
        ({"question": "س", "extra": 1}, 422),
        ([], 422),
    ],
)
def test_a_bad_question_is_refused_in_words(api: httpx.Client, body: object, status: int) -> None:
    response = api.post("/ask", json=body)
    assert response.status_code == status
    said = in_form(response)
    assert said["hint"]
    assert said["arabic"]


@pytest.mark.parametrize("text", ["", "{", '{"\\udfff": "a"}', "\x00"])
def test_what_is_no_sound_json_is_refused_in_words(api: httpx.Client, text: str) -> None:
    response = api.post("/ask", content=text, headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    in_form(response)


@pytest.mark.parametrize("path", ["/ask", "/search"])
def test_half_a_character_breaks_nothing(api: httpx.Client, path: str) -> None:
    name = {"/ask": "question", "/search": "query"}[path]
    text = f'{{"{name}": "\\ud800 \\u0623", "collection": "\\udfff"}}'
    headers = {"Content-Type": "application/json"}
    assert api.post(path, content=text, headers=headers).status_code == 404
    text = text.replace("\\udfff", "")
    said = api.post(path, content=text, headers=headers)
    assert said.status_code == 200
    assert said.json().get("question", "? أ") == "? أ"


@pytest.mark.parametrize("limit", [0, 51, "5", 2.5])
def test_a_search_has_its_limits(api: httpx.Client, limit: object) -> None:
    assert api.post("/search", json={"query": "أ", "limit": limit}).status_code == 422
    assert api.post("/search", json={"query": "؟"}).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/ask", 405),
        ("GET", "/documents/nowhere", 404),
        ("GET", "/documents/no%0Awhere", 404),
        ("DELETE", "/documents/%0A", 404),
        ("GET", "/documents?collection=gone", 404),
        ("DELETE", "/documents/0.txt", 400),
        ("POST", "/documents", 422),
    ],
)
def test_other_errors_have_the_same_form(
    api: httpx.Client, method: str, path: str, status: int
) -> None:
    response = api.request(method, path)
    assert response.status_code == status
    in_form(response)


def test_an_error_that_nobody_foresaw_tells_nothing_of_the_inside(api: httpx.Client) -> None:
    response = api.post("/ask", json={"question": fake.BROKEN})
    assert response.status_code == 500
    assert in_form(response)["arabic"]
    assert "secret" not in response.text


def test_each_kind_of_error_has_its_status() -> None:
    kinds = {
        UnfitError: 400,
        UnreadableFileError: 400,
        AbsentError: 404,
        BusyError: 409,
        doors.StuckError: 409,
        doors.CrowdedError: 429,
        doors.LoadingError: 503,
        DalilError: 500,
    }
    assert {kind: doors.status_of(kind("x")) for kind in kinds} == kinds


def test_no_site_elsewhere_may_ask_or_delete(api: httpx.Client) -> None:
    for origin in ("http://evil.example", "null"):
        headers = {"Origin": origin}
        asked = api.post("/ask", json={"question": fake.WHEN}, headers=headers)
        assert asked.status_code == 403
        assert api.delete("/documents/0.txt", headers=headers).status_code == 403
    assert api.get("/health", headers={"Host": "evil.example"}).status_code == 400


def test_a_request_that_is_too_large_is_refused(api: httpx.Client) -> None:
    large = json.dumps({"question": "س" * gate.MOST_JSON})
    headers = {"Content-Type": "application/json"}
    said = api.post("/ask", content=large, headers=headers)
    assert said.status_code == 413
    in_form(said)


def test_a_request_of_unknown_length_that_is_too_large_is_refused_too(api: httpx.Client) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(2 * gate.MOST_JSON // 2**16):
            yield b" " * 2**16

    said = api.post("/ask", content=parts(), headers={"Content-Type": "application/json"})
    assert said.status_code == 413
    in_form(said)


# State


def test_the_server_is_alive_before_it_is_ready(
    api: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert api.get("/ready").json() == {"status": "ready"}
    monkeypatch.setattr(FakeLibrary, "ready", False)
    assert api.get("/health").json() == {"status": "alive"}
    for response in (
        api.get("/ready"),
        api.post("/ask", json={"question": fake.WHEN}),
        api.post("/ask", json={"question": fake.WHEN, "stream": True}),
        api.post("/search", json={"query": fake.WHEN}),
    ):
        assert response.status_code == 503
        assert int(response.headers["retry-after"]) > 0
        in_form(response)


def test_no_more_may_wait_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.workspace.WAITING", 2)
    pipeline = fake.FakePipeline()
    pipeline.gate.clear()
    refused = threading.Event()

    def ask(number: int) -> int:
        body = {"question": fake.WHEN, "stream": number % 2 == 0}
        response = httpx.post(f"{address}/api/v1/ask", json=body, timeout=30)
        if response.status_code == 429:
            assert response.headers["retry-after"]
            in_form(response)
            refused.set()
        return response.status_code

    with serving(pipeline) as address, ThreadPoolExecutor(10) as several:
        results = [several.submit(ask, number) for number in range(10)]
        assert refused.wait(30)
        searched = httpx.post(f"{address}/api/v1/search", json={"query": "أ"})
        assert searched.status_code == 429  # one queue for both
        pipeline.gate.set()
        statuses = [result.result() for result in results]
        assert httpx.post(f"{address}/api/v1/search", json={"query": "أ"}).status_code == 200
    assert set(statuses) == {200, 429}


# The page of the doors


def test_the_page_lists_every_route_and_loads_nothing(api: httpx.Client) -> None:
    page = api.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for path in api.get("/openapi.json").json()["paths"]:
        assert f"/api/v1{path}</code>" in page.text
    for word in ("src=", "http:", "https:", "<script", "<link", "url("):
        assert word not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_the_page_shows_what_it_is_given_as_it_is() -> None:
    route = {"responses": {"200": {}}, "description": "<script>"}
    description = {"info": {"title": "<b>"}, "paths": {"/<i>": {"get": route}}}
    page = routes_page(description, "/api")
    assert "<script>" not in page
    assert "GET /api/&lt;i&gt;" in page
