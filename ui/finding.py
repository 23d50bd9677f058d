"""What an examination finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination; ``hint`` says how to mend what is not sound."""

    name: str
    text: str
    sound: bool = True
    hint: str = ""
