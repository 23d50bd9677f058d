"""The one family of errors that Dalil raises on purpose."""


class DalilError(Exception):
    """Something a person can mend.

    ``message`` says what went wrong, where, what was expected and what was found;
    ``hint`` says what to do next, with a command to type where there is one.
    Only the command line and the web page catch it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UnreadableFileError(DalilError):
    """One file cannot become a document: the build skips it, says so, and goes on."""
