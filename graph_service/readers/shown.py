"""A value and the text that is shown of it → a cell: for files that keep both."""

from __future__ import annotations

import math
import re
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from graph_service.readers.cells import Cell, Computed, ComputedText, Unreadable
from graph_service.readers.serials import decimal_text

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
    shown: str
    formula: str | None


def shown_cell(stored: StoredCell) -> Cell:
    """Return the cell: the stored value, with what is shown beside it."""
    kind, value, shown, formula = stored
    computed = formula is not None
    if kind == "error" or (computed and re.fullmatch(r"#[A-Z0-9/]+[!?]?|(Err|错误):\d+", shown)):
        return Unreadable("CELL_ERROR", shown or "#ERROR")
    if kind == "string":
        return (shown or (value or "").strip()) or None
    if kind == "boolean":
        return value == "true"
    if not kind:
        if computed and not shown:
            return Unreadable("FORMULA_WITHOUT_VALUE", str(formula).removeprefix("of:"))
        return shown or None
    if value is None:
        return Unreadable("CELL_SHOWN_OTHERWISE", shown)
    if kind == "date":
        return _day(value, shown)
    if kind == "time":
        return shown or value
    try:
        number = float(value)
    except ValueError:
        return Unreadable("CELL_ERROR", shown or value)
    if not math.isfinite(number):
        return Unreadable("CELL_ERROR", shown or value)
    if kind == "percentage":
        text = f"{decimal_text(number, 2)}%"
        return ComputedText(text) if computed else text
    return _number(number, shown, computed)


def _day(value: str, shown: str) -> Cell:
    try:
        day = datetime.fromisoformat(value[:10]).date()
    except ValueError:
        return Unreadable("CELL_SHOWN_OTHERWISE", shown or value)
    if _MONTH.fullmatch(shown):
        return f"{day.year:04}-{day.month:02}"
    if _YEAR.fullmatch(shown):
        return f"{day.year:04}"
    return shown if _DAY_ALONE.fullmatch(shown) else day


def _number(number: float, shown: str, computed: bool) -> Cell:
    plain: Cell = Computed(number) if computed else number
    if not shown or _SCIENCE.fullmatch(shown) or abs(number) >= 10**15:
        return plain
    found = _NUMBER.search(shown)
    if found is None:
        if number == 0:
            return plain
        return shown if any(c.isalnum() for c in shown) else Unreadable("CELL_SHOWN_OTHERWISE", shown)
    digits = Decimal(found[0].replace(",", ""))
    decimals = len(found[0].partition(".")[2])
    if abs(digits - abs(Decimal(decimal_text(number)))) > Decimal("0.5000001").scaleb(-decimals):
        return Unreadable("CELL_SHOWN_OTHERWISE", shown)
    before, after = shown[: found.start()], shown[found.end() :]
    if not (before + after).translate(_SIGNS):
        filled_up = len(found[0]) > 1 and found[0].isdigit() and found[0].startswith("0") and not before
        return shown if filled_up else plain
    if _NUMBER.search(after):
        return Unreadable("CELL_SHOWN_OTHERWISE", shown)
    minus = "-" if number < 0 else ""
    if minus:
        before, after = before.translate(_SIGNS), after.translate(_SIGNS)
    text = f"{minus}{before.strip()}{decimal_text(abs(number))}{after.strip()}"
    return ComputedText(text) if computed else text
