"""Numbers of Excel cells as their formats show them to people."""

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

_DATE_IDS = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_TIME_IDS = frozenset((18, 19, 20, 21, 45, 47))
_ELAPSED_ID = 46
_CODES = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
_CODES |= {37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00"}

_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DIGITS = re.compile(r"([#0?,]*)(?:\.([#0?]*))?\s*(%?)")
_LONGEST_CODE = 255  # that Excel itself can hold
_MOST_DIGITS = 15  # that a double holds
_MOST_DECIMALS = 10
_LARGEST = 1e15  # beyond it the digits are not the writer's
_DAY = 86_400  # seconds
_FIRST_DAY = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
_LEAP_DAY = 60  # 29 February 1900, which there never was


class _Format(NamedTuple):
    kind: str  # "number", "date", "time" or "elapsed"
    whole_digits: int = 0  # at least so many before the point, with zeros
    decimals: int | None = None  # None: as many as the number has
    is_percent: bool = False


_GENERAL = _Format("number")


class Formats:
    """The cell formats of a workbook, from the root of its styles part (None without one)."""

    def __init__(self, styles: Any, *, counts_from_1904: bool = False) -> None:
        self._first_day = _FIRST_DAY[counts_from_1904]
        self._has_leap_day = not counts_from_1904
        self._formats: list[_Format] = []
        if styles is None:
            return
        codes = _CODES | {
            int(code.get("numFmtId", 0)): code.get("formatCode", "")
            for code in styles.iterfind("{*}numFmts/{*}numFmt")
        }
        self._formats = [
            _format(int(cell.get("numFmtId", 0)), codes)
            for cell in styles.iterfind("{*}cellXfs/{*}xf")
        ]

    def shown(self, value: float, style: int) -> str:
        """A number as a cell of the style shows it: without ".0", or as an ISO date."""
        form = self._formats[style] if 0 <= style < len(self._formats) else _GENERAL
        if not math.isfinite(value * _DAY):
            return ""
        if form.kind == "number":
            return _number(value, form)
        if form.kind == "elapsed":
            return _elapsed(value)
        return self._moment(value, is_time=form.kind == "time")

    def iso(self, raw: str) -> str:
        """A date that the file itself holds in ISO 8601, or in what it takes for that."""
        try:
            return _written(datetime.fromisoformat(raw.strip().removesuffix("Z")))
        except ValueError:
            return raw

    def _moment(self, value: float, *, is_time: bool) -> str:
        if is_time and 0 <= value < 1:
            return _written((self._first_day + _seconds(value)).time())
        days = value + 1 if self._has_leap_day and 0 < value < _LEAP_DAY else value
        try:
            return _written(self._first_day + _seconds(days))
        except OverflowError:
            return ""  # Excel shows such a cell as #####


def _format(number_id: int, codes: dict[int, str]) -> _Format:
    code = codes.get(number_id, "")[:_LONGEST_CODE]
    if number_id == _ELAPSED_ID or _ELAPSED.search(code):
        return _Format("elapsed")
    section = _NOT_SHOWN.sub("", code).partition(";")[0].casefold()
    if number_id in _TIME_IDS or (re.search("[hs]", section) and not re.search("[dy]", section)):
        return _Format("time")
    if number_id in _DATE_IDS or ("general" not in section and re.search("[dmy]", section)):
        return _Format("date")
    digits = next((found for found in _DIGITS.finditer(section) if found[1]), None)
    if digits is None or re.search("[/e]", section):  # fractions and powers
        return _GENERAL
    return _Format(
        "number",
        whole_digits=min(digits[1].count("0"), _MOST_DIGITS),
        decimals=min(len(digits[2] or ""), _MOST_DECIMALS),
        is_percent=bool(digits[3]),
    )


def _number(value: float, form: _Format) -> str:
    if form is _GENERAL and value.is_integer() and abs(value) < _LARGEST:
        return str(int(value))
    number = Decimal(f"{value:.{_MOST_DIGITS}g}")
    if form.is_percent:
        number *= 100
    if abs(value) >= _LARGEST:
        return f"{value:.{_MOST_DIGITS}g}"
    if form.decimals is not None and number != number.to_integral_value():
        number = number.quantize(Decimal(1).scaleb(-form.decimals), ROUND_HALF_UP)
    sign, text = "-" if number < 0 else "", f"{abs(number):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, point, rest = text.partition(".")
    whole = whole.zfill(form.whole_digits)
    return f"{sign}{whole}{point}{rest}" + ("%" if form.is_percent else "")


def _elapsed(value: float) -> str:
    seconds = round(abs(value) * _DAY)
    text = f"{seconds // 3600}:{seconds // 60 % 60:02}"
    return ("-" if value < 0 else "") + text + (f":{seconds % 60:02}" if seconds % 60 else "")


def _seconds(days: float) -> timedelta:
    """Days to the nearest second: a moment is stored as a fraction that is seldom exact."""
    return timedelta(seconds=round(days * _DAY))


def _written(moment: datetime | date | time) -> str:
    if isinstance(moment, datetime):
        if moment.time() == time.min:
            return moment.date().isoformat()
        return f"{moment.date().isoformat()} {_written(moment.time())}"
    if isinstance(moment, time):
        return moment.isoformat("seconds" if moment.second else "minutes")
    return moment.isoformat()
