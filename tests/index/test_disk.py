import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.disk import (
    array_on_disk,
    checked_word,
    from_digested,
    load_array,
    save_array,
    with_check,
    with_digest,
    write_at_once,
)

VALUES = {"schema": 4, "roots": {"/نصوص": "نصوص"}, "files": {"a": {"size": 1}}}


@given(st.data())
def test_a_byte_that_changed_in_a_digested_text_is_seen(data: st.DataObject) -> None:
    whole = with_digest(VALUES).encode()
    place = data.draw(st.integers(0, len(whole) - 1))
    bits = data.draw(st.integers(1, 255))
    changed = whole[:place] + bytes([whole[place] ^ bits]) + whole[place + 1 :]
    try:
        found = from_digested(changed.decode())
    except ValueError:
        return
    assert next(reversed(found)) not in VALUES  # whoever reads it refuses the key it does not know


def test_what_was_digested_is_had_back_and_an_older_text_too() -> None:
    assert from_digested(with_digest(VALUES)) == VALUES
    with pytest.raises(ValueError, match="not as Dalil wrote"):
        from_digested('{"schema":3}')


def test_a_byte_that_changed_or_is_lost_in_a_checked_word_is_seen() -> None:
    line = with_check("000007").encode()
    assert checked_word(line.decode()) == checked_word("000007\n") == "000007"
    harmed = [line[:end] for end in range(len(line))]
    harmed += [
        line[:i] + bytes([line[i] ^ bits]) + line[i + 1 :]
        for i in range(len(line))
        for bits in range(1, 128)
    ]
    for one in harmed:
        with pytest.raises(ValueError, match="not as Dalil wrote"):
            checked_word(one.decode())


def limited(code: str, folder: Path) -> str:
    """What ``code`` prints where no file may grow beyond 1,000 bytes."""
    program = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, -1))\n" + code
    return subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ).stdout.strip()  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits there")
@pytest.mark.parametrize(
    "code",
    [
        "save_array(Path('a.npy'), np.arange(300))",
        "FaissStore.build(np.eye(16, dtype='f4').repeat(2, 0), 'Flat').save(Path('a.faiss'))",
    ],
)
def test_an_array_whose_end_does_not_fit_is_an_error(code: str, tmp_path: Path) -> None:
    head = (
        "from pathlib import Path\nimport numpy as np\nfrom index.disk import save_array\n"
        "from index.vectors import FaissStore\ntry:\n    "
    )
    assert limited(f"{head}{code}\nexcept OSError:\n    print('refused')", tmp_path) == "refused"


def test_room_is_taken_before_an_array_is_mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    with pytest.raises(OSError, match="No space"):
        array_on_disk(tmp_path / "a.npy", np.float32, (3, 4))


@pytest.mark.parametrize("shape", [(0,), (0, 4), (3, 4), (5,)])
def test_an_array_is_had_back(shape: tuple[int, ...], tmp_path: Path) -> None:
    values = np.arange(np.prod(shape), dtype=np.int32).reshape(shape)
    save_array(tmp_path / "a.npy", values)
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), values)


def test_an_array_that_would_run_code_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_array(tmp_path / "a.npy")


def test_what_cannot_be_written_leaves_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "CURRENT"
    write_at_once(path, "old")

    def full(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="Input"):
        write_at_once(path, "new")
    assert [one.read_text() for one in tmp_path.iterdir()] == ["old"]
