"""The server around the page: what it sends, what it refuses, how it starts and stops."""

import os
import socket
import subprocess
import sys
from urllib.request import urlopen

import pytest

from corpus.errors import DalilError
from tests.ui import fake_pipeline as fake
from tests.ui.browsing import fetched
from tests.ui.conftest import serving
from ui.app import listener, serve
from ui.strings import ARABIC, ENGLISH


@pytest.fixture
def pipeline() -> fake.FakePipeline:
    return fake.FakePipeline()


def test_the_page_is_right_to_left_before_any_script_runs(pipeline: fake.FakePipeline) -> None:
    with serving(pipeline) as address:
        html, headers = fetched(address, **{"Accept-Encoding": "br, gzip"})
        style, _ = fetched(f"{address}/dalil/style.css")
    assert '<html lang="ar" dir="rtl"' in html
    assert html.index("/dalil/style.css") < html.index("<body")
    assert "googleapis" not in html
    assert "raw.githubusercontent" not in html
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unicode-bidi: plaintext" in style


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


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/hostname",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/upload",
        "/gradio_api/component_server",
        "/monitoring",
        "/dalil/../app.py",
        "/dalil/app.py",
        "/docs",
    ],
)
def test_what_the_page_does_not_use_is_closed(pipeline: fake.FakePipeline, path: str) -> None:
    with serving(pipeline) as address:
        assert status(address, path) == 404


def test_an_asset_is_that_asset_whatever_is_asked(pipeline: fake.FakePipeline) -> None:
    with serving(pipeline) as address:
        plain, _ = fetched(f"{address}/dalil/style.css")
        asked, _ = fetched(f"{address}/dalil/style.css?path=/etc/hostname")
    assert asked == plain
    assert ".masthead" in plain


def test_other_names_for_this_machine_are_refused(pipeline: fake.FakePipeline) -> None:
    with serving(pipeline) as address:
        assert status(address, "/", host="evil.example") == 400
        assert status(address, "/", host="localhost") == 200


def status(address: str, path: str, host: str = "127.0.0.1") -> int:
    name, port = address.removeprefix("http://").split(":")
    with socket.create_connection((name, int(port)), timeout=30) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        return int(line.recv(64).split()[1])


def test_a_taken_port_says_what_to_type(pipeline: fake.FakePipeline) -> None:
    with listener("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        with pytest.raises(DalilError, match=str(port)) as caught:
            serve(pipeline, port=port, open_browser=False)
    assert f"--port {port + 1}" in caught.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_ctrl_c_stops_the_server_cleanly() -> None:
    program = (
        "from tests.ui.fake_pipeline import FakePipeline\n"
        "from ui.app import serve\n"
        "serve(FakePipeline(), port=0, open_browser=False)\n"
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
    assert ARABIC.stopped in out
    assert "Traceback" not in err
    assert process.returncode == 0


def test_the_page_module_imports_without_gradio() -> None:
    heavy = "{'gradio', 'numpy', 'torch', 'fastapi', 'uvicorn', 'playwright'} & set(sys.modules)"
    program = f"import sys, ui.app; sys.exit(str({heavy}) if {heavy} else 0)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
