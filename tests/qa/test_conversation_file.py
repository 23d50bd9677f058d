"""The file under the conversations: many threads, many programs, and what can be wrong with it."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.errors import DalilError
from qa.conversations import Conversations
from tests.qa.kept_turns import cited

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from qa.conversations import Conversations
from tests.qa.kept_turns import cited
path, owner, shared = sys.argv[1:]
kept = Conversations(Path(path))
for number in range(15):
    kept.append(owner, None, "own", cited(f"{owner} {number}", "1"))
    if shared:
        kept.append("all", shared, "own", cited(f"{owner} {number}", "1"))
kept.close()
"""


def test_threads_share_one_store(tmp_path: Path) -> None:
    kept = Conversations(tmp_path / "c.sqlite")
    shared = kept.append("all", None, "own", cited("أول", "1"))

    def work(owner: str) -> None:
        for number in range(10):
            id = kept.append(owner, None, "own", cited(f"{owner} {number}", "1"))
            kept.append("all", shared, "own", cited(f"{owner} {number}", "1"))
            kept.judge(owner, id, 0, "right")
            assert len(kept.headings(owner)) == number + 1
            assert [turn.question for turn in kept.turns(owner, id)] == [f"{owner} {number}"]

    owners = [f"o{n}" for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, owners))
    turns = [turn.question for turn in kept.turns("all", shared)]
    assert sorted(turns[1:]) == sorted(f"{owner} {n}" for owner in owners for n in range(10))
    assert len(list(kept.judged())) == 60
    kept.close()


@pytest.mark.parametrize("made", [True, False])
def test_programs_share_one_file_also_while_it_is_made(tmp_path: Path, made: bool) -> None:
    path, shared = tmp_path / "c.sqlite", ""
    if made:
        kept = Conversations(path)
        shared = kept.append("all", None, "own", cited("أول", "1"))
        kept.close()
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, path, f"o{n}", shared], cwd=ROOT)
        for n in range(3)
    ]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    kept = Conversations(path)
    assert [len(kept.headings(f"o{n}")) for n in range(3)] == [15, 15, 15]
    assert len(kept.turns("all", shared)) == (46 if made else 0)
    kept.close()


def test_a_failed_change_leaves_nothing_behind(tmp_path: Path) -> None:
    kept = Conversations(tmp_path / "c.sqlite")
    with pytest.raises(UnicodeEncodeError):
        kept.append("me", None, "\ud800", cited("متى؟", "أمس"))
    assert kept.headings("me") == ()
    kept.append("me", None, "own", cited("متى؟", "أمس"))
    assert len(kept.headings("me")) == 1
    kept.close()


def test_a_newer_form_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    Conversations(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 9")
    db.close()
    before = path.read_bytes()
    with pytest.raises(DalilError, match="newer Dalil: form 9, expected at most 1") as refused:
        Conversations(path)
    assert "move the file away" in refused.value.hint
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all " * 100, b"SQLite format 3\0" * 300])
def test_what_is_no_database_is_to_be_moved_away(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.sqlite"
    path.write_bytes(content)
    with pytest.raises(DalilError, match=r"c\.sqlite is damaged") as refused:
        Conversations(path)
    assert "Move it away" in refused.value.hint
    assert path.read_bytes() == content


def test_damage_that_shows_later_is_said_too(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    kept = Conversations(path)
    ids = [kept.append("me", None, "own", cited(f"{n} متى؟", "أمس" * 500)) for n in range(50)]
    kept.close()
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    broken = Conversations(path)
    for id in ids:
        with pytest.raises(DalilError, match="damaged"):
            broken.turns("me", id)
    broken.close()


def test_a_file_out_of_reach_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file" / "c.sqlite", tmp_path):
        with pytest.raises(DalilError, match="cannot be used") as refused:
            Conversations(path)
        assert "DALIL_DATA" in refused.value.hint


def test_a_locked_file_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.conversation_file._PATIENCE", 0.05)
    path = tmp_path / "c.sqlite"
    kept = Conversations(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert kept.headings("me") == ()  # reading goes on
    with pytest.raises(DalilError, match="cannot be used: database is locked"):
        kept.append("me", None, "own", cited("متى؟", "أمس"))
    other.execute("COMMIT")
    other.close()
    kept.append("me", None, "own", cited("متى؟", "أمس"))
    kept.close()
