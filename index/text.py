"""The text of a passage as both searches see it."""

import re

from corpus.calendar import one_month_name
from corpus.dialect import in_written_words
from corpus.document import Passage, content_id

_SERVANT = re.compile(r"(?<!\w)([وفبلك]?عبد)(?=ال\w)")  # «عبدالله» is «عبد الله»


def indexed_text(passage: Passage) -> str:
    """The passage under its heading, unless it begins with it, with months under one name."""
    if not passage.heading or passage.text.startswith(passage.heading):
        return _with_one_spelling(passage.text)
    return _with_one_spelling(f"{passage.heading}\n{passage.text}")


def searched_text(query: str) -> str:
    """The query with written question words for spoken ones, and months as in the passages."""
    return _with_one_spelling(in_written_words(query))


def _with_one_spelling(text: str) -> str:
    return one_month_name(_SERVANT.sub(r"\1 ", text))


def vector_key(passage: Passage) -> str:
    """Equal for passages that embed alike, whichever document they stand in."""
    return content_id(indexed_text(passage))
