"""The page's sentences by language."""

from corpus.errors import DalilError
from ui.arabic import ARABIC
from ui.english import ENGLISH
from ui.words import Language, Strings

__all__ = ["ARABIC", "ENGLISH", "Language", "Strings", "strings_for"]


def strings_for(language: str) -> Strings:
    """The interface in ``language``: "ar" or "en"; DalilError for any other."""
    for strings in (ARABIC, ENGLISH):
        if strings.language == language:
            return strings
    raise DalilError(
        f"The page has no language {language!r}: expected 'ar' or 'en'.",
        "Choose one: dalil chat --language ar",
    )
