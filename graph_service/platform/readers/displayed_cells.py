"""Cells from a value and its displayed text, for files that store both."""

from __future__ import annotations

import math
import re
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from graph_service.platform.readers.cells import Cell, ComputedNumber, ComputedText, UnreadableCell
from graph_service.platform.readers.date_serials import decimal_text

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")
_SCIENCE = re.compile(r"[-+]?[\d.,]+[eE][-+]?\d+")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})月?")
_YEAR = re.compile(r"(\d{4})年?")
_DAY_ALONE = re.compile(r"\d{1,2}\s*[-/.月]\s*\d{1,2}日?|\d{1,2}[月日]")
_SIGNS = str.maketrans("", "", "-−+()（） \u00a0\u3000")


class StoredCell(NamedTuple):
    """A cell as stored in a file. `kind`: the type of the value; `value`: as stored; `formula`: None where there is none."""

    kind: str
    value: str | None
    displayed: str
    formula: str | None


def cell_from_display(stored: StoredCell) -> Cell:
    """Return the cell: the stored value, with the unit or sign that the displayed text adds."""
    kind, value, displayed, formula = stored
    is_computed = formula is not None
    if kind == "error" or (is_computed and re.fullmatch(r"#[A-Z0-9/]+[!?]?|(Err|错误):\d+", displayed)):
        return UnreadableCell("CELL_ERROR", displayed or "#ERROR")
    if kind == "string":
        return (displayed or (value or "").strip()) or None
    if kind == "boolean":
        return value == "true"
    if not kind:
        if is_computed and not displayed:
            return UnreadableCell("FORMULA_WITHOUT_VALUE", str(formula).removeprefix("of:"))
        return displayed or None
    if value is None:
        return UnreadableCell("CELL_SHOWN_OTHERWISE", displayed)
    if kind == "date":
        return _day_cell(value, displayed)
    if kind == "time":
        return displayed or value
    try:
        number = float(value)
    except ValueError:
        return UnreadableCell("CELL_ERROR", displayed or value)
    if not math.isfinite(number):
        return UnreadableCell("CELL_ERROR", displayed or value)
    if kind == "percentage":
        text = f"{decimal_text(number, 2)}%"
        return ComputedText(text) if is_computed else text
    return _number_cell(number, displayed, is_computed)


def _day_cell(value: str, displayed: str) -> Cell:
    try:
        day = datetime.fromisoformat(value[:10]).date()
    except ValueError:
        return UnreadableCell("CELL_SHOWN_OTHERWISE", displayed or value)
    if _MONTH.fullmatch(displayed):
        return f"{day.year:04}-{day.month:02}"
    if _YEAR.fullmatch(displayed):
        return f"{day.year:04}"
    return displayed if _DAY_ALONE.fullmatch(displayed) else day


def _number_cell(number: float, displayed: str, computed: bool) -> Cell:
    plain_number: Cell = ComputedNumber(number) if computed else number
    if not displayed or _SCIENCE.fullmatch(displayed) or abs(number) >= 10**15:
        return plain_number
    number_match = _NUMBER.search(displayed)
    if number_match is None:
        if number == 0:
            return plain_number
        return displayed if any(c.isalnum() for c in displayed) else UnreadableCell("CELL_SHOWN_OTHERWISE", displayed)
    displayed_number = Decimal(number_match[0].replace(",", ""))
    decimals = len(number_match[0].partition(".")[2])
    if abs(displayed_number - abs(Decimal(decimal_text(number)))) > Decimal("0.5000001").scaleb(-decimals):
        return UnreadableCell("CELL_SHOWN_OTHERWISE", displayed)
    prefix, suffix = displayed[: number_match.start()], displayed[number_match.end() :]
    if not (prefix + suffix).translate(_SIGNS):
        is_zero_padded = (
            len(number_match[0]) > 1 and number_match[0].isdigit() and number_match[0].startswith("0") and not prefix
        )
        return displayed if is_zero_padded else plain_number
    if _NUMBER.search(suffix):
        return UnreadableCell("CELL_SHOWN_OTHERWISE", displayed)
    minus = "-" if number < 0 else ""
    if minus:
        prefix, suffix = prefix.translate(_SIGNS), suffix.translate(_SIGNS)
    text = f"{minus}{prefix.strip()}{decimal_text(abs(number))}{suffix.strip()}"
    return ComputedText(text) if computed else text
