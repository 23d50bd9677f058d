"""Questions on two generations of an index at once."""

from __future__ import annotations

from typing import Any, cast

from qa.pipeline import Pipeline


class Between(Pipeline):
    """A question on another generation always comes between one's looks at the kept reader."""

    @property
    def _reader(self) -> Any:
        return ("another generation", "its reader")

    @_reader.setter
    def _reader(self, kept: object) -> None:
        pass


def test_a_question_never_gets_the_reader_of_another_generation() -> None:
    pipeline = Between(cast(Any, None), lambda index: cast(Any, f"the reader of {index}"), 0.5)
    assert pipeline._reader_for(cast(Any, "this one")) == cast(Any, "the reader of this one")
