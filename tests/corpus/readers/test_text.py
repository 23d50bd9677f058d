from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document
from corpus.readers.text import read_markdown, read_text

ARTICLE = """

مهرجان الربيع في المدينة القديمة لعام 2018

انطلقت أعمال المهرجان في ساحة السوق، وحضرها جمهور واسع من أهل المدينة وضيوفها. وافتتح الحفل رئيس
البلدية الذي لعب دوراً

رئيسياً في إحياء هذا التقليد، ثم ألقى الشعراء قصائدهم حتى ساعة متأخرة من الليل

وتواصلت العروض في اليوم التالي بمشاركة فرق من عشر مدن.

واختتم المهرجان بتوزيع الجوائز على الفائزين."""


def headings(document: Document) -> list[str]:
    return [document.text[start:end] for start, end in document.headings]


def text(content: str) -> Document:
    return read_text(content.encode(), "a.txt")


def markdown(content: str) -> Document:
    return read_markdown(content.encode(), "a.md")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\r\n\t")))
def test_the_text_is_the_file_itself(content: str) -> None:
    content = content.lstrip("\ufeff")
    for read in (text, markdown):
        document = read(content)
        assert document.text == content
        assert all(words.strip() == words != "" for words in headings(document))
        assert list(document.headings) == sorted(set(document.headings))


def test_line_ends_and_offsets_are_those_of_the_decoded_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffعنوان\r\n\r\nسطر أول\rسطر ثان.\n".encode())
    document = read_text(path.read_bytes(), "a.txt")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert document.text == file.read()


def test_old_encodings_keep_their_offsets() -> None:
    document = read_text(
        "العنوان الأول\r\n\r\nكان يا ما كان في قديم الزمان.".encode("windows-1256"), "a.txt"
    )
    assert headings(document) == ["العنوان الأول"]


def test_an_article_broken_in_mid_sentence_has_its_first_line_as_only_heading() -> None:
    document = text(ARTICLE)
    assert document.title == "مهرجان الربيع في المدينة القديمة لعام 2018"
    assert headings(document) == [document.title]


def test_short_lone_lines_are_headings() -> None:
    document = text(
        "دليل السفر\n\nمقدمة قصيرة.\n\nكيف تصل\n\nبالقطار أو بالحافلة.\n\n2. أين تسكن\n\nفي فندق."
    )
    assert headings(document) == ["دليل السفر", "كيف تصل", "2. أين تسكن"]


@pytest.mark.parametrize(
    "line",
    [
        "جملة قصيرة تامة.",
        "هل هذا عنوان؟",
        "وقال ما يأتي:",
        "- عنصر في قائمة",
        "«قول مقتبس.»",
        "1998",
        "* * *",
        "كلمة " * 20,
    ],
)
def test_lines_that_are_no_headings(line: str) -> None:
    assert headings(text(f"فقرة أولى تامة.\n\n{line}\n\nفقرة ثانية تامة.")) == []


def test_a_line_beside_others_or_at_the_end_is_no_heading() -> None:
    assert headings(text("فقرة تامة.\n\nسطر قصير\nيليه نص.\n\nخاتمة قصيرة")) == []


def test_verses_standing_alone_are_not_headings() -> None:
    assert headings(text("ديوان\n\nبيت أول\n\nبيت ثان\n\nبيت ثالث\n\nبيت رابع\n\nنثر.")) == [
        "ديوان"
    ]


def test_a_long_first_line_or_a_sentence_is_no_title() -> None:
    assert text("كلمة " * 40).title == ""
    assert text("هذه جملة تامة.").title == ""


def test_markdown_headings_are_the_words_without_marks() -> None:
    document = markdown(
        "مقدمة\n# العنوان الأول\nنص\r\n##  فرعي ##\r\n   ### ثالث#\n"
        "####### سبعة\n#لا\n    # كود\n#\n"
    )
    assert headings(document) == ["العنوان الأول", "فرعي", "ثالث#"]
    assert document.title == "العنوان الأول"


def test_no_headings_in_fenced_code_or_front_matter() -> None:
    document = markdown(
        "---\n# تعليق\ntitle: x\n---\n# أول\n```sh\n# أمر\n~~~\n```\n# ثان\n"
        "~~~~\n# x\n~~~\n# y\n~~~~ \n# ثالث\n```\n# مفتوح"
    )
    assert headings(document) == ["أول", "ثان", "ثالث"]


def test_markdown_without_headings_has_no_title() -> None:
    assert markdown("نص فقط").title == ""


def test_one_enormous_line_is_read() -> None:
    content = "كلمة أخرى # " * 400_000
    assert text(content).text == content
    assert markdown("# " + content).headings == ()


def test_damage_and_reversed_words_are_told_in_arabic() -> None:
    prose = "ذهب التلاميذ إلى المدرسة في الصباح الباكر ثم عادوا منها بعد الظهر"
    [broken] = read_text(prose.encode() + b"\xff", "a.txt").warnings
    assert "تالفة" in broken
    [turned] = text(prose[::-1]).warnings
    assert "معكوسة" in turned
    assert text(prose).warnings == ()
