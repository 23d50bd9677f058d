"""Real models: files are added while another collection answers, then asked and replaced."""

from pathlib import Path

import pytest

from qa.models import Models
from qa.settings import load_settings
from tests.ui.library_doubles import MOON, NILE, PDF, ended, text
from ui.library import Library


@pytest.mark.usefixtures("model")
def test_files_are_added_asked_replaced_and_removed(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path / "data")
    library = Library(settings, lambda: Models.load(settings))
    key, other = library.create("كتبي").id, library.create("غيرها").id
    uploads = tmp_path / "uploads"
    ended(library.add(key, [("قمر.txt", text(uploads, MOON)), ("ميناء.pdf", PDF)]))
    assert library.ready
    works = library.add(other, [(f"{i}.txt", text(uploads, f"{NILE} {i}.")) for i in range(20)])
    answer = library.pipeline(key).ask("في كم يوماً يدور القمر حول الأرض؟")
    assert not answer.abstained
    assert answer.citations[0].quote in MOON
    assert Path(answer.citations[0].source) == Path("قمر.txt")
    ended(works)
    changed = MOON.replace("سبعة وعشرين", "ثمانية وعشرين")
    ended(library.add(key, [("قمر.txt", text(uploads, changed))]))
    answer = library.pipeline(key).ask("في كم يوماً يدور القمر حول الأرض؟")
    assert answer.citations[0].quote in changed
    ended(library.remove(key, "قمر.txt"))
    assert library.pipeline(key).ask("في كم يوماً يدور القمر حول الأرض؟").abstained
    assert library.check(key) == library.check(other) == ()
