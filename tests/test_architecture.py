"""Imports go one way: corpus <- index <- qa <- {ui, evals}."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "corpus": {"corpus"},
    "index": {"corpus", "index"},
    "qa": {"corpus", "index", "qa"},
    "ui": {"corpus", "index", "qa", "ui"},
    "evals": {"corpus", "index", "qa", "evals"},
}
# The command line is the one door through which people reach the evals.
DOORS = {"ui/cli.py": {"evals"}}
MODULES = sorted(path for folder in MAY_IMPORT for path in (ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import in line {node.lineno}"
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_goes_back_up_the_street(path: Path) -> None:
    inside = path.relative_to(ROOT)
    allowed = MAY_IMPORT[inside.parts[0]] | DOORS.get(inside.as_posix(), set())
    assert imported(path) & MAY_IMPORT.keys() <= allowed
    assert "tests" not in imported(path)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_over_three_hundred_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
