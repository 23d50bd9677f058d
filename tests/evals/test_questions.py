import csv
from pathlib import Path

import pytest

from corpus.errors import DalilError
from evals.questions import load_table

WHEN, WHERE = "متى افتُتحت المكتبة؟", "أين تقع المكتبة؟"


def read(folder: Path, text: str, encoding: str = "utf-8") -> list[tuple[str, tuple[str, ...]]]:
    path = folder / "أسئلتي.csv"
    path.write_bytes(text.encode(encoding))
    return [(question.text, question.answers) for question in load_table(path).questions]


def test_a_table_is_questions_and_answers_and_nothing_else_is_known(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(f"{WHEN},2002\n{WHERE},\n", encoding="utf-8")
    dataset = load_table(path)
    assert (dataset.name, dataset.contexts, dataset.folder) == ("mine", (), None)
    assert [question.id for question in dataset.questions] == ["1", "2"]
    assert all(q.regions == () and q.context == -1 for q in dataset.questions)


@pytest.mark.parametrize(
    "heading", ["question,answer", "Question,Answer", "السؤال,الجواب", "سؤال,جواب", " QUESTION ,x"]
)
def test_a_line_of_headings_is_passed_over(tmp_path: Path, heading: str) -> None:
    assert read(tmp_path, f"{heading}\n{WHEN},2002\n") == [(WHEN, ("2002",))]


def test_the_id_of_a_question_is_its_row_as_a_spreadsheet_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(f'\nquestion,answer\n"{WHEN}\n(عام)",2002\n\n{WHERE},\n', encoding="utf-8")
    assert [question.id for question in load_table(path).questions] == ["3", "5"]


@pytest.mark.parametrize(
    "text",
    [
        "id,question,answer\n7,{when},2002\n",
        "الجواب,السؤال\n2002,{when}\n",
        "ملاحظات;الإجابة;سؤال\n؟؟;2002;{when}\n",
        "Question:\tNotes\tExpected_answer\n{when}\tanswer\t2002\n",
        "الأجوبة,الأسئلة,\n2002,{when},\n",
    ],
)
def test_columns_are_taken_by_their_names(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text.format(when=WHEN)) == [(WHEN, ("2002",))]


def test_a_row_may_end_before_its_answer(tmp_path: Path) -> None:
    assert read(tmp_path, f"id,question,answer\n1,{WHEN}\n") == [(WHEN, ())]
    assert read(tmp_path, f"السؤال\n{WHEN}\n") == [(WHEN, ())]


@pytest.mark.parametrize(
    ("headings", "counts"),
    [
        ("id,question", "1 columns of questions and 0 of answers"),
        ("id,السؤال,الرد", "1 columns of questions and 0 of answers"),
        ("رقم,نص,جواب", "0 columns of questions and 1 of answers"),
        ("question,answer,expected", "1 columns of questions and 2 of answers"),
        ("question,سؤال,answer", "2 columns of questions and 1 of answers"),
    ],
)
def test_headings_that_leave_a_doubt_are_refused(
    tmp_path: Path, headings: str, counts: str
) -> None:
    with pytest.raises(DalilError, match=counts) as refused:
        read(tmp_path, f"{headings}\n1,{WHEN},2002\n")
    assert headings.rsplit(",", maxsplit=1)[-1] in refused.value.message
    assert "السؤال" in refused.value.hint


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("first", ["", "\n\n", "question{}answer\n"])
def test_columns_are_parted_by_comma_semicolon_or_tab(
    tmp_path: Path, sign: str, end: str, first: str
) -> None:
    text = first.format(sign) + f'"{WHEN}"{sign}2002\n{WHERE}{sign}في الإسكندرية\n'
    expected = [(WHEN, ("2002",)), (WHERE, ("في الإسكندرية",))]
    assert read(tmp_path, text.replace("\n", end)) == expected


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_quoted_cells_hold_the_signs_that_part_others(tmp_path: Path, sign: str) -> None:
    text = f'"Who, where, and; when?"{sign}"one, ""two"""\n"سطر\nآخر؟"{sign}نعم\n'
    assert read(tmp_path, text) == [
        ("Who, where, and; when?", ('one, "two"',)),
        ("سطر\nآخر؟", ("نعم",)),
    ]


def test_commas_need_no_quotes_where_tabs_part_the_columns(tmp_path: Path) -> None:
    assert read(tmp_path, "Who, where, when?\tone, two\n") == [("Who, where, when?", ("one, two",))]


def test_several_answers_one_or_none(tmp_path: Path) -> None:
    text = f"{WHEN},2002| ٢٠٠٢ ||عام 2002\n{WHERE}, \n{WHERE} مرة أخرى\n"
    assert [answers for _, answers in read(tmp_path, text)] == [
        ("2002", "٢٠٠٢", "عام 2002"),
        (),
        (),
    ]


@pytest.mark.parametrize("encoding", ["windows-1256", "utf-8-sig", "utf-16"])
def test_what_spreadsheets_write_is_read(tmp_path: Path, encoding: str) -> None:
    rows = [(WHEN, "في أكتوبر من عام 2002"), (WHERE, "في مدينة الإسكندرية على البحر المتوسط")]
    text = "السؤال;الجواب\r\n" + "".join(f"{q};{a}\r\n" for q, a in rows)
    assert read(tmp_path, text, encoding) == [(q, (a,)) for q, a in rows]


@pytest.mark.parametrize("text", ["", "\n \n", "question,answer\n", ",,\n"])
def test_a_table_without_questions_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DalilError, match="holds no question") as refused:
        read(tmp_path, text)
    assert "two columns" in refused.value.hint


def test_a_row_without_a_question_is_named(tmp_path: Path) -> None:
    with pytest.raises(DalilError, match=r"Row 2 .* has no question"):
        read(tmp_path, f"{WHEN},2002\n ,2003\n")
    with pytest.raises(DalilError, match=r"Row 4 .* has no question"):
        read(tmp_path, f"السؤال,الجواب\n{WHEN},2002\n\n ,2003\n")


@pytest.mark.parametrize("question", ["؟؟", "…", "س" * 2_001])
def test_a_question_that_nobody_could_ask_is_named_before_any_is_asked(
    tmp_path: Path, question: str
) -> None:
    with pytest.raises(DalilError, match=r"Row 3 of .*: The question ") as refused:
        read(tmp_path, f"السؤال,الجواب\n{WHEN},2002\n{question},2003\n")
    assert refused.value.hint


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DalilError, match="cannot be read"):
        load_table(tmp_path / "none.csv")
    most = csv.field_size_limit(131_072)  # for the whole process; libraries change it
    with pytest.raises(DalilError, match="not a table"):
        read(tmp_path, "س" * 200_000 + ",2002\n")  # a cell beyond what the csv module takes
    csv.field_size_limit(most)
    (tmp_path / "bytes.csv").write_bytes(bytes(range(256)) * 40)
    with pytest.raises(DalilError, match=r"bytes\.csv"):
        load_table(tmp_path / "bytes.csv")
