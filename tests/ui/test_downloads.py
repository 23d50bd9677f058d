"""A conversation as a file: for the browser that it belongs to, and for nobody else."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.ui import fake_pipeline as fake
from tests.ui.conftest import serving
from tests.ui.fake_library import workspace_over
from tests.ui.reading import Reading
from ui.page import Page
from ui.strings import ARABIC, ENGLISH
from ui.views import answered


@dataclass(frozen=True)
class Kept:
    """A server with one conversation, that of the browser whose cookie is ``mine``."""

    address: str
    id: str
    mine: str = "dalil=me"

    def fetch(self, name: str, cookie: str | None) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers of one request."""
        request = Request(f"{self.address}/dalil/conversations/{name}")
        if cookie is not None:
            request.add_header("Cookie", cookie)
        try:
            with urlopen(request) as response:
                headers = {key.lower(): value for key, value in response.headers.items()}
                return response.status, response.read(), headers
        except HTTPError as error:
            with error:
                return error.code, error.read(), {}


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    pipeline = fake.FakePipeline()
    workspace = workspace_over(pipeline)
    turn = answered(fake.WHEN, pipeline.ask(fake.WHEN), pipeline.context)
    id = workspace.conversations.append("me", None, "fake", turn)
    workspace.conversations.append("other", None, "fake", turn)
    with serving(workspace) as address:
        yield Kept(address, id)


def test_its_owner_gets_it_as_markdown_in_either_language(kept: Kept) -> None:
    for strings in (ARABIC, ENGLISH):
        name = f"{kept.id}.md?language={strings.language}"
        status, body, headers = kept.fetch(name, kept.mine)
        assert status == 200
        assert headers["content-type"] == "text/markdown; charset=utf-8"
        assert headers["content-disposition"] == f'attachment; filename="dalil-{kept.id[:8]}.md"'
        text = body.decode()
        assert "16 أكتوبر 2002" in text
        assert strings.sources in text
    assert kept.fetch(f"{kept.id}.md", kept.mine)[0] == 200


def test_its_owner_gets_it_for_word(kept: Kept) -> None:
    status, body, headers = kept.fetch(f"{kept.id}.docx", f"x=1; {kept.mine}")
    assert status == 200
    assert headers["content-disposition"].endswith('.docx"')
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        assert "16 أكتوبر 2002" in package.read("word/document.xml").decode()


@pytest.mark.parametrize("cookie", [None, "", "dalil=", "dalil=other", "dalil=ME", "x=me"])
@pytest.mark.parametrize("kind", ["md", "docx"])
def test_nobody_else_gets_it_or_hears_of_it(kept: Kept, cookie: str | None, kind: str) -> None:
    refused = kept.fetch(f"{kept.id}.{kind}", cookie)
    assert refused == kept.fetch(f"nothing.{kind}", cookie)
    assert refused[0] == 404


@pytest.mark.parametrize("ending", ["", ".", ".html", ".md.html", ".json", "/.md", ".MD"])
def test_there_are_two_forms_and_no_more(kept: Kept, ending: str) -> None:
    assert kept.fetch(kept.id + ending, kept.mine)[0] == 404


def test_the_list_links_to_what_the_server_has(kept: Kept) -> None:
    workspace = workspace_over()
    page = Page(workspace, ENGLISH)
    turn = page.answer(fake.WHEN, page.arrive())
    workspace.conversations.append("me", None, "fake", turn)
    with serving(workspace) as address:
        links = Reading(page.side("me", page.arrive())).each("a")
        assert len(links) == 2
        here = Kept(address, "")
        for link in links:
            name = str(link["href"]).removeprefix("/dalil/conversations/")
            assert here.fetch(name, kept.mine)[0] == 200
