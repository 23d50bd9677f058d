"""The one family of errors that Dalil raises on purpose."""


class DalilError(Exception):
    """Something a person can mend.

    ``message`` says what went wrong, where, what was expected and what was found;
    ``hint`` says what to do next, with a command to type where there is one.
    ``arabic`` says both to a reader of the Arabic page, in a sentence or two.
    Only the command line and the web page catch it.
    """

    def __init__(self, message: str, hint: str = "", *, arabic: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.arabic = arabic

    def told(self, language: str) -> tuple[str, str]:
        """What is wrong and a hint, which may be empty; in Arabic for "ar" where there is any."""
        return (self.arabic, "") if language == "ar" and self.arabic else (self.message, self.hint)

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UnfitError(DalilError):
    """What was given, or what is asked for, cannot be taken as it is."""


class AbsentError(DalilError):
    """What was named is not there, or not any more."""


class BusyError(DalilError):
    """Something else is being done with it: the same can be asked for again later."""


class UnreadableFileError(DalilError):
    """One file cannot become a document: the build skips it, says so, and goes on."""


def left_to_right(text: object) -> str:
    """A path or a command for an Arabic sentence: marks keep what is at its ends in place."""
    return f"\u200e{text}\u200e"
