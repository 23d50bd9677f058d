"""What people send is taken, and nothing of it is left behind."""

import os
import shutil
import time
from collections import namedtuple
from pathlib import Path

import httpx
import pytest

from qa.conversations import Conversations
from tests.ui.conftest import serving
from tests.ui.fake_library import workspace_over
from tests.ui.library_doubles import MOON, library_in, text
from ui.access import Access
from ui.page import Page
from ui.serving import _uploads
from ui.shelving import shelving
from ui.strings import ARABIC
from ui.visit import Visit
from ui.workspace import Workspace


def test_nothing_is_left_of_what_a_page_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "sent"))
    kept = Conversations(tmp_path / "kept.sqlite")
    page = Page(Workspace(library_in(tmp_path / "data"), kept), ARABIC)
    visit = Visit(page.workspace.shelves.create("نصوص").id)
    outside = text(tmp_path / "mine", MOON)
    files = [
        {"name": name, "path": str(text(tmp_path / "sent", words))}
        for name, words in (("قمر.txt", MOON), ("ملف.exe", MOON), ("فارغ.txt", ""))
    ]
    files.append({"name": "x.txt", "path": str(outside)})
    for _ in shelving(page, visit, {"act": "add", "files": files}):
        pass
    assert len(page.workspace.shelves.shelf(visit.collection)) == 1
    assert list((tmp_path / "sent").iterdir()) == []
    assert outside.exists(), "a path that a request names is not followed"


def test_a_nearly_full_disk_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 10**7))
    library = library_in(tmp_path / "data")
    made = library.create("نصوص")
    *_, last = library.add(made.id, [("قمر.txt", text(tmp_path / "sent", MOON))])
    assert "too little room" in last.error
    assert last.arabic
    assert library.shelf(made.id) == ()


def test_a_server_keeps_what_pages_send_in_a_folder_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GRADIO_TEMP_DIR", raising=False)
    with _uploads():
        folder = Path(os.environ["GRADIO_TEMP_DIR"])
        assert folder.is_dir()
        if os.name != "nt":
            assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "left.txt").write_text(MOON)
    assert not folder.exists()
    assert "GRADIO_TEMP_DIR" not in os.environ
    monkeypatch.setenv("GRADIO_TEMP_DIR", "/elsewhere")
    with _uploads():
        assert os.environ["GRADIO_TEMP_DIR"] == "/elsewhere"


def test_what_a_page_sent_and_never_used_goes_with_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr("ui.app._UPLOADS_KEPT", (1, 1))
    with serving(workspace_over()) as address:
        files = {"files": ("a.txt", MOON.encode())}
        (kept,) = httpx.post(f"{address}/gradio_api/upload", files=files).json()
        until = time.monotonic() + 60
        while Path(kept).exists() and time.monotonic() < until:
            time.sleep(0.2)
        assert not Path(kept).exists()


def test_visitors_send_nothing() -> None:
    files = {"files": ("a.txt", MOON.encode())}
    with serving(workspace_over(), host="0.0.0.0", access=Access(open_to_all=True)) as address:
        for before in ("", "/ar", "/en"):
            sent = httpx.post(f"{address}{before}/gradio_api/upload", files=files)
            assert sent.status_code == 404
    with serving(workspace_over()) as address:
        assert httpx.post(f"{address}/gradio_api/upload", files=files).status_code == 200
