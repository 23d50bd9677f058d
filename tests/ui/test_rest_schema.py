"""What the doors say of themselves holds for whatever is sent to them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi import checks

from index.build import build_index
from qa.conversations import Conversations
from tests.index.doubles import HashEmbedder
from tests.ui.conftest import serving
from tests.ui.library_doubles import MOON, library_in, settings_in, text
from ui.workspace import Workspace

OPERATIONS = [
    ("POST", "/ask"),
    ("POST", "/search"),
    ("GET", "/collections"),
    ("GET", "/documents"),
    ("POST", "/documents"),
    ("GET", "/documents/{document}"),
    ("DELETE", "/documents/{document}"),
    ("GET", "/health"),
    ("GET", "/ready"),
]
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("library")
    settings = settings_in(folder / "data")
    texts = [text(folder / "texts", MOON, "moon").rename(folder / "moon.txt")]
    build_index(settings.own_index, texts, "hash", HashEmbedder, size=settings.size)
    library = library_in(folder / "data")
    assert library.default().id == "own"
    assert library.pipeline("own").ask("ماذا يدور؟").citations
    workspace = Workspace(library, Conversations(folder / "conversations.sqlite"))
    with serving(workspace) as address:
        yield f"{address}/api/v1/openapi.json"


def test_every_route_is_described(address: str) -> None:
    described = httpx.get(address).json()["paths"]
    found = [(m.upper(), path) for path, methods in described.items() for m in methods]
    assert sorted(found) == sorted(OPERATIONS)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_what_is_sent_gets_what_is_described(address: str, method: str, path: str) -> None:
    load_all_checks()
    operation = schemathesis.openapi.from_url(address)[path][method]

    @given(case=operation.as_strategy())
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def hold(case: "schemathesis.Case[Any]") -> None:
        case.call_and_validate(checks=CHECKS)

    hold()
