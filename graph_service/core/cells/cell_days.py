"""Days, months and years as registers write them (docs/reference/files.md)."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Literal

from graph_service.core.cells.cell_texts import (
    CellNotUnderstood,
    CellRefused,
    FlagCode,
    cell_text,
    is_filler,
)
from graph_service.platform.readers.cells import Cell, MonthOrNumber

DayBound = Literal["", "first", "last", "event"]
"""Kind of a day: the first or last day of an interval, or the day of a visit or payment (`event`), which is in the past."""

MIN_YEAR = 1900
"""The earliest year of a day in a register: 0001-01-01 is a placeholder of many systems."""
FIRST_RECORDED, EPOCH = 19490101, 19700101
"""Except for births, no day of a register is before `FIRST_RECORDED`; `EPOCH`, the day from which computers count, is a
placeholder."""
RECORD_YEARS = range(1949, 2061)
"""Years that a record or a plan of a register may have."""
OPEN_END_TEXTS = {"至今", "迄今", "长期", "长期有效", "目前", "现在", "在任", "在岗", "持续", "未结束", "无", "无期限", "永久", "今", "至现在", "present"}  # fmt: skip
"""Texts that people write for a last day that is still open."""
_DASHES = re.compile(r"[-‐‑‒–—―_/\\~]+")
_DAY = re.compile(
    r"^(\d{4})(?:(?P<mark>[-/.])(\d{1,2})(?P=mark)(\d{1,2})[日号]?|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))\.?"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$"
)
"""The two separators must be the same: 2016.3-5 may be March to May."""
_HALF_DAY = re.compile("(?<=[日号])(?:上午|下午|早上|中午|晚上)$")
_MONTH = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})月?(?:份)?|(\d{2}))$")
_CHINESE_DAY = re.compile(
    r"^([〇零○Oo0一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十廿卅]{1,3})[日号]?)?$"
)
_EXPORTED_INTEGER = re.compile(r"(\d{4}|\d{8})\.0+")
"""A year or a day in digits as exported by programs that keep number columns with blanks as fractions: 2016.0."""
_YEAR = re.compile(r"^(\d{4})年?度?$")
_NUMERALS = re.compile("[〇零○一二三四五六七八九]{4}年?度?")
_DIGITS = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "○": "0",
    "O": "0",
    "o": "0",
    "0": "0",
}


def _chinese_number(text: str) -> int | None:
    """Return the number below a hundred that Chinese numerals write: 十二, 二十, 廿一."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十")
    if not ten:
        return int(_DIGITS[text]) if len(text) == 1 else None
    if len(tens) > 1 or len(ones) > 1:
        return None
    return int(_DIGITS[tens] if tens else 1) * 10 + (int(_DIGITS[ones]) if ones else 0)


def _day_parts(text: str) -> tuple[int, int, int | None] | None:
    """Return (year, month, day or None) of a day or a month as it is written."""
    if "年" in text:
        text = _HALF_DAY.sub("", "".join(text.split()))
    if day := _DAY.match(text):
        year, month, number = (int(part) for part in day.groups() if part is not None and part.isdigit())
        return year, month, number
    if month_only := _MONTH.match(text):
        year, month = (int(part) for part in month_only.groups() if part is not None)
        return year, month, None
    if chinese_match := _CHINESE_DAY.match(text):
        parts = [_chinese_number(part) if part else None for part in chinese_match.groups()[1:]]
        if parts[0] is not None and (chinese_match[3] is None or parts[1] is not None):
            return int("".join(_DIGITS[c] for c in chinese_match[1])), parts[0], parts[1]
    return None


def recorded_day(cell: Cell, bound: DayBound = "") -> tuple[int | None, FlagCode | None]:
    """Return the same as `parse_day`, for any day but a birth: raise `CellNotUnderstood` for the first days of calendars, which
    systems write in place of a missing day."""
    number, flag = parse_day(cell, bound)
    if number is not None and (number < FIRST_RECORDED or number == EPOCH):
        raise CellNotUnderstood("CELL_FILLER")
    return number, flag


def parse_day(cell: Cell, bound: DayBound = "") -> tuple[int | None, FlagCode | None]:
    """Return (day as YYYYMMDD, flag). A month alone becomes its first day where it bounds a beginning, its last day where it bounds
    an end or is the day of an event; elsewhere it is not understood. Raises `CellRefused` (with a bound), `CellNotUnderstood`."""
    if isinstance(cell, date) and cell.year >= MIN_YEAR:
        return cell.year * 10000 + cell.month * 100 + cell.day, None
    text = _strip_decimals(cell_text(cell))
    if text is None:
        return None, None
    if bound == "last" and (text.lower() in OPEN_END_TEXTS or _DASHES.fullmatch(text)):
        return None, None
    # 2016年3月起
    parts = _day_parts(text.removesuffix("起") if bound == "first" else text)
    # The number 2016.1 may have been October (2016.10), without its last zero.
    may_lack_zero = isinstance(cell, MonthOrNumber) or (isinstance(cell, float) and not cell.is_integer())
    if parts is None or (may_lack_zero and parts[1] == 1):
        raise _day_error(bound, text)
    year, month, day = parts
    try:
        if year < MIN_YEAR:
            raise _day_error(bound, text)
        if day is not None:
            date(year, month, day)
            return year * 10000 + month * 100 + day, None
        last_day = calendar.monthrange(year, month)[1]
    except (ValueError, calendar.IllegalMonthError) as error:
        raise _day_error(bound, text) from error
    if not bound:
        raise CellNotUnderstood("MONTH_ONLY")
    return year * 10000 + month * 100 + (1 if bound == "first" else last_day), "DAY_FROM_MONTH"


def is_day(text: str) -> bool:
    """Return True where the whole text is a single day or month."""
    return _day_parts(text) is not None


def _strip_decimals(text: str | None) -> str | None:
    match = _EXPORTED_INTEGER.fullmatch(text) if text else None
    return match[1] if match else text


def _day_error(bound: DayBound, text: str) -> CellRefused | CellNotUnderstood:
    if is_filler(text) and bound in ("", "last"):
        return CellNotUnderstood("CELL_FILLER")
    return CellRefused("DATE_INVALID") if bound else CellNotUnderstood("DATE_INVALID")


def parse_year(cell: Cell) -> int | None:
    """Return the year of a year, a month or a day. Raises `CellRefused`, `CellNotUnderstood`."""
    if isinstance(cell, date):
        if cell.year not in RECORD_YEARS:
            raise CellRefused("DATE_INVALID")
        return cell.year
    text = _strip_decimals(cell_text(cell))
    if text is None:
        return None
    if is_filler(text):
        raise CellNotUnderstood("CELL_FILLER")
    text = "".join(text.split())
    if _NUMERALS.fullmatch(text):
        text = "".join(_DIGITS.get(c, c) for c in text)
    match = _YEAR.match(text)
    parts = _day_parts(text) if match is None else None
    number = int(match[1]) if match else parts[0] if parts else 0
    if number not in RECORD_YEARS or (parts is not None and not 1 <= parts[1] <= 12):
        raise CellRefused("DATE_INVALID")
    return number
