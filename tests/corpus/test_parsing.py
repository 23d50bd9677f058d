"""Files are parsed in a child process: what comes back, and what a hostile file can do there."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import corpus.children
import corpus.parsing
from corpus import bundled_texts, wire
from corpus.children import BrokenOffError, Children
from corpus.errors import UnreadableFileError
from corpus.limits import MOST_SECONDS, memory, reading_seconds
from corpus.readers import document_in, read_document
from corpus.readers.pdf_picture import page_picture

FIXTURES = Path(__file__).parent / "fixtures"
FILES = sorted([*FIXTURES.glob("*.pdf"), *FIXTURES.glob("red.html"), *bundled_texts().iterdir()])
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs the limits of Linux")

# A reader that does what the file says.
HOSTILE = """
import ctypes, os, pathlib, socket, time
import corpus.readers
from corpus.document import Document
def hostile(data, source):
    what = data.decode()
    if what == "crash": os.kill(os.getpid(), 11)
    if what == "memory": bytearray(2**40)
    if what == "fault": {}["no such key"]
    if what == "spin":
        while True: pass
    if what == "sleep": time.sleep(600)
    if what.startswith("write "): pathlib.Path(what[6:]).write_text("x")
    if what == "environment": what = " ".join(os.environ)
    if what == "network": socket.create_connection(("127.0.0.1", 9))
    if what == "print": print("noise " * 10_000, flush=True)
    if what == "whoami": what = str(os.getpid())
    return Document(source, what)
corpus.readers._READERS[".txt"] = hostile
main()
"""


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Children whose reader of .txt files does what the text says."""
    start = corpus.children._START.replace("\nmain()", HOSTILE)
    monkeypatch.setattr(corpus.children, "_START", start)
    monkeypatch.setattr(corpus.parsing, "_READING", Children(most=4))
    yield
    corpus.parsing.close()


def parsed(words: str) -> str:
    return corpus.parsing.parse(words.encode(), ".txt", "a.txt").text


def broken(words: str) -> BrokenOffError:
    with pytest.raises(BrokenOffError) as caught:
        parsed(words)
    assert caught.value.message.startswith("a.txt: ")
    assert caught.value.hint
    assert "a.txt" in caught.value.arabic
    return caught.value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_comes_back_is_what_the_reader_made(path: Path) -> None:
    def outcome(read: Any) -> object:
        try:
            return read()
        except UnreadableFileError as error:
            return error.message, error.hint, error.arabic

    here = outcome(lambda: document_in(path.read_bytes(), path.suffix, "ملف\udc80"))
    assert outcome(lambda: read_document(path, "ملف\udc80")) == here


def test_a_picture_is_the_same_picture() -> None:
    data = FIXTURES.joinpath("red.pdf").read_bytes()
    quote = "وبلغت كلفة المشروع 1,250,000 درهم"
    assert corpus.parsing.page_picture(data, 2, quote) == page_picture(data, 2, quote)
    with pytest.raises(UnreadableFileError, match="no page 99"):
        corpus.parsing.page_picture(data, 99, quote)


@pytest.mark.parametrize(
    ("what", "why"), [("crash", "crash"), ("fault", "crash"), ("memory", "memory")]
)
@pytest.mark.usefixtures("hostile")
def test_what_breaks_a_child_is_refused_and_the_next_file_is_read(what: str, why: str) -> None:
    assert parsed("before") == "before"
    assert broken(what).why == why
    assert parsed("after") == "after"


@pytest.mark.usefixtures("hostile")
def test_a_fault_of_a_reader_is_told_for_those_who_mend_it() -> None:
    assert "KeyError: 'no such key'" in broken("fault").told_by_child


@pytest.mark.parametrize("what", ["spin", "sleep"])
@pytest.mark.usefixtures("hostile")
def test_a_hang_ends(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.parsing, "reading_seconds", lambda _: 1)
    monkeypatch.setattr(corpus.children, "_WAIT", 99 if what == "spin" else 1)
    assert broken(what).why == "time"
    assert parsed("after") == "after"


@pytest.mark.usefixtures("hostile")
def test_no_file_can_be_written(tmp_path: Path) -> None:
    assert "File too large" in broken(f"write {tmp_path / 'x'}").told_by_child


@LINUX
@pytest.mark.usefixtures("hostile")
def test_there_is_no_network() -> None:
    if subprocess.run(["unshare", "-Un", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system lets nobody leave the network")
    assert "unreachable" in broken("network").told_by_child


@pytest.mark.usefixtures("hostile")
def test_secrets_stay_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_PASSWORD", "secret")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    names = parsed("environment").split()
    assert "PATH" in names
    assert not {"DALIL_PASSWORD", "OPENAI_API_KEY"} & set(names)


@pytest.mark.usefixtures("hostile")
def test_what_a_library_prints_is_no_answer() -> None:
    assert parsed("print") == "print"


@pytest.mark.usefixtures("hostile")
def test_one_child_reads_many_files_and_a_dead_one_is_replaced() -> None:
    child = parsed("whoami")
    assert parsed("whoami") == child
    os.kill(int(child), signal.SIGKILL)
    corpus.parsing._READING._idle[0]._process.wait()
    assert parsed("whoami") != child


LARGE_PARENT = """
held = b"x" * 900_000_000
del held
from corpus.parsing import _READING, parse
for _ in range(2):
    parse("نصّ قصير.".encode(), ".txt", "x")
    print(*(child._process.pid for child in _READING._idle))
"""


@LINUX
def test_a_child_is_not_taken_for_large_because_its_parent_is() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LARGE_PARENT], capture_output=True, text=True, check=True
    )
    first, second = done.stdout.split()
    assert first == second


def test_threads_do_not_get_each_others_answers() -> None:
    texts = [f"النصّ رقم {number}." * (1 + number % 7) for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        read = pool.map(lambda text: corpus.parsing.parse(text.encode(), ".md", "x").text, texts)
        assert list(read) == texts


SOUND: dict[str, Any] = {"title": "", "pages": [0, 2], "headings": [[0, 1]], "warnings": ["w"]}


@pytest.mark.parametrize(
    ("part", "lie"),
    [
        *[("pages", lie) for lie in ([5], [2, 1], [-1], [0.5], ["0"], [True], None, 3)],
        *[
            ("headings", lie)
            for lie in ([[0, 9]], [[2, 1]], [[0]], [[-1, 0]], [0], "ab", [[1, 2], [0, 1]])
        ],
        *[("title", lie) for lie in (None, 5, ["x"])],
        *[("warnings", lie) for lie in ([1], None, [["w"]])],
        ("refused", ["a", "b"]),
        ("refused", [1, 2, 3]),
    ],
)
def test_lies_of_a_child_are_not_believed(
    part: str, lie: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answering(said: dict[str, Any], data: bytes) -> None:
        monkeypatch.setattr(Children, "ask", lambda *_: (said, data))

    answering(SOUND, b"abc")
    assert corpus.parsing.parse(b"", ".txt", "x").text == "abc"
    answering(SOUND | {part: lie}, b"abc")
    with pytest.raises(BrokenOffError):
        corpus.parsing.parse(b"", ".txt", "x")


@pytest.mark.parametrize(
    ("said", "data"),
    [
        ({"width": 9, "height": 9, "boxes": [[0, 0, 2, 1]]}, b"RIFF0000WEBP"),
        ({"width": 9, "height": 9, "boxes": [["a", 0, 1, 1]]}, b"RIFF0000WEBP"),
        ({"width": "9", "height": 9, "boxes": []}, b"RIFF0000WEBP"),
        ({"width": 9, "height": 9, "boxes": []}, b"<script>"),
        ({}, b""),
    ],
)
def test_no_lie_becomes_a_picture(
    said: dict[str, Any], data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Children, "ask", lambda *_: (said, data))
    with pytest.raises(BrokenOffError):
        corpus.parsing.page_picture(b"", 1, "x")


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\0" * 15,
        b"\xff" * 16,
        (3).to_bytes(8) + (0).to_bytes(8) + b"[1]",
        (5).to_bytes(8) + (0).to_bytes(8) + b"{'a':",
        (2).to_bytes(8) + (2**40).to_bytes(8) + b"{}",
        (2).to_bytes(8) + (9).to_bytes(8) + b"{}short",
        (200_000).to_bytes(8) + (0).to_bytes(8) + b"[" * 200_000,
    ],
)
def test_a_message_that_is_none_is_refused(message: bytes) -> None:
    with pytest.raises((ValueError, EOFError)):
        wire.receive(io.BytesIO(message))


def test_a_message_comes_as_it_was_sent() -> None:
    pipe = io.BytesIO()
    for data in (b"", b"x" * 200_000):
        wire.send(pipe, {"a": "\udc80ش"}, data)
    pipe.seek(0)
    assert wire.receive(pipe) == ({"a": "\udc80ش"}, b"")
    assert wire.receive(pipe) == ({"a": "\udc80ش"}, b"x" * 200_000)


PARENT = """
import sys, time
import corpus.parsing
corpus.parsing.parse(b"x", ".txt", "x")
print(corpus.parsing._READING._idle[0]._process.pid, flush=True)
time.sleep(float(sys.argv[1]))
"""


@LINUX
@pytest.mark.parametrize("way", ["end", "kill", "interrupt"])
def test_no_child_outlives_its_parent(way: str, tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, "0" if way == "end" else "60"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": root},
    )
    assert parent.stdout is not None
    child = Path("/proc", parent.stdout.readline().decode().strip())
    if way != "end":
        parent.send_signal(signal.SIGKILL if way == "kill" else signal.SIGINT)
    parent.wait()
    parent.stdout.close()
    for _ in range(100):
        if not child.exists():
            return
        time.sleep(0.1)
    pytest.fail("the child is still there")


def test_a_file_may_take_more_the_larger_it_is() -> None:
    sizes = (0, 1000, 1024**2, 200 * 1024**2)
    seconds, bytes_ = [*map(reading_seconds, sizes)], [*map(memory, sizes)]
    assert seconds == sorted(seconds)
    assert seconds[0] < 10
    assert seconds[-1] == MOST_SECONDS
    assert bytes_ == sorted(bytes_)
