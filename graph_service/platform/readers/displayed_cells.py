"""A value and the text that is shown of it → a cell: for files that keep both."""

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
    """`kind`: the type of the value; `value` is as it is stored, `formula` None where there is none."""

    kind: str
    value: str | None
    displayed: str
    formula: str | None


def cell_from_display(stored: StoredCell) -> Cell:
    """Return the cell: the stored value, with what is shown beside it."""
    kind, value, shown, formula = stored
    computed = formula is not None
    if kind == "error" or (computed and re.fullmatch(r"#[A-Z0-9/]+[!?]?|(Err|错误):\d+", shown)):
        return UnreadableCell("CELL_ERROR", shown or "#ERROR")
    if kind == "string":
        return (shown or (value or "").strip()) or None
    if kind == "boolean":
        return value == "true"
    if not kind:
        if computed and not shown:
            return UnreadableCell("FORMULA_WITHOUT_VALUE", str(formula).removeprefix("of:"))
        return shown or None
    if value is None:
        return UnreadableCell("CELL_SHOWN_OTHERWISE", shown)
    if kind == "date":
        return _day_cell(value, shown)
    if kind == "time":
        return shown or value
    try:
        number = float(value)
    except ValueError:
        return UnreadableCell("CELL_ERROR", shown or value)
    if not math.isfinite(number):
        return UnreadableCell("CELL_ERROR", shown or value)
    if kind == "percentage":
        text = f"{decimal_text(number, 2)}%"
        return ComputedText(text) if computed else text
    return _number_cell(number, shown, computed)


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
    plain: Cell = ComputedNumber(number) if computed else number
    if not displayed or _SCIENCE.fullmatch(displayed) or abs(number) >= 10**15:
        return plain
    found = _NUMBER.search(displayed)
    if found is None:
        if number == 0:
            return plain
        return displayed if any(c.isalnum() for c in displayed) else UnreadableCell("CELL_SHOWN_OTHERWISE", displayed)
    digits = Decimal(found[0].replace(",", ""))
    decimals = len(found[0].partition(".")[2])
    if abs(digits - abs(Decimal(decimal_text(number)))) > Decimal("0.5000001").scaleb(-decimals):
        return UnreadableCell("CELL_SHOWN_OTHERWISE", displayed)
    before, after = displayed[: found.start()], displayed[found.end() :]
    if not (before + after).translate(_SIGNS):
        filled_up = len(found[0]) > 1 and found[0].isdigit() and found[0].startswith("0") and not before
        return displayed if filled_up else plain
    if _NUMBER.search(after):
        return UnreadableCell("CELL_SHOWN_OTHERWISE", displayed)
    minus = "-" if number < 0 else ""
    if minus:
        before, after = before.translate(_SIGNS), after.translate(_SIGNS)
    text = f"{minus}{before.strip()}{decimal_text(abs(number))}{after.strip()}"
    return ComputedText(text) if computed else text
