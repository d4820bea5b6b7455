"""Cells of a register → stored values. Parsers are made once for a column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from graph_service.declare import Kind, Property, Unit
from graph_service.derive.documents import document
from graph_service.readers.cells import Cell, Unreadable

Flag = str
"""Code of a trouble that leaves the row in."""


class CellRefused(Exception):
    """The cell's value makes its row unusable; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Parser = Callable[[Cell], tuple[Any, Flag | None]]
"""A cell to (stored value or None, flag or None). Raises `CellRefused`."""

EXACT = 10**15
"""Spreadsheets keep fifteen digits of a number: longer ones have lost their last ones."""
_DATE = re.compile(
    r"^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$"
)
_PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[eE]\+?\d{2}$")
_SEPARATORS = re.compile(r"[,,、;;|/\s]+")
_UNIT_FEN = {"": Decimal(100), "万元": Decimal(1_000_000)}
TRUE, FALSE = {"是", "有", "1", "true", "√", "y", "yes"}, {"否", "无", "0", "false", "×", "n", "no"}


def text_of(cell: Cell) -> str | None:
    """The cell as text: full-width forms narrowed, blanks gone; a whole number without its '.0'."""
    if isinstance(cell, str):
        text = cell
    elif isinstance(cell, Unreadable):
        text = cell.shown
    elif cell is None:
        return None
    elif isinstance(cell, bool):
        return "是" if cell else "否"
    elif isinstance(cell, float):
        # What a spreadsheet shows of a number: fifteen digits, without the noise of its sums.
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else format(cell, ".15g")
    elif isinstance(cell, date):
        return cell.isoformat()[:10]
    else:
        text = str(cell)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.strip().lstrip("'")
    return text or None


def lost_digits(cell: Cell) -> bool:
    """Whether a long number was stored as a number, so that its last digits are gone."""
    if isinstance(cell, (int, float)):
        return abs(cell) >= EXACT
    return isinstance(cell, str) and bool(_SCIENTIFIC.match(cell.strip()))


def key_text(cell: Cell) -> str | None:
    """A key as text. Raises `CellRefused` where its digits are lost."""
    if lost_digits(cell):
        raise CellRefused("KEY_STORED_AS_NUMBER")
    return text_of(cell)


def day_of(cell: Cell) -> int | None:
    """A date as YYYYMMDD."""
    if isinstance(cell, date):
        return cell.year * 10000 + cell.month * 100 + cell.day
    text = text_of(cell)
    if text is None:
        return None
    match = _DATE.match(text)
    if match is None:
        raise CellRefused("DATE_INVALID")
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        date(year, month, day)
    except ValueError as error:
        raise CellRefused("DATE_INVALID") from error
    return year * 10000 + month * 100 + day


def decimal_of(cell: Cell) -> Decimal | None:
    text = text_of(cell)
    if text is None:
        return None
    try:
        number = Decimal(text.replace(",", "").rstrip("%").removesuffix("元"))
    except InvalidOperation as error:
        raise CellRefused("NUMBER_INVALID") from error
    if not number.is_finite() or abs(number) > Decimal(10) ** 13:
        raise CellRefused("NUMBER_INVALID")
    return number


def _whole(number: Decimal | None, minimum: int | None) -> int | None:
    if number is None:
        return None
    if number != number.to_integral_value():
        raise CellRefused("NUMBER_INVALID")
    if minimum is not None and number < minimum:
        raise CellRefused("NUMBER_INVALID")
    return int(number)


def _text(cell: Cell) -> tuple[Any, Flag | None]:
    return text_of(cell), None


def _document(cell: Cell) -> tuple[Any, Flag | None]:
    if lost_digits(cell):
        return None, "ID_STORED_AS_NUMBER"
    text = text_of(cell)
    return (text, None if text is None or document(text).fault is None else "ID_INVALID")


def _identity(cell: Cell) -> tuple[Any, Flag | None]:
    text, flag = _document(cell)
    return None if text is None else document(text).identity or text, flag


def phone_shaped(text: str) -> bool:
    """Whether it looks like a mobile number, or one of a line with its area's."""
    return bool(_PHONE.fullmatch(text))


def _phone(cell: Cell) -> tuple[Any, Flag | None]:
    text = text_of(cell)
    return text, None if text is None or phone_shaped(text) else "PHONE_INVALID"


def _flag(cell: Cell) -> tuple[Any, Flag | None]:
    text = text_of(cell)
    if text is None:
        return None, None
    lower = text.lower()
    if lower in TRUE or lower in FALSE:
        return lower in TRUE, None
    return None, "VALUE_UNKNOWN"


def unit_of(header: str, usual: Unit) -> Unit:
    """The unit of an amount's column: what its header names in brackets, else the usual one of the property."""
    named = re.search(r"[((](万元|元)[))]\s*$", header.strip())
    if named is None:
        return usual
    return "万元" if named[1] == "万元" else ""


def parser(property_: Property) -> Parser:
    """The parser of a property's cells; for enumerations the value is [member or members, raw text or None]."""
    kind, minimum, unit = property_.kind, property_.minimum, property_.unit
    if property_.check == "id_document":
        return _document
    if property_.check == "identity":
        return _identity
    if property_.check == "phone":
        return _phone
    if kind is Kind.FLAG:
        return _flag
    if kind is Kind.DATE:
        return lambda cell: (day_of(cell), None)
    if kind is Kind.YEAR:

        def year(cell: Cell) -> tuple[Any, Flag | None]:
            text = text_of(cell)
            number = _whole(decimal_of(text.removesuffix("年") if text else None), None)
            if number is not None and not 1900 <= number <= 2200:
                raise CellRefused("DATE_INVALID")
            return number, None

        return year
    if kind is Kind.YUAN:
        factor = _UNIT_FEN[unit if unit != "%" else ""]

        def fen(cell: Cell) -> tuple[Any, Flag | None]:
            number = decimal_of(cell)
            if number is not None and minimum is not None and number < minimum:
                raise CellRefused("AMOUNT_NEGATIVE")
            return _whole(None if number is None else number * factor, None), None

        return fen
    if kind is Kind.RATE:

        def rate(cell: Cell) -> tuple[Any, Flag | None]:
            number = decimal_of(cell)
            return _whole(None if number is None else number * 10_000, minimum), None

        return rate
    if kind in (Kind.INTEGER, Kind.SHARES):
        return lambda cell: (_whole(decimal_of(cell), minimum), None)
    if kind is Kind.NUMBER:
        return lambda cell: (None if (n := decimal_of(cell)) is None else float(n), None)
    if kind is Kind.ENUM and property_.enum:
        members = property_.enum.member_by_text()

        def member(cell: Cell) -> tuple[Any, Flag | None]:
            text = text_of(cell)
            if text is None:
                return (None, None), None
            found = members.get(text)
            return ((found, None), None) if found else (("OTHER", text), "VALUE_UNKNOWN")

        return member
    if kind is Kind.ENUMS and property_.enum:
        members = property_.enum.member_by_text()
        # A set: the order in which a register writes it says nothing.
        order = {one.name: at for at, one in enumerate(property_.enum.members)}

        def several(cell: Cell) -> tuple[Any, Flag | None]:
            text = text_of(cell)
            parts = [p for p in _SEPARATORS.split(text) if p] if text else []
            known = sorted({members.get(p, "OTHER") for p in parts}, key=lambda name: order.get(name, len(order)))
            odd = [p for p in parts if p not in members]
            return (known, "、".join(odd) or None), "VALUE_UNKNOWN" if odd else None

        return several
    return _text
