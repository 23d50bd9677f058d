"""Collections made, filled, asked, emptied and deleted, as the page does it."""

import json
import shutil
from pathlib import Path
from threading import Event, Thread

import pytest
from filelock import FileLock

from corpus.errors import DalilError
from index.build import build_index
from index.check import check_index
from index.embedder import Vectors
from index.manifest import Manifest, current_generation
from tests.index.doubles import HashEmbedder
from tests.ui.library_doubles import (
    MOON,
    NILE,
    PDF,
    Waiting,
    ended,
    library_in,
    light_models,
    settings_in,
    text,
)
from ui import holdings
from ui.library import Library


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def library(data: Path) -> Library:
    return library_in(data)


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    return tmp_path / "uploads"


def sources(library: Library, key: str) -> list[str]:
    return [item.source for item in library.shelf(key)]


def cited(library: Library, key: str, question: str) -> str:
    return library.pipeline(key).ask(question).citations[0].quote


def index_own(data: Path, *paths: Path) -> None:
    """As `dalil index` does it."""
    settings = settings_in(data)
    build_index(settings.own_index, paths, "hash", HashEmbedder, size=settings.size)


def test_a_collection_is_made_filled_and_asked(
    library: Library, temporary: Path, data: Path
) -> None:
    made = library.create("كتبي")
    assert library.shelf(made.id) == ()
    assert library.check(made.id) == ()
    with pytest.raises(DalilError, match="empty"):
        library.pipeline(made.id)
    work = ended(library.add(made.id, [("قمر.txt", text(temporary, MOON)), ("ميناء.pdf", PDF)]))
    assert [(one.name, one.state, one.pages) for one in work.files] == [
        ("قمر.txt", "indexed", 0),
        ("ميناء.pdf", "indexed", 3),
    ]
    assert work.files[0].characters == len(MOON)
    assert work.report is not None
    assert work.report.documents == 2
    moon, harbour = library.shelf(made.id)
    assert (moon.source, harbour.source) == ("قمر.txt", "ميناء.pdf")
    assert (moon.pages, harbour.pages) == (0, 3)
    assert moon.passages == 1
    assert moon.removable
    answer = library.pipeline(made.id).ask("في كم يوماً يدور القمر حول الأرض؟")
    assert Path(answer.citations[0].source) == Path("قمر.txt")
    assert answer.citations[0].quote in MOON
    assert library.check(made.id) == ()
    assert check_index(data / "indexes" / made.id) == []
    assert library.pipeline(made.id) is library.pipeline(made.id)


def test_the_same_name_again_is_a_new_version(library: Library, temporary: Path) -> None:
    key = library.create("كتبي").id
    ended(library.add(key, [("نص.txt", text(temporary, MOON))]))
    pipeline = library.pipeline(key)
    work = ended(library.add(key, [("نص.txt", text(temporary, NILE))]))
    assert work.report is not None
    assert len(work.report.changes.changed) == 1
    assert sources(library, key) == ["نص.txt"]
    assert pipeline.ask("أين يصب النيل؟").citations[0].quote in NILE


def test_a_broken_new_version_is_refused_and_the_old_one_stays(
    library: Library, temporary: Path, data: Path
) -> None:
    key = library.create("كتبي").id
    ended(library.add(key, [("نص.txt", text(temporary, MOON))]))
    broken = text(temporary, b"%PDF-1.7 nothing more")
    work = ended(
        library.add(
            key,
            [
                ("نص.txt", text(temporary, b"")),
                ("تقرير.pdf", broken),
                ("برنامج.exe", text(temporary, MOON)),
                ("غائب.txt", temporary / "nowhere"),
            ],
        )
    )
    assert {one.state for one in work.files} == {"refused"}
    assert all(one.message for one in work.files)
    assert ".docx" in work.files[2].message
    assert work.report is None
    assert sources(library, key) == ["نص.txt"]
    assert [path.name for path in (data / "files" / key).iterdir()] == ["نص.txt"]
    assert (data / "files" / key / "نص.txt").read_text(encoding="utf-8") == MOON


def test_one_refused_file_does_not_keep_the_others_out(library: Library, temporary: Path) -> None:
    key = library.create("كتبي").id
    work = ended(
        library.add(
            key,
            [
                ("a/نص.txt", text(temporary, MOON)),
                ("b/نص.txt", text(temporary, NILE)),
                ("../../x.txt", text(temporary, NILE)),
                ("CON.md", text(temporary, "# قواعد\n\nنص آخر في القواعد.")),
                (".hidden", text(temporary, MOON)),
                ("ص" * 300 + ".txt", text(temporary, "نص له اسم طويل جداً.")),
                ("x\u202efdp.txt", text(temporary, "نص يقلب اسمه.")),
            ],
        )
    )
    states = [one.state for one in work.files]
    assert states == ["indexed", "refused", "indexed", "indexed", "refused", "indexed", "indexed"]
    assert {"x.txt", "_CON.md", "xfdp.txt", "نص.txt"} < set(sources(library, key))
    assert cited(library, key, "كم يوماً يدور القمر؟") in MOON


def test_nothing_is_written_outside_the_collection(
    library: Library, temporary: Path, data: Path, tmp_path: Path
) -> None:
    key = library.create("كتبي").id
    for name in ("../../x.txt", "/x.txt", "..\\..\\x.txt", f"../{key}/../x.txt"):
        ended(library.add(key, [(name, text(temporary, MOON))]))
    assert [path.name for path in tmp_path.rglob("x.txt")] == ["x.txt"]
    assert (data / "files" / key / "x.txt").exists()


def test_too_many_files_or_none_are_refused_at_once(library: Library, temporary: Path) -> None:
    key = library.create("كتبي").id
    path = text(temporary, MOON)
    with pytest.raises(DalilError, match=r"100 can be added.* 200 MB"):
        library.add(key, [(f"{i}.txt", path) for i in range(101)])
    with pytest.raises(DalilError):
        library.add(key, [])
    assert library.shelf(key) == ()


def test_a_file_over_the_limit_is_refused_before_it_is_copied(
    library: Library, temporary: Path
) -> None:
    key = library.create("كتبي").id
    large = text(temporary, MOON)
    with large.open("r+b") as file:
        file.truncate(200 * 1024**2 + 1)
    work = ended(library.add(key, [("كبير.txt", large)]))
    assert work.files[0].state == "refused"
    assert "200 MB" in work.files[0].message


def test_a_text_is_removed_and_the_last_one_leaves_an_empty_collection(
    library: Library, temporary: Path, data: Path
) -> None:
    key = library.create("كتبي").id
    uploads = [("قمر.txt", text(temporary, MOON)), ("نيل.txt", text(temporary, NILE))]
    ended(library.add(key, uploads))
    held = library.pipeline(key)
    work = ended(library.remove(key, "قمر.txt"))
    assert work.report is not None
    assert len(work.report.changes.removed) == 1
    assert sources(library, key) == ["نيل.txt"]
    assert [path.name for path in (data / "files" / key).iterdir()] == ["نيل.txt"]
    ended(library.remove(key, "نيل.txt"))
    assert library.shelf(key) == ()
    assert list((data / "files" / key).iterdir()) == []
    for ask in (lambda: library.pipeline(key), lambda: held.ask("أين يصب النيل؟")):
        with pytest.raises(DalilError):
            ask()
    with pytest.raises(DalilError, match="does not hold"):
        library.remove(key, "نيل.txt")
    with pytest.raises(DalilError, match="empty"):
        library.refresh(key)


def test_a_pipeline_from_before_a_collection_was_emptied_reads_what_came_after(
    library: Library, temporary: Path
) -> None:
    key = library.create("كتبي").id
    ended(library.add(key, [("قمر.txt", text(temporary, MOON))]))
    held = library.pipeline(key)
    ended(library.remove(key, "قمر.txt"))
    ended(library.add(key, [("نيل.txt", text(temporary, NILE))]))
    assert held.ask("أين يصب النيل؟").citations[0].quote in NILE
    assert library.check(key) == ()


def test_two_files_of_one_text_are_removed_one_by_one(library: Library, temporary: Path) -> None:
    key = library.create("كتبي").id
    ended(library.add(key, [(n, text(temporary, MOON)) for n in ("أول.txt", "ثان.txt")]))
    assert sources(library, key) == ["أول.txt", "ثان.txt"]
    ended(library.remove(key, "أول.txt"))
    assert sources(library, key) == ["ثان.txt"]
    assert cited(library, key, "كم يوماً يدور القمر؟") in MOON


def test_a_removal_that_fails_leaves_the_file(
    data: Path, library: Library, temporary: Path
) -> None:
    key = library.create("كتبي").id
    uploads = [("قمر.txt", text(temporary, MOON)), ("نيل.txt", text(temporary, NILE))]
    ended(library.add(key, uploads))
    other = library_in(data, HashEmbedder("other"))
    work = list(other.remove(key, "قمر.txt"))[-1]
    assert "built with hash" in work.error
    assert "--rebuild" in work.hint
    assert sources(library, key) == ["قمر.txt", "نيل.txt"]
    assert sorted(p.name for p in (data / "files" / key).iterdir()) == ["قمر.txt", "نيل.txt"]
    ended(other.refresh(key, rebuild=True))
    assert cited(other, key, "كم يوماً يدور القمر؟") in MOON


def test_names_are_free_or_refused(library: Library) -> None:
    first = library.create("كُتُبُ الأدب")
    second = library.create("  تاريخ ")
    assert second.name == "تاريخ"
    for taken in ("كتب الادب", library.collections()[0].name):
        with pytest.raises(DalilError, match="already"):
            library.create(taken)
    with pytest.raises(DalilError, match="already"):
        library.rename(second.id, "كتب الأدب")
    library.rename(first.id, "كتب الأدب")
    assert library.collection(first.id).name == "كتب الأدب"
    assert [one.name for one in library.collections()[1:]] == ["تاريخ", "كتب الأدب"]
    assert "ادب" not in first.id
    assert first.folder.name == first.id


def test_deleting_takes_all_that_was_made_and_nothing_else(
    library: Library, temporary: Path, data: Path
) -> None:
    key, other = library.create("كتبي").id, library.create("غيرها").id
    for one in (key, other):
        ended(library.add(one, [("قمر.txt", text(temporary, MOON))]))
    held = library.pipeline(key)
    library.delete(key)
    assert [one.id for one in library.collections()] == ["bundled", other]
    assert not [path for path in data.rglob("*") if key in path.name]
    with pytest.raises(DalilError, match="not there any more"):
        library.pipeline(key)
    with pytest.raises(DalilError):
        held.ask("كم يوماً يدور القمر؟")
    assert cited(library, other, "كم يوماً يدور القمر؟") in MOON


def test_the_bundled_texts_are_refreshed_and_never_changed(
    library: Library, temporary: Path
) -> None:
    bundled = library.default()
    assert (bundled.id, bundled.fixed) == ("bundled", True)
    with pytest.raises(DalilError, match="empty"):
        library.pipeline("bundled")
    ended(library.refresh("bundled"))
    shelf = library.shelf("bundled")
    assert not any(item.removable for item in shelf)
    assert shelf[0].source.startswith("dalil/")
    for change in (
        lambda: library.add("bundled", [("قمر.txt", text(temporary, MOON))]),
        lambda: library.remove("bundled", shelf[0].source),
        lambda: library.rename("bundled", "اسم"),
        lambda: library.delete("bundled"),
    ):
        with pytest.raises(DalilError):
            change()
    assert library.shelf("bundled") == shelf


def test_the_persons_own_index_takes_uploads_beside_what_was_given(
    data: Path, temporary: Path, tmp_path: Path
) -> None:
    folder, file = tmp_path / "texts", tmp_path / "وحده.txt"
    folder.mkdir()
    (folder / "نيل.txt").write_text(NILE, encoding="utf-8")
    file.write_text("هذا ملف أعطي وحده.", encoding="utf-8")
    index_own(data, folder, file)
    library = library_in(data)
    own = library.default()
    assert (own.id, own.fixed, own.made) == ("own", False, False)
    assert [one.id for one in library.collections()] == ["bundled", "own"]
    ended(library.add("own", [("قمر.txt", text(temporary, MOON))]))
    assert (data / "files" / "own" / "قمر.txt").exists()
    removable = {Path(item.source).name: item.removable for item in library.shelf("own")}
    assert removable == {"نيل.txt": False, "وحده.txt": True, "قمر.txt": True}
    inside = (folder / "نيل.txt").as_posix()
    with pytest.raises(DalilError, match="given to `dalil index` as a whole") as refused:
        library.remove("own", inside)
    assert f"--remove '{folder}'" in refused.value.hint
    ended(library.remove("own", file.as_posix()))
    ended(library.remove("own", "قمر.txt"))
    assert sources(library, "own") == [inside]
    assert file.exists()
    assert not (data / "files" / "own" / "قمر.txt").exists()
    with pytest.raises(DalilError, match="not made here"):
        library.delete("own")
    with pytest.raises(DalilError, match="not made here"):
        library.rename("own", "اسم")


def test_an_index_named_in_the_settings_is_the_own_one_with_uploads_of_its_own(
    data: Path, temporary: Path, tmp_path: Path
) -> None:
    first = library_in(data, index=tmp_path / "first.index")
    second = library_in(data, index=tmp_path / "second.index")
    assert first.default().name == "first.index"
    ended(first.add("own", [("قمر.txt", text(temporary, MOON))]))
    ended(second.add("own", [("نيل.txt", text(temporary, NILE))]))
    assert sources(first, "own") == ["قمر.txt"]
    assert sources(second, "own") == ["نيل.txt"]
    made = library_in(data).create("كتبي")
    named = library_in(data, index=made.folder)
    assert named.default() == made
    assert [one.id for one in named.collections()] == ["bundled", made.id]


def test_refresh_follows_files_and_rebuild_mends_a_damaged_index(
    library: Library, temporary: Path, data: Path
) -> None:
    key = library.create("كتبي").id
    ended(library.add(key, [("قمر.txt", text(temporary, MOON))]))
    (data / "files" / key / "نيل.txt").write_text(NILE, encoding="utf-8")
    ended(library.refresh(key))
    assert sources(library, key) == ["قمر.txt", "نيل.txt"]
    current = current_generation(data / "indexes" / key)
    assert current is not None
    (current / "manifest.json").write_text("{", encoding="utf-8")
    assert library.check(key)
    assert "cannot be read" in list(library.refresh(key))[-1].error
    ended(library.refresh(key, rebuild=True))
    assert library.check(key) == ()
    assert sources(library, key) == ["قمر.txt", "نيل.txt"]


def test_a_data_folder_that_was_moved_holds_each_text_once(
    library: Library, temporary: Path, data: Path, tmp_path: Path
) -> None:
    key = library.create("كتبي").id
    ended(library.add(key, [("قمر.txt", text(temporary, MOON))]))
    shutil.move(data, tmp_path / "moved")
    moved = library_in(tmp_path / "moved")
    ended(moved.refresh(key))
    assert sources(moved, key) == ["قمر.txt"]
    current = current_generation(tmp_path / "moved" / "indexes" / key)
    assert current is not None
    assert len(Manifest.load(current).roots) == 1
    ended(moved.remove(key, "قمر.txt"))
    assert moved.shelf(key) == ()


def test_work_is_seen_while_it_goes_on_and_goes_on_unseen(data: Path, temporary: Path) -> None:
    embedder = Waiting()
    library = library_in(data, embedder)
    key = library.create("كتبي").id
    works = library.add(key, [("قمر.txt", text(temporary, MOON))])
    assert embedder.reached.wait(60)
    seen = next(works)
    while seen.stage != "embedding":
        seen = next(works)
    assert (seen.done, seen.total, seen.finished) == (0, 1, False)
    assert seen.files[0].state == "read"
    del works
    other = library.watch(key)
    assert next(other).stage == "embedding"
    embedder.go_on.set()
    assert ended(other).files[0].state == "indexed"
    assert sources(library, key) == ["قمر.txt"]
    assert list(library.watch(key)) == []


def test_a_second_work_on_a_collection_is_refused_and_others_go_on(
    data: Path, temporary: Path
) -> None:
    embedder = Waiting()
    library = library_in(data, embedder)
    key, other = library.create("كتبي").id, library.create("غيرها").id
    works = library.add(key, [("قمر.txt", text(temporary, MOON))])
    assert embedder.reached.wait(60)
    for change in (
        lambda: library.add(key, [("نيل.txt", text(temporary, NILE))]),
        lambda: library.refresh(key),
        lambda: library.delete(key),
    ):
        with pytest.raises(DalilError, match="being worked on"):
            change()
    beside = library_in(data)
    said = list(beside.add(key, [("نيل.txt", text(temporary, NILE))]))[-1]
    assert "Another Dalil" in said.error
    assert [path.name for path in (data / "files" / key).iterdir()] == ["قمر.txt"]
    embedder.go_on.set()
    ended(library.add(other, [("نيل.txt", text(temporary, NILE))]))
    ended(works)
    assert sources(library, key) == ["قمر.txt"]
    assert sources(library, other) == ["نيل.txt"]


@pytest.mark.parametrize("lock", ["indexes/{}/.lock", "files/{}.lock"])
def test_while_another_program_is_at_work_nothing_is_copied(
    library: Library, temporary: Path, data: Path, lock: str
) -> None:
    key = library.create("كتبي").id
    ended(library.add(key, [("قمر.txt", text(temporary, MOON))]))
    with FileLock(data / lock.format(key)):
        work = list(library.add(key, [("نيل.txt", text(temporary, NILE))]))[-1]
        assert work.error
        assert work.files[0].state == "waiting"
        with pytest.raises(DalilError):
            library.delete(key)
    assert [path.name for path in (data / "files" / key).iterdir()] == ["قمر.txt"]
    assert cited(library, key, "كم يوماً يدور القمر؟") in MOON


def test_many_threads_share_one_library(data: Path, temporary: Path) -> None:
    loads: list[int] = []

    def load() -> object:
        loads.append(1)
        return light_models()

    library = Library(settings_in(data), load)  # type: ignore[arg-type]
    failures: list[BaseException] = []

    def live(number: int) -> None:
        try:
            key = library.create(f"مجموعة {number}").id
            ended(library.add(key, [("قمر.txt", text(temporary / str(number), MOON))]))
            assert cited(library, key, "كم يوماً يدور القمر؟") in MOON
        except BaseException as failure:
            failures.append(failure)

    threads = [Thread(target=live, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(library.collections()) == 9
    assert len(loads) == 1


def test_an_asking_thread_never_fails_while_its_collection_changes(
    library: Library, temporary: Path
) -> None:
    key = library.create("كتبي").id
    ended(library.add(key, [("قمر.txt", text(temporary, MOON))]))
    pipeline, stop = library.pipeline(key), Event()
    failures: list[BaseException] = []

    def ask() -> None:
        while not stop.is_set():
            try:
                assert pipeline.ask("كم يوماً يدور القمر؟").citations
                assert library.shelf(key)
            except BaseException as failure:
                failures.append(failure)
                return

    thread = Thread(target=ask)
    thread.start()
    for number in range(5):
        ended(library.add(key, [("نيل.txt", text(temporary, f"{NILE} {number}"))]))
    stop.set()
    thread.join()
    assert failures == []


def test_a_shelf_is_read_again_where_its_generation_was_replaced_meanwhile(
    library: Library, temporary: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = library.create("كتبي").id
    ended(library.add(key, [("قمر.txt", text(temporary, MOON))]))
    gone = [data / "indexes" / key / "generations" / "000000"]

    def serving(folder: Path) -> Path | None:
        return gone.pop() if gone else current_generation(folder)

    monkeypatch.setattr(holdings, "current_generation", serving)
    assert sources(library, key) == ["قمر.txt"]
    assert gone == []


@pytest.mark.parametrize(
    "words",
    [
        "{",
        "",
        "[]",
        "null",
        '{"collections": [1]}',
        '{"collections": [{"id": "../../x", "name": "x"}]}',
        '{"collections": [{"id": "0123456789abcdef"}]}',
        '{"collections": [{"id": "0123456789abcdef", "name": 3}]}',
        '{"collections": [{"id": 5, "name": "x"}]}',
        b"\xff\xfe\x00",
    ],
)
def test_a_damaged_list_is_named_with_the_mending_and_loses_nothing(
    library: Library, temporary: Path, data: Path, words: str | bytes
) -> None:
    key = library.create("كتبي").id
    ended(library.add(key, [("قمر.txt", text(temporary, MOON))]))
    path = data / "collections.json"
    damage = words.encode() if isinstance(words, str) else words
    path.write_bytes(damage)
    for use in (library.collections, lambda: library.create("غيرها"), lambda: library.shelf(key)):
        with pytest.raises(DalilError, match=r"collections\.json") as refused:
            use()
    assert path.read_bytes() == damage
    assert library.default().id == "bundled"
    copied = refused.value.hint.split("'")
    shutil.copy(copied[1], copied[3])
    assert [one.name for one in library.collections()][1:] == ["كتبي"]
    assert sources(library, key) == ["قمر.txt"]


def test_the_list_is_a_small_file_that_people_can_read(library: Library, data: Path) -> None:
    key = library.create("كتبي").id
    written = json.loads((data / "collections.json").read_text(encoding="utf-8"))
    assert written == {"collections": [{"id": key, "name": "كتبي"}]}


def test_models_that_cannot_be_loaded_are_said_in_the_work(data: Path, temporary: Path) -> None:
    def load() -> object:
        raise DalilError("There is no model.", "Get one.")

    library = Library(settings_in(data), load)  # type: ignore[arg-type]
    key = library.create("كتبي").id
    work = list(library.add(key, [("قمر.txt", text(temporary, MOON))]))[-1]
    assert (work.error, work.hint) == ("There is no model.", "Get one.")
    assert not library.ready
    assert (data / "files" / key / "قمر.txt").exists()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_is_raised_to_whoever_watches_and_the_collection_is_free_again(
    data: Path, temporary: Path
) -> None:
    class Faulty(HashEmbedder):
        def embed_passages(self, texts: object) -> Vectors:
            raise ZeroDivisionError(texts)

    key = library_in(data).create("كتبي").id
    faulty = library_in(data, Faulty())
    with pytest.raises(ZeroDivisionError):
        list(faulty.add(key, [("قمر.txt", text(temporary, MOON))]))
    with pytest.raises(ZeroDivisionError):
        list(faulty.refresh(key))
    library = library_in(data)
    ended(library.refresh(key))
    assert cited(library, key, "كم يوماً يدور القمر؟") in MOON
