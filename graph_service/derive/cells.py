"""Cells of a register → stored values (docs/files.md). Parsers are made once for a column.

A cell is understood, blank, or not understood. What is not understood is never taken for another value or for blank: its parser
raises `NotUnderstood`, or `CellRefused` where its row cannot be without it.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Literal

from graph_service.declare import Kind, Property, plain_spelling
from graph_service.derive.documents import document
from graph_service.derive.units import MONEY, RATE, UNITS, Unit, unit_of
from graph_service.derive.vague import NUMBER_NOT_STATED, is_vague
from graph_service.readers.cells import Cell, Computed, ComputedText, Unreadable

Flag = str
"""Code of an issue that leaves the cell's value in."""


class CellRefused(Exception):
    """The cell's value makes its row unusable; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotUnderstood(Exception):
    """The cell says something that is not understood: what was known before stays, and where nothing was, `value` is stored (the
    raw text of an enumeration)."""

    def __init__(self, code: str, value: Any = None) -> None:
        super().__init__(code)
        self.code, self.value = code, value


Parser = Callable[[Cell], tuple[Any, Flag | None]]
"""A cell to (stored value or None, flag or None). Raises `CellRefused`, `NotUnderstood`."""
Bound = Literal["", "first", "last"]
"""What a day bounds: the beginning or the end of an interval; the day of a visit or payment counts as an end."""

EXACT = 10**15
"""Spreadsheets keep fifteen digits of a number: longer ones have lost their last ones."""
LARGEST = Decimal(10) ** 13
EARLIEST_YEAR = 1900
"""No day of a register is before it: 0001-01-01 is a placeholder of many systems."""
FILLERS = {
    "无", "無", "没有", "空", "空白", "(空)", "暂无", "待定", "待补", "待补充", "待查", "待核实", "待填", "未定", "未知", "未填", "不详", "不明",
    "不清楚", "同上", "同前", "〃", "″", '"', "null", "none", "nil", "n/a", "na", "nan", "undefined",
}  # fmt: skip
"""What people write where they have nothing to write. Texts of marks alone (- — / …) are fillers too."""
_HAN = re.compile(r"[\u3400-\u9fff]")
OPEN_ENDS = {
    "至今",
    "迄今",
    "长期",
    "长期有效",
    "目前",
    "现在",
    "在任",
    "在岗",
    "持续",
    "未结束",
    "无",
    "无期限",
    "永久",
    "今",
    "至现在",
    "present",
}
"""What people write for a last day that has not come."""
ERRORS = {
    "#n/a",
    "#ref!",
    "#value!",
    "#name?",
    "#div/0!",
    "#num!",
    "#null!",
    "#spill!",
    "#calc!",
    "#field!",
    "#getting_data",
    "#unknown!",
}
TRUE = {"是", "有", "1", "true", "√", "y", "yes", "✓", "✔", "☑", "对", "t"}
FALSE = {"否", "无", "0", "false", "×", "n", "no", "✗", "✘", "错", "f", "没有"}
_DAY = re.compile(
    r"^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?|(\d{2})(\d{2}))\.?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$"
)
_MONTH = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})月?(?:份)?|(\d{2}))$")
_CHINESE_DAY = re.compile(
    r"^([〇零○Oo0一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十廿卅]{1,3})[日号]?)?$"
)
_YEAR = re.compile(r"^(\d{4})年?度?$")
_PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[eE]\+?\d{2}$")
_SEPARATORS = re.compile(r"[,,、;;|/\s]+")
_WRAPPED = re.compile(r'="([^"=]*)"')
_QUANTITY = re.compile(
    r"^(?P<sign>[-+]?)(?P<mark>¥|人民币|rmb|cny)?(?P<inner>[-+]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)?(?P<part>\.\d*)?(?P<unit>[^\d.,\s].*)?$",
    re.IGNORECASE,
)
_MARKS_ALONE = re.compile(r"[\W_]+")
_PROSE = re.compile(r"[,;:!?。、…\"]")
_DIGITS = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "○": "0",
    "O": "0",
    "o": "0",
    "0": "0",
}


def narrowed(text: str) -> str:
    """Return a text without what nobody sees: full-width forms narrowed, format characters (Unicode Cf) and blanks around it gone."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return text.strip().lstrip("'").strip()


def text_of(cell: Cell) -> str | None:
    """Return the cell as text, narrowed; a whole number without its '.0'; None where it is blank."""
    if isinstance(cell, str):
        return narrowed(cell) or None
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        # What a spreadsheet shows of a number: fifteen digits, without the noise of its sums.
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else format(cell, ".15g")
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    return narrowed(str(cell)) or None


def is_filler(text: str) -> bool:
    """Whether a text stands where nothing is to be told: 无, null, - …"""
    return text.lower() in FILLERS or _MARKS_ALONE.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether a text where a number is meant may be a name: it has a Chinese character, and does not stand for nothing."""
    return _HAN.search(text) is not None and not is_filler(text.strip())


def is_error(text: str) -> bool:
    """Whether a text is what a spreadsheet shows of a formula that failed."""
    return text.startswith("#") and (text.lower() in ERRORS or set(text) == {"#"})


def lost_digits(cell: Cell) -> bool:
    """Whether a long number was stored as a number, so that its last digits are gone."""
    if isinstance(cell, (int, float)):
        return abs(cell) >= EXACT
    return isinstance(cell, str) and bool(_SCIENTIFIC.match(cell.strip()))


def key_text(cell: Cell, *, strict: bool = False) -> str | None:
    """Return a number that names a record; None where there is none, fillers included. `strict`: it has neither white space
    nor marks of prose. Raises `CellRefused` where its digits are lost or it cannot be such a number."""
    if isinstance(cell, Unreadable):
        raise CellRefused(cell.code)
    if lost_digits(cell) or (isinstance(cell, float) and not cell.is_integer()):
        raise CellRefused("KEY_STORED_AS_NUMBER")
    if isinstance(cell, date):
        raise CellRefused("KEY_STORED_AS_DATE")
    if isinstance(cell, bool):
        raise CellRefused("KEY_SHAPE")
    text = text_of(cell)
    if text is None:
        return None
    if wrapped := _WRAPPED.fullmatch(text):
        text = narrowed(wrapped[1])
    if is_error(text):
        raise CellRefused("CELL_ERROR")
    if is_filler(text) or not text.strip("0"):
        return None
    if isinstance(cell, str) and not _is_key(str(cell), text, strict=strict):
        raise CellRefused("KEY_SHAPE")
    return text


def _is_key(cell: str, text: str, *, strict: bool) -> bool:
    if cell.isascii() and text.isalnum():
        return True
    # NFKC makes digits of ² and ①: no number is written so.
    if text.startswith("=") or any(unicodedata.category(c) in ("Cc", "No") for c in cell.strip()):
        return False
    return not strict or (not any(c.isspace() for c in text) and _PROSE.search(text) is None)


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
    if day := _DAY.match(text):
        year, month, number = (int(part) for part in day.groups() if part is not None)
        return year, month, number
    if month_only := _MONTH.match(text):
        year, month = (int(part) for part in month_only.groups() if part is not None)
        return year, month, None
    if chinese := _CHINESE_DAY.match(text):
        parts = [_chinese_number(part) if part else None for part in chinese.groups()[1:]]
        if parts[0] is not None and (chinese[3] is None or parts[1] is not None):
            return int("".join(_DIGITS[c] for c in chinese[1])), parts[0], parts[1]
    return None


def day_of(cell: Cell, bound: Bound = "") -> tuple[int | None, Flag | None]:
    """Return (day as YYYYMMDD, flag). A month alone is its first day where it bounds a beginning, its last where it bounds an end,
    and not understood elsewhere. Raises `CellRefused` (a bound), `NotUnderstood`."""
    if isinstance(cell, date) and cell.year >= EARLIEST_YEAR:
        return cell.year * 10000 + cell.month * 100 + cell.day, None
    text = text_of(cell)
    if text is None:
        return None, None
    if bound == "last" and (text.lower() in OPEN_ENDS or _MARKS_ALONE.fullmatch(text)):
        return None, None
    parts = _day_parts(text)
    # A number 2016.1 may have been October: its nought is lost.
    if parts is None or (isinstance(cell, float) and not cell.is_integer() and parts[1] == 1):
        raise _no_day(bound, text)
    year, month, day = parts
    try:
        if year < EARLIEST_YEAR:
            raise _no_day(bound, text)
        if day is not None:
            date(year, month, day)
            return year * 10000 + month * 100 + day, None
        last = calendar.monthrange(year, month)[1]
    except (ValueError, calendar.IllegalMonthError) as error:
        raise _no_day(bound, text) from error
    if not bound:
        raise NotUnderstood("MONTH_ONLY")
    return year * 10000 + month * 100 + (1 if bound == "first" else last), "DAY_FROM_MONTH"


def _no_day(bound: Bound, text: str) -> CellRefused | NotUnderstood:
    if is_filler(text):
        return NotUnderstood("CELL_FILLER")
    return CellRefused("DATE_INVALID") if bound else NotUnderstood("DATE_INVALID")


def year_of(cell: Cell) -> int | None:
    """Return the year of a year, a month or a day. Raises `CellRefused`, `NotUnderstood`."""
    if isinstance(cell, date):
        return cell.year
    text = text_of(cell)
    if text is None:
        return None
    if is_filler(text):
        raise NotUnderstood("CELL_FILLER")
    year = _YEAR.match(text)
    parts = _day_parts(text) if year is None else None
    number = int(year[1]) if year else parts[0] if parts else 0
    if not EARLIEST_YEAR <= number <= 2200 or (parts is not None and not 1 <= parts[1] <= 12):
        raise CellRefused("DATE_INVALID")
    return number


def quantity_of(cell: Cell) -> tuple[Decimal | None, str]:
    """Return (number, the unit that the cell states, empty where it states none). Raises `CellRefused`, `NotUnderstood`."""
    if cell is None:
        return None, ""
    if isinstance(cell, (bool, date)):
        raise CellRefused("NUMBER_INVALID")
    if isinstance(cell, (int, float)):
        number, unit = Decimal(format(cell, ".15g") if isinstance(cell, float) else cell), ""
        if not number.is_finite():
            raise CellRefused("NUMBER_INVALID")
    else:
        text = text_of(cell)
        if text is None:
            return None, ""
        if is_filler(text):
            raise NotUnderstood("CELL_FILLER")
        match = _QUANTITY.match(text.replace("\u2212", "-").replace(" ", "") if _spaced(text) else text)
        # NFKC makes digits of ² and ½: no amount is written so.
        if (
            match is None
            or not (match["digits"] or match["part"])
            or (match["sign"] and match["inner"])
            or _superscript(cell)
        ):
            raise CellRefused("NUMBER_INVALID")
        digits, part = (match["digits"] or "0").replace(",", ""), match["part"] or ""
        number = Decimal(f"{match['sign']}{match['inner']}{digits}{part}".rstrip(".") or "0")
        unit = match["unit"] or ("元" if match["mark"] else "")
        if match["mark"] and match["unit"] and unit_of(match["unit"], MONEY) is None:
            raise CellRefused("NUMBER_INVALID")
    if abs(number) > LARGEST:
        raise CellRefused("NUMBER_INVALID")
    return number, unit


def _spaced(text: str) -> bool:
    """Whether the blanks of an amount stand between mark, number and unit only, never between digits."""
    return re.search(r"[\d.,]\s+[\d.,]", text) is None


def _superscript(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.isascii() and any(unicodedata.category(c) == "No" for c in cell)


def dimension_of(property_: Property) -> str:
    """Return what a property's numbers measure; empty where a register states no unit of it."""
    if property_.kind is Kind.YUAN:
        return MONEY
    if property_.kind is Kind.RATE:
        return RATE
    if property_.kind not in (Kind.INTEGER, Kind.NUMBER, Kind.SHARES) or not property_.unit:
        return ""
    return next(dimension for dimension, units in UNITS.items() if dimension != MONEY and property_.unit in units)


def usual_unit(property_: Property) -> Unit | None:
    """Return the unit of a property's cells where neither header nor cell states one."""
    dimension = dimension_of(property_)
    usual = property_.unit or {MONEY: "元", RATE: "%"}.get(dimension, "")
    return UNITS[dimension][usual] if dimension else None


def is_measured(property_: Property) -> bool:
    """Whether a property's cells are numbers that may have a unit."""
    return property_.kind in (Kind.YUAN, Kind.RATE, Kind.INTEGER, Kind.NUMBER, Kind.SHARES)


def _measure(property_: Property, stated: Unit | None) -> Callable[[Cell], Decimal | None]:
    """Return what reads a number in the base unit of its dimension. `stated`: the unit of the column."""
    dimension, usual, rate = dimension_of(property_), usual_unit(property_), property_.kind is Kind.RATE
    factor = (stated or usual or Unit("", "", Decimal(1))).factor

    def measure(cell: Cell) -> Decimal | None:
        number, unit = quantity_of(cell)
        if number is None:
            return None
        if unit:
            own = unit_of(unit, dimension) if dimension else None
            if own is None:
                # A unit of another kind, or what no unit is: 6% of an amount, about 500, 500 or so.
                known = any(unit_of(unit, any_dimension) for any_dimension in UNITS)
                raise NotUnderstood("CELL_UNIT") if known else CellRefused("NUMBER_INVALID")
            return number * own.factor
        if rate and stated is None and 0 < number <= 1:
            raise NotUnderstood("RATE_AMBIGUOUS")
        return number * factor

    return measure


def _whole(number: Decimal | None, minimum: int | None) -> int | None:
    if number is None:
        return None
    if number != number.to_integral_value() or (minimum is not None and number < minimum):
        raise CellRefused("NUMBER_INVALID")
    return int(number)


def _text(cell: Cell) -> tuple[Any, Flag | None]:
    text = text_of(cell)
    if text is not None and not text.isprintable() and any(c < " " and c not in "\t\n\r" for c in text):
        raise NotUnderstood("TEXT_CONTROL")
    return text, None


def _document(cell: Cell) -> tuple[Any, Flag | None]:
    if lost_digits(cell):
        raise NotUnderstood("ID_STORED_AS_NUMBER")
    text = text_of(cell)
    if text is not None and is_filler(text):
        raise NotUnderstood("CELL_FILLER")
    return (text, None if text is None or document(text).fault is None else "ID_INVALID")


def _identity(cell: Cell) -> tuple[Any, Flag | None]:
    text, flag = _document(cell)
    return None if text is None else document(text).identity or text, flag


def phone_shaped(text: str) -> bool:
    """Whether it looks like a mobile number, or one of a line with its area's."""
    return bool(_PHONE.fullmatch(text))


def _phone(cell: Cell) -> tuple[Any, Flag | None]:
    text = text_of(cell)
    if text is not None and is_filler(text):
        raise NotUnderstood("CELL_FILLER")
    return text, None if text is None or phone_shaped(text) else "PHONE_INVALID"


def _flag(cell: Cell) -> tuple[Any, Flag | None]:
    text = text_of(cell)
    if text is None:
        return None, None
    lower = text.lower()
    if lower in TRUE or lower in FALSE:
        return lower in TRUE, None
    raise NotUnderstood("FLAG_UNKNOWN")


def parser(property_: Property, stated: Unit | None = None, bound: Bound = "") -> Parser:
    """Return the parser of a property's cells; for enumerations the value is [member or members, raw text or None]. `stated`: the
    unit that header or note state of the column; `bound`: what a day bounds."""
    parse, enumerated = _parser(property_, stated, bound), property_.kind in (Kind.ENUM, Kind.ENUMS)

    def readable(cell: Cell) -> tuple[Any, Flag | None]:
        if isinstance(cell, Unreadable):
            raise NotUnderstood(cell.code, _raw(property_, cell.shown) if enumerated else None)
        if isinstance(cell, str) and cell.startswith("#") and is_error(cell.strip()):
            raise NotUnderstood("CELL_ERROR", _raw(property_, cell.strip()) if enumerated else None)
        return parse(cell)

    return readable


def _raw(property_: Property, text: str) -> tuple[Any, str]:
    return (["OTHER"] if property_.kind is Kind.ENUMS else "OTHER", text)


def _parser(property_: Property, stated: Unit | None, bound: Bound) -> Parser:
    kind, minimum = property_.kind, property_.minimum
    if property_.vague:
        exact = _parser(replace(property_, vague=False), stated, bound)
        return lambda cell: (None, NUMBER_NOT_STATED) if is_vague(text_of(cell) or "") else exact(cell)
    if property_.check == "id_document":
        return _document
    if property_.check == "identity":
        return _identity
    if property_.check == "phone":
        return _phone
    if kind is Kind.FLAG:
        return _flag
    if kind is Kind.DATE:
        return lambda cell: day_of(cell, bound)
    if kind is Kind.YEAR:
        return lambda cell: (year_of(cell), None)
    measure = _measure(property_, stated)
    if kind is Kind.YUAN:

        def fen(cell: Cell) -> tuple[Any, Flag | None]:
            number = measure(cell)
            if number is None:
                return None, None
            if minimum is not None and number < minimum:
                raise CellRefused("AMOUNT_NEGATIVE")
            exact = number * 100
            rounded = exact.to_integral_value(ROUND_HALF_EVEN)
            if exact == rounded:
                return int(rounded), None
            if isinstance(cell, Computed | ComputedText):
                return int(rounded), "AMOUNT_ROUNDED"
            raise NotUnderstood("AMOUNT_TOO_FINE")

        return fen
    if kind is Kind.RATE:

        def rate(cell: Cell) -> tuple[Any, Flag | None]:
            number = measure(cell)
            if number is None:
                return None, None
            rounded = (number * 10_000).to_integral_value(ROUND_HALF_EVEN)
            return _whole(rounded, minimum), None if rounded == number * 10_000 else "AMOUNT_ROUNDED"

        return rate
    if kind in (Kind.INTEGER, Kind.SHARES):
        return lambda cell: (_whole(measure(cell), minimum), None)
    if kind is Kind.NUMBER:
        return lambda cell: (None if (n := measure(cell)) is None else float(n), None)
    if kind is Kind.ENUM and property_.enum:
        members = property_.enum.members_by_spelling()

        def member(cell: Cell) -> tuple[Any, Flag | None]:
            text = text_of(cell)
            if text is None:
                return (None, None), None
            name = members.get(plain_spelling(text))
            if name is None:
                raise NotUnderstood("CELL_FILLER" if is_filler(text) else "VALUE_UNKNOWN", ("OTHER", text))
            return (name, None), None

        return member
    if kind is Kind.ENUMS and property_.enum:
        members = property_.enum.members_by_spelling()
        # A set: the order in which a register writes it says nothing.
        order = {one.name: at for at, one in enumerate(property_.enum.members)}

        def several(cell: Cell) -> tuple[Any, Flag | None]:
            text = text_of(cell)
            whole = plain_spelling(text) if text else ""
            parts = [whole] if whole in members else [p for p in _SEPARATORS.split(text) if p] if text else []
            spelt = {p: members.get(plain_spelling(p)) for p in parts}
            names = sorted({name or "OTHER" for name in spelt.values()}, key=lambda name: order.get(name, len(order)))
            odd = [p for p, name in spelt.items() if name is None]
            if odd and len(odd) == len(parts):
                raise NotUnderstood("VALUE_UNKNOWN", (names, "、".join(odd)))
            return (names, "、".join(odd) or None), "VALUE_UNKNOWN" if odd else None

        return several
    return _text
