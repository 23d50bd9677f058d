"""The server around the page: what it sends, what it refuses, how it starts and stops."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from corpus.errors import DalilError
from tests.ui import fake_pipeline as fake
from tests.ui.browsing import fetched
from tests.ui.conftest import serving
from tests.ui.fake_library import workspace_over
from ui.serving import listener, serve
from ui.strings import ARABIC, ENGLISH
from ui.web import web_app


@pytest.fixture
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for the tests that change nothing on it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        with serving(fake.FakePipeline()) as address:
            yield address


def status(address: str, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> int:
    """What the server answers to a request that no client would mend before it is sent."""
    name, port = address.removeprefix("http://").split(":")
    named = {"Host": f"{name}:{port}", "Connection": "close", "Content-Length": str(len(body))}
    lines = [f"{key.replace('_', '-')}: {value}\r\n" for key, value in (named | headers).items()]
    with socket.create_connection((name, int(port)), timeout=30) as line:
        line.sendall(f"{method} {path} HTTP/1.1\r\n{''.join(lines)}\r\n".encode() + body)
        return int(line.recv(64).split()[1])


# The pages


@pytest.mark.parametrize("path", ["/", "/ar", "/ar/"])
def test_the_page_is_right_to_left_before_any_script_runs(address: str, path: str) -> None:
    html, headers = fetched(f"{address}{path}", **{"Accept-Encoding": "br, gzip"})
    style, _ = fetched(f"{address}/dalil/style.css")
    assert '<html lang="ar" dir="rtl"' in html
    assert html.index("/dalil/style.css") < html.index("<body")
    assert "googleapis" not in html
    assert "raw.githubusercontent" not in html
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unicode-bidi: plaintext" in style


@pytest.mark.parametrize("path", ["/en", "/en/"])
def test_the_other_language_has_an_address_too(address: str, path: str) -> None:
    html, _ = fetched(f"{address}{path}")
    assert '<html lang="en" dir="ltr"' in html
    assert ENGLISH.title in html


def test_the_first_page_is_in_the_language_that_was_asked_for(
    pipeline: fake.FakePipeline,
) -> None:
    with serving(pipeline, "en") as address:
        assert '<html lang="en" dir="ltr"' in fetched(address)[0]
        assert '<html lang="ar" dir="rtl"' in fetched(f"{address}/ar")[0]


def test_a_browser_gets_its_cookie_with_a_page_and_with_nothing_else(address: str) -> None:
    cookie = fetched(address)[1]["set-cookie"]
    assert cookie.startswith("dalil=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert fetched(address, Cookie=cookie.split(";")[0])[1]["set-cookie"] == cookie
    for path in ("/dalil/health", "/dalil/page.js", "/config", "/theme.css"):
        assert fetched(f"{address}{path}")[1]["set-cookie"] is None


def test_a_language_that_there_is_not_is_refused() -> None:
    with pytest.raises(DalilError, match="'fr'"):
        web_app(workspace_over(), "fr", "127.0.0.1", 7860)


# Programs


def test_programs_can_ask_too(pipeline: fake.FakePipeline) -> None:
    from gradio_client import Client  # type: ignore[import-untyped]
    from gradio_client.exceptions import AppError  # type: ignore[import-untyped]

    with serving(pipeline) as address:
        client = Client(address, verbose=False)
        said = client.predict(fake.UNESCO, api_name="/ask")
        with pytest.raises(AppError, match="The index is gone"):
            client.predict(fake.REFUSED, api_name="/ask")
        client.close()
    assert said["abstained"] is False
    for citation in said["citations"]:
        document = next(d for d in pipeline.documents if d.id == citation["document_id"])
        assert document.text[citation["start"] : citation["end"]] == citation["quote"]


def test_each_start_of_the_server_has_a_name(pipeline: fake.FakePipeline, address: str) -> None:
    first, headers = fetched(f"{address}/dalil/health")
    assert fetched(f"{address}/dalil/health")[0] == first
    assert json.loads(first)["boot"]
    assert headers["cache-control"] == "no-store"
    with serving(pipeline) as again:
        assert fetched(f"{again}/dalil/health")[0] != first


def test_a_page_that_lost_its_server_may_ask_which_one_answers(address: str) -> None:
    for before in ("", "/ar", "/en"):
        config = json.loads(fetched(f"{address}{before}/config")[0])
        said = json.loads(fetched(f"{address}{before}/gradio_api/app_id")[0])
        assert said == {"app_id": config["app_id"]}


# What is closed


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/hostname",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/component_server",
        "/en/gradio_api/file=/etc/hostname",
        "/monitoring",
        "/dalil/../app.py",
        "/dalil/app.py",
        "/dalil/%2e%2e/app.py",
        "/docs",
    ],
)
def test_what_the_page_does_not_use_is_closed(address: str, path: str) -> None:
    assert status(address, path) == 404


FORM = (
    b'--x\r\nContent-Disposition: form-data; name="files"; filename="../../a.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\nwords\r\n--x--\r\n"
)
KIND = {"Content_Type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize("before", ["", "/ar", "/en"])
def test_only_the_page_itself_may_send_files(address: str, before: str) -> None:
    path = f"{before}/gradio_api/upload"
    assert status(address, path) != 200
    assert status(address, path, "POST", FORM, **KIND) == 200
    assert status(address, path, "POST", FORM, **KIND, Origin=address) == 200
    for origin in ("http://evil.example", "http://localhost:1", "null"):
        assert status(address, path, "POST", FORM, **KIND, Origin=origin) == 403


def test_no_site_elsewhere_may_ask(address: str) -> None:
    body = b'{"data": ["x"]}'
    for path in ("/gradio_api/queue/join", "/gradio_api/call/ask"):
        headers = {"Content_Type": "application/json", "Origin": "http://evil.example"}
        assert status(address, path, "POST", body, **headers) == 403


def test_what_was_sent_cannot_be_fetched(address: str) -> None:
    from gradio.utils import get_upload_folder

    assert status(address, "/gradio_api/upload", "POST", FORM, **KIND) == 200
    found = [path for path in Path(get_upload_folder()).rglob("*") if path.is_file()]
    assert found
    for path in found:
        assert status(address, f"/gradio_api/file={path}") == 404


def test_an_asset_is_that_asset_whatever_is_asked(address: str) -> None:
    plain, _ = fetched(f"{address}/dalil/style.css")
    asked, _ = fetched(f"{address}/dalil/style.css?path=/etc/hostname")
    assert asked == plain
    assert ".masthead" in plain


def test_other_names_for_this_machine_are_refused(address: str) -> None:
    assert status(address, "/", Host="evil.example") == 400
    assert status(address, "/dalil/health", Host="evil.example") == 400
    assert status(address, "/", Host="localhost") == 200


# Start and stop


def test_a_taken_port_says_what_to_type(pipeline: fake.FakePipeline) -> None:
    with listener("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        with pytest.raises(DalilError, match=str(port)) as caught:
            serve(workspace_over(pipeline), port=port, open_browser=False)
    assert f"--port {port + 1}" in caught.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_ctrl_c_stops_the_server_cleanly() -> None:
    program = (
        "from tests.ui.fake_library import workspace_over\n"
        "from ui.serving import serve\n"
        "serve(workspace_over(), port=0, open_browser=False)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    ) as process:
        assert process.stdout is not None
        arabic, english = process.stdout.readline(), process.stdout.readline()
        address = english.split()[4]
        assert '<html lang="ar"' in fetched(address)[0]
        with urlopen(f"{address}/gradio_api/heartbeat/x"):  # as an open page would
            process.send_signal(2)
            out, err = process.communicate(timeout=60)
    assert ARABIC.ready in arabic
    assert ENGLISH.ready in english
    assert ARABIC.stopped in out, err
    assert "Traceback" not in err
    assert process.returncode == 0


def test_the_pages_modules_import_without_gradio() -> None:
    names = {"gradio", "torch", "transformers", "faiss", "fastapi", "starlette", "uvicorn", "docx"}
    heavy = f"{names} & set(sys.modules)"
    modules = "ui.app, ui.page, ui.web, ui.shell, ui.wiring, ui.serving, ui.talking, ui.shelving"
    program = f"import sys, {modules}; sys.exit(str({heavy}) if {heavy} else 0)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
