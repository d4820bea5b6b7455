"""Days, months and years as registers write them (docs/files.md)."""

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
"""What a day bounds: the beginning or the end of an interval; that of a visit or payment (`event`) is in the past."""

MIN_YEAR = 1900
"""No day of a register is before it: 0001-01-01 is a placeholder of many systems."""
FIRST_RECORDED, EPOCH = 19490101, 19700101
"""But for births, no day of a register is before the first one; on the other, where computers begin to count, nothing was."""
RECORD_YEARS = range(1949, 2061)
"""Years that a record or a plan of a register may be of."""
OPEN_END_TEXTS = {"至今", "迄今", "长期", "长期有效", "目前", "现在", "在任", "在岗", "持续", "未结束", "无", "无期限", "永久", "今", "至现在", "present"}  # fmt: skip
"""What people write for a last day that has not come."""
_DASHES = re.compile(r"[-‐‑‒–—―_/\\~]+")
_DAY = re.compile(
    r"^(\d{4})(?:(?P<mark>[-/.])(\d{1,2})(?P=mark)(\d{1,2})[日号]?|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))\.?"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$"
)
"""The marks between its parts are alike: 2016.3-5 may be March to May."""
_HALF_DAY = re.compile("(?<=[日号])(?:上午|下午|早上|中午|晚上)$")
_MONTH = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})月?(?:份)?|(\d{2}))$")
_CHINESE_DAY = re.compile(
    r"^([〇零○Oo0一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十廿卅]{1,3})[日号]?)?$"
)
_EXPORTED_INTEGER = re.compile(r"(\d{4}|\d{8})\.0+")
"""A year or a day of digits as programs export it that keep numbers with blanks among them as fractions: 2016.0."""
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
    if chinese := _CHINESE_DAY.match(text):
        parts = [_chinese_number(part) if part else None for part in chinese.groups()[1:]]
        if parts[0] is not None and (chinese[3] is None or parts[1] is not None):
            return int("".join(_DIGITS[c] for c in chinese[1])), parts[0], parts[1]
    return None


def recorded_day(cell: Cell, bound: DayBound = "") -> tuple[int | None, FlagCode | None]:
    """Return the same as `day_of` of anything but a birth: the first days of calendars are what systems write where there is no day."""
    number, flag = parse_day(cell, bound)
    if number is not None and (number < FIRST_RECORDED or number == EPOCH):
        raise CellNotUnderstood("CELL_FILLER")
    return number, flag


def parse_day(cell: Cell, bound: DayBound = "") -> tuple[int | None, FlagCode | None]:
    """Return (day as YYYYMMDD, flag). A month alone is its first day where it bounds a beginning, its last where it bounds an end or
    something has happened, and not understood elsewhere. Raises `CellRefused` (a bound), `NotUnderstood`."""
    if isinstance(cell, date) and cell.year >= MIN_YEAR:
        return cell.year * 10000 + cell.month * 100 + cell.day, None
    text = _strip_decimals(cell_text(cell))
    if text is None:
        return None, None
    if bound == "last" and (text.lower() in OPEN_END_TEXTS or _DASHES.fullmatch(text)):
        return None, None
    # 2016年3月起
    parts = _day_parts(text.removesuffix("起") if bound == "first" else text)
    # A number 2016.1 may have been October: its nought is lost.
    lost = isinstance(cell, MonthOrNumber) or (isinstance(cell, float) and not cell.is_integer())
    if parts is None or (lost and parts[1] == 1):
        raise _day_error(bound, text)
    year, month, day = parts
    try:
        if year < MIN_YEAR:
            raise _day_error(bound, text)
        if day is not None:
            date(year, month, day)
            return year * 10000 + month * 100 + day, None
        last = calendar.monthrange(year, month)[1]
    except (ValueError, calendar.IllegalMonthError) as error:
        raise _day_error(bound, text) from error
    if not bound:
        raise CellNotUnderstood("MONTH_ONLY")
    return year * 10000 + month * 100 + (1 if bound == "first" else last), "DAY_FROM_MONTH"


def is_day(text: str) -> bool:
    """Whether a text is one day or one month as a whole."""
    return _day_parts(text) is not None


def _strip_decimals(text: str | None) -> str | None:
    exported = _EXPORTED_INTEGER.fullmatch(text) if text else None
    return exported[1] if exported else text


def _day_error(bound: DayBound, text: str) -> CellRefused | CellNotUnderstood:
    if is_filler(text) and bound in ("", "last"):
        return CellNotUnderstood("CELL_FILLER")
    return CellRefused("DATE_INVALID") if bound else CellNotUnderstood("DATE_INVALID")


def parse_year(cell: Cell) -> int | None:
    """Return the year of a year, a month or a day. Raises `CellRefused`, `NotUnderstood`."""
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
    year = _YEAR.match(text)
    parts = _day_parts(text) if year is None else None
    number = int(year[1]) if year else parts[0] if parts else 0
    if number not in RECORD_YEARS or (parts is not None and not 1 <= parts[1] <= 12):
        raise CellRefused("DATE_INVALID")
    return number
