from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Passage
from corpus.errors import DalilError
from corpus.passages import PassageSize, passages

TEXT = " ".join(f"هذه هي الجملة رقم {i} في هذا النص الطويل." for i in range(60))


@given(
    st.text(st.sampled_from("ابتدم .؟\n1#A")),
    st.integers(1, 30),
    st.integers(0, 20),
)
def test_every_passage_is_what_stands_at_its_offsets(text: str, words: int, overlap: int) -> None:
    document = Document("ملف.txt", text)
    cut = passages(document, PassageSize(words, overlap))
    assert [p.position for p in cut] == list(range(len(cut)))
    assert len({p.id for p in cut}) == len(cut)
    covered: set[int] = set()
    for passage in cut:
        assert text[passage.start : passage.end] == passage.text
        covered.update(range(passage.start, passage.end))
    assert not "".join(c for i, c in enumerate(text) if i not in covered).strip()


def test_passages_hold_whole_sentences_within_the_size_and_overlap() -> None:
    cut = passages(Document("ملف.txt", TEXT), PassageSize(words=40, overlap=10))
    assert all(len(p.text.split()) <= 40 and p.text.endswith(".") for p in cut)
    for before, after in pairwise(cut):
        assert before.start < after.start < before.end < after.end


def test_ids_depend_on_the_text_alone() -> None:
    here = passages(Document("هنا.txt", TEXT))
    there = passages(Document("/مكان/آخر.txt", TEXT))
    assert [p.id for p in here] == [p.id for p in there]
    assert {p.id for p in here}.isdisjoint(p.id for p in passages(Document("هنا.txt", TEXT + "!")))


def test_a_heading_begins_a_passage_and_names_those_below_it() -> None:
    text = "# كتاب\n\nمقدمة الكتاب هنا.\n\n## فصل أول\n\nنص الفصل الأول.\n"
    headings = [(text.index(name), text.index(name) + len(name)) for name in ("كتاب", "فصل أول")]
    cut = passages(Document("ك.md", text, title="كتاب", headings=tuple(headings)))
    assert [(p.text, p.heading) for p in cut] == [
        ("# كتاب\n\nمقدمة الكتاب هنا.", "كتاب"),
        ("## فصل أول\n\nنص الفصل الأول.", "كتاب › فصل أول"),
    ]


def test_headings_without_text_join_what_follows() -> None:
    text = "كتاب\n\nباب\n\nنص الباب هنا."
    document = Document("ك.txt", text, headings=((0, 4), (6, 9)))
    assert [p.text for p in passages(document)] == [text]


def test_pages_are_kept() -> None:
    text = "نص الصفحة الأولى.\n\nنص الصفحة الثانية."
    document = Document("ك.pdf", text, pages=(0, text.index("نص الصفحة الثانية")))
    cut = passages(document, PassageSize(words=3, overlap=0))
    assert [p.page for p in cut] == [1, 2]


def test_a_span_outside_the_document_is_refused() -> None:
    with pytest.raises(DalilError, match="does not fit"):
        Passage.cut(Document("ك", "نص"), (0, 9), document_id="x", heading="", position=0)


def test_no_passage_lies_whole_inside_the_one_before() -> None:
    long = " ".join(["كلمة"] * 120) + "."
    text = f"{'أوّل هذا. ' * 20}{long} {'آخر هذا. ' * 20}"
    cut = passages(Document("x", text), PassageSize(130, 30))
    ends = [passage.end for passage in cut]
    assert ends == sorted(set(ends))
