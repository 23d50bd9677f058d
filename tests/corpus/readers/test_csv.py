import pytest

import corpus.readers.draft
from corpus.document import Document
from corpus.errors import UnreadableFileError
from corpus.readers.csv import read_csv

RECORDS = (
    "المدينة: الرياض\nالبلد: السعودية\nالسكان: 7,5\n\nالمدينة: فاس\nالبلد: المغرب\nالسكان: 1,2"
)


def read(text: str, encoding: str = "utf-8") -> Document:
    return read_csv(text.encode(encoding), "مدن.csv")


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_found(delimiter: str, end: str) -> None:
    lines = ["المدينة;البلد;السكان", "الرياض;السعودية;7,5", "فاس;المغرب;1,2", ""]
    assert read(end.join(lines).replace(";", delimiter)).text == RECORDS


def test_commas_with_quoted_cells_of_several_lines() -> None:
    document = read('اسم,قول\nعلي,"قال: ""نعم, غداً""\n\nثم ذهب"\nمنى,لا\n')
    assert document.text == 'اسم: علي\nقول: قال: "نعم, غداً"\nثم ذهب\n\nاسم: منى\nقول: لا'
    assert document.pages == ()
    assert document.headings == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1256"])
def test_encodings(encoding: str) -> None:
    text = "المدينة;البلد;السكان\nالرياض;السعودية;7,5\nفاس;المغرب;1,2\n"
    assert read(text, encoding).text == RECORDS


def test_a_first_line_that_names_the_delimiter() -> None:
    assert read("sep=,\nأ;ب,ج\nد;ه,و\n").text == "أ;ب: د;ه\nج: و"


def test_without_headings_cells_are_joined() -> None:
    assert read("أحمد,1990\nمنى,1985\n").text == "أحمد | 1990\nمنى | 1985"


def test_prose_with_some_commas_is_one_column() -> None:
    text = "مرحبا, بكم\nهذا سطر بلا فواصل\nوهذا, سطر, بفواصل\nوآخر"
    assert read(text).text == text


def test_a_quote_that_nothing_closes_does_not_swallow_the_file() -> None:
    text = read('الاسم\tالقول\nعلي\t"نعم\nمنى\tلا\n').text
    assert text == 'الاسم: علي\nالقول: "نعم\n\nالاسم: منى\nالقول: لا'


def test_a_cell_as_long_as_a_book() -> None:
    book = "كلمة " * 100_000
    assert len(read(f"عنوان,نص\nالأول,{book}\n").text) > 499_000


def test_a_million_empty_rows_are_nothing() -> None:
    assert read("أ,ب\n" + ",\n" * 1_000_000 + "1,2\n").text == "أ | ب\n\n1 | 2"


def test_binary_data_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match=r"مدن.csv"):
        read_csv(b"PK\x03\x04" + bytes(range(32)) * 40, "مدن.csv")


def test_long_headings_over_many_records_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.readers.draft, "MAX_CHARACTERS", 10_000)
    with pytest.raises(UnreadableFileError, match="more than 10,000 characters"):
        read("عنوان طويل للعمود الأول,ب\n" + "أ,1\n" * 1000)
