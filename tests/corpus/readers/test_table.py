import itertools

import pytest

import corpus.readers.draft
from corpus.errors import UnreadableFileError
from corpus.readers.draft import Draft
from corpus.readers.table import Row, write_table


def written(*lines: str, may_be_form: bool = False) -> str:
    rows: list[Row] = [
        {at: cell for at, cell in enumerate(line.split("/")) if cell} for line in lines
    ]
    draft = Draft("a")
    write_table(draft, rows, may_be_form=may_be_form)
    return draft.document().text


def test_each_record_names_its_columns() -> None:
    assert written("المدينة:/السكان", "الرياض/7000000", "جدة/3700000") == (
        "المدينة: الرياض\nالسكان: 7000000\n\nالمدينة: جدة\nالسكان: 3700000"
    )


def test_empty_cells_are_left_out_and_cells_without_a_heading_stand_alone() -> None:
    assert written("الاسم/المهنة", "منى/", "علي/طبيب/زيادة") == (
        "الاسم: منى\n\nالاسم: علي\nالمهنة: طبيب\nزيادة"
    )


def test_lines_above_a_table_stay_lines() -> None:
    assert written("تقرير 2024", "", "البند/العدد", "قلم/3") == (
        "تقرير 2024\n\nالبند: قلم\nالعدد: 3"
    )
    assert written("تقرير 2024", "البند/العدد", "قلم/3") == "تقرير 2024\n\nالبند: قلم\nالعدد: 3"


@pytest.mark.parametrize(
    "first",
    [
        "أحمد/1990",  # a year above years
        "سعاد/طبيبة",  # comes again below
        "انتقل إلى المدينة./1",
        "ali@example.com/نص",
        "7/8",
        "كلمة/كلمة",
        "طويل" * 50 + "/نص",
    ],
)
def test_a_first_row_that_names_nothing_is_a_record(first: str) -> None:
    text = written(first, "منى/1985", "ليلى/طبيبة")
    assert text.splitlines() == [
        first.replace("/", " | "),
        "منى | 1985",
        "ليلى | طبيبة",
    ]


def test_years_can_be_headings() -> None:
    assert written("البلد/2019/٢٠٢٠", "مصر/98/100") == "البلد: مصر\n2019: 98\n٢٠٢٠: 100"


def test_one_row_alone_has_no_headings() -> None:
    assert written("الاسم/المهنة") == "الاسم | المهنة"


def test_one_column_is_lines() -> None:
    assert written("نص", "أول", "ثان") == "نص\nأول\nثان"


def test_a_second_table_below_has_headings_of_its_own() -> None:
    text = written(
        *("الاسم/العمر", "منى/30", "", "علي/40", "", "المدن"),
        *("المدينة/البلد/القارة", "فاس/المغرب/أفريقيا"),
    )
    assert text == (
        "الاسم: منى\nالعمر: 30\n\nالاسم: علي\nالعمر: 40\n\nالمدن\n\n"
        "المدينة: فاس\nالبلد: المغرب\nالقارة: أفريقيا"
    )


def test_keys_and_values_are_no_table() -> None:
    form = ("الدولة/مصر", "العاصمة/القاهرة", "السكان/104000000")
    assert written(*form, may_be_form=True) == (
        "الدولة | مصر\nالعاصمة | القاهرة\nالسكان | 104000000"
    )


@pytest.mark.parametrize(
    "records",
    [
        ["مصر/1", "ليبيا/2", "السودان/3", "تونس/4"],
        ["مصر/القاهرة", "مصر/الإسكندرية"],
        ["ما عاصمة مصر؟/عاصمة مصر هي القاهرة.", "ما عاصمة العراق؟/هي مدينة بغداد."],
        [f"{chr(0x0627 + n)}ب/{chr(0x0628 + n)}ت" for n in range(20)],
    ],
)
def test_two_columns_that_cannot_be_a_form(records: list[str]) -> None:
    assert written("السؤال/الجواب", *records, may_be_form=True).startswith("السؤال: ")


def test_rows_are_written_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.readers.draft, "MAX_CHARACTERS", 1000)
    numbers = itertools.count()
    records = ({0: f"اسم {number}", 1: str(number)} for number in numbers)
    with pytest.raises(UnreadableFileError):
        write_table(Draft("a"), itertools.chain([{0: "الاسم", 1: "العدد"}], records))
    assert next(numbers) < 200
