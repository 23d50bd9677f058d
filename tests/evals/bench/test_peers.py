import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import DalilError
from evals.bench.peers import environment
from evals.bench.peers.__main__ import answer_f1, ndcg
from evals.bench.peers.rounds import Bench, Measured, run
from evals.bench.peers.step import MARK, STEPS, versions
from evals.bench.peers.system import SYSTEMS
from evals.bench.peers.table import (
    INDEXING,
    SEARCHING,
    Quality,
    as_json,
    best_of_peers,
    markdown,
    ratio,
)
from evals.bench.peers.workload import Workload, changed_texts, lay_out

TEXTS = {
    "nile": "يبلغ طول نهر النيل 6650 كيلومتراً ويصب في البحر المتوسط.",
    "moon": "يدور القمر حول الأرض في سبعة وعشرين يوماً وثلث اليوم.",
    "fig": "تنضج ثمار التين في أواخر الصيف وتؤكل طازجة ومجففة.",
}
QUESTIONS = [("كم يبلغ طول النيل؟", "nile"), ("متى ينضج التين؟", "fig")]


@pytest.fixture
def work(tiny_model: Path, tmp_path: Path) -> Workload:
    model = str(tiny_model)
    files = str(tmp_path / "texts")
    return Workload(TEXTS, changed_texts(TEXTS), QUESTIONS, model, model, files)


def ran(module: str, wall: float = 2.0, rate_s: float = 1.0) -> Measured:
    one = Measured(SYSTEMS[module])
    one.steps = {
        "index": [{"index_s": rate_s, "peak_mb": 900.0, "disk_mb": 1.5, "versions": {"x": "1.0"}}],
        "cold": [{"wall_s": wall, "load_s": 1.0}, {"wall_s": wall + 1, "load_s": 1.0}],
        "search": [
            {"alone_ms": [1.0, 3.0], "clients_ms": [8.0], "clients_failed": 1, "results": [["nile"], ["moon", "fig"]]}
        ],
        "update": [{"update_s": 0.5, "wall_s": 3.0, "found": 0.5}],
    }  # fmt: skip
    return one


@pytest.mark.parametrize("module", SYSTEMS)
def test_every_system_can_be_imported_where_nothing_of_it_is_installed(module: str) -> None:
    system = SYSTEMS[module].open()
    for name in ("load", "build", "update", "open_search"):
        assert callable(getattr(system, name))


def test_every_version_is_pinned_and_the_packages_named_are_among_them() -> None:
    lines = environment.REQUIREMENTS.read_text(encoding="ascii").splitlines()
    assert all(re.fullmatch(r"[a-z0-9.-]+==[0-9][0-9a-z.]*", line) for line in lines)
    pinned = {line.partition("==")[0] for line in lines}
    for described in SYSTEMS.values():
        assert set(described.packages) <= pinned


@pytest.mark.parametrize("name", ["sentence-transformers", "transformers", "torch", "faiss-cpu"])
def test_the_peers_have_the_versions_that_dalil_has(name: str) -> None:
    ours = (Path(__file__).parents[3] / "constraints.txt").read_text(encoding="utf-8")
    pinned = next(line for line in ours.splitlines() if line.startswith(f"{name}=="))
    assert pinned in environment.REQUIREMENTS.read_text(encoding="ascii").splitlines()


def test_one_text_in_a_hundred_changes_and_one_at_least() -> None:
    many = {str(number): f"نص {number}" for number in range(250)}
    assert list(changed_texts(many)) == ["0", "100", "200"]
    assert len(changed_texts(TEXTS)) == 1
    assert all(text != many[name] for name, text in changed_texts(many).items())


def test_a_workload_is_read_as_it_was_written(work: Workload, tmp_path: Path) -> None:
    work.save(tmp_path / "work.json")
    again = Workload.load(tmp_path / "work.json")
    assert replace(again, questions=[(q, gold) for q, gold in again.questions]) == work


@pytest.mark.parametrize("module", ["plain", "dalil", "dalil_cut"])
def test_what_is_installed_here_indexes_finds_and_updates(
    module: str, work: Workload, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    system = SYSTEMS[module].open()
    assert STEPS["index"](system, work, folder)["index_s"] > 0
    assert STEPS["cold"](system, work, folder)["results"] == len(TEXTS)
    found = STEPS["search"](system, work, folder)
    assert found["clients_failed"] == 0
    assert len(found["alone_ms"]) == len(found["clients_ms"]) == len(QUESTIONS)
    assert all(set(names) == set(TEXTS) for names in found["results"])
    assert STEPS["update"](system, work, folder)["found"] == 1


def test_an_update_makes_the_changed_text_searchable(work: Workload, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    words = "زلزال بركان إعصار فيضان"
    work = replace(work, changed={"moon": words})
    system = SYSTEMS["dalil"].open()
    STEPS["index"](system, work, folder)
    lay_out(Path(work.files), work.changed)
    model = system.load(work)
    system.update(model, work, folder)
    assert system.open_search(model, folder)(words, 1) == ["moon"]


def test_encoding_alone_is_timed_over_all_texts(work: Workload, tmp_path: Path) -> None:
    assert STEPS["encode"](SYSTEMS["plain"].open(), work, tmp_path)["n"] == len(TEXTS)


def test_a_step_in_its_own_process_says_what_it_found(
    work: Workload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.bench.peers.rounds._steps", lambda _: ("index", "cold"))
    work.save(tmp_path / "work.json")
    bench = Bench(tmp_path / "work.json", tmp_path / "scratch", "none", lambda _: None)
    (one,) = bench.measure([SYSTEMS["dalil"]], 1)
    assert one.failure == ""
    assert one.values("index", "disk_mb")[0] > 0
    assert one.values("cold", "wall_s")[0] > one.values("cold", "load_s")[0]
    assert one.values("cold", "results") == [len(TEXTS)]


def test_a_system_that_cannot_run_is_a_row_that_says_so(work: Workload, tmp_path: Path) -> None:
    work.save(tmp_path / "work.json")
    bench = Bench(tmp_path / "work.json", tmp_path, "no network here", lambda _: None)
    measured = bench.measure([SYSTEMS["txtai"]], 2)
    table = "\n".join(markdown(measured, work, Quality()))
    assert "| txtai (hybrid) | - |" in table
    assert "txtai (hybrid): failed at no network here" in table


def test_a_step_that_breaks_ends_its_system_with_its_last_words(
    work: Workload, tmp_path: Path
) -> None:
    work.save(tmp_path / "work.json")
    here = Path(sys.executable)  # where txtai is not installed
    (one,) = Bench(tmp_path / "work.json", tmp_path, here, lambda _: None).measure(
        [SYSTEMS["txtai"]], 2
    )
    assert one.steps == {}
    assert one.failure.startswith("index: exit 1: ")
    assert "txtai" in one.failure


def test_a_step_that_breaks_once_is_taken_again_and_that_is_said(
    work: Workload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([("", 1.0, "exit -11: gone"), ('{"versions": {}}', 1.0, "")])
    monkeypatch.setattr("evals.bench.peers.rounds._steps", lambda _: ("cold",))
    monkeypatch.setattr("evals.bench.peers.rounds.run", lambda _: next(answers))
    (one,) = Bench(tmp_path / "work.json", tmp_path, tmp_path, lambda _: None).measure(
        [SYSTEMS["txtai"]], 1
    )
    assert one.failure == ""
    assert one.values("cold", "wall_s") == [1.0]
    assert "broke once at cold: exit -11: gone" in "\n".join(markdown([one], work, Quality()))


def test_a_command_is_timed_until_its_marked_line() -> None:
    code = f"print('{MARK}[1]', flush=True); import time; time.sleep(0.5); print('more')"
    printed, seconds, error = run([sys.executable, "-c", code])
    assert json.loads(printed) == [1]
    assert error == ""
    whole = run([sys.executable, "-c", code.replace(MARK, "")])[1]
    assert whole > 0.5
    assert seconds < whole


def test_an_environment_that_cannot_be_made_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "requirements.txt"
    broken.write_text("not a requirement\n", encoding="ascii")
    monkeypatch.setattr(environment, "REQUIREMENTS", broken)
    told: list[str] = []
    with pytest.raises(DalilError, match="could not be made"):
        environment.peers_python(tmp_path, told.append)
    assert len(told) == 1


def test_the_best_peer_is_not_ours_and_ratios_above_one_are_better(work: Workload) -> None:
    measured = [ran("plain", rate_s=2.0), ran("txtai", rate_s=1.0), ran("dalil", 1.0, 0.5)]
    (rate,) = [column for column in INDEXING if column.key == "index_rate"]
    (cold,) = [column for column in SEARCHING if column.key == "cold_s"]
    assert best_of_peers(measured, work, rate) == len(TEXTS) / 1.0
    assert best_of_peers(measured, work, cold) == 2.5
    assert best_of_peers(measured[2:], work, cold) is None
    assert ratio(6, 3, more_is_better=True) == ratio(3, 6, more_is_better=False) == 2


def test_the_table_shows_medians_spread_ratios_and_what_went_wrong(work: Workload) -> None:
    measured = [ran("plain"), ran("dalil", 1.0), ran("dalil_reader")]
    table = "\n".join(markdown(measured, work, Quality({"dalil": "88.0 [80.0, 95.0]"}, {})))
    assert "| Dalil, whole paragraphs | 1.5 [1, 2]; 1.67 |" in table
    assert "88.0 [80.0, 95.0]" in table
    assert "1 of 2 questions broke with 8 clients" in table
    assert "finds 50% of the changed texts" in table
    indexing, _, searching = table.partition("cold start")
    assert "Dalil with its reader" not in indexing
    assert "Dalil with its reader" in searching
    figures = as_json(measured, work, Quality())
    assert figures["systems"]["dalil"]["cold_s"] == [1.0, 2.0]


def test_quality_counts_the_text_that_answers(work: Workload) -> None:
    one = ran("dalil")
    assert ndcg(one, work).startswith("81.5 ")  # first, and second: (1 + 1 / log2(3)) / 2
    one.steps["search"][0]["results"] = [["nile"], ["fig"]]
    assert ndcg(one, work) == "100.0 [100.0, 100.0]"
    assert ndcg(Measured(SYSTEMS["dalil"]), work) == ""


def test_peak_memory_and_versions_are_of_this_process() -> None:
    code = (
        "from evals.bench.peers.step import peak_megabytes; print(peak_megabytes());"
        "held = b'.' * 200_000_000; print(peak_megabytes())"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, after = map(float, ran.stdout.split())
    assert after > before + 150
    assert versions(("numpy", "no-such-package")).keys() == {"numpy"}


def test_answers_are_held_against_what_is_accepted(work: Workload) -> None:
    one, accepting = (
        ran("txtai"),
        replace(work, answers=[["6650 كيلومتراً"], ["الصيف", "أواخر الصيف"]]),
    )
    assert answer_f1(one, accepting) == ""
    one.steps["answer"] = [
        {"answers": ["6650 كيلومتراً", "في الشتاء"], "answer_ms": [10.0, 30.0], "peak_mb": 5.0}
    ]
    assert answer_f1(one, accepting).startswith("50.0 ")
    table = "\n".join(markdown([one], accepting, Quality({}, {"txtai": "50.0"})))
    assert "| txtai (hybrid) | 20; 1.00 | 29; 1.00 | 5; 1.00 | 50.0 |" in table
