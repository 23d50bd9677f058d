"""The text of a passage as both searches see it."""

from corpus.document import Passage, content_id


def indexed_text(passage: Passage) -> str:
    """The passage under its heading, unless it begins with it."""
    if not passage.heading or passage.text.startswith(passage.heading):
        return passage.text
    return f"{passage.heading}\n{passage.text}"


def vector_key(passage: Passage) -> str:
    """Equal for passages that embed alike, whichever document they stand in."""
    return content_id(indexed_text(passage))
