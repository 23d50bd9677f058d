from pathlib import Path

import pytest

from corpus.errors import DalilError
from corpus.passages import PassageSize
from index.build import BuildReport, build_index
from index.check import check_index
from index.generation import Generation
from index.manifest import current_generation
from index.search import SearchIndex
from tests.index.doubles import HashEmbedder

SIZE = PassageSize(words=12, overlap=0)
TEXTS = {
    "قمر.txt": "القمر تابع الأرض. يدور القمر حول الأرض في نحو سبعة وعشرين يوماً.",
    "بحر.txt": "البحر الميت أخفض بقعة على اليابسة. ماؤه شديد الملوحة.",
    "نيل.md": "# النيل\n\nيجري النيل من الجنوب إلى الشمال. طوله نحو 6650 كيلومتراً.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = tmp_path / "texts"
    texts.mkdir()
    for name, text in TEXTS.items():
        (texts / name).write_text(text, encoding="utf-8")
    return texts


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "an.index"


def build(target: Path, *paths: Path, model: HashEmbedder, **options: object) -> BuildReport:
    return build_index(
        target, paths, model.name, lambda: model, size=SIZE, **options  # type: ignore[arg-type]
    )  # fmt: skip


def names(sources: list[str]) -> set[str]:
    return {Path(source).name for source in sources}


def test_a_first_build_is_searchable_and_sound(folder: Path, target: Path) -> None:
    model = HashEmbedder()
    report = build(target, folder, model=model)
    assert names(report.changes.added) == TEXTS.keys()
    assert report.embedded == report.passages == len(model.embedded)
    assert check_index(target) == []
    best = SearchIndex.open(target, model).search("كم طول نهر النيل؟")[0]
    assert best.source.endswith("نيل.md")
    assert "6650" in best.passage.text


def test_a_second_build_without_changes_loads_no_model(folder: Path, target: Path) -> None:
    build(target, folder, model=HashEmbedder())
    before = current_generation(target)
    report = build_index(target, [folder], "hash", lambda: pytest.fail("loaded"), size=SIZE)
    assert (report.written, report.embedded) == (False, 0)
    assert current_generation(target) == before


def test_add_change_and_delete_embed_only_what_is_new(folder: Path, target: Path) -> None:
    build(target, folder, model=HashEmbedder())
    (folder / "قمر.txt").unlink()
    (folder / "بحر.txt").write_text(
        TEXTS["بحر.txt"] + "\n\nيقع بين الأردن وفلسطين في غور الأردن العميق.", encoding="utf-8"
    )
    (folder / "جديد.txt").write_text("هذا نص جديد تماماً.", encoding="utf-8")
    model = HashEmbedder()
    changes = build(target, folder, model=model).changes
    assert names(changes.added) == {"جديد.txt"}
    assert names(changes.changed) == {"بحر.txt"}
    assert names(changes.removed) == {"قمر.txt"}
    assert names(changes.unchanged) == {"نيل.md"}
    assert not any("البحر الميت أخفض" in text for text in model.embedded)
    assert any("غور الأردن" in text for text in model.embedded)
    assert check_index(target) == []
    found = SearchIndex.open(target, model).search("القمر تابع الأرض")
    assert not any("القمر" in hit.passage.text for hit in found)


def test_the_same_texts_give_the_same_ids_whatever_the_road(
    folder: Path, target: Path, tmp_path: Path
) -> None:
    model = HashEmbedder()
    build(target, folder / "نيل.md", model=model)
    build(target, folder, model=model)
    build(tmp_path / "other.index", folder, model=model)
    ids = [
        [
            hit.passage.id
            for hit in SearchIndex.open(index, model).search("القمر والبحر والنيل", limit=20)
        ]
        for index in (target, tmp_path / "other.index")
    ]
    assert ids[0] == ids[1]
    assert len(ids[0]) == 3


def test_two_files_with_one_text_are_one_document(folder: Path, target: Path) -> None:
    (folder / "نسخة.txt").write_text(TEXTS["قمر.txt"], encoding="utf-8")
    model = HashEmbedder()
    assert build(target, folder, model=model).documents == 3
    (folder / "قمر.txt").unlink()
    report = build(target, folder, model=model)
    assert report.documents == 3
    sources = {h.source for h in SearchIndex.open(target, model).search("القمر", limit=20)}
    assert any(source.endswith("نسخة.txt") for source in sources)
    assert not any(source.endswith("قمر.txt") for source in sources)


def test_a_refresh_without_paths_keeps_the_names_that_people_gave(
    folder: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    model = HashEmbedder()
    build(target, Path("texts"), model=model)
    monkeypatch.chdir("/")
    assert not build(target, model=model).written
    assert SearchIndex.open(target, model).search("النيل")[0].source == "texts/نيل.md"


def test_a_label_stands_for_the_path(folder: Path, target: Path) -> None:
    model = HashEmbedder()
    build(target, folder, model=model, label="كتبي")
    assert SearchIndex.open(target, model).search("النيل")[0].source == "كتبي/نيل.md"


def test_new_paths_join_the_old_and_can_be_removed(folder: Path, target: Path) -> None:
    model = HashEmbedder()
    build(target, folder / "قمر.txt", model=model)
    assert build(target, folder / "بحر.txt", model=model).documents == 2
    report = build(target, model=model, remove=[folder / "قمر.txt"])
    assert names(report.changes.removed) == {"قمر.txt"}
    assert report.documents == 1


def test_texts_of_a_path_that_went_away_are_kept(folder: Path, target: Path) -> None:
    model = HashEmbedder()
    build(target, folder / "قمر.txt", model=model)
    (folder / "قمر.txt").unlink()
    report = build(target, folder / "بحر.txt", model=model)
    assert report.documents == 2
    assert report.changes.warnings


@pytest.mark.parametrize("drop_the_first", [False, True])
def test_a_file_of_two_paths_is_forgotten_when_the_folder_loses_it(
    folder: Path, target: Path, drop_the_first: bool
) -> None:
    model = HashEmbedder()
    moon = folder / "قمر.txt"
    build(target, moon, model=model)
    build(target, folder, model=model)
    if drop_the_first:
        build(target, model=model, remove=[moon])
    moon.unlink()
    report = build(target, model=model)
    assert names(report.changes.removed) == {"قمر.txt"}
    assert report.documents == 2


def test_a_file_that_became_unreadable_keeps_its_text(folder: Path, target: Path) -> None:
    model = HashEmbedder()
    build(target, folder, model=model)
    (folder / "قمر.txt").write_bytes(b"\x00\x01\x02" * 100)
    report = build(target, folder, model=model)
    assert names([skip.source for skip in report.changes.skipped]) == {"قمر.txt"}
    assert report.documents == 3


def test_another_passage_size_cuts_again(folder: Path, target: Path) -> None:
    model = HashEmbedder()
    build(target, folder, model=model)
    report = build_index(target, [folder], "hash", lambda: model, size=PassageSize(200, 0))
    assert report.written
    assert report.passages == 3


def test_nothing_to_read_keeps_the_old_index(folder: Path, target: Path, tmp_path: Path) -> None:
    model = HashEmbedder()
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DalilError, match="no text to index"):
        build(target, empty, model=model)
    build(target, folder, model=model)
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(DalilError, match="no text to index"):
        build(target, folder, model=model)
    assert SearchIndex.open(target, model).search("النيل")


def test_a_foreign_folder_is_left_alone(folder: Path) -> None:
    with pytest.raises(DalilError, match="not a Dalil index"):
        build(folder, folder, model=HashEmbedder())
    assert names([str(path) for path in folder.iterdir()]) == TEXTS.keys()


def test_an_index_of_another_model_is_refused_with_the_mending_command(
    folder: Path, target: Path
) -> None:
    build(target, folder, model=HashEmbedder())
    other = HashEmbedder("other")
    with pytest.raises(DalilError, match="built with hash") as refused:
        SearchIndex.open(target, other)
    assert "dalil index --rebuild" in refused.value.hint
    with pytest.raises(DalilError, match="built with hash"):
        build(target, folder, model=other)
    assert build(target, model=other, rebuild=True).documents == 3
    assert SearchIndex.open(target, other).search("النيل")


class Dying(HashEmbedder):
    """Fails after a number of batches, as a killed process would."""

    def __init__(self, batches: int) -> None:
        super().__init__()
        self._left = batches

    def embed_passages(self, texts: object) -> object:  # type: ignore[override]
        if self._left == 0:
            raise KeyboardInterrupt
        self._left -= 1
        return super().embed_passages(texts)  # type: ignore[arg-type]


@pytest.fixture
def many(folder: Path) -> Path:
    for i in range(100):
        (folder / f"{i:03}.txt").write_text(f"هذا النص رقم {i} وحده.", encoding="utf-8")
    return folder


def test_an_interrupted_build_goes_on_where_it_stopped(many: Path, target: Path) -> None:
    (target.parent / "first").mkdir()
    build(target, many / "نيل.md", model=HashEmbedder())
    dying = Dying(batches=2)
    with pytest.raises(KeyboardInterrupt):
        build(target, many, model=dying)
    old = SearchIndex.open(target, HashEmbedder())
    assert {hit.source.rpartition("/")[2] for hit in old.search("النيل")} == {"نيل.md"}
    model = HashEmbedder()
    report = build(target, many, model=model)
    assert dying.embedded
    assert set(dying.embedded).isdisjoint(model.embedded)
    assert report.embedded == len(model.embedded)
    assert report.documents == 103
    assert check_index(target) == []
    assert len(list((target / "generations").iterdir())) == 1


def test_a_damaged_file_is_named(folder: Path, target: Path) -> None:
    build(target, folder, model=HashEmbedder())
    current = current_generation(target)
    assert current
    for path in sorted(p for p in current.rglob("*") if p.is_file()):
        data = path.read_bytes()
        middle = len(data) // 2
        path.write_bytes(data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :])
        assert any(path.name in fault or "manifest" in fault for fault in check_index(target)), path
        path.write_bytes(data)
    assert check_index(target) == []


def generation_of(target: Path) -> Generation:
    current = current_generation(target)
    assert current
    return Generation.open(current)


@pytest.mark.parametrize("graph", [False, True])
def test_an_update_is_worth_a_build_anew(
    graph: bool, many: Path, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if graph:
        monkeypatch.setattr("index.vectors.EXACT_LIMIT", 50)
    model = HashEmbedder()
    build(target, many, model=model)
    (many / "010.txt").unlink()
    (many / "نسخة.txt").write_text(TEXTS["قمر.txt"], encoding="utf-8")
    (many / "020.txt").write_text("هذا النص رقم 20 تبدّل، وفيه كلمة القسطنطينية.", encoding="utf-8")
    (many / "كثير.txt").write_text("هذا النص رقم 5 وحده.\n\nهذا النص جديد.", encoding="utf-8")
    build(target, many, model=model)
    assert check_index(target) == []
    anew = tmp_path / "anew.index"
    build(anew, many, model=model)
    updated, built = generation_of(target), generation_of(anew)
    assert ("vectors.rows.npy" in updated.manifest.checksums) == graph
    same = {
        name: checksum
        for name, checksum in built.manifest.checksums.items()
        if not name.endswith((".sqlite", ".faiss"))
    }
    assert same == {name: updated.manifest.checksums[name] for name in same}
    searches = [SearchIndex.open(index, model) for index in (target, anew)]
    for question in ("القسطنطينية", "كم طول نهر النيل؟", "النص رقم 10", "النص رقم 5 وحده"):
        first, second = ([h.passage.id for h in s.search(question)] for s in searches)
        assert first == second
