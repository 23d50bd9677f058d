"""How a long task tells a person where it stands."""

from typing import Protocol


class Progress(Protocol):
    """Stages follow one another; each has a number of steps."""

    def start(self, stage: str, total: int) -> None:
        """A stage begins: reading, embedding, writing or checking, with ``total`` steps."""

    def advance(self, steps: int = 1) -> None:
        """Some steps of the stage are done."""


class Silent:
    """Progress for nobody."""

    def start(self, stage: str, total: int) -> None:
        """Say nothing."""

    def advance(self, steps: int = 1) -> None:
        """Say nothing."""
