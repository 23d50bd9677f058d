"""What goes wrong is said in Arabic too, wherever a reader of the Arabic page can meet it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import DalilError, UnreadableFileError, left_to_right

ROOT = Path(__file__).parents[1]
MET_ON_THE_PAGE = (
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "corpus/readers").glob("*.py")),
    "corpus/encoding.py",
    "corpus/files.py",
    *(
        f"index/{name}.py"
        for name in ("build", "check", "damage", "generation", "live", "manifest")
    ),
    *(
        f"index/{name}.py"
        for name in ("default_model", "embedder", "lexical", "search", "sources", "store")
    ),
    *(f"index/{name}.py" for name in ("engines", "milvus", "postgres", "vectors")),
    *(f"qa/{name}.py" for name in ("calibration", "conversation_file", "conversations", "engines")),
    *(f"qa/{name}.py" for name in ("generators", "gguf_folder", "local_model", "reachability")),
    *(f"qa/{name}.py" for name in ("openai_troubles", "timed")),
    *(f"qa/{name}.py" for name in ("hub_reader", "pairs", "question", "reader_network")),
    *(f"ui/{name}.py" for name in ("building", "catalogue", "holdings", "library", "names")),
    *(f"ui/{name}.py" for name in ("uploads", "work")),
)
ERRORS = {"DalilError", "DamageError", "GeneratorError", "NoWordError", "UnreadableFileError"}


def errors_in(source: str) -> Iterator[tuple[int, str]]:
    """The line of each error that is made, with the literal words of its Arabic."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ERRORS
        ):
            arabic = [keyword.value for keyword in node.keywords if keyword.arg == "arabic"]
            yield node.lineno, "".join(map(literal, arabic))


def literal(words: ast.expr) -> str:
    if isinstance(words, ast.Attribute):  # handed on from another error
        return "العربية" if words.attr == "arabic" else ""
    parts = words.values if isinstance(words, ast.JoinedStr) else [words]
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))


def is_arabic(words: str) -> bool:
    letters = [character for character in words if character.isalpha()]
    return sum("\u0621" <= letter <= "\u064a" for letter in letters) > 0.6 * len(letters)


@pytest.mark.parametrize("module", MET_ON_THE_PAGE)
def test_every_error_that_the_page_can_meet_has_arabic_words(module: str) -> None:
    source = (ROOT / module).read_text(encoding="utf-8")
    assert [line for line, words in errors_in(source) if not is_arabic(words)] == []


def test_an_error_without_arabic_words_is_noticed() -> None:
    made = 'raise DalilError("No.", "Go.")\nraise UnreadableFileError("No.", arabic="No, «لا».")'
    assert [(line, is_arabic(words)) for line, words in errors_in(made)] == [(1, False), (2, False)]
    assert all(
        any(errors_in((ROOT / module).read_text(encoding="utf-8")))
        for module in ("corpus/readers/pdf.py", "ui/names.py", "index/manifest.py")
    )


def test_an_error_is_told_in_arabic_only_where_there_is_any() -> None:
    both = UnreadableFileError("It is empty.", "Leave it out.", arabic="الملف فارغ. اتركه.")
    assert both.told("ar") == ("الملف فارغ. اتركه.", "")
    assert both.told("en") == ("It is empty.", "Leave it out.")
    assert DalilError("It is empty.", "Leave it out.").told("ar") == both.told("en")
    assert str(both) == "It is empty.\nLeave it out.", "the command line stays English"


def test_the_slashes_of_a_path_stay_where_they_are_between_arabic_words() -> None:
    from bidi import get_display

    for path in ("/home/dalil/", "cp '/a' '/b'"):
        assert path in get_display(f"انظر «{left_to_right(path)}».", base_dir="R")
