"""How changes reach Gradio, which sends a generator's last values twice."""

from collections.abc import Generator
from typing import Any, cast

from ui.app import Parts
from ui.wiring import _once


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
