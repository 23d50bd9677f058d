"""Programs add texts to collections, read them, ask them and take them away."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from corpus.errors import DalilError
from qa.conversations import Conversations
from tests.ui.conftest import serving
from tests.ui.library_doubles import MOON, NILE, PDF, Waiting, library_in, text
from tests.ui.test_rest import in_form
from ui.library import Library
from ui.uploads import MOST_FILES
from ui.workspace import Workspace

NAME = "كتبي"


@pytest.fixture
def embedder() -> Waiting:
    embedder = Waiting()
    embedder.go_on.set()
    return embedder


@pytest.fixture
def library(tmp_path: Path, embedder: Waiting) -> Library:
    library = library_in(tmp_path / "data", embedder)
    library.create(NAME)
    return library


@pytest.fixture
def api(library: Library, tmp_path: Path) -> Iterator[httpx.Client]:
    workspace = Workspace(library, Conversations(tmp_path / "conversations.sqlite"))
    with serving(workspace) as address:
        base = f"{address}/api/v1"
        with httpx.Client(base_url=base, params={"collection": NAME}, timeout=60) as client:
            yield client


def sent(**files: str | bytes) -> list[tuple[str, tuple[str, str | bytes]]]:
    """Files by name, as a form sends them."""
    return [("files", (name.replace("_", "."), words)) for name, words in files.items()]


def test_a_text_is_added_listed_read_asked_and_removed(api: httpx.Client) -> None:
    added = api.post("/documents", files=sent(قمر_txt=MOON, ميناء_pdf=PDF.read_bytes()))
    assert added.status_code == 200
    said = added.json()
    assert [(one["name"], one["state"], one["pages"]) for one in said["files"]] == [
        ("قمر.txt", "indexed", 0),
        ("ميناء.pdf", "indexed", 3),
    ]
    assert said["documents"] == 2
    moon, harbour = api.get("/documents").json()["documents"]
    assert (moon["source"], harbour["pages"]) == ("قمر.txt", 3)
    whole = api.get(f"/documents/{moon['document_id']}").json()
    assert whole["text"] == MOON
    asked = {"question": "ماذا يدور حول الأرض؟", "collection": NAME}
    (citation,) = api.post("/ask", json=asked).json()["citations"]
    assert whole["text"][citation["start"] : citation["end"]] == citation["quote"]
    removed = api.delete("/documents/قمر.txt")
    assert (removed.status_code, removed.json()["documents"]) == (200, 1)
    assert [one["source"] for one in api.get("/documents").json()["documents"]] == ["ميناء.pdf"]
    for gone in ("قمر.txt", "folder/قمر.txt", "folder%2Fقمر.txt"):
        refused = api.delete(f"/documents/{gone}")
        assert refused.status_code == 404
        assert repr(unquote(gone)) in in_form(refused)["message"]


def test_a_file_that_cannot_be_read_is_refused_by_itself(api: httpx.Client) -> None:
    files = sent(قمر_txt=MOON, لعبة_exe=b"MZ", فارغ_txt=b"")
    states = api.post("/documents", files=files).json()["files"]
    assert [one["state"] for one in states] == ["indexed", "refused", "refused"]
    for one in states[1:]:
        assert one["name"] in one["message"]
        assert one["name"] in one["arabic"]
    none = api.post("/documents", files=sent(لعبة_exe=b"MZ"))
    assert (none.status_code, none.json()["documents"]) == (200, None)


def test_a_name_leads_nowhere_else(api: httpx.Client, library: Library, tmp_path: Path) -> None:
    files = [("files", ("../../../قمر.txt", MOON))]
    assert api.post("/documents", files=files).json()["files"][0]["name"] == "قمر.txt"
    (where,) = tmp_path.rglob("قمر.txt")
    assert where.parent == library.collections()[-1].files


def test_what_cannot_be_changed_says_so(api: httpx.Client) -> None:
    for response in (
        api.post("/documents", files=sent(قمر_txt=MOON), params={"collection": "bundled"}),
        api.delete("/documents/x.txt", params={"collection": "bundled"}),
        api.post("/documents", files=[("files", (f"{n}.txt", "أ")) for n in range(MOST_FILES + 1)]),
    ):
        assert response.status_code == 400
        assert in_form(response)["arabic"]


def test_an_empty_collection_says_so(api: httpx.Client) -> None:
    assert api.get("/documents").json() == {"documents": []}
    assert api.get("/documents/0123456789abcdef").status_code == 404
    assert api.post("/ask", json={"question": "أين؟", "collection": NAME}).status_code == 503


def test_a_collection_that_is_being_changed_is_busy(
    api: httpx.Client, library: Library, embedder: Waiting, tmp_path: Path
) -> None:
    embedder.go_on.clear()
    id = library.collections()[-1].id
    works = library.add(id, [("نيل.txt", text(tmp_path / "sent", NILE))])
    assert embedder.reached.wait(60)
    busy = api.post("/documents", files=sent(قمر_txt=MOON))
    assert busy.status_code == 409
    assert busy.headers["retry-after"]
    assert in_form(busy)["arabic"]
    embedder.go_on.set()
    assert list(works)[-1].error == ""
    assert api.post("/documents", files=sent(قمر_txt=MOON)).json()["documents"] == 2


def test_work_that_fails_is_told(api: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DalilError("The disk is full.", "Free some space.", arabic="امتلأ القرص.")

    monkeypatch.setattr("ui.library.bring_up", fail)
    failed = api.post("/documents", files=sent(نيل_txt=NILE))
    assert failed.status_code == 409
    assert in_form(failed)["arabic"] == "امتلأ القرص."
