import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import DalilError
from index.build import build_index
from index.cached_folder import cached_folder, is_whole
from index.check import check_index, check_models
from index.damage import DamageError
from index.disk import with_digest
from index.manifest import Manifest, current_generation
from index.search import SearchIndex
from tests.index.doubles import HashEmbedder

WORDS = ["قمر", "بحر", "نيل", "جبل", "وادي", "نهر", "سهل", "غابة", "صحراء", "جزيرة"]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "نصوص"
    folder.mkdir()
    for i in range(60):
        (folder / f"{i:02}.txt").write_text(f"هذا {WORDS[i % 10]} رقم {i} وحده.", "utf-8")
    return folder


@pytest.fixture
def target(tmp_path: Path, texts: Path) -> Path:
    build(tmp_path / "an.index", texts)
    return tmp_path / "an.index"


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is one that is too large to be hashed at each opening."""
    monkeypatch.setattr("index.disk.SMALL", 500)
    monkeypatch.setattr("index.disk.BLOCK", 8)


def build(target: Path, *paths: Path, **options: object) -> None:
    model = HashEmbedder()
    build_index(target, paths, "hash", lambda: model, **options)  # type: ignore[arg-type]


def part(target: Path, name: str) -> Path:
    current = current_generation(target)
    assert current
    return current / name


def found(target: Path) -> list[tuple[str, str]]:
    hits = SearchIndex.open(target, HashEmbedder()).search("قمر رقم 20")
    return [(hit.passage.id, hit.source) for hit in hits]


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("harm", ["flip", "lost", "emptied", "missing"])
def test_every_damaged_file_is_named_on_opening_with_the_command_that_mends_it(
    harm: str, target: Path
) -> None:
    right = found(target)
    for path in [target / "CURRENT", *sorted(part(target, "").rglob("*.*"))]:
        kept = path.read_bytes()
        if harm == "flip":
            flip(path, len(kept) // 2)
        elif harm == "missing":
            path.unlink()
        else:
            path.write_bytes(kept[:-1] if harm == "lost" else b"")
        with pytest.raises(DamageError, match=path.name) as refused:
            found(target)
        assert f"dalil index --rebuild --index {target}" in refused.value.hint
        path.write_bytes(kept)
    assert found(target) == right


@pytest.mark.parametrize("name", ["CURRENT", "manifest.json", "passages.sqlite", "vectors.faiss"])
def test_the_command_that_is_named_mends_it_without_any_path(name: str, target: Path) -> None:
    right = found(target)
    path = target / name if name == "CURRENT" else part(target, name)
    flip(path, 3)
    with pytest.raises(DalilError):
        build(target)
    build(target, rebuild=True)
    assert check_index(target) == []
    assert found(target) == right


def test_a_name_that_people_gave_survives_a_damaged_manifest(target: Path, texts: Path) -> None:
    build(target, texts, label="كتبي")
    right = found(target)
    part(target, "manifest.json").write_text("{", "utf-8")
    build(target, rebuild=True)
    assert found(target) == right
    assert right[0][1].startswith("كتبي/")


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("name", ["vectors.npy", "passages.sqlite", "words/tokens/numbers.npy"])
def test_an_update_takes_nothing_over_that_is_damaged(
    name: str, tmp_path: Path, texts: Path
) -> None:
    target = tmp_path / "large.index"
    build(target, texts)
    path = part(target, name)
    flip(path, path.stat().st_size * 17 // 32)
    assert any(path.name in fault for fault in check_index(target))
    (texts / "جديد.txt").write_text("نصّ جديد.", "utf-8")
    with pytest.raises(DamageError, match=path.name):
        build(target)
    assert any(path.name in fault for fault in check_index(target))


def harm_rows(path: Path) -> None:
    rows = np.load(path, mmap_mode="r+")
    rows[40:-40] = 10**6
    rows.flush()


def harm_vectors(path: Path) -> None:
    rows = np.load(path, mmap_mode="r+")
    rows[1:-1] = np.nan
    rows.flush()


def harm_pages(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for page in range(4096, len(data) - 4096, 4096):
        data[page + 100 : page + 200] = b"\xff" * 100
        data[page] = 99
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("words/stems/rows.npy", harm_rows),
        ("words/parts/rows.npy", harm_rows),
        ("vectors.npy", harm_vectors),
        ("passages.sqlite", harm_pages),
    ],
)
def test_what_is_met_in_the_middle_of_a_search_is_named(
    name: str, harm: Callable[[Path], None], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.generation.require_unharmed", lambda *_: None)
    harm(part(target, name))
    with pytest.raises(DamageError, match=name) as refused:
        [SearchIndex.open(target, HashEmbedder()).search(f"{word} رقم") for word in WORDS]
    assert "dalil index --rebuild --index" in refused.value.hint


def test_a_mistake_in_asking_is_not_said_to_be_damage(target: Path) -> None:
    index = SearchIndex.open(target, HashEmbedder())
    with pytest.raises(IndexError):
        index.search("قمر", among=np.array([10**6]))


def test_a_text_that_has_changed_in_the_file_is_never_given(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.generation.require_unharmed", lambda *_: None)
    path = part(target, "passages.sqlite")
    path.write_bytes(path.read_bytes().replace("رقم 20 وحده".encode(), "رقم 21 وحده".encode()))
    index = SearchIndex.open(target, HashEmbedder())
    hits = index.search("قمر رقم 20")
    with pytest.raises(DamageError, match=r"passages\.sqlite"):
        [index.document(hit.passage.document_id) for hit in hits]


def test_files_that_nobody_built_are_named(target: Path) -> None:
    for name in ("x.bin", "generations/y", "generations/000001/z.npy"):
        (target / name).touch()
        assert any(name.rsplit("/", 1)[-1] in fault for fault in check_index(target)), name
        (target / name).unlink()
    assert check_index(target) == []


def test_an_index_of_the_schema_before_is_read_and_written_anew_without_embedding(
    target: Path,
) -> None:
    right = found(target)
    manifest = Manifest.load(part(target, ""))
    values = asdict(manifest) | {"schema": 3, "checksums": manifest.checksums}
    values.pop("files")
    text = with_digest(values).rpartition(',\n  "digest"')[0] + "\n}\n"
    part(target, "manifest.json").write_text(text, "utf-8")
    (target / "CURRENT").write_text("000001\n", "utf-8")
    assert found(target) == right
    assert check_index(target) == []
    model = HashEmbedder()
    report = build_index(target, [], "hash", lambda: model)
    assert (report.written, model.embedded) == (True, [])
    assert Manifest.load(part(target, "")).schema == 4
    assert found(target) == right


def test_a_schema_that_is_not_known_says_so(target: Path) -> None:
    values = asdict(Manifest.load(part(target, ""))) | {"schema": 2}
    part(target, "manifest.json").write_text(with_digest(values), "utf-8")
    with pytest.raises(DalilError, match="has schema 2") as refused:
        found(target)
    assert "--rebuild --index" in refused.value.hint
    build(target, rebuild=True)
    assert check_index(target) == []


def test_nothing_in_an_index_runs_code_when_it_is_read(target: Path) -> None:
    """Files are SQLite, FAISS, JSON, or arrays that load with allow_pickle=False."""
    begins = {".sqlite": b"SQLite format 3", ".faiss": b"IxF", ".json": b"{"}
    for path in (one for one in target.rglob("*") if one.is_file() and one.name != ".lock"):
        if path.suffix == ".npy":
            assert not np.load(path, allow_pickle=False).dtype.hasobject
        elif path.name != "CURRENT":
            assert path.read_bytes().startswith(begins[path.suffix]), path
    sources = "".join(
        path.read_text("utf-8")
        for path in Path(__file__).parents[2].glob("index/*.py")
        if path.name != "disk.py"
    )
    assert "pickle" not in sources
    assert "np.load(" not in sources
    assert "np.save(" not in sources


def test_a_changed_byte_in_a_model_of_the_cache_is_named(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        (folder / "model.bin").write_bytes(b"weights" * 100)
        (folder / "config.json").write_text("{}", "utf-8")

    model = cached_folder(tmp_path / "cache" / "model", {}, fill)
    assert check_models(tmp_path / "cache") == []
    for name in ("model.bin", "config.json", "dalil-manifest.json"):
        flip(model / name, 1)
        (fault,) = check_models(tmp_path / "cache")
        assert name in fault
        assert f"rm -r '{model}'" in fault
        assert not is_whole(model)
        shutil.rmtree(model)
        cached_folder(model, {}, fill)
    (model / "pytorch_model.bin").touch()
    assert not is_whole(model)
    assert "pytorch_model.bin" in check_models(tmp_path / "cache")[0]
