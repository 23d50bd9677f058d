import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus.readers.draft
from corpus.errors import UnreadableFileError
from corpus.readers.draft import Draft


def test_blocks_headings_rows_and_pages() -> None:
    draft = Draft("a")
    draft.page()
    draft.heading("  عنوان \n أول ")
    draft.line("سطر\n\nسطر   ثان", before="- ")
    draft.line(" \n")
    draft.row(["1", " ", "2\n3"])
    draft.page()
    draft.page()
    draft.paste("عنوان\nنص  كما هو", [(0, 5)])
    draft.page()
    document = draft.document(" عنوان\nالكتاب ", ["تحذير"])
    assert document.text == "عنوان أول\n\n- سطر\nسطر ثان\n1 | 2 3\n\nعنوان\nنص  كما هو"
    assert [document.text[a:b] for a, b in document.headings] == ["عنوان أول", "عنوان"]
    assert document.pages == (0, 34, 34, len(document.text))
    assert document.text[34:].startswith("عنوان\nنص")
    assert document.page_at(document.text.index("كما هو")) == 3
    assert document.title == "عنوان الكتاب"
    assert document.warnings == ("تحذير",)


@given(st.lists(st.tuples(st.sampled_from(["line", "heading", "paste", "page"]), st.text("أ \n"))))
def test_offsets_hold_whatever_is_written(steps: list[tuple[str, str]]) -> None:
    draft = Draft("a")
    for step, text in steps:
        if step == "page":
            draft.page()
        elif step == "paste":
            draft.paste(text)
        else:
            getattr(draft, step)(text)
    document = draft.document()
    headings = [" ".join(text.split()) for step, text in steps if step == "heading"]
    assert [document.text[a:b] for a, b in document.headings] == list(filter(None, headings))
    assert len(document.pages) == [step for step, _ in steps].count("page")
    assert list(document.pages) == sorted(document.pages)


def test_a_text_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.readers.draft, "MAX_CHARACTERS", 10)
    draft = Draft("كبير.csv")
    draft.line("12345")
    with pytest.raises(UnreadableFileError, match=r"كبير\.csv") as caught:
        draft.row(["123", "456"])
    assert "Split" in caught.value.hint
