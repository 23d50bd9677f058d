from pathlib import Path

import pytest

from corpus.errors import DalilError
from index import manifest


def test_a_generation_dropped_as_the_pointer_was_read_leads_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "generations" / "000002").mkdir(parents=True)
    names = iter(["000001", "000002"])
    monkeypatch.setattr(manifest, "_named", lambda _: next(names))
    assert manifest.current_generation(tmp_path) == tmp_path / "generations" / "000002"


def test_a_pointer_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("000001\n", encoding="ascii")
    with pytest.raises(DalilError, match="not there"):
        manifest.current_generation(tmp_path)
