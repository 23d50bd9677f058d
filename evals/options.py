"""Options of ``dalil eval`` that exclude each other, need each other, or would do nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.errors import DalilError

_NOT_WORDED = ("--questions", "--from-feedback", "--index", "--suite", "--out", "--against")
_WORDED = ("--answers", "--keep")


def check_options(datasets: Sequence[object], given: Mapping[str, object]) -> None:
    """Raise DalilError for a combination in which an option would do nothing.

    ``given`` are the values of the options beside --dataset, by name; they were not given where
    that is None or empty.
    """
    generator, index = given["--generator"], given["--index"]
    questions, feedback = given["--questions"], given["--from-feedback"]
    if generator:
        _refuse(_NOT_WORDED, given, "does nothing with --generator", "Leave one of them out.")
        if len(datasets) > 1:
            raise DalilError("--generator takes one --dataset, or none.", "Give only that one.")
        return
    _refuse(
        _WORDED,
        given,
        "does nothing without --generator",
        "Type: dalil eval --generator http://127.0.0.1:8080/v1 --answers 100",
    )
    if datasets and questions:
        raise DalilError("--dataset and --questions exclude each other.", "Give one of them.")
    if feedback and (datasets or questions):
        other = "--dataset" if datasets else "--questions"
        raise DalilError(f"--from-feedback and {other} exclude each other.", "Give one of them.")
    if bool(index) != bool(questions) and not feedback:
        raise DalilError(
            "--index and --questions go together.",
            "Type: dalil eval --index DIR --questions FILE.csv",
        )


def _refuse(names: Sequence[str], given: Mapping[str, object], why: str, hint: str) -> None:
    name = next((name for name in names if given[name]), None)
    if name:
        raise DalilError(f"{name} {why}.", hint)
