"""How changes reach Gradio: its ways of sending values, and of passing events over."""

from collections.abc import Generator
from typing import Any, cast

import pytest

from corpus.errors import DalilError
from tests.ui import fake_pipeline as fake
from tests.ui.fake_library import workspace_over
from tests.ui.reading import Reading
from ui.app import Parts, build_app
from ui.page import Page
from ui.strings import ARABIC
from ui.visit import Visit
from ui.wiring import _greeted, _once, _waited


class Named:
    """Stands for the page's parts."""

    def shown(self, **values: Any) -> dict[str, Any]:
        return values


def nothing() -> Generator[dict[str, Any], None, None]:
    yield from ()


def test_the_last_that_gradio_gets_is_nothing_new() -> None:
    closed = []

    def changes() -> Generator[dict[str, Any], None, None]:
        try:
            yield {"log": "one"}
            yield {"log": "two"}
        finally:
            closed.append(True)

    parts = cast(Parts, Named())
    assert list(_once(parts, changes())) == [{}, {"log": "one"}, {}, {"log": "two"}, {}]
    assert list(_once(parts, nothing())) == [{}], "and never nothing at all"
    assert closed == [True]
    broken_off = _once(parts, changes())
    next(broken_off), next(broken_off)
    cast(Generator[Any, None, None], broken_off).close()
    assert closed == [True, True]


# The first screen, which waits for the models and for questions to begin with


@pytest.fixture
def page() -> Page:
    return Page(workspace_over(fake.FakePipeline()), ARABIC)


def test_the_first_screen_comes_once_its_questions_were_waited_for(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = page.arrive()
    waited = _waited(page, visit)
    assert waited == (visit.collection, None)
    shown = Reading(_greeted(page, visit, waited)["welcome"])
    assert shown.each("button", data_act="example")
    monkeypatch.setattr(fake.FakePipeline, "examples", lambda *_, **__: ())
    assert "data-wait" not in _greeted(page, visit, waited)["welcome"]


def test_the_first_screen_of_another_collection_goes_on_to_wait(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake.FakePipeline, "examples", lambda *_, **__: ())
    values = _greeted(page, page.arrive(), ("before", None))
    assert "data-wait" in values["welcome"]
    gone = _greeted(page, page.arrive(), ("before", DalilError("Gone.")))
    assert "data-wait" in gone["welcome"], "what is wrong there concerns it alone"


def test_models_that_cannot_be_loaded_are_said_to_be_so(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise DalilError("The model is <gone>.", arabic="غاب النموذج.")

    monkeypatch.setattr(page.workspace.shelves, "ready", False)
    monkeypatch.setattr(type(page.workspace.shelves), "pipeline", broken)
    visit = page.arrive()
    waited = _waited(page, visit)
    for asked in (visit, Visit("other")):
        shown = Reading(_greeted(page, asked, waited)["welcome"])
        assert shown.each("p", role="alert")
        assert "غاب النموذج." in shown.text
        assert ARABIC.loading not in shown.text


def test_no_page_waits_in_vain_because_another_wait_goes_on(page: Page) -> None:
    config = build_app(page.workspace).get_config_file()
    steps = {one["id"]: one for one in config["dependencies"]}
    (wait,) = [one for one in steps.values() if "tick" in {event for _, event in one["targets"]}]
    (greet,) = [one for one in steps.values() if one["trigger_after"] == wait["id"]]
    assert (wait["trigger_mode"], greet["trigger_mode"]) == ("multiple", "multiple")
    assert len(greet["inputs"]) == 2, "the visit is read anew"
