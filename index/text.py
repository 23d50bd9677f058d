"""The text of a passage as both searches see it."""

from corpus.calendar import one_month_name
from corpus.dialect import in_written_words
from corpus.document import Passage, content_id


def indexed_text(passage: Passage) -> str:
    """The passage under its heading, unless it begins with it, with months under one name."""
    if not passage.heading or passage.text.startswith(passage.heading):
        return one_month_name(passage.text)
    return one_month_name(f"{passage.heading}\n{passage.text}")


def searched_text(query: str) -> str:
    """The query with written question words for spoken ones, and months as in the passages."""
    return one_month_name(in_written_words(query))


def vector_key(passage: Passage) -> str:
    """Equal for passages that embed alike, whichever document they stand in."""
    return content_id(indexed_text(passage))
