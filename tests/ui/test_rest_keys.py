"""Who may come in at the doors for programs."""

import socket
from pathlib import Path

import httpx
import pytest

from corpus.errors import DalilError
from qa.settings import load_settings
from tests.ui import fake_pipeline as fake
from tests.ui.conftest import serving
from tests.ui.test_rest import in_form

KEY, OTHER = "first-key-of-sixteen", "second-key-of-sixteen"
DOORS = [
    ("POST", "/api/v1/ask"),
    ("GET", "/api/v1/health"),
    ("GET", "/api/v1/docs"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/api/v1/nothing"),
    ("POST", "/api/v1/documents"),
    ("DELETE", "/api/v1/documents/x"),
    ("POST", "/v1/chat/completions"),
    ("GET", "/v1/models"),
]


def ways(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_beyond_this_machine_the_doors_are_closed_without_keys_and_the_page_is_open() -> None:
    with serving(fake.FakePipeline(), host="0.0.0.0") as address:
        for method, path in DOORS:
            response = httpx.request(method, address + path, headers=ways(KEY))
            assert response.status_code == 403, path
            assert "DALIL_API_KEYS" in in_form(response)["hint"]
            assert in_form(response)["arabic"]
        assert httpx.get(address).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1"])
def test_where_there_are_keys_each_request_has_one(host: str) -> None:
    body = {"question": fake.WHEN}
    with serving(fake.FakePipeline(), host=host, keys=[KEY, OTHER]) as address:
        for method, path in DOORS:
            for headers in (
                {},
                ways(KEY[:-1]),
                ways(f"{KEY}x"),
                {"Authorization": "Bearer"},
                {"Authorization": f"Basic {KEY}"},
                {"Authorization": KEY},
                {"Cookie": f"dalil={KEY}"},
            ):
                response = httpx.request(method, address + path, headers=headers)
                assert response.status_code == 401, path
                assert response.headers["www-authenticate"] == "Bearer"
                assert KEY[:-1] not in str(in_form(response))
        for key in (KEY, OTHER):
            said = httpx.post(f"{address}/api/v1/ask", json=body, headers=ways(key))
            assert said.json()["answer"]
        assert httpx.get(address).status_code == 200
        description = httpx.get(f"{address}/api/v1/openapi.json", headers=ways(KEY)).json()
    assert "HTTPBearer" in description["components"]["securitySchemes"]


def test_keys_never_reach_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    with serving(fake.FakePipeline(), host="0.0.0.0", keys=[KEY]) as address:
        for key in (KEY, OTHER):
            httpx.post(f"{address}/api/v1/ask", json={"question": fake.BROKEN}, headers=ways(key))
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as line:
            line.sendall(f"broken\r\nAuthorization: Bearer {KEY}\r\n\r\n".encode())
            line.recv(100)
    shown = "".join(capfd.readouterr())
    assert "RuntimeError" in shown
    assert KEY not in shown
    assert OTHER not in shown


# Settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def keys() -> list[str]:
    return [key.get_secret_value() for key in load_settings().api_keys]


def test_keys_come_from_a_variable_or_the_file(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keys() == []
    (elsewhere / "dalil.toml").write_text(f'api_keys = ["{KEY}"]', encoding="utf-8")
    assert keys() == [KEY]
    monkeypatch.setenv("DALIL_API_KEYS", f"{KEY}, {OTHER}")
    assert keys() == [KEY, OTHER]
    assert KEY not in repr(load_settings())


@pytest.mark.parametrize("key", ["short", "with a space in it", "مفتاح من حروف عربية"])
def test_a_key_that_will_not_do_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(DalilError, match="api_keys") as caught:
        load_settings(api_keys=[key])
    assert key not in str(caught.value)
    assert key not in str(caught.value.__cause__)
